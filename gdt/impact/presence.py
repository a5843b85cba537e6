"""Institutions and countries, counted from where the programme was: few facts, put together here."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from gdt.impact.scopes import Scope, Value


@dataclass(frozen=True)
class Grain:
    """A place in a year, with a module where one was taught; none where an agreement says so."""

    year: int
    region: str
    country: str
    institution: str
    module: str | None

    def is_in(self, scope: Scope) -> bool:
        return (
            scope.year in (None, self.year)
            and scope.region in (None, self.region)
            and scope.country in (None, self.country)
            and scope.institution in (None, self.institution)
            and scope.module in (None, self.module)
        )


@dataclass(frozen=True)
class Presence:
    """The grains of each institution, or of each country: what is counted is that it has any."""

    grains: Mapping[str, Collection[Grain]]

    def count(self, scope: Scope) -> int:
        return sum(1 for grains in self.grains.values() if any(grain.is_in(scope) for grain in grains))

    def count_by(self, dimension: str, scope: Scope) -> Counter[Value]:
        counts: Counter[Value] = Counter()
        for grains in self.grains.values():
            found = {getattr(grain, dimension) for grain in grains if grain.is_in(scope)}
            counts.update(value for value in found if value is not None)
        return counts

    def reached(self, scope: Scope, until: int) -> int:
        """How many were there by the end of a year."""
        mine = (
            min((g.year for g in grains if g.is_in(scope)), default=None) for grains in self.grains.values()
        )
        return sum(1 for year in mine if year is not None and year <= until)

    def years(self, scope: Scope) -> set[int]:
        return {grain.year for grains in self.grains.values() for grain in grains if grain.is_in(scope)}


def presence_of(grains: Iterable[Grain]) -> dict[str, Presence]:
    """The presence of institutions and of countries, by the key of their measure."""
    institutions: dict[str, list[Grain]] = {}
    countries: dict[str, list[Grain]] = {}
    for grain in grains:
        institutions.setdefault(grain.institution, []).append(grain)
        countries.setdefault(grain.country, []).append(grain)
    return {"institutions": Presence(institutions), "countries": Presence(countries)}
