"""What the office types about years and targets."""

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, IntegerField, TextAreaField
from wtforms.validators import DataRequired, Length, NumberRange, Optional

from gdt.forms import BaseForm, ConfirmForm

MOST = 10_000_000
WHOLE = _("Write a whole number, or leave it empty.")


class CloseYearForm(ConfirmForm):
    """`seen` is the fingerprint of the figures on the page."""

    seen = HiddenField()


class ReasonForm(BaseForm):
    reason = TextAreaField(
        _("Why the figure differs"),
        [DataRequired(_("Write the reason in a sentence.")), Length(max=600)],
        description=_("It stands in the next summary. Name no person."),
    )


class TargetForm(BaseForm):
    teachers = IntegerField(
        _("Teachers to certify"), [Optional(), NumberRange(min=0, max=MOST, message=WHOLE)]
    )
    students = IntegerField(_("Students to train"), [Optional(), NumberRange(min=0, max=MOST, message=WHOLE)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in (self.teachers, self.students):
            field.process_errors = [str(WHOLE) for _error in field.process_errors]
