"""What a number is about: a year, region, country, institution, module and gender, or all of them.

Rows can be narrowed to a term, too, which is a part of a year.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import date

from gdt.impact.genders import CHOICES
from gdt.impact.periods import Period, period_at, whole_year

DIMENSIONS = ("year", "region", "country", "institution", "module", "gender")
Value = int | str


@dataclass(frozen=True)
class Scope:
    """A choice in each dimension, None meaning all: the codes of records, and a year as a number."""

    year: int | None = None
    region: str | None = None
    country: str | None = None
    institution: str | None = None
    module: str | None = None
    gender: str | None = None
    term: str | None = None  # the code of a period in that year

    @property
    def period(self) -> Period | None:
        """The term chosen."""
        return period_at(self.term) if self.term else None

    @property
    def days(self) -> tuple[date, date] | None:
        """The first and the last day of the term, else of the year; None for all years."""
        if self.year is None:
            return None
        period = self.period or whole_year(self.year)
        return period.starts_on, period.ends_on

    def but(self, **choices: Value | None) -> "Scope":
        """This scope with some choices changed."""
        return replace(self, **choices)  # type: ignore[arg-type]

    def chosen(self) -> dict[str, Value]:
        """The choices made, as an address names them."""
        return {f.name: value for f in fields(self) if (value := getattr(self, f.name)) is not None}

    def narrowest(self) -> "Scope":
        """The scope by the one place it is about: an institution stands in its country anyway."""
        if self.institution:
            return self.but(country=None, region=None)
        return self.but(region=None) if self.country else self


EVERYWHERE = Scope()


@dataclass(frozen=True)
class InstitutionPlace:
    """An institution and where it stands."""

    id: int
    code: str
    name: str
    native_name: str | None
    country: str
    region: str
    country_id: int
    region_id: int


@dataclass(frozen=True)
class ModuleName:
    id: int
    code: str
    title: str


@dataclass(frozen=True)
class RegionName:
    code: str
    name: str


@dataclass(frozen=True)
class Network:
    """Every institution the viewer may see, with the regions and modules there are.

    Who does not see people cannot ask by gender either. An officer limited to regions sees `is_part` of it,
    one region at a time: people of two regions cannot be added up.
    """

    institutions: dict[int, InstitutionPlace]
    modules: dict[int, ModuleName]
    regions: Sequence[RegionName]
    sees_people: bool = True
    is_part: bool = False

    def module(self, code: str) -> ModuleName:
        return next(module for module in self.modules.values() if module.code == code)

    def institution(self, code: str) -> InstitutionPlace:
        return next(place for place in self.institutions.values() if place.code == code)

    def home(self, scope: Scope) -> Scope:
        """The scope itself; for who sees some regions, in the first of them where it names no place."""
        if not self.is_part or scope.region or scope.country or scope.institution:
            return scope
        return scope.but(region=self.regions[0].code)

    def places(self, scope: Scope) -> list[InstitutionPlace]:
        """The institutions within the scope's region, country and institution."""
        return [place for place in self.institutions.values() if _stands_in(place, scope)]

    def knows(self, scope: Scope) -> bool:
        """Whether each code of the scope is one the viewer may ask about."""
        everywhere = self.institutions.values()
        return all(
            (
                scope.region is None or scope.region in {region.code for region in self.regions},
                scope.country is None or scope.country in {place.country for place in everywhere},
                scope.institution is None or scope.institution in {place.code for place in everywhere},
                scope.module is None or scope.module in {module.code for module in self.modules.values()},
                scope.gender is None or (self.sees_people and scope.gender in CHOICES),
                scope.term is None or (scope.period is not None and scope.period.year == scope.year),
            )
        )


def _stands_in(place: InstitutionPlace, scope: Scope) -> bool:
    return (
        scope.region in (None, place.region)
        and scope.country in (None, place.country)
        and scope.institution in (None, place.code)
    )
