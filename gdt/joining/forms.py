"""What is typed about applications: by the applicant, and by the office that reviews them."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import (
    DateField,
    EmailField,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, Optional, Regexp

from gdt.forms import BaseForm, no_address
from gdt.joining.application_states import CheckItem
from gdt.partners.forms import NewInstitutionForm, choices_of, or_none, plain, whole_number
from gdt.partners.institution_sheet import WEBSITE
from gdt.partners.models import InstitutionKind
from gdt.partners.standing import KINDS
from gdt.training.forms import TickboxesField

_ADDRESS = r"[^@\s<>,;]+@[^@\s<>,;]+\.[^@\s<>,;]+"


class ApplicationForm(BaseForm):
    name = StringField(
        _("Name of the institution"),
        [DataRequired(_("Write the name of the institution.")), Length(max=200), plain, no_address],
        description=_("As the institution writes it in Latin letters, in full."),
    )
    native_name = StringField(_("Name in its own script"), [Length(max=200), plain], filters=[or_none])
    kind = RadioField(
        _("What it is"),
        [InputRequired(_("Choose what it is."))],
        choices=choices_of(KINDS),
        coerce=lambda value: InstitutionKind(value) if value else None,
    )
    country_code = SelectField(
        _("Country"), description=_("The countries the programme works in. For another one, write to us.")
    )
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
    teaches = TextAreaField(
        _("Whom it teaches"),
        [DataRequired(_("Say in a few sentences whom it teaches.")), Length(max=2000), plain],
        description=_("Such as: 2,000 students of business and computing a year, most of them working."),
    )
    modules = TickboxesField(
        _("Modules it wants to teach"), [InputRequired(_("Choose at least one module."))]
    )
    teachers_a_year = whole_number(_("Teachers it could send to a training in the first year"))
    students_a_year = whole_number(_("Students it could train in a year"))
    lead_name = StringField(
        _("Who leads it"),
        [DataRequired(_("Write the name of the lead.")), Length(max=200), plain, no_address],
        description=_("One person at the institution, who becomes its coordinator."),
    )
    lead_duty = StringField(
        _("The lead’s duty"),
        [DataRequired(_("Write the duty of the lead, such as Dean.")), Length(max=200), plain],
    )
    lead_email = EmailField(
        _("The lead’s e-mail address"),
        [
            DataRequired(_("Write the e-mail address of the lead.")),
            Length(max=254),
            Regexp(f"{_ADDRESS}$", message=_("Write a whole e-mail address, such as name@example.org")),
        ],
        description=_("An address at the institution. The link to the application is mailed to it."),
    )

    def offer(self, countries: dict[str, str], modules: Sequence[str]) -> None:
        """Put the countries and the modules before the person."""
        self.country_code.choices = choices_of({"": _("Choose a country")} | countries)
        self.modules.choices = choices_of({title: title for title in modules})


class WordsForm(BaseForm):
    words = TextAreaField(
        _("Your words"), [DataRequired(_("Write a sentence first.")), Length(max=2000), plain]
    )


class SayForm(WordsForm):
    """One text, and the button that says what it is: ask, decline or comment."""

    act = HiddenField()


class TickForm(BaseForm):
    item = HiddenField(_("Item"), [InputRequired(), Length(max=30)])
    found = StringField(_("What was found"), [Length(max=300), plain], filters=[or_none])

    @property
    def chosen(self) -> CheckItem | None:
        return next((item for item in CheckItem if item.value == self.item.data), None)


class AcceptForm(BaseForm):
    code: Any = NewInstitutionForm.code
    validate_code = NewInstitutionForm.validate_code
    starts_on = DateField(
        _("The agreement starts on"), [InputRequired(_("Write the first day of the term."))]
    )
    ends_on = DateField(_("and ends on"), [InputRequired(_("Write the last day of the term."))])
    teachers_target = whole_number(_("Teachers to certify in a year"))
    students_target = whole_number(_("Students to train in a year"))
