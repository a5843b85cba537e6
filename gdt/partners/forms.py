"""What the office types about institutions and their agreements."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import (
    DateField,
    FileField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, Regexp

from gdt.columns import unprintable
from gdt.forms import BaseForm
from gdt.partners.institution_sheet import CODE, RESERVED_CODES, WEBSITE
from gdt.partners.models import AgreementKind, InstitutionKind
from gdt.partners.standing import AGREEMENT_KINDS, KINDS
from gdt.partners.time_zones import keeps_several, zone_label, zone_of, zones_of


def or_none(text: str | None) -> str | None:
    return text or None


def choices_of(words: Mapping[Any, Any]) -> list[SelectChoice]:
    return [SelectChoice(value=value, label=label) for value, label in words.items()]


def plain(_form: BaseForm, field: Any) -> None:
    """Refuse characters nobody can see or print; a database may not even take them."""
    if isinstance(field.data, str) and unprintable(field.data):
        raise ValidationError(str(_("This holds a character that cannot be seen. Type the text anew.")))


class InstitutionForm(BaseForm):
    name = StringField(
        _("Name"),
        [DataRequired(_("Write the name of the institution.")), Length(max=200), plain],
        description=_("As the institution writes it in Latin letters, in full."),
    )
    native_name = StringField(_("Name in its own script"), [Length(max=200), plain], filters=[or_none])
    kind = RadioField(_("Kind"), choices=choices_of(KINDS), coerce=InstitutionKind)
    country_code = SelectField(_("Country"))
    city = StringField(_("City"), [DataRequired(_("Write the city.")), Length(max=100), plain])
    website = StringField(
        _("Website"),
        [
            Optional(),
            Length(max=200),
            Regexp(f"{WEBSITE.pattern}$", message=_("Write the whole address, such as https://utar.edu.my")),
        ],
        filters=[or_none],
    )
    joined_on = DateField(_("Partner since"), [Optional()])


class NewInstitutionForm(InstitutionForm):
    code = StringField(
        _("Code"),
        [
            DataRequired(_("Choose a short code.")),
            Regexp(
                f"{CODE.pattern}$",
                message=_("Use 2 to 20 letters, digits or hyphens, such as utar."),
            ),
        ],
        description=_("Short and lasting, such as utar: it stands in addresses and files and never changes."),
    )

    def validate_code(self, field: StringField) -> None:
        if (field.data or "").lower() in RESERVED_CODES:
            raise ValidationError(str(_("This word is used by the system. Choose another code.")))


class EditInstitutionForm(InstitutionForm):
    closed_on = DateField(
        _("Partnership closed on"),
        [Optional()],
        description=_("Only when the partnership has ended for good. What was done stays counted."),
    )
    time_zone = SelectField(
        _("Time zone"),
        filters=[or_none],
        description=_("Timetables, calendar files and mails tell its people the time of this zone."),
    )
    seen = HiddenField()

    def offer_zones(self, country_code: str, moment: datetime) -> None:
        """Put the zones of its country before the person, where the clocks there differ."""
        if not keeps_several(country_code, moment):
            del self.time_zone
            return
        own = gettext("The capital’s: %(zone)s", zone=zone_label(zone_of(country_code), moment))
        zones = {zone: zone_label(zone, moment) for zone in zones_of(country_code)[1:]}
        self.time_zone.choices = choices_of({"": own} | dict(sorted(zones.items(), key=lambda pair: pair[1])))

    def validate_closed_on(self, field: DateField) -> None:
        if field.data and isinstance(self.joined_on.data, date) and field.data < self.joined_on.data:
            raise ValidationError(str(_("The partnership closes before it began. Check both dates.")))


def whole_number(label: Any) -> IntegerField:
    return IntegerField(
        label,
        [
            InputRequired(_("Write a number, 0 if none was agreed.")),
            NumberRange(0, 1_000_000, _("Write a number from 0 to 1,000,000.")),
        ],
    )


class SignedDocumentForm(BaseForm):
    document = FileField(_("Signed document"), description=_("A PDF of at most 10 MB."))


class AgreementForm(BaseForm):
    kind = RadioField(_("Kind"), choices=choices_of(AGREEMENT_KINDS), coerce=AgreementKind)
    extends_id = SelectField(
        _("Term that is extended"),
        coerce=int,
        description=_("Only for an extension. The new term starts the day after this one ends, or later."),
    )
    starts_on = DateField(_("Starts on"), [InputRequired(_("Write the first day of the term."))])
    ends_on = DateField(_("Ends on"), [InputRequired(_("Write the last day of the term."))])
    signed_on = DateField(_("Signed on"), [InputRequired(_("Write the day it was signed."))])
    signatories = TextAreaField(
        _("Signatories"),
        [DataRequired(_("Write who signed.")), Length(max=400)],
        description=_("Who signed for the institution and for the programme."),
    )
    teachers_target = whole_number(_("Teachers to certify in a year"))
    students_target = whole_number(_("Students to train in a year"))
    document = FileField(
        _("Signed document"), description=_("A PDF of at most 10 MB. It can also be added later.")
    )

    def agreed(self) -> dict[str, Any]:
        """What was agreed, without the file and with 0 meaning that no term is extended."""
        values = {name: value for name, value in self.values().items() if name != "document"}
        return values | {"extends_id": self.extends_id.data or None}
