"""The numbers of a place, by whatever scope and dimension is asked, read from the totals that are kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from gdt.impact.cells import COUNTRY, INSTITUTION, NETWORK, REGION, Count
from gdt.impact.genders import CHOICES, NOT_GIVEN
from gdt.impact.measures import Measure, ProjectMeasure
from gdt.impact.presence import Grain, Presence
from gdt.impact.scopes import InstitutionPlace, Network, Scope, Value
from gdt.training.models import HeadcountMeasure

LEVELS = {"region": REGION, "country": COUNTRY, "institution": INSTITUTION}
Spot = tuple[int, int]  # a level and the place's id at that level
ALL = 0  # all years, all modules


class Kept(Protocol):
    """The totals as they are kept; what was read once is known. A gender is one of `genders.CHOICES`."""

    def at(self, spot: Spot, gender: str | None = None) -> Mapping[tuple[str, int, int], Count]:
        """Every (fact, year, module) of one place."""

    def across(
        self, level: int, year: int, module_id: int, gender: str | None = None
    ) -> Mapping[tuple[str, int], Count]:
        """Every (fact, place) of one level in a year and a module."""


@dataclass(frozen=True)
class Reported:
    """One headcount, or what one project tells: a number a partner reported without names."""

    measure: HeadcountMeasure | ProjectMeasure
    grain: Grain
    people: int
    is_verified: bool


@dataclass
class Figure:
    """A number and what it is made of. Claimed people stand beside the total, never in it."""

    recorded: int = 0
    verified: int = 0
    claimed: int = 0

    @property
    def total(self) -> int:
        return self.recorded + self.verified


@dataclass(frozen=True)
class Figures:
    """Every number within the place that was asked for; `home` is that place, None where there is none."""

    network: Network
    home: Spot | None
    kept: Kept
    presence: Mapping[str, Presence]
    headcounts: Sequence[Reported]

    def of(self, measure: Measure, scope: Scope) -> Figure:
        figure = Figure(self._recorded(measure, scope))
        for reported in self._reported(measure, scope):
            _add(figure, reported)
        return figure

    def by(self, measure: Measure, dimension: str, scope: Scope) -> dict[Value, Figure]:
        """The figure for each value of a dimension that has one."""
        if dimension == "gender" and not measure.is_of_people:
            return {}
        if measure.key in self.presence:
            counts = self.presence[measure.key].count_by(dimension, scope)
            return {value: Figure(recorded) for value, recorded in counts.items()}
        figures = {
            value: Figure(recorded) for value, recorded in self._by(measure, dimension, scope) if recorded
        }
        for reported in self._reported(measure, scope):
            value = NOT_GIVEN if dimension == "gender" else getattr(reported.grain, dimension)
            if value is not None:  # a project teaches no module
                _add(figures.setdefault(value, Figure()), reported)
        return figures

    def reached(self, measure: Measure, scope: Scope, until: int) -> int:
        """How many people (or other keys) were counted up to the end of a year, each once over all years."""
        every = scope.but(year=None)
        if measure.key in self.presence:
            return self.presence[measure.key].reached(every, until)
        counts = "newcomers" if measure.is_distinct else "facts"
        by_year = self._by_year(measure.fact, counts, every)
        reported = [r for r in self._reported(measure, every) if r.is_verified and r.grain.year <= until]
        return sum(n for year, n in by_year if year <= until) + sum(r.people for r in reported)

    def years(self, scope: Scope) -> list[int]:
        """The years with anything counted or reported in the scope, whatever year it names, oldest first."""
        every = scope.but(year=None)
        has_reports = scope.gender in (None, NOT_GIVEN)
        found = {r.grain.year for r in self.headcounts if has_reports and r.grain.is_in(every)}
        for presence in self.presence.values() if scope.gender is None else ():
            found |= presence.years(every)
        spot, module = self._spot(every), self._module(every)
        if spot is not None:
            kept = self.kept.at(spot, every.gender).items()
            found |= {year for (_fact, year, of, *_), count in kept if of == module and count.facts}
        return sorted(found - {ALL})

    def _recorded(self, measure: Measure, scope: Scope) -> int:
        if measure.key in self.presence:
            return self.presence[measure.key].count(scope)
        spot, year, module = self._spot(scope), scope.year or ALL, self._module(scope)
        if spot is None:
            return 0
        if spot == self.home:
            count = self.kept.at(spot, scope.gender).get((measure.fact, year, module))
        else:
            count = self.kept.across(spot[0], year, module, scope.gender).get((measure.fact, spot[1]))
        return getattr(count, measure.counts, 0)

    def _by(self, measure: Measure, dimension: str, scope: Scope) -> list[tuple[Value, int]]:
        if dimension == "year":
            years = self._by_year(measure.fact, measure.counts, scope)
            return [(year, n) for year, n in years if scope.year in (None, year)]
        if dimension == "module":
            return [
                (module.code, self._recorded(measure, scope.but(module=module.code)))
                for module in self.network.modules.values()
                if scope.module in (None, module.code)
            ]
        if dimension == "gender":
            return [
                (gender, self._recorded(measure, scope.but(gender=gender)))
                for gender in CHOICES
                if scope.gender in (None, gender)
            ]
        return self._by_place(measure, dimension, scope)

    def _by_year(self, fact: str, counts: str, scope: Scope) -> list[tuple[int, int]]:
        spot, module = self._spot(scope), self._module(scope)
        kept = self.kept.at(spot, scope.gender).items() if spot is not None else ()
        return [
            (year, getattr(count, counts))
            for (of, year, taught), count in kept
            if of == fact and year != ALL and taught == module
        ]

    def _by_place(self, measure: Measure, dimension: str, scope: Scope) -> list[tuple[Value, int]]:
        """Each place of a level within the scope; a narrower scope stands in one of them."""
        spot, level = self._spot(scope), LEVELS[dimension]
        standing = self.network.places(scope)
        if spot is None:
            return []
        if spot[0] >= level:
            return [(_code(standing[0], level), self._recorded(measure, scope))]
        found = self.kept.across(level, scope.year or ALL, self._module(scope), scope.gender)
        codes = {_id(place, level): _code(place, level) for place in standing}
        return [
            (code, getattr(found.get((measure.fact, key)), measure.counts, 0)) for key, code in codes.items()
        ]

    def _spot(self, scope: Scope) -> Spot | None:
        return spot_of(self.network, scope)

    def _module(self, scope: Scope) -> int:
        return self.network.module(scope.module).id if scope.module else ALL

    def _reported(self, measure: Measure, scope: Scope) -> list[Reported]:
        told = measure.headcount or measure.told_by
        if told is None or scope.gender not in (None, NOT_GIVEN):
            return []
        return [r for r in self.headcounts if r.measure is told and r.grain.is_in(scope)]


def spot_of(network: Network, scope: Scope) -> Spot | None:
    """Where the totals of a scope are kept; None where nothing stands in it.

    Who sees one institution alone sees it as the whole network; who sees some regions has no whole.
    """
    standing = network.places(scope)
    level = next(
        (LEVELS[name] for name in ("institution", "country", "region") if getattr(scope, name)), NETWORK
    )
    if len(network.institutions) == 1:
        level = INSTITUTION
    if not standing or (network.is_part and level == NETWORK):
        return (NETWORK, 0) if level == NETWORK and not network.is_part else None
    return level, _id(standing[0], level)


def _id(place: InstitutionPlace, level: int) -> int:
    return (0, place.region_id, place.country_id, place.id)[level]


def _code(place: InstitutionPlace, level: int) -> str:
    return ("", place.region, place.country, place.code)[level]


def _add(figure: Figure, reported: Reported) -> None:
    if reported.is_verified:
        figure.verified += reported.people
    else:
        figure.claimed += reported.people
