"""What the office and its partners do with exams: they set the rule of one, and schedule sittings."""

import re
from datetime import date
from decimal import Decimal
from typing import NotRequired, TypedDict, Unpack

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from gdt import audit
from gdt.access import Viewer
from gdt.database import broken_constraint, db
from gdt.errors import DomainError
from gdt.exams.grading import decimals_problem
from gdt.exams.models import Exam, Sitting
from gdt.exams.queries import sitting_codes
from gdt.filters import day
from gdt.partners.permitted import PartnerAct, require_permitted
from gdt.training.models import Cohort, Course


class RuleTerms(TypedDict):
    """The rule of an exam as it is typed; who was never asked for a second mark gives one."""

    title: str
    pass_mark: Decimal
    maximum_mark: Decimal
    attempts_allowed: int
    resit_after_days: int
    asks_second_mark: NotRequired[bool]
    mark_tolerance: NotRequired[Decimal]


def set_exam(*, viewer: Viewer, course: Course, code: str, **rule: Unpack[RuleTerms]) -> Exam:
    """Give a course its exam and the rule by which marks are judged."""
    _check_marks(rule)
    exam = Exam(code=code.strip().lower(), course=course, **rule)
    try:
        with db.session.begin_nested():
            db.session.add(exam)
            db.session.flush()
    except IntegrityError as error:
        raise DomainError(_("Another exam has this code. Choose another one."), "code") from error
    audit.record(viewer, "set", exam, _("Set the exam “%(title)s”", title=exam.title))
    return exam


def change_rule(*, viewer: Viewer, exam: Exam, **rule: Unpack[RuleTerms]) -> None:
    """Change the rule for results recorded from now on; what was recorded keeps its outcome.

    Whether a second mark is asked for is settled when a sitting is scheduled.
    """
    _check_marks(rule)
    for name, value in rule.items():
        setattr(exam, name, value)
    if db.session.is_modified(exam):
        audit.record(viewer, "changed", exam, _("Changed the rule of “%(title)s”", title=exam.title))


def _check_marks(rule: RuleTerms) -> None:
    tolerance = rule.get("mark_tolerance", Decimal(0))
    marks = {
        "pass_mark": rule["pass_mark"],
        "maximum_mark": rule["maximum_mark"],
        "mark_tolerance": tolerance,
    }
    for field, mark in marks.items():
        if problem := decimals_problem(mark):
            raise DomainError(problem, field)
    if rule["pass_mark"] > rule["maximum_mark"]:
        raise DomainError(_("Nobody could pass: the pass mark is above the maximum mark."), "pass_mark")


def schedule_sitting(
    *,
    viewer: Viewer,
    cohort: Cohort,
    exam: Exam,
    held_on: date,
    platform: str,
    is_marked_twice: bool = False,
) -> Sitting:
    """Put an exam of the cohort's course on a day; its code counts on from the cohort's others.

    It is marked twice where the exam or whoever schedules it asks for that.
    """
    require_permitted(cohort.institution, PartnerAct.RECORD_RESULTS, actor=viewer)
    if exam.course_id != cohort.course_id:
        raise DomainError(_("Choose an exam of this cohort's course."), "exam_id")
    if held_on < cohort.starts_on:
        raise DomainError(
            _("The cohort starts on %(day)s. Choose that day or a later one.", day=day(cohort.starts_on)),
            "held_on",
        )
    sitting = Sitting(
        code=_next_code(cohort),
        exam_id=exam.id,
        cohort_id=cohort.id,
        course_id=cohort.course_id,
        held_on=held_on,
        platform=platform,
        is_marked_twice=is_marked_twice or exam.asks_second_mark,
    )
    _keep(sitting)
    audit.record(
        viewer,
        "scheduled",
        sitting,
        _("Scheduled “%(title)s” for %(day)s", title=exam.title, day=day(held_on)),
        institution_id=cohort.institution_id,
    )
    return sitting


def _next_code(cohort: Cohort) -> str:
    numbers = [int(found[1]) for code in sitting_codes(cohort) if (found := re.search(r"-e(\d+)$", code))]
    return f"{cohort.code}-e{max(numbers, default=0) + 1}"


def _keep(sitting: Sitting) -> None:
    try:
        with db.session.begin_nested():
            db.session.add(sitting)
            db.session.flush()
    except IntegrityError as error:
        if broken_constraint(error) == "uq_sittings_code":
            raise DomainError(
                _("Somebody else scheduled a sitting at this moment. Check the list and press again.")
            ) from error
        raise DomainError(_("This exam is already scheduled for that day."), "held_on") from error
