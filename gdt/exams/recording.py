"""Recording marks: a page of the grid at once, all of it or nothing, and each correction with its reason."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal

from flask_babel import gettext as _
from flask_babel import ngettext

from gdt import audit, changes
from gdt.access import Permission, Viewer, may
from gdt.database import db, now
from gdt.errors import DomainError
from gdt.exams import marking
from gdt.exams.flagging import look_through
from gdt.exams.grading import Attempt, next_number, outcome_of, refusal, written
from gdt.exams.marks_page import MAX_REASON as MAX_REASON
from gdt.exams.marks_page import Entry as Entry
from gdt.exams.marks_page import MarksRefused as MarksRefused
from gdt.exams.marks_page import Page, overtaken, reason_problem, understand
from gdt.exams.marks_page import Problem as Problem
from gdt.exams.marks_page import Recorded as Recorded
from gdt.exams.models import Result, ResultCorrection, ResultOutcome, Sitting
from gdt.exams.queries import (
    attempts_elsewhere,
    lock_exam,
    results_of,
    sitting_person_ids,
    with_people,
)
from gdt.filters import day
from gdt.partners.permitted import PartnerAct, require_permitted
from gdt.row_security import everything

ENTERED = "entered a result"  # of one person; "recorded" is the act on the page of the sitting


@everything()
def record_marks(*, viewer: Viewer, sitting: Sitting, entries: Mapping[int, Entry]) -> Recorded:
    """Keep a page of the grid: new marks, and changed ones as corrections; unchanged rows are left alone.

    Of a sitting that is marked twice the marks that stand become results. Raises MarksRefused, and keeps
    nothing, if one row cannot be kept. Sending a page twice is harmless.
    """
    lock_exam(sitting.exam_id)
    require_permitted(sitting.cohort.institution, PartnerAct.RECORD_RESULTS, actor=viewer)
    refuse_before_the_day(sitting)
    results = results_of(sitting, entries)
    attempts = attempts_elsewhere(sitting, entries)
    page = _judge(viewer, sitting, entries, results, attempts)
    if page.problems:
        raise MarksRefused(page.problems)
    made = [new_result(sitting, one, mark, attempts.get(one, ())) for one, mark in page.new.items()]
    for person_id, (mark, reason) in page.changed.items():
        _correct(viewer, sitting, results[person_id], mark, reason)
    waiting, differing = marking.keep(viewer, sitting, page)
    note_recorded(viewer, sitting, len(page.new))
    _note_each(viewer, sitting, made)
    if page.new or page.changed:
        look_through([sitting])
    return Recorded(len(page.new), len(page.changed), waiting, differing)


def refuse_before_the_day(sitting: Sitting) -> None:
    """Marks come after the exam; a day's grace, because it is already tomorrow east of Greenwich."""
    if sitting.held_on > now().date() + timedelta(days=1):
        raise DomainError(
            _("This exam is on %(day)s. Its results can be recorded from then on.", day=day(sitting.held_on))
        )


def refuse_marked_twice(sitting: Sitting) -> None:
    """A sheet tells nobody who gave which of two marks."""
    if sitting.is_marked_twice:
        raise DomainError(
            _("Two people mark this sitting, each by name. Upload your marks on the sitting’s page.")
        )


def new_result(sitting: Sitting, person_id: int, mark: Decimal | None, earlier: Sequence[Attempt]) -> Result:
    return Result(
        sitting_id=sitting.id,
        exam_id=sitting.exam_id,
        person_id=person_id,
        attempt=next_number(earlier),
        mark=mark,
        outcome=outcome_of(mark, sitting.exam),
    )


def note_recorded(viewer: Viewer, sitting: Sitting, count: int) -> None:
    if count:
        audit.record(
            viewer,
            "recorded",
            sitting,
            ngettext("Recorded %(num)s result", "Recorded %(num)s results", count),
            institution_id=sitting.cohort.institution_id,
            count=count,
        )


def _note_each(viewer: Viewer, sitting: Sitting, made: Sequence[Result]) -> None:
    """An event for each result, for the history of its person; the page of the sitting tells them as one."""
    db.session.add_all(made)
    db.session.flush()
    said, place = _("Recorded the result of %(sitting)s", sitting=sitting), sitting.cohort.institution_id
    results = with_people(made)
    for result in results:
        changes.tell_made(result)
    audit.record_all(viewer, ENTERED, [(result, said, place) for result in results])


@everything()
def correct_result(
    *, viewer: Viewer, result: Result, mark: str, is_absent: bool, reason: str, seen: str
) -> None:
    """Change one recorded mark; the old one stays in its history with who changed it and why."""
    sitting = result.sitting
    try:
        entry = Entry(mark, is_absent, reason, seen)
        record_marks(viewer=viewer, sitting=sitting, entries={result.person_id: entry})
    except MarksRefused as refused:
        problem = refused.problems[result.person_id]
        raise DomainError(problem.sentence, "reason" if problem.needs_reason else "mark") from refused


def _judge(
    viewer: Viewer,
    sitting: Sitting,
    entries: Mapping[int, Entry],
    results: Mapping[int, Result],
    attempts: Mapping[int, Sequence[Attempt]],
) -> Page:
    page = Page()
    present = sitting_person_ids(sitting, entries)
    desk = marking.Desk.of(viewer, sitting, entries)
    for person_id, entry in entries.items():
        if entry.is_untouched:
            continue
        result, earlier = results.get(person_id), attempts.get(person_id, ())
        if person_id not in present:
            page.problems[person_id] = Problem(_("Is no longer a student of this cohort."))
        elif sitting.is_marked_twice and result is None:
            desk.judge(page, person_id, entry, earlier)
        elif sitting.is_marked_twice and not may(viewer, Permission.RESULTS_MODERATE):
            page.problems[person_id] = Problem(
                _("Two markers agreed on what stands here. Ask the programme office to correct it.")
            )
        else:
            _judge_row(page, person_id, entry, result, earlier, sitting)
    return page


def _judge_row(
    page: Page,
    person_id: int,
    entry: Entry,
    result: Result | None,
    earlier: Sequence[Attempt],
    sitting: Sitting,
) -> None:
    mark, sentence = understand(entry, sitting.exam)
    now_has = written(result.mark) if result else ""
    if not sentence and written(mark) in (now_has, entry.seen):
        return
    if not sentence and mark is not None and (result is None or result.outcome is ResultOutcome.ABSENT):
        sentence = refusal(earlier, sitting.held_on, sitting.exam)
    if sentence:
        page.problems[person_id] = Problem(sentence)
    elif now_has != entry.seen:
        page.problems[person_id] = Problem(overtaken(now_has), needs_reason=True)
    elif result is None:
        page.new[person_id] = mark
    elif problem := reason_problem(entry.reason, now_has):
        page.problems[person_id] = Problem(problem, needs_reason=True)
    else:
        page.changed[person_id] = (mark, entry.reason)


def _correct(viewer: Viewer, sitting: Sitting, result: Result, mark: Decimal | None, reason: str) -> None:
    before = result.mark
    db.session.add(
        ResultCorrection(
            result=result,
            old_mark=before,
            new_mark=mark,
            reason=reason.strip(),
            corrected_by_id=viewer.id,
            corrected_by_name=viewer.name,
        )
    )
    result.mark, result.outcome = mark, outcome_of(mark, sitting.exam)
    audit.record(
        viewer,
        "corrected",
        result,
        _("Corrected a mark from %(old)s to %(new)s", old=written(before), new=written(mark)),
        institution_id=sitting.cohort.institution_id,
        sitting=sitting.code,
    )
