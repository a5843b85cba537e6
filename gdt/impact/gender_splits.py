"""The numbers of a year by gender as documents tell them: of the network, each country and each institution.

Whoever holds a document may not see people, so a small group stands in none of them, nor can one be found
as the difference of two (`genders.tell`).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gdt.impact.genders import CHOICES, Split, tell
from gdt.impact.measures import COUNTED_IN_TABLES, Measure
from gdt.impact.scopes import Scope
from gdt.impact.tallies import Figures

Homes = dict[Scope, dict[str, int] | None]


@dataclass(frozen=True)
class GenderSplit:
    """A measure of a place by gender; None where a group is too small to be told."""

    measure: str
    counts: Mapping[str, int] | None


def publishable_splits(figures: Figures, year: int) -> dict[str, Homes]:
    """By measure, the split of each place that has any number; figures are the whole network's."""
    return {measure.key: _of_measure(figures, measure, year) for measure in COUNTED_IN_TABLES}


def splits_at(found: Mapping[str, Homes], home: Scope) -> list[GenderSplit]:
    """The splits of one place, of the measures it has."""
    return [GenderSplit(measure, homes[home]) for measure, homes in found.items() if home in homes]


def _of_measure(figures: Figures, measure: Measure, year: int) -> Homes:
    institutions, countries = (_own(figures, measure, name, year) for name in ("institution", "country"))
    told = {Scope(institution=code): tell(split) for code, split in institutions.items()}
    for code, split in countries.items():
        inside = [Scope(institution=place.code) for place in figures.network.places(Scope(country=code))]
        told[Scope(country=code)] = tell(split, [told[home] for home in inside if home in told])
    network = {g: figures.of(measure, Scope(year=year, gender=g)).total for g in CHOICES}
    if any(network.values()):
        told[Scope()] = tell(network, [told[Scope(country=code)] for code in countries])
    return {home: one.shown for home, one in told.items()}


def _own(figures: Figures, measure: Measure, dimension: str, year: int) -> dict[str, Split]:
    """Every place's own split, as it is."""
    found: dict[str, dict[str, int]] = defaultdict(lambda: dict.fromkeys(CHOICES, 0))
    for gender in CHOICES:
        by_place = figures.by(measure, dimension, Scope(year=year, gender=gender))
        for code, figure in by_place.items():
            found[str(code)][gender] = figure.total
    return {code: split for code, split in found.items() if any(split.values())}


def as_rows(found: Mapping[str, Homes]) -> list[dict[str, Any]]:
    """The same for the file of a closed year."""
    return [
        {"measure": measure, **home.chosen(), "counts": counts}
        for measure, homes in found.items()
        for home, counts in sorted(homes.items(), key=lambda entry: str(entry[0].chosen()))
    ]


def from_rows(rows: Iterable[Mapping[str, Any]], home: Scope) -> Sequence[GenderSplit]:
    """What a file says of one place."""
    names = ("country", "institution")
    return [
        GenderSplit(row["measure"], row["counts"])
        for row in rows
        if Scope(**{name: row.get(name) for name in names}) == home
    ]
