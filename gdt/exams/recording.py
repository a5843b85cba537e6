"""Recording marks: a page of the grid at once, all of it or nothing, and each correction with its reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import NamedTuple

from flask_babel import gettext as _
from flask_babel import ngettext

from gdt import audit
from gdt.access import Viewer
from gdt.columns import unprintable
from gdt.database import db, now
from gdt.errors import DomainError
from gdt.exams.grading import (
    ABSENT,
    Attempt,
    next_number,
    outcome_of,
    refusal,
    understand_mark,
    written,
)
from gdt.exams.models import Result, ResultCorrection, ResultOutcome, Sitting
from gdt.exams.queries import attempts_elsewhere, lock_exam, results_of, sitting_person_ids
from gdt.filters import day
from gdt.partners.permitted import PartnerAct, require_permitted
from gdt.row_security import everything

MAX_REASON = 500


@dataclass(frozen=True)
class Entry:
    """What was typed for one person; `seen` is the value the form was drawn with, "" for none."""

    mark: str = ""
    is_absent: bool = False
    reason: str = ""
    seen: str = ""

    @property
    def wanted(self) -> str:
        return ABSENT if self.is_absent else self.mark


class Problem(NamedTuple):
    sentence: str
    needs_reason: bool = False


class MarksRefused(DomainError):
    """Nothing of the page was kept; `problems` says why, by person."""

    def __init__(self, problems: dict[int, Problem]) -> None:
        super().__init__(
            ngettext("%(num)s row needs you.", "%(num)s rows need you.", len(problems))
            + " "
            + _("Nothing of this page has been kept yet.")
        )
        self.problems = problems


@dataclass
class Page:
    """What a page of marks amounts to, before it is kept."""

    new: dict[int, Decimal | None] = field(default_factory=dict)
    changed: dict[int, tuple[Decimal | None, str]] = field(default_factory=dict)
    problems: dict[int, Problem] = field(default_factory=dict)


class Recorded(NamedTuple):
    new: int
    corrected: int


@everything()
def record_marks(*, viewer: Viewer, sitting: Sitting, entries: Mapping[int, Entry]) -> Recorded:
    """Keep a page of the grid: new marks, and changed ones as corrections; unchanged rows are left alone.

    Raises MarksRefused, and keeps nothing, if one row cannot be kept. Sending a page twice is harmless.
    """
    lock_exam(sitting.exam_id)
    require_permitted(sitting.cohort.institution, PartnerAct.RECORD_RESULTS, actor=viewer)
    refuse_before_the_day(sitting)
    results = results_of(sitting, entries)
    attempts = attempts_elsewhere(sitting, entries)
    page = _judge(sitting, entries, results, attempts)
    if page.problems:
        raise MarksRefused(page.problems)
    for person_id, mark in page.new.items():
        db.session.add(new_result(sitting, person_id, mark, attempts.get(person_id, ())))
    for person_id, (mark, reason) in page.changed.items():
        _correct(viewer, sitting, results[person_id], mark, reason)
    note_recorded(viewer, sitting, len(page.new))
    return Recorded(len(page.new), len(page.changed))


def refuse_before_the_day(sitting: Sitting) -> None:
    """Marks come after the exam; a day's grace, because it is already tomorrow east of Greenwich."""
    if sitting.held_on > now().date() + timedelta(days=1):
        raise DomainError(
            _("This exam is on %(day)s. Its results can be recorded from then on.", day=day(sitting.held_on))
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
    sitting: Sitting,
    entries: Mapping[int, Entry],
    results: Mapping[int, Result],
    attempts: Mapping[int, Sequence[Attempt]],
) -> Page:
    page = Page()
    present = sitting_person_ids(sitting, entries)
    for person_id, entry in entries.items():
        if entry.wanted == entry.seen and not (entry.is_absent and entry.mark):
            continue
        if person_id not in present:
            page.problems[person_id] = Problem(_("Is no longer a student of this cohort."))
            continue
        _judge_row(page, person_id, entry, results.get(person_id), attempts.get(person_id, ()), sitting)
    return page


def _judge_row(
    page: Page,
    person_id: int,
    entry: Entry,
    result: Result | None,
    earlier: Sequence[Attempt],
    sitting: Sitting,
) -> None:
    mark, sentence = _understand(entry, sitting)
    now_has = written(result.mark) if result else ""
    if not sentence and written(mark) in (now_has, entry.seen):
        return
    if not sentence and mark is not None and (result is None or result.outcome is ResultOutcome.ABSENT):
        sentence = refusal(earlier, sitting.held_on, sitting.exam)
    if sentence:
        page.problems[person_id] = Problem(sentence)
    elif now_has != entry.seen:
        page.problems[person_id] = Problem(_overtaken(now_has), needs_reason=True)
    elif result is None:
        page.new[person_id] = mark
    elif problem := _reason_problem(entry.reason, now_has):
        page.problems[person_id] = Problem(problem, needs_reason=True)
    else:
        page.changed[person_id] = (mark, entry.reason)


def _understand(entry: Entry, sitting: Sitting) -> tuple[Decimal | None, str | None]:
    if entry.is_absent and entry.mark and entry.mark != entry.seen:
        return None, _("Has a mark and is ticked as absent. Take one of the two away.")
    if not entry.wanted:
        return None, _("Already has %(mark)s. A result can be corrected, not emptied.", mark=entry.seen)
    return understand_mark(entry.wanted, sitting.exam)


def _overtaken(now_has: str) -> str:
    return str(
        _(
            "Somebody else kept %(mark)s here while you were typing. "
            "Put that back, or write why yours is right and save again.",
            mark=now_has,
        )
    )


def _reason_problem(reason: str, now_has: str) -> str | None:
    if not reason.strip():
        return str(_("Already has %(mark)s. Write why it changes.", mark=now_has))
    if len(reason) > MAX_REASON or unprintable(reason):
        return str(_("Write the reason in one short line of plain text."))
    return None


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
