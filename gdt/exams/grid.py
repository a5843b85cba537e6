"""The grid of a sitting: one row for each student, with what is recorded, typed, wrong and past."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flask_babel import gettext as _

from gdt.access import Viewer
from gdt.database import db
from gdt.exams.grading import ABSENT, Attempt, refusal, taken, written
from gdt.exams.marks_page import Entry, Problem
from gdt.exams.models import Result, ResultCorrection, Sitting
from gdt.exams.moderation import MarkingState
from gdt.exams.moderation_models import DoubleMark
from gdt.exams.moderation_queries import double_marks_of
from gdt.exams.queries import attempts_elsewhere, corrections_of, results_of, students_of
from gdt.paging import Page, page_of
from gdt.people.models import AffiliationRole, Person
from gdt.training.enrolment_queries import list_own_numbers
from gdt.training.models import Enrolment

ROWS = 40  # a full page of long names and marks stays under 20 KB
NOTHING = Problem("")


@dataclass(frozen=True)
class GridRow:
    """A student of the grid; `entry` is what stands in her fields, typed or drawn.

    Of marks given twice it is the viewer's own, and the row `is_open` while she may give one.
    """

    person: Person
    number: str
    result: Result | None
    entry: Entry
    problem: Problem = NOTHING
    note: str = ""
    corrections: Sequence[ResultCorrection] = ()
    double: DoubleMark | None = None
    is_open: bool = True


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
    viewer: Viewer,
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
    draw = _Drawing(sitting, viewer, [person.id for person in people], typed or {}, problems or {})
    return Grid(page, [draw.row(person) for person in people])


class _Drawing:
    """What a page of rows is drawn from: a few queries for all of them."""

    def __init__(
        self,
        sitting: Sitting,
        viewer: Viewer,
        ids: Sequence[int],
        typed: Mapping[int, Entry],
        problems: Mapping[int, Problem],
    ) -> None:
        self.sitting, self.viewer, self.typed, self.problems = sitting, viewer, typed, problems
        self.results = results_of(sitting, ids)
        self.numbers = list_own_numbers(sitting.cohort.institution_id, AffiliationRole.STUDENT, ids)
        self.earlier = attempts_elsewhere(sitting, ids)
        self.corrections = corrections_of([result.id for result in self.results.values()])
        self.doubles = double_marks_of(sitting, ids) if sitting.is_marked_twice else {}

    def row(self, person: Person) -> GridRow:
        result, double = self.results.get(person.id), self.doubles.get(person.id)
        given = double.mark_of(self.viewer.id) if double and not result else None
        now_has = written(result.mark) if result else ("" if given is None else written(given))
        return GridRow(
            person,
            self.numbers.get(person.id, ""),
            result,
            _entry(now_has, self.typed.get(person.id)),
            self.problems.get(person.id, NOTHING),
            _note(self.sitting, result, self.earlier.get(person.id, ())),
            self.corrections.get(result.id, ()) if result else (),
            double,
            self._is_open(result, double),
        )

    def _is_open(self, result: Result | None, double: DoubleMark | None) -> bool:
        if not self.sitting.is_marked_twice:
            return True
        return result is None and (double is None or double.state is MarkingState.ONCE)


def _entry(now_has: str, typed: Entry | None) -> Entry:
    """What was typed stays, but the row now knows what is recorded; the next press decides about that."""
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
