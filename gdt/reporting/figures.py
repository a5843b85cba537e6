"""What an institution's year counts for: every measure of the catalogue, as kept when a report is sent."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gdt.access import OFFICE
from gdt.impact.measures import BY_KEY, COUNTED_IN_TABLES, Measure
from gdt.impact.queries import load_network, read_figures
from gdt.impact.scopes import Scope
from gdt.impact.tallies import Figure
from gdt.partners.models import Institution


@dataclass(frozen=True)
class Line:
    """A measure as it stands now, and its total when the report was sent (None: not sent, or not counted)."""

    measure: Measure
    figure: Figure
    sent: int | None

    @property
    def is_changed(self) -> bool:
        return self.sent is not None and self.sent != self.figure.total


@dataclass(frozen=True)
class YearFigures:
    """The measures of a year, and the totals of every year, by measure."""

    year: int
    figures: Mapping[str, Figure]
    by_year: Mapping[str, Mapping[int, int]]

    def lines(self, sent: Sequence[Mapping[str, Any]]) -> list[Line]:
        before = {one["measure"]: one["total"] for one in sent}
        return [Line(BY_KEY[key], figure, before.get(key)) for key, figure in self.figures.items()]

    @property
    def mark(self) -> str:
        """The same for the same figures: what a page shows and what is sent are held against each other."""
        return hashlib.sha256(json.dumps(self.as_kept(), sort_keys=True).encode()).hexdigest()[:32]

    def as_kept(self) -> list[dict[str, Any]]:
        """The figures as a report keeps them."""
        return [
            {
                "measure": key,
                "total": figure.total,
                "recorded": figure.recorded,
                "verified": figure.verified,
                "claimed": figure.claimed,
            }
            for key, figure in self.figures.items()
        ]


def read_year(institution: Institution, year: int) -> YearFigures:
    """The institution's figures as they stand in this transaction."""
    network = load_network(OFFICE)
    scope = Scope(institution=institution.code)
    found = read_figures(OFFICE, network, scope, COUNTED_IN_TABLES)
    by_year = {measure.key: found.by(measure, "year", scope) for measure in COUNTED_IN_TABLES}
    return YearFigures(
        year,
        {measure.key: found.of(measure, scope.but(year=year)) for measure in COUNTED_IN_TABLES},
        {key: {int(one): f.total for one, f in years.items()} for key, years in by_year.items()},
    )
