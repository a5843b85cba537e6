"""What is typed to declare a key stolen."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import DateField, StringField
from wtforms.validators import InputRequired, ValidationError

from gdt.forms import BaseForm


class RetireKeyForm(BaseForm):
    compromised_from = DateField(
        _("Stolen from this day on"),
        [InputRequired(_("Enter the day, as 2026-11-21. When in doubt, the earlier one."))],
        description=_("From midnight UTC. What entered the log with this key on that day or later falls."),
    )
    confirm_word = StringField(_("Word"))

    def __init__(self, formdata: Any = None, *, word: str, **kwargs: Any) -> None:
        super().__init__(formdata, **kwargs)
        self.word = word

    def validate_confirm_word(self, field: StringField) -> None:
        if (field.data or "").strip() != self.word:
            raise ValidationError(gettext("Type the word “%(word)s” to confirm.", word=self.word))
