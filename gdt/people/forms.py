"""What is typed about a person."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import DateField, EmailField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Optional

from gdt.forms import BaseForm
from gdt.people.models import Affiliation, Gender
from gdt.people.words import ROLES

GENDERS = (
    SelectChoice("", _("Not given")),
    SelectChoice(Gender.FEMALE.value, _("Female")),
    SelectChoice(Gender.MALE.value, _("Male")),
    SelectChoice(Gender.OTHER.value, _("Other")),
)


class PersonForm(BaseForm):
    """One person, as the certificate will print her."""

    printed_name = StringField(
        _("Full name"),
        [InputRequired(_("Write the name as it should be printed."))],
        description=_("Exactly as certificates will print it; those issued before stay as they are."),
    )
    native_name = StringField(_("Name in own script"), [Optional()])
    email = EmailField(_("E-mail"), [Optional()])
    gender = SelectField(_("Gender"), choices=GENDERS, description=_("As the person says; for totals only."))


def number_form(affiliations: Sequence[Affiliation]) -> type[PersonForm]:
    """The form with one number for each place where the person belongs: fields `number_<affiliation>`."""
    fields: dict[str, Any] = {
        f"number_{affiliation.id}": StringField(
            gettext("Number at %(place)s", place=affiliation.institution), [Optional()]
        )
        for affiliation in affiliations
    }
    return type("PersonFormWithNumbers", (PersonForm,), fields)


def leaving_form(affiliations: Sequence[Affiliation]) -> type[BaseForm]:
    """The last day at each place where the person belongs: fields `until_<affiliation>`."""
    fields: dict[str, Any] = {
        f"until_{place.id}": DateField(
            gettext("Last day as %(role)s at %(place)s", role=ROLES[place.role], place=place.institution),
            [Optional()],
            description=gettext("Empty: still there."),
        )
        for place in affiliations
    }
    return type("LeavingForm", (BaseForm,), fields)
