"""What is typed to replace a certificate by a corrected one, or to issue one anew."""

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, DateField, HiddenField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from gdt.certification.drawing.documents import DATES
from gdt.certification.editions.corrections import CORRECTABLE, Corrections
from gdt.certification.models import Certificate
from gdt.forms import BaseForm

_NEEDED = InputRequired(_("A certificate cannot be without it."))
_NAME, _TEXT = Length(max=120), Length(max=200)


class CorrectionForm(BaseForm):
    """Every fact that may be corrected, as printed now, and why; `step` is the button that was pressed."""

    printed_name = StringField(_("Printed name"), [_NEEDED, _NAME])
    native_name = StringField(_("Name in own script"), [Optional(), _NAME])
    institution = StringField(_("Institution"), [_NEEDED, _TEXT])
    institution_native = StringField(_("Institution in its own script"), [Optional(), _TEXT])
    achievement = StringField(_("Certified in"), [_NEEDED, _TEXT])
    place = StringField(_("Place"), [Optional(), _TEXT])
    held_from = DateField(_("First day"), [InputRequired(_("Give the day, such as 2 Feb 2026."))])
    held_to = DateField(_("Last day"), [InputRequired(_("Give the day, such as 2 Feb 2026."))])
    corrects_record = BooleanField(
        _("The person's record holds the same mistake: put the name right there too"),
        description=_(
            "Later certificates then print it as typed here. Those issued before stay as they are."
        ),
    )
    reason = TextAreaField(
        _("Reason"),
        [InputRequired(_("Say why: the history of both certificates will tell it.")), Length(max=400)],
        description=_("The office and the institution read it. Whoever verifies does not."),
    )
    step = HiddenField()

    @classmethod
    def of(cls, certificate: Certificate, formdata: Any) -> "CorrectionForm":
        """The form of one certificate, without what its paper or its holder does not have."""
        facts = certificate.facts
        days = {name: date.fromisoformat(facts[name]) for name in DATES if facts.get(name)}
        form = cls(formdata, data=facts | days)
        for name in ("place", *DATES):
            if not facts.get(name):
                del form[name]
        if certificate.person is None:
            del form.corrects_record
        return form

    @property
    def corrections(self) -> Corrections:
        typed: dict[str, Any] = {name: self[name].data or "" for name in CORRECTABLE if name in self}
        corrects = "corrects_record" in self and bool(self.corrects_record.data)
        days = {name: self[name].data for name in DATES if name in self}
        return Corrections(**typed, **days, corrects_record=corrects)
