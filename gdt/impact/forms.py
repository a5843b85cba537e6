"""What the office types about years and targets."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, HiddenField, IntegerField, SelectMultipleField, TextAreaField
from wtforms.validators import DataRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from gdt.forms import BaseForm, ConfirmForm

MOST = 10_000_000
MOST_OFFERED = 30
WHOLE = _("Write a whole number, or leave it empty.")


class CloseYearForm(ConfirmForm):
    """`seen` is the fingerprint of the figures on the page."""

    seen = HiddenField()


def without_full_stop(text: str | None) -> str | None:
    """A reason as it is kept: wherever it stands, what follows it is added there."""
    return text.rstrip(" .") if text else text


class ReasonForm(BaseForm):
    """One reason for a figure, and for the others that are ticked."""

    reason = TextAreaField(
        _("Why the figure differs"),
        [DataRequired(_("Write the reason in a sentence.")), Length(max=600)],
        filters=[without_full_stop],
        description=_("It stands in the next summary. Name no person."),
    )
    all_open = BooleanField(_("The same for every figure that has no reason yet"))
    also = SelectMultipleField(
        _("The same for"), widget=ListWidget(), option_widget=CheckboxInput(), validate_choice=False
    )

    def offer(self, others: Mapping[str, str]) -> None:
        """The other figures that have no reason, by the words their ticks send; a long list is cut."""
        self.also.choices = list(others.items())[:MOST_OFFERED]
        if not others:
            del self.also, self.all_open

    def is_for(self, other: str) -> bool:
        """Whether the reason is another figure’s as well."""
        return "also" in self and (self.all_open.data or other in (self.also.data or ()))


class TargetForm(BaseForm):
    teachers = IntegerField(
        _("Teachers to certify"), [Optional(), NumberRange(min=0, max=MOST, message=WHOLE)]
    )
    students = IntegerField(_("Students to train"), [Optional(), NumberRange(min=0, max=MOST, message=WHOLE)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in (self.teachers, self.students):
            field.process_errors = [str(WHOLE) for _error in field.process_errors]
