"""What is typed about contacts."""

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import DateField, EmailField, SelectField, StringField, TelField
from wtforms.validators import DataRequired, InputRequired, Length, Optional, Regexp

from gdt.forms import BaseForm
from gdt.partners.contact_models import Duty
from gdt.partners.contact_sheet import ADDRESS, PHONE
from gdt.partners.contact_words import DUTIES
from gdt.partners.forms import choices_of, or_none, plain


class ContactForm(BaseForm):
    name = StringField(
        _("Name"),
        [DataRequired(_("Write the name.")), Length(max=200), plain],
        description=_("In full, as the person writes it."),
    )
    duty = SelectField(_("Duty"), choices=choices_of(DUTIES), coerce=Duty)
    position = StringField(
        _("Position"),
        [Length(max=200), plain],
        filters=[or_none],
        description=_("What the person is at the institution, such as Dean of the business school."),
    )
    email = EmailField(
        _("E-mail address"),
        [
            Optional(),
            Length(max=254),
            Regexp(
                f"{ADDRESS.pattern}$", message=_("Write a whole e-mail address, such as name@example.org")
            ),
        ],
        filters=[or_none],
    )
    phone = TelField(
        _("Telephone"),
        [
            Optional(),
            Regexp(
                f"{PHONE.pattern}$", message=_("Write it with the country’s number, such as +60 5 468 8888.")
            ),
        ],
        filters=[or_none],
        description=_("An address or a number is needed, so that the person can be reached."),
    )
    from_on = DateField(_("Has the duty from"), [InputRequired(_("Write the first day of the duty."))])
    until_on = DateField(
        _("Has the duty until"),
        [Optional()],
        description=_("The last day. Leave it empty while the person has the duty."),
    )

    def facts(self) -> dict[str, Any]:
        return self.values()


class EndContactForm(BaseForm):
    until_on = DateField(_("Last day of the duty"), [InputRequired(_("Write the last day of the duty."))])
