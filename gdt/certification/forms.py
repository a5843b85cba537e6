"""What is typed to issue and to revoke certificates."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import BooleanField, IntegerField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from gdt.certification.numbering import parse_number
from gdt.forms import BaseForm


class IssueForm(BaseForm):
    """The order to certify: how many the person saw, or those she ticked."""

    count = IntegerField(_("Certificates"), [InputRequired()])
    person = SelectMultipleField(
        _("People"), coerce=int, widget=ListWidget(), option_widget=CheckboxInput(), validate_choice=False
    )
    only = StringField(_("Which"))
    mails = BooleanField(_("Mail each holder a link to the certificate"), default=True)

    def validate_person(self, field: SelectMultipleField) -> None:
        if self.only.data == "ticked" and not field.data:
            raise ValidationError(gettext("Tick the people to certify, or issue all of them."))

    @property
    def chosen(self) -> list[int] | None:
        """The ticked people, or None for everyone who is ready."""
        return list(self.person.data or []) if self.only.data == "ticked" else None


class RevokeForm(BaseForm):
    reason = TextAreaField(
        _("Reason"),
        [InputRequired(_("Say why this certificate no longer counts.")), Length(max=400)],
        description=_("Everyone who verifies the certificate will read this sentence."),
    )
    confirm_word = StringField(_("Number"))

    def __init__(self, formdata: Any = None, *, number: str, **kwargs: Any) -> None:
        super().__init__(formdata, **kwargs)
        self.number = number

    def validate_confirm_word(self, field: StringField) -> None:
        if parse_number(field.data or "") != self.number:
            raise ValidationError(gettext("Type the number %(number)s to confirm.", number=self.number))
