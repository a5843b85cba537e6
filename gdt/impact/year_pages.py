"""What the pages of years show: each year and its state, and the differences from what was published."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from gdt.access import OFFICE, Viewer
from gdt.errors import DomainError
from gdt.impact import closing_queries
from gdt.impact.closed_models import ClosedYear
from gdt.impact.closing import Preview, preview_closing
from gdt.impact.figures_page import label_of
from gdt.impact.measures import BY_KEY
from gdt.impact.queries import load_network, read_figures, today
from gdt.impact.restating import Restatement, of_places, restatements
from gdt.impact.scopes import EVERYWHERE, Network, Scope
from gdt.impact.tallies import Figure

ROWS = 20
COLUMNS = ("year", "measure", "by", "code", "module", "published", "now", "difference", "reason")


@dataclass(frozen=True)
class YearRow:
    """A year with its students and teachers of today, and whether it can be, or was, closed.

    A year before the first one closed is history: the programme did not close years then.
    """

    year: int
    teachers: Figure
    students: Figure
    closed: ClosedYear | None
    is_over: bool
    is_history: bool


@dataclass(frozen=True)
class DifferenceRow:
    one: Restatement
    place: str


@dataclass(frozen=True)
class Portion:
    rows: Sequence[DifferenceRow]
    first: int
    many: int


def year_rows(viewer: Viewer, home: Scope) -> list[YearRow]:
    """Every year with figures in the place, the newest first."""
    figures = read_figures(viewer, load_network(viewer), home)
    closed = {one.year: one for one in closing_queries.list_closed()}
    first = closing_queries.first_closed()
    teachers, students = (
        figures.by(BY_KEY[key], "year", home) for key in ("teachers_certified", "students_trained")
    )
    return [
        YearRow(
            year,
            teachers.get(year, Figure()),
            students.get(year, Figure()),
            closed.get(year),
            is_over=year < today().year,
            is_history=year < first,
        )
        for year in sorted({*figures.years(home), *closed}, reverse=True)
    ]


def preview_or_reason(year: int) -> tuple[Preview | None, str]:
    """What closing a year would publish, or why it cannot be closed."""
    try:
        return preview_closing(year), ""
    except DomainError as error:
        return None, error.message


def differences_within(closed: ClosedYear, home: Scope, *, by_module: bool = False) -> list[DifferenceRow]:
    """What differs today in a place and the institutions in it; all of it for the network."""
    network = load_network(OFFICE)
    facts = closing_queries.read_published(closed)
    found = restatements(closed, facts, read_figures(OFFICE, network, EVERYWHERE))
    inside = {place.code for place in network.places(home)}
    return [
        DifferenceRow(one, place_of(one, network))
        for one in (found if by_module else of_places(found))
        if home in (EVERYWHERE, one.scope.but(year=None, module=None)) or one.scope.institution in inside
    ]


def portion(found: Sequence[DifferenceRow], first: int) -> Portion:
    first = min(max(first, 0), max(len(found) - 1, 0))
    return Portion(found[first : first + ROWS], first, len(found))


def place_of(one: Restatement, network: Network) -> str:
    if one.dimension is None:
        return str(_("The network"))
    return label_of(network, one.dimension, one.place_code)


def find_difference(found: Iterable[DifferenceRow], args: Any) -> Restatement | None:
    """The difference of the measure and place an address names; None where there is none (any more)."""
    wanted = f"{args.get('measure', '')}:{args.get('by', '')}:{args.get('place', '')}"
    return next((row.one for row in found if row.one.key == wanted), None)


def others_open(found: Iterable[DifferenceRow], one: Restatement) -> dict[str, DifferenceRow]:
    """The other differences that the records do not explain, and nobody has."""
    return {row.one.key: row for row in found if row.one.is_open and row.one.key != one.key}


def restatement_table(found: Iterable[DifferenceRow]) -> tuple[Sequence[str], Iterator[Sequence[Any]]]:
    """Every difference as a row of a file."""
    return COLUMNS, (
        (
            row.one.scope.year,
            row.one.measure.key,
            row.one.dimension or "",
            row.one.place_code,
            row.one.scope.module or "",
            row.one.published.total,
            row.one.now.total,
            row.one.difference,
            "; ".join(row.one.reasons),
        )
        for row in found
    )
