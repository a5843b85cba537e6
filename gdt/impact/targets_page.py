"""What the page of targets shows: the network's year, and one line for each country or institution."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import lazy_gettext

from gdt.access import Viewer
from gdt.impact.figures_page import label_of
from gdt.impact.goals import Goals
from gdt.impact.measures import COUNTED_IN_TABLES
from gdt.impact.queries import load_network, read_figures, today
from gdt.impact.scopes import InstitutionPlace, Scope
from gdt.impact.tallies import Figures
from gdt.impact.target_queries import read_goals, read_seasons
from gdt.impact.targets import Pace, paces

ROWS = 20
LISTS = {"country": lazy_gettext("Countries"), "institution": lazy_gettext("Institutions")}


@dataclass(frozen=True)
class TargetRow:
    """A place with its teachers and students against the targets of the year."""

    label: str
    scope: Scope
    paces: Sequence[Pace]


@dataclass(frozen=True)
class TargetsPage:
    """The year of a place, the lines of one list, and who took part and has reported nothing yet."""

    year: int
    home: Scope
    paces: Sequence[Pace]
    by: str
    rows: Sequence[TargetRow]
    first: int
    many: int
    silent: Sequence[InstitutionPlace]
    today: date


def targets_page(viewer: Viewer, year: int, by: str, first: int, home: Scope) -> TargetsPage:
    network = load_network(viewer)
    figures = read_figures(viewer, network, home)
    goals, seasons = read_goals(viewer, network), read_seasons(viewer, network, home)
    by = by if by in LISTS else "country"
    rows = [] if home.institution else _rows(figures, goals, by, home.but(year=year))
    first = min(max(first, 0), max(len(rows) - 1, 0))
    return TargetsPage(
        year=year,
        home=home,
        paces=paces(figures, home.but(year=year), goals, today(), seasons),
        by=by,
        rows=rows[first : first + ROWS],
        first=first,
        many=len(rows),
        silent=not_reported(figures, home.but(year=year)),
        today=today(),
    )


def _rows(figures: Figures, goals: Goals, by: str, scope: Scope) -> list[TargetRow]:
    """Every place in the order of its name."""
    network = figures.network
    codes = {place.country if by == "country" else place.code for place in network.places(scope)}
    rows = []
    for code in codes:
        here = Scope(year=scope.year, **{by: code})
        rows.append(TargetRow(label_of(network, by, code), here, paces(figures, here, goals, today())))
    return sorted(rows, key=lambda row: row.label)


@dataclass(frozen=True)
class Silent:
    """How many who take part in a year have not reported it; the page of targets names them."""

    year: int
    many: int
    place: dict[str, str]


def silent_in(figures: Figures, scope: Scope) -> Silent:
    """Of the scope's year, or of the present one."""
    here = scope.but(year=min(scope.year or today().year, today().year))
    place = {name: code for name in ("region", "country") if (code := getattr(scope, name))}
    return Silent(here.year or 0, len(not_reported(figures, here)), place)


def not_reported(figures: Figures, scope: Scope) -> list[InstitutionPlace]:
    """Institutions that took part in the year and of which nothing was recorded or reported for it."""
    there = figures.presence["institutions"].count_by("institution", scope)
    heard = {code for measure in COUNTED_IN_TABLES for code in figures.by(measure, "institution", scope)}
    silent = set(there) - heard
    return [place for place in figures.network.institutions.values() if place.code in silent]
