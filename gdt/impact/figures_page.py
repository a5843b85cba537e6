"""What the figures page shows: key figures with their change, the trend, and one breakdown at a time."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext

from gdt.charts import BarChart, ColumnChart
from gdt.filters import country_name, number
from gdt.impact.genders import CHOICES, NOT_GIVEN
from gdt.impact.genders import WORDS as GENDERS
from gdt.impact.measures import BY_KEY, KEY_FIGURES, Measure
from gdt.impact.period_words import period_label
from gdt.impact.periods import period_at
from gdt.impact.ratios import Ratio, ratios
from gdt.impact.scopes import Network, Scope, Value
from gdt.impact.tallies import Figure, Figures
from gdt.impact.web_map import WebMap, web_map

BREAKDOWNS = {
    "region": lazy_gettext("Region"),
    "country": lazy_gettext("Country"),
    "institution": lazy_gettext("Institution"),
    "module": lazy_gettext("Module"),
    "gender": lazy_gettext("Gender"),
}
TABLE_MEASURES = tuple(
    BY_KEY[key] for key in ("teachers_certified", "students_trained", "exams_passed", "certificates_issued")
)
BREAKDOWN_ROWS = 15
CHART_ROWS = 8


@dataclass(frozen=True)
class KeyFigure:
    """A measure's number in a scope, and a sentence that says how it moved (None: nothing to say).

    `beside` is the year the sentence speaks of.
    """

    measure: Measure
    figure: Figure
    change: str | None
    beside: int


@dataclass(frozen=True)
class BreakdownRow:
    value: Value
    label: str
    figures: Sequence[Figure]


@dataclass(frozen=True)
class Breakdown:
    """A page of the rows of one dimension, most students first, and a chart of the first of them."""

    dimension: str
    rows: Sequence[BreakdownRow]
    chart: BarChart | None
    first: int
    many: int


@dataclass(frozen=True)
class FiguresPage:
    """All of the page but its filters. `nothing` is a sentence where there is nothing to show."""

    scope: Scope
    sentence: str
    today: date
    summary_year: int | None
    nothing: str | None
    key_figures: Sequence[KeyFigure]
    ratios: Sequence[Ratio]
    map: WebMap | None
    trends: Sequence[tuple[Measure, ColumnChart]]
    breakdown: Breakdown | None
    choices: dict[str, str]


def figures_page(figures: Figures, scope: Scope, by: str, first: int, today: date) -> FiguresPage:
    years = figures.years(scope)
    nothing = nothing_here(scope, years, today)
    choices = _breakdowns_of(figures.network, scope)
    dimension = by if by in choices else next(iter(choices), None)
    trended = [BY_KEY[key] for key in ("students_trained", "teachers_certified")]
    charts = [(measure, trend(figures, measure, scope, today)) for measure in trended]
    return FiguresPage(
        scope=scope,
        sentence=scope_sentence(figures.network, scope),
        today=today,
        summary_year=_summary_year(scope, years, today),
        nothing=nothing,
        key_figures=key_figures(figures, scope, today),
        ratios=ratios(figures, scope, today),
        map=web_map(figures, scope),
        trends=[(measure, chart) for measure, chart in charts if chart is not None],
        breakdown=breakdown(figures, dimension, scope, first) if dimension else None,
        choices=choices,
    )


def _summary_year(scope: Scope, years: Sequence[int], today: date) -> int | None:
    """The year chosen, or the last one, if there is a summary to make of it."""
    return max((year for year in years if year <= today.year and scope.year in (None, year)), default=None)


def counted_today(page: FiguresPage) -> FiguresPage:
    """The page of a closed year: what counts as of today says so, since the six numbers do not."""

    def said(words: str) -> str:
        return str(_("%(words)s, counted today", words=words))

    found = page.breakdown
    if found is not None and found.chart is not None:
        found = replace(found, chart=replace(found.chart, title=said(found.chart.title)))
    return replace(
        page,
        ratios=[replace(ratio, made_of=said(ratio.made_of)) for ratio in page.ratios],
        map=replace(page.map, title=said(page.map.title)) if page.map else None,
        trends=[(measure, replace(trend, title=said(trend.title))) for measure, trend in page.trends],
        breakdown=found,
    )


def _breakdowns_of(network: Network, scope: Scope) -> dict[str, str]:
    """The dimensions that still have several values: what is chosen already has one."""
    is_partner = len(network.institutions) == 1
    is_narrow = {
        "region": scope.region or scope.country or scope.institution or is_partner,
        "country": scope.country or scope.institution or is_partner,
        "institution": scope.institution or is_partner,
        "module": scope.module,
        "gender": scope.gender or not network.sees_people,
    }
    return {name: str(label) for name, label in BREAKDOWNS.items() if not is_narrow[name]}


def nothing_here(scope: Scope, years: Sequence[int], today: date) -> str | None:
    """A sentence where a year has nothing to show: it has not begun, or nothing was counted in it."""
    if scope.year is None:
        return None if years else str(_("Nothing has been counted or reported here yet."))
    if scope.year > today.year:
        return str(_("%(year)s has not begun.", year=scope.year))
    if scope.year not in years:
        return str(_("Nothing was counted or reported here for %(year)s.", year=scope.year))
    return None


def key_figures(figures: Figures, scope: Scope, today: date) -> list[KeyFigure]:
    found = []
    for measure in KEY_FIGURES:
        if scope.gender and not measure.is_of_people:
            continue
        figure = figures.of(measure, scope)
        moved = change(figures, measure, scope, figure.total, today)
        found.append(KeyFigure(measure, figure, moved, scope.year - 1 if scope.year else today.year))
    return found


def change(figures: Figures, measure: Measure, scope: Scope, total: int, today: date) -> str | None:
    """How a year compares with the one before; for all years, what the present one has added so far."""
    if scope.year is None:
        now = figures.of(measure, scope.but(year=today.year)).total
        return str(_("%(n)s in %(year)s so far", n=number(now), year=today.year))
    before = figures.of(measure, scope.but(year=scope.year - 1)).total
    if scope.year == today.year:
        return str(_("so far; %(n)s in all of %(year)s", n=number(before), year=scope.year - 1))
    if not before and not total:
        return None
    return _compared(total - before, scope.year - 1)


def _compared(difference: int, year: int) -> str:
    if difference == 0:
        return str(_("as many as in %(year)s", year=year))
    if difference > 0:
        return str(_("%(n)s more than in %(year)s", n=number(difference), year=year))
    return str(_("%(n)s fewer than in %(year)s", n=number(-difference), year=year))


def trend(figures: Figures, measure: Measure, scope: Scope, today: date) -> ColumnChart | None:
    """A measure by year, with a column for years without any between the first and the present."""
    totals = {
        year: figure.total for year, figure in figures.by(measure, "year", scope.but(year=None)).items()
    }
    years = [int(year) for year, total in totals.items() if total]
    if not years:
        return None
    every = range(min(years), max(*years, today.year) + 1)
    return ColumnChart(
        title=_("%(measure)s by year", measure=measure.name),
        by=_("Year"),
        unit=str(measure.name),
        number=number,
        rows=[(str(year), totals.get(year, 0)) for year in every],
        highlight=str(scope.year or today.year),
    )


def by_gender(figures: Figures, scope: Scope) -> Breakdown | None:
    """The scope by gender, for those who see its people; None where there is nobody."""
    found = breakdown(figures, "gender", scope, 0)
    has_any = any(figure.total for row in found.rows for figure in row.figures)
    return found if figures.network.sees_people and has_any else None


def breakdown(figures: Figures, dimension: str, scope: Scope, first: int) -> Breakdown:
    by_measure = [figures.by(measure, dimension, scope) for measure in TABLE_MEASURES]
    values = {
        value for found in by_measure for value, figure in found.items() if figure.total or figure.claimed
    }
    if dimension == "gender":
        values.add(NOT_GIVEN)  # said even where it is nobody
    rows = [
        BreakdownRow(
            value,
            label_of(figures.network, dimension, value),
            [found.get(value, Figure()) for found in by_measure],
        )
        for value in values
    ]
    if dimension == "gender":
        rows.sort(key=lambda row: CHOICES.index(str(row.value)))
    else:
        rows.sort(key=lambda row: (-row.figures[1].total, row.label))
    first = min(max(first, 0), max(len(rows) - 1, 0))
    return Breakdown(
        dimension, rows[first : first + BREAKDOWN_ROWS], _chart(dimension, rows), first, len(rows)
    )


def _chart(dimension: str, rows: Sequence[BreakdownRow]) -> BarChart | None:
    drawn = [row for row in rows if row.figures[1].total][:CHART_ROWS]
    if len(drawn) < 2:
        return None
    return BarChart(
        title=_("Students trained by %(dimension)s", dimension=str(BREAKDOWNS[dimension]).lower())
        if len(drawn) == len(rows)
        else _("Students trained: the first %(n)s", n=len(drawn)),
        by=str(BREAKDOWNS[dimension]),
        unit=str(BY_KEY["students_trained"].name),
        number=number,
        rows=[(row.label, row.figures[1].total) for row in drawn],
    )


def label_of(network: Network, dimension: str, value: Value) -> str:
    """What a value of a dimension is called on a page."""
    if dimension == "country":
        return country_name(str(value))
    if dimension == "institution":
        return network.institution(str(value)).name
    if dimension == "module":
        return network.module(str(value)).title
    if dimension == "region":
        return next(region.name for region in network.regions if region.code == value)
    if dimension == "term" and (period := period_at(str(value))):
        value = period_label(period)
    return str(GENDERS.get(str(value), value))


def scope_sentence(network: Network, scope: Scope) -> str:
    """The scope in words: "2024, Malaysia, Smart Logistics"; "All years" where no year is chosen."""
    chosen = scope.chosen()
    year = chosen.pop("year", _("All years"))
    words = [label_of(network, "term", chosen.pop("term"))] if scope.term else [str(year)]
    return ", ".join([*words, *(label_of(network, name, value) for name, value in chosen.items())])
