"""Second marks from the side of the office and of partners: asked for, and decided where two differ."""

from flask_babel import gettext as _

from gdt import audit
from gdt.access import Viewer
from gdt.database import db, now
from gdt.errors import DomainError
from gdt.exams import moderation_queries as queries
from gdt.exams.flagging import look_through
from gdt.exams.grading import refusal, understand_mark, written
from gdt.exams.marking import refusals
from gdt.exams.models import Result, ResultOutcome, Sitting
from gdt.exams.moderation import Given, Marking, MarkRefused, Why, decide
from gdt.exams.moderation_models import DoubleMark
from gdt.exams.queries import attempts_elsewhere, counts_of, lock_exam, results_of
from gdt.exams.recording import new_result, note_recorded
from gdt.row_security import everything


def ask_for_second_marks(*, viewer: Viewer, sitting: Sitting) -> None:
    """Have a sitting marked twice, before its first mark. Raises DomainError afterwards."""
    lock_exam(sitting.exam_id)
    if sitting.is_marked_twice:
        return
    counts = counts_of(sitting)
    if counts[ResultOutcome.PASSED] + counts[ResultOutcome.FAILED]:
        raise DomainError(_("Marks of this sitting stand already, so it cannot be marked twice any more."))
    sitting.is_marked_twice = True
    audit.record(
        viewer,
        "asked for second marks",
        sitting,
        _("Asked for a second mark for everybody"),
        institution_id=sitting.cohort.institution_id,
    )


@everything()
def decide_mark(*, viewer: Viewer, double_mark: DoubleMark, mark: str, reason: str) -> None:
    """Settle two marks that differ, with a reason; the mark becomes a result. Raises DomainError."""
    sitting, person_id = double_mark.sitting, double_mark.person_id
    lock_exam(sitting.exam_id)
    queries.hold_double_mark(double_mark)
    decided = _decided(viewer, double_mark, mark)
    earlier = attempts_elsewhere(sitting, [person_id]).get(person_id, ())
    if why_not := refusal(earlier, sitting.held_on, sitting.exam):
        raise DomainError(why_not)
    if results_of(sitting, [person_id]):
        raise DomainError(refusals()[Why.STANDS])
    double_mark.state, double_mark.decided_mark = decided.state, decided.standing
    double_mark.decided_by_id, double_mark.decided_by_name = viewer.id, viewer.name
    double_mark.decided_at, double_mark.reason = now(), reason.strip()
    result = new_result(sitting, person_id, decided.standing, earlier)
    db.session.add(result)
    note_recorded(viewer, sitting, 1)
    _note_decision(viewer, double_mark, result)
    look_through([sitting])


def _decided(viewer: Viewer, double_mark: DoubleMark, mark: str) -> Marking:
    value, problem = understand_mark(mark, double_mark.sitting.exam)
    if problem or value is None:
        raise DomainError(problem or _("Both markers saw a paper: decide on a mark."), "mark")
    if viewer.id is None:
        raise DomainError(_("Sign in: a mark that is given twice has two names."))
    try:
        return decide(double_mark.marking, Given(viewer.id, value))
    except MarkRefused as refused:
        raise DomainError(refusals()[refused.why]) from refused


def _note_decision(viewer: Viewer, double_mark: DoubleMark, result: Result) -> None:
    marks = {"first": double_mark.first_mark, "second": double_mark.second_mark, "decided": result.mark}
    told = {name: written(mark) for name, mark in marks.items()}
    audit.record(
        viewer,
        "decided",
        result,
        _("Decided on %(decided)s where two markers gave %(first)s and %(second)s", **told),
        institution_id=double_mark.sitting.cohort.institution_id,
        sitting=double_mark.sitting.code,
        **told,
    )
