"""What a year is to reach in any place: set by the office, agreed with the institution, or added up."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext

from gdt.impact.cells import INSTITUTION
from gdt.impact.scopes import InstitutionPlace, Network, Scope
from gdt.impact.tallies import spot_of
from gdt.partners.models import Agreement

WITH_TARGETS = ("teachers_certified", "students_trained")


class Source(StrEnum):
    OFFICE = "office"
    LIST = "list"
    AGREEMENT = "agreement"
    SUM = "sum"

    @property
    def words(self) -> str:
        return str(SOURCE_WORDS[self])


SOURCE_WORDS: dict[Source, Any] = {
    Source.OFFICE: lazy_gettext("set by the office"),
    Source.LIST: lazy_gettext("from the office’s list"),
    Source.AGREEMENT: lazy_gettext("from the agreement"),
    Source.SUM: lazy_gettext("the sum of the institutions’ targets"),
}


@dataclass(frozen=True)
class Goal:
    """A number to reach, and who says so."""

    number: int
    source: Source


def agreement_of(agreements: Sequence[Agreement], year: int) -> Agreement | None:
    """The agreement whose targets hold in a year: of those in force on a day of it, the last to begin."""
    begun = [a for a in agreements if a.starts_on.year <= year <= a.ends_on.year]
    return max(begun, key=lambda agreement: agreement.starts_on, default=None)


@dataclass(frozen=True)
class Goals:
    """Every target the viewer may see.

    `typed` holds what the office set by (year, level, place id): teachers and students, None where nothing
    was; `listed` of which of them its list says so. It goes before what the agreements say, and that of a
    place before the sum of the places within.
    """

    network: Network
    typed: Mapping[tuple[int, int, int], tuple[int | None, int | None]]
    agreements: Mapping[int, Sequence[Agreement]]
    listed: frozenset[tuple[int, int, int]] = frozenset()

    def of(self, measure_key: str, scope: Scope) -> Goal | None:
        """The target of a measure in a scope that names a year; none by module or gender."""
        at = WITH_TARGETS.index(measure_key) if measure_key in WITH_TARGETS else None
        if at is None or scope.year is None or scope.module or scope.gender:
            return None
        spot = spot_of(self.network, scope)
        if spot is None:
            return None
        typed = self.typed.get((scope.year, *spot), (None, None))[at]
        if typed is not None:
            return Goal(typed, Source.LIST if (scope.year, *spot) in self.listed else Source.OFFICE)
        if spot[0] == INSTITUTION:
            return self._agreed(spot[1], scope.year, at)
        return self._summed(measure_key, scope)

    def without(self, scope: Scope) -> "Goals":
        """The same without what the office set for the scope itself: what holds where it sets nothing."""
        spot = spot_of(self.network, scope)
        kept = {key: value for key, value in self.typed.items() if spot is None or key != (scope.year, *spot)}
        return replace(self, typed=kept)

    def years(self, scope: Scope) -> set[int]:
        """The years for which something was set for exactly this place."""
        spot = spot_of(self.network, scope)
        return {year for year, *of in self.typed if spot == tuple(of)}

    def _agreed(self, institution_id: int, year: int, at: int) -> Goal | None:
        agreement = agreement_of(self.agreements.get(institution_id, ()), year)
        agreed = agreement.targets_in(year)[at] if agreement else 0
        return Goal(agreed, Source.AGREEMENT) if agreed else None

    def _summed(self, measure_key: str, scope: Scope) -> Goal | None:
        goals = [self.of(measure_key, part) for part in self._parts(scope)]
        found = [goal.number for goal in goals if goal is not None]
        return Goal(sum(found), Source.SUM) if found else None

    def _parts(self, scope: Scope) -> Iterable[Scope]:
        places: Sequence[InstitutionPlace] = self.network.places(scope)
        if scope.country:
            return [Scope(year=scope.year, institution=place.code) for place in places]
        return [Scope(year=scope.year, country=code) for code in sorted({p.country for p in places})]
