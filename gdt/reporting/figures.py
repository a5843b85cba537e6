"""What a period of an institution counts for: every measure, as kept when its report is sent."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gdt.access import OFFICE
from gdt.impact.measures import BY_KEY, COUNTED_IN_TABLES, Measure
from gdt.impact.period_figures import figures_within
from gdt.impact.periods import Period
from gdt.impact.queries import load_network, read_figures
from gdt.impact.scopes import Scope
from gdt.impact.tallies import Figure
from gdt.partners.models import Institution
from gdt.reporting.risk_rules import THRESHOLDS


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
class PeriodFigures:
    """The measures of a period, and the totals of these days in each year, by measure."""

    period: Period
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


def read_period(institution: Institution, period: Period) -> PeriodFigures:
    """The institution's figures as they stand in this transaction."""
    return _read_year(institution, period) if period.is_year else _read_term(institution, period)


def _read_year(institution: Institution, period: Period) -> PeriodFigures:
    network, year = load_network(OFFICE), period.year
    scope = Scope(institution=institution.code)
    found = read_figures(OFFICE, network, scope, COUNTED_IN_TABLES)
    by_year = {measure.key: found.by(measure, "year", scope) for measure in COUNTED_IN_TABLES}
    return PeriodFigures(
        period,
        {measure.key: found.of(measure, scope.but(year=year)) for measure in COUNTED_IN_TABLES},
        {key: {int(one): f.total for one, f in years.items()} for key, years in by_year.items()},
    )


def _read_term(institution: Institution, period: Period) -> PeriodFigures:
    """A term is held against the same days of the years before."""
    network = load_network(OFFICE)
    compared = [BY_KEY[key] for key in THRESHOLDS.jump_in]

    def of(year: int, measures: Sequence[Measure]) -> dict[str, Figure]:
        scope = Scope(year, institution=institution.code, term=period.in_year(year).code)
        return figures_within(OFFICE, network, scope, measures)

    found = of(period.year, COUNTED_IN_TABLES)
    by_year = {key: {period.year: figure.total} for key, figure in found.items()}
    for year in range(period.year - THRESHOLDS.jump_years, period.year):
        for key, figure in of(year, compared).items():
            by_year[key][year] = figure.total
    return PeriodFigures(period, found, by_year)
