"""What is typed to issue certificates."""

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import BooleanField, IntegerField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

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
