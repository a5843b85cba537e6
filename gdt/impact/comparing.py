"""A place's numbers beside the median of all that were active, without telling what any other one did."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from gdt.impact.measures import BY_KEY, COUNTED_IN_TABLES, Measure
from gdt.impact.scopes import Scope
from gdt.impact.tallies import Figure, Figures

LEAST = 5  # places in a comparison: among fewer, one's own number would tell those of the others
ACTIVE_BY = {"institution": BY_KEY["institutions"], "country": BY_KEY["countries"]}


@dataclass(frozen=True)
class Compared:
    """A measure of one place, and the median of all (None: too few to tell)."""

    measure: Measure
    figure: Figure
    median: float | None

    @property
    def side(self) -> int:
        """Above the median (1), below it (-1), or neither."""
        if self.median is None:
            return 0
        return (self.figure.total > self.median) - (self.figure.total < self.median)


@dataclass(frozen=True)
class Comparison:
    """The measures of a place in a year beside `places` active ones, itself among them if it was active."""

    year: int
    places: int
    rows: Sequence[Compared]

    @property
    def is_told(self) -> bool:
        return self.places >= LEAST


def compare(figures: Figures, dimension: str, own: str, year: int) -> Comparison:
    """`own` is the code of a place of the dimension, "institution" or "country"; figures are the network's.

    An active place without any of a measure counts with 0. Only totals are compared: what is claimed and
    not verified is in none of them.
    """
    scope = Scope(year=year)
    active = [
        place for place, figure in figures.by(ACTIVE_BY[dimension], dimension, scope).items() if figure.total
    ]
    rows = []
    for measure in COUNTED_IN_TABLES:
        found = figures.by(measure, dimension, scope)
        totals = [found.get(place, Figure()).total for place in active]
        middle = median(totals) if len(active) >= LEAST else None
        rows.append(Compared(measure, found.get(own, Figure()), middle))
    return Comparison(year, len(active), rows)


def count_active(figures: Figures, country: str, year: int) -> int:
    """How many institutions of a country were active in a year."""
    scope = Scope(year=year, country=country)
    return figures.of(ACTIVE_BY["institution"], scope).total
