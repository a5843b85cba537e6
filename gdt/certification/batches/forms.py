"""What is typed to have cohorts checked, to issue, approve or decline a batch, and to halt all issuing."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import BooleanField, IntegerField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from gdt.forms import BaseForm, ConfirmForm

LONGEST_REASON = 400


class PrepareForm(BaseForm):
    """The cohorts to check: how many the person saw, or those she ticked."""

    count = IntegerField(_("Cohorts"), [InputRequired()])
    cohort = SelectMultipleField(
        _("Cohorts"), coerce=int, widget=ListWidget(), option_widget=CheckboxInput(), validate_choice=False
    )
    only = StringField(_("Which"))

    def validate_cohort(self, field: SelectMultipleField) -> None:
        if self.only.data == "ticked" and not field.data:
            raise ValidationError(gettext("Tick the cohorts to check, or check all of them."))

    @property
    def chosen(self) -> list[int] | None:
        """The ticked cohorts, or None for all of the list."""
        return list(self.cohort.data or []) if self.only.data == "ticked" else None


class NumberForm(BaseForm):
    """The number of certificates, typed by whoever takes the responsibility for it."""

    confirm_word = StringField(_("Number"))

    def __init__(self, formdata: Any = None, *, number: int, **kwargs: Any) -> None:
        super().__init__(formdata, **kwargs)
        self.number = number

    def validate_confirm_word(self, field: StringField) -> None:
        if "".join(filter(str.isdigit, field.data or "")) != str(self.number):
            raise ValidationError(gettext("Type the number %(number)s to confirm.", number=self.number))


class IssueBatchForm(NumberForm):
    mails = BooleanField(_("Mail each holder a link to the certificate"), default=True)


class DeclineForm(BaseForm):
    reason = TextAreaField(
        _("Reason"),
        [InputRequired(_("Say why.")), Length(max=LONGEST_REASON)],
        description=_("Whoever ordered the batch will read this sentence."),
    )


class HaltForm(ConfirmForm):
    reason = TextAreaField(
        _("Reason"),
        [InputRequired(_("Say why issuing must stop.")), Length(max=LONGEST_REASON)],
        description=_("Everyone in the office reads this sentence on every page until issuing goes on."),
    )


class GoOnForm(ConfirmForm):
    reason = TextAreaField(_("What was found"), [Length(max=LONGEST_REASON)])
