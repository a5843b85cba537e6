"""What is typed about drafts of agreements, their signing and their end."""

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import DateField, FileField, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from gdt.forms import BaseForm, ConfirmForm
from gdt.partners.forms import choices_of, or_none, plain, whole_number
from gdt.partners.models import AgreementKind
from gdt.partners.standing import AGREEMENT_KINDS

TERMINATE = "terminate"


class DraftForm(BaseForm):
    """A draft's facts; its kind is chosen once."""

    starts_on = DateField(_("Starts on"), [InputRequired(_("Write the first day of the term."))])
    ends_on = DateField(_("Ends on"), [InputRequired(_("Write the last day of the term."))])
    teachers_target = whole_number(_("Teachers to certify in a year"))
    students_target = whole_number(_("Students to train in a year"))
    signs_for_partner = StringField(
        _("Who signs for the institution"),
        [Length(max=200), plain],
        filters=[or_none],
        description=_("Name and duty, as they are printed under the signature. It can be left open."),
    )
    own_clauses = TextAreaField(
        _("What is agreed besides"),
        [Length(max=4000), plain],
        filters=[or_none],
        description=_("Each line becomes a sentence of its own clause. The usual clauses are there already."),
    )


class NewDraftForm(DraftForm):
    kind = RadioField(_("Kind"), choices=choices_of(AGREEMENT_KINDS), coerce=AgreementKind)
    extends_id = SelectField(
        _("Term that is extended"), coerce=int, description=_("Only for an extension, which starts after it.")
    )

    def proposed(self) -> dict[str, Any]:
        """What is proposed, with 0 meaning that no term is extended."""
        return self.values() | {"extends_id": self.extends_id.data or None}


class SignDraftForm(BaseForm):
    signed_on = DateField(_("Signed on"), [InputRequired(_("Write the day it was signed."))])
    signatories = TextAreaField(
        _("Signatories"),
        [DataRequired(_("Write who signed.")), Length(max=400), plain],
        description=_("Who signed for the institution and for the programme."),
    )
    document = FileField(_("Signed document"), description=_("The signed paper as a PDF of at most 10 MB."))


class WithdrawForm(BaseForm):
    reason = StringField(
        _("Why"), [DataRequired(_("Say in a sentence why it is withdrawn.")), Length(max=400), plain]
    )


class TerminateForm(ConfirmForm):
    last_day = DateField(_("Last day in force"), [InputRequired(_("Write the last day."))])
    reason = TextAreaField(
        _("Reason"),
        [DataRequired(_("Say why it is terminated; the institution reads it.")), Length(max=400), plain],
    )


def yearly_form(years: Iterable[int]) -> type[BaseForm]:
    """A form with the two targets of each calendar year of a term."""
    fields: dict[str, IntegerField] = {}
    for year in years:
        fields[f"teachers_{year}"] = whole_number(_("%(year)s: teachers to certify", year=year))
        fields[f"students_{year}"] = whole_number(_("%(year)s: students to train", year=year))
    return type("YearlyForm", (BaseForm,), fields)
