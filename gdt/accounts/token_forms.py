"""What a user says of a token she makes: its name, what it may do, how long it lasts."""

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import PasswordField, SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from gdt.accounts.token_models import TokenRight
from gdt.accounts.token_words import RIGHTS
from gdt.forms import BaseForm

LASTS = (
    (7, _("a week")),
    (30, _("a month")),
    (90, _("three months")),
    (180, _("half a year")),
    (365, _("a year")),
)


class TokenForm(BaseForm):
    name = StringField(
        _("Name"),
        [InputRequired(_("Give it a name, such as the program that uses it.")), Length(max=60)],
        description=_("So that you know it again later: Moodle export, Nightly figures."),
    )
    rights = SelectMultipleField(
        _("The program may"),
        description=_("Never more than you may do yourself, whatever you choose here."),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    days = SelectField(
        _("It works for"), choices=[SelectChoice(*lasts) for lasts in LASTS], coerce=int, default=90
    )
    password = PasswordField(_("Your password"))

    def __init__(self, *args: Any, offered: Iterable[TokenRight], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rights.choices = [SelectChoice(right.value, RIGHTS[right]) for right in offered]
