"""What is typed about exams, sittings and marks."""

import re
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import (
    BooleanField,
    DateField,
    DecimalField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, Regexp

from gdt.columns import unprintable
from gdt.exams.flag_models import FlagState
from gdt.exams.marks_page import MAX_REASON, Entry
from gdt.forms import UNSEEN, BaseForm, tidy

MAX_MARK = 9999
_SEEN = re.compile(r"(\d{1,18}):(\S*)")


def plain(_form: BaseForm, field: Any) -> None:
    """Refuse characters nobody can see or print; a database may not even take them."""
    if isinstance(field.data, str) and unprintable(field.data):
        raise ValidationError(str(UNSEEN))


class GridForm(BaseForm):
    """The token of the grid, and its fields by person: m12 mark, a12 absent, r12 reason.

    One field `seen` says what the whole page was drawn with ("12:71 13: 14:absent"), to keep the page light.
    """

    def __init__(self, formdata: Any = None) -> None:
        super().__init__(formdata)
        self.typed = _entries(formdata or {})


def _entries(sent: Any) -> dict[int, Entry]:
    seen = {int(found[1]): found[2] for found in _SEEN.finditer(sent.get("seen", ""))}
    return {
        n: Entry(tidy(sent.get(f"m{n}", "")), f"a{n}" in sent, tidy(sent.get(f"r{n}", "")), value)
        for n, value in seen.items()
    }


class CorrectionForm(BaseForm):
    mark = StringField(_("Mark"), [Length(max=40)])
    is_absent = BooleanField(_("Was absent"))
    reason = StringField(
        _("Reason"),
        [DataRequired(_("Write why it changes.")), Length(max=MAX_REASON), plain],
        description=_("Stays in the history of this result, with your name and the old mark."),
    )
    seen = HiddenField()


class SittingForm(BaseForm):
    exam_id = SelectField(_("Exam"), coerce=int)
    held_on = DateField(_("Date of the exam"), [InputRequired(_("Write the day of the exam."))])
    platform = StringField(
        _("Platform"),
        [DataRequired(_("Write where it is held.")), Length(max=80), plain],
        description=_("Such as GDT exam platform, or Paper."),
        default="GDT exam platform",
    )
    is_marked_twice = BooleanField(
        _("Marked by two people"),
        description=_("A mark then counts once two markers agree, or the programme office decided."),
    )


class ThirdDecisionForm(BaseForm):
    mark = StringField(
        _("Mark that counts"), [DataRequired(_("Write the mark that counts.")), Length(max=40)]
    )
    reason = StringField(
        _("Reason"),
        [DataRequired(_("Write why this mark is right.")), Length(max=MAX_REASON), plain],
        description=_("Stays with the two marks, with your name."),
    )


class LookForm(BaseForm):
    """What somebody found when she looked at a sitting."""

    state = RadioField(
        _("What came of it"),
        [InputRequired(_("Choose one."))],
        choices=[
            SelectChoice(FlagState.FINE.value, _("It is fine")),
            SelectChoice(FlagState.WRONG.value, _("Something was wrong")),
        ],
    )
    note = TextAreaField(
        _("What you looked at, and what you found"),
        [DataRequired(_("Say in a sentence what you looked at.")), Length(max=1000), plain],
    )


class RuleForm(BaseForm):
    title = StringField(_("Title"), [DataRequired(_("Write a title.")), Length(max=120), plain])
    maximum_mark = DecimalField(
        _("Maximum mark"),
        [InputRequired(_("Write the highest mark there is.")), NumberRange(1, MAX_MARK)],
    )
    pass_mark = DecimalField(
        _("Pass mark"),
        [InputRequired(_("Write the mark from which one passes.")), NumberRange(0.01, MAX_MARK)],
        description=_("This mark itself passes."),
    )
    attempts_allowed = IntegerField(
        _("Attempts allowed"),
        [InputRequired(_("Write how often one may sit.")), NumberRange(1, 100)],
        description=_("An absence does not use up an attempt."),
    )
    resit_after_days = IntegerField(
        _("Days before a resit"),
        [InputRequired(_("Write a number of days, 0 for none.")), NumberRange(0, 3650)],
    )
    asks_second_mark = BooleanField(
        _("Marked by two people"),
        description=_("Holds for sittings scheduled from now on. Both mark without seeing the other’s mark."),
    )
    mark_tolerance = DecimalField(
        _("Marks agree up to a difference of"),
        [Optional(), NumberRange(0, MAX_MARK)],
        filters=[lambda typed: 0 if typed is None else typed],
        description=_(
            "Their mean counts then. A larger difference, or one mark that passes and one that fails, goes to"
            " the programme office."
        ),
        default=0,
    )


class NewExamForm(RuleForm):
    code = StringField(
        _("Code"),
        [
            DataRequired(_("Choose a short code.")),
            Regexp(
                r"[A-Za-z0-9][A-Za-z0-9-]{1,19}$",
                message=_("Use 2 to 20 letters, digits or hyphens, such as ex-retail."),
            ),
        ],
        description=_("Short and lasting. It stands in addresses and never changes."),
    )
    course_id = SelectField(_("Course"), coerce=int)

    def validate_code(self, field: StringField) -> None:
        if (field.data or "").lower() == "new":
            raise ValidationError(str(_("This word is used by the system. Choose another code.")))
