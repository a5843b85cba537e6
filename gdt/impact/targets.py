"""A place's numbers beside its yearly targets, whether it keeps the pace, and where the year will end."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from flask_babel import gettext as _

from gdt.charts import ColumnChart
from gdt.impact.figures_page import trend
from gdt.impact.forecast import Forecast, forecast
from gdt.impact.goals import Goals, Source
from gdt.impact.measures import BY_KEY, MEASURES, PRESENCE, Measure
from gdt.impact.scopes import Scope
from gdt.impact.tallies import Figure, Figures
from gdt.impact.target_queries import Seasons
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
    source: Source | None = None
    forecast: Forecast | None = None

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


def paces(
    figures: Figures, scope: Scope, goals: Goals, today: date, seasons: Seasons | None = None
) -> list[Pace]:
    """Teachers and students of the scope's year against its targets; the scope names a year.

    With `seasons`, the running year says where it will end.
    """
    year = scope.year or today.year
    return [
        _pace(measure, figures.of(measure, scope.but(year=year)), goals, scope.but(year=year), today, seasons)
        for measure in (TEACHERS, STUDENTS)
    ]


def _pace(
    measure: Measure, figure: Figure, goals: Goals, scope: Scope, today: date, seasons: Seasons | None
) -> Pace:
    goal = goals.of(measure.key, scope)
    end = None
    if seasons is not None and scope.year == today.year:
        end = forecast(figure.recorded, figure.verified, seasons[measure.key], today)
    gone = share_gone(scope.year or today.year, today)
    return Pace(measure, figure, goal.number if goal else 0, gone, goal.source if goal else None, end)


def students_chart(figures: Figures, scope: Scope, goals: Goals, today: date) -> ColumnChart | None:
    """Students trained by year, each beside that year's target."""
    chart = trend(figures, STUDENTS, scope, today)
    if chart is None:
        return None
    found = [goals.of(STUDENTS.key, scope.but(year=int(year))) for year, _number in chart.rows]
    targets = [goal.number or None if goal else None for goal in found]
    return replace(chart, targets=targets if any(targets) else (), target_label=_("of %s"))


def year_rows(figures: Figures, scope: Scope, goals: Goals, today: date) -> list[YearRow]:
    """Every year with a number or a target, the newest first."""
    every = scope.but(year=None)
    agreed = [a for found in goals.agreements.values() for a in found if _is_of(figures, scope, a)]
    promised = {year for a in agreed for year in range(a.starts_on.year, a.ends_on.year + 1)}
    promised |= goals.years(every)
    years = {year for year in promised if year <= today.year} | set(figures.years(every))
    found = [figures.by(measure, "year", every) for measure in COLUMNS]
    rows = []
    for year in sorted(years, reverse=True):
        teachers, students = (goals.of(measure.key, every.but(year=year)) for measure in (TEACHERS, STUDENTS))
        rows.append(
            YearRow(
                year,
                [by_year.get(year, Figure()) for by_year in found],
                teachers.number if teachers else None,
                students.number if students else None,
            )
        )
    return rows


def _is_of(figures: Figures, scope: Scope, agreement: Agreement) -> bool:
    return any(place.id == agreement.institution_id for place in figures.network.places(scope))
