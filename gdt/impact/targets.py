"""An institution's numbers beside the yearly targets of its agreement, and whether it keeps the pace."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from flask_babel import gettext as _

from gdt.charts import ColumnChart
from gdt.impact.figures_page import trend
from gdt.impact.measures import BY_KEY, MEASURES, PRESENCE, Measure
from gdt.impact.scopes import Scope
from gdt.impact.tallies import Figure, Figures
from gdt.partners.models import Agreement

TEACHERS, STUDENTS = BY_KEY["teachers_certified"], BY_KEY["students_trained"]
COLUMNS = tuple(measure for measure in MEASURES if measure not in PRESENCE)


@dataclass(frozen=True)
class Pace:
    """What was reached of a year's target, and how much of the year had gone by then (both as shares)."""

    measure: Measure
    figure: Figure
    target: int
    share_gone: float

    @property
    def share_reached(self) -> float | None:
        return self.figure.total / self.target if self.target else None

    @property
    def expected(self) -> int:
        """What an even pace would have reached, whole people only."""
        return int(self.target * self.share_gone)

    @property
    def state(self) -> str:
        if not self.target:
            return "no target"
        if self.figure.total >= self.target:
            return "reached"
        if self.share_gone >= 1:
            return "missed"
        return "on pace" if self.figure.total >= self.expected else "behind"


@dataclass(frozen=True)
class YearRow:
    year: int
    figures: Sequence[Figure]
    teachers_target: int | None
    students_target: int | None


def share_gone(year: int, today: date) -> float:
    """The share of a year's days that have gone by, the present one included."""
    if year != today.year:
        return 1.0 if year < today.year else 0.0
    first, next_first = date(year, 1, 1), date(year + 1, 1, 1)
    return ((today - first).days + 1) / (next_first - first).days


def agreement_of(agreements: Sequence[Agreement], year: int) -> Agreement | None:
    """The agreement whose targets hold in a year: of those in force on a day of it, the last to begin."""
    begun = [a for a in agreements if a.starts_on.year <= year <= a.ends_on.year]
    return max(begun, key=lambda agreement: agreement.starts_on, default=None)


def paces(figures: Figures, scope: Scope, agreements: Sequence[Agreement], today: date) -> list[Pace]:
    """Teachers and students of the scope's year against its targets; the scope names a year."""
    year = scope.year or today.year
    agreement = agreement_of(agreements, year)
    targets = (agreement.teachers_target, agreement.students_target) if agreement else (0, 0)
    return [
        Pace(measure, figures.of(measure, scope.but(year=year)), target, share_gone(year, today))
        for measure, target in zip((TEACHERS, STUDENTS), targets, strict=True)
    ]


def students_chart(
    figures: Figures, scope: Scope, agreements: Sequence[Agreement], today: date
) -> ColumnChart | None:
    """Students trained by year, each beside that year's target."""
    chart = trend(figures, STUDENTS, scope, today)
    if chart is None:
        return None
    promised = [agreement_of(agreements, int(year)) for year, _number in chart.rows]
    targets = [agreement.students_target or None if agreement else None for agreement in promised]
    return replace(chart, targets=targets if any(targets) else (), target_label=_("of %s"))


def year_rows(figures: Figures, scope: Scope, agreements: Sequence[Agreement], today: date) -> list[YearRow]:
    """Every year with a number or a target, the newest first."""
    every = scope.but(year=None)
    promised = {year for a in agreements for year in range(a.starts_on.year, a.ends_on.year + 1)}
    years = {year for year in promised if year <= today.year} | set(figures.years(every))
    found = [figures.by(measure, "year", every) for measure in COLUMNS]
    rows = []
    for year in sorted(years, reverse=True):
        agreement = agreement_of(agreements, year)
        rows.append(
            YearRow(
                year,
                [by_year.get(year, Figure()) for by_year in found],
                agreement.teachers_target if agreement else None,
                agreement.students_target if agreement else None,
            )
        )
    return rows
