"""The grid of a sitting: one row for each student, with what is recorded, typed, wrong and past."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flask_babel import gettext as _

from gdt.database import db
from gdt.exams.grading import ABSENT, Attempt, refusal, taken, written
from gdt.exams.models import Result, ResultCorrection, Sitting
from gdt.exams.queries import attempts_elsewhere, corrections_of, results_of, students_of
from gdt.exams.recording import Entry, Problem
from gdt.paging import Page, page_of
from gdt.people.models import AffiliationRole, Person
from gdt.training.enrolment_queries import list_own_numbers
from gdt.training.models import Enrolment

ROWS = 40  # a full page of long names and marks stays under 20 KB
NOTHING = Problem("")


@dataclass(frozen=True)
class GridRow:
    """A student of the grid; `entry` is what stands in her fields, typed or drawn."""

    person: Person
    number: str
    result: Result | None
    entry: Entry
    problem: Problem = NOTHING
    note: str = ""
    corrections: Sequence[ResultCorrection] = ()


@dataclass(frozen=True)
class Grid:
    """A page of rows, in the order of names."""

    page: Page[Enrolment]
    rows: list[GridRow] = field(default_factory=list)

    @property
    def seen(self) -> str:
        """What the page is drawn with, for the form to bring back."""
        return " ".join(f"{row.person.id}:{row.entry.seen}" for row in self.rows)

    @property
    def problems(self) -> list[GridRow]:
        return [row for row in self.rows if row.problem.sentence]


def draw_grid(
    sitting: Sitting,
    *,
    search: str,
    after: str | None,
    typed: Mapping[int, Entry] | None = None,
    problems: Mapping[int, Problem] | None = None,
) -> Grid:
    """A page of the grid; what was typed and what was wrong with it are put back into its rows."""
    page = page_of(
        db.session,
        students_of(sitting, search),
        order=[Person.printed_name, Person.id],
        after=after,
        size=ROWS,
    )
    people = [enrolment.person for enrolment in page.items]
    ids = [person.id for person in people]
    results = results_of(sitting, ids)
    numbers = list_own_numbers(sitting.cohort.institution_id, AffiliationRole.STUDENT, ids)
    earlier = attempts_elsewhere(sitting, ids)
    corrections = corrections_of([result.id for result in results.values()])
    rows = []
    for person in people:
        result = results.get(person.id)
        rows.append(
            GridRow(
                person,
                numbers.get(person.id, ""),
                result,
                _entry(result, (typed or {}).get(person.id)),
                (problems or {}).get(person.id, NOTHING),
                _note(sitting, result, earlier.get(person.id, ())),
                corrections.get(result.id, ()) if result else (),
            )
        )
    return Grid(page, rows)


def _entry(result: Result | None, typed: Entry | None) -> Entry:
    """What was typed stays, but the row now knows what is recorded; the next press decides about that."""
    now_has = written(result.mark) if result else ""
    if typed is not None:
        return Entry(typed.mark, typed.is_absent, typed.reason, now_has)
    return Entry("" if now_has == ABSENT else now_has, now_has == ABSENT, "", now_has)


def _note(sitting: Sitting, result: Result | None, earlier: Sequence[Attempt]) -> str:
    """Which attempt this is, and whether the rule leaves one at all."""
    before = len(taken(earlier))
    if result is None and (why_not := refusal(earlier, sitting.held_on, sitting.exam)):
        return why_not
    if not before:
        return ""
    return str(_("Attempt %(n)s of %(all)s", n=before + 1, all=sitting.exam.attempts_allowed))
