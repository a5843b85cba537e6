"""What the history of exams, sittings and results tells."""

from flask_babel import lazy_gettext as _

from gdt.changes import Field, tell
from gdt.exams.models import Exam, Result, ResultOutcome, Sitting
from gdt.people.models import Person

OUTCOMES = {
    ResultOutcome.PASSED: _("passed"),
    ResultOutcome.FAILED: _("failed"),
    ResultOutcome.ABSENT: _("absent"),
}

tell(
    Exam,
    _("Exam"),
    {
        "title": Field(_("Title")),
        "pass_mark": Field(_("Pass mark")),
        "maximum_mark": Field(_("Maximum mark")),
        "attempts_allowed": Field(_("Attempts allowed")),
        "resit_after_days": Field(_("Days before a resit")),
        "asks_second_mark": Field(_("Marked by two people")),
        "mark_tolerance": Field(_("Marks agree up to a difference of")),
    },
    untold="code course_id",
    place=lambda _exam: None,
)
tell(
    Sitting,
    _("Sitting"),
    {
        "held_on": Field(_("Day")),
        "platform": Field(_("Platform")),
        "is_marked_twice": Field(_("Marked by two people")),
    },
    untold="code exam_id cohort_id course_id",
    place=lambda sitting: sitting.cohort.institution_id,
)
tell(
    Result,
    _("Result"),
    {"mark": Field(_("Mark")), "outcome": Field(_("Outcome"), OUTCOMES)},
    untold="sitting_id exam_id person_id attempt recorded_at",
    part_of={"sitting_id": Sitting, "person_id": Person},
    place=lambda result: result.sitting.cohort.institution_id,
    name=lambda result: f"{result.person}, {result.sitting}",
)
