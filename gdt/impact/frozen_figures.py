"""The figures of a closed year as a file: everything they are made of up to that year, and no person.

What is frozen are the totals themselves, so that whatever draws figures draws them from the file in the same
way as from the database. Places and modules are named by their codes.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Any, NamedTuple

from gdt.impact.cells import COUNTRY, INSTITUTION, NETWORK, REGION, Count
from gdt.impact.gender_splits import as_rows, publishable_splits
from gdt.impact.measures import MEASURES, ProjectMeasure
from gdt.impact.presence import Grain, presence_of
from gdt.impact.scopes import InstitutionPlace, ModuleName, Network, RegionName, Scope
from gdt.impact.tallies import ALL, Figure, Figures, Reported, Spot, spot_of
from gdt.training.models import HeadcountMeasure

FORMAT = "gdt-figures-1"
Facts = dict[str, Any]
PLACES = (("region", REGION), ("country", COUNTRY), ("institution", INSTITUTION))


class TotalRow(NamedTuple):
    """One row of the totals kept, its place and module by code ("" for the network, or all modules)."""

    fact: str
    year: int
    level: int
    place: str
    module: str
    facts: int
    people: int
    newcomers: int


def freeze(figures: Figures, totals: Iterable[TotalRow], year: int) -> Facts:
    """Everything the figures up to a year are made of, and every measure of that year in every scope."""
    network = figures.network
    return {
        "format": FORMAT,
        "year": year,
        "regions": [[region.code, region.name] for region in network.regions],
        "modules": [[module.code, module.title] for module in network.modules.values()],
        "institutions": [
            [place.code, place.name, place.native_name, place.country, place.region]
            for place in sorted(network.institutions.values(), key=lambda place: place.code)
        ],
        "totals": sorted(list(row) for row in totals if row.year <= year),
        "presence": _presence(figures, year),
        "headcounts": reported_rows(figures, year),
        "genders": as_rows(publishable_splits(figures, year)),
        "measures": [
            {
                "measure": key,
                **scope.but(year=None).chosen(),
                "total": figure.total,
                "recorded": figure.recorded,
                "verified": figure.verified,
                "claimed": figure.claimed,
            }
            for (key, scope), figure in every_figure(figures, year).items()
        ],
    }


def _presence(figures: Figures, year: int) -> list[list[Any]]:
    grains = {grain for found in figures.presence["institutions"].grains.values() for grain in found}
    rows = [[grain.year, grain.institution, grain.module or ""] for grain in grains if grain.year <= year]
    return sorted(rows)


def reported_rows(figures: Figures, year: int) -> list[list[Any]]:
    """Every headcount, and what every project tells, up to a year."""
    rows = [
        [r.measure.value, r.grain.year, r.grain.institution, r.grain.module or "", r.people, r.is_verified]
        for r in figures.headcounts
        if r.grain.year <= year
    ]
    return sorted(rows)


def every_figure(figures: Figures, year: int) -> dict[tuple[str, Scope], Figure]:
    """Every measure of a year everywhere and in each place, in all modules and in each; no zeros."""
    found = {}
    modules = [None, *(module.code for module in figures.network.modules.values())]
    for measure in MEASURES:
        for module in modules:
            scope = Scope(year=year, module=module)
            found[measure.key, scope] = figures.of(measure, scope)
            for name, _level in PLACES:
                for code, figure in figures.by(measure, name, scope).items():
                    found[measure.key, scope.but(**{name: code})] = figure
    return {key: figure for key, figure in found.items() if figure.total or figure.claimed}


def as_file(facts: Facts) -> bytes:
    """The bytes that are kept, hashed and sealed: JSON in one spelling."""
    return json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode() + b"\n"


def fingerprint(facts: Facts) -> str:
    """What tells whether figures are still those that somebody looked at."""
    return sha256(as_file(facts)).hexdigest()


def thaw(facts: Facts) -> Figures:
    """The figures of a file, to be asked as if they were read from the database."""
    network = _network(facts)
    places = {place.code: place for place in network.institutions.values()}
    grains = [_grain(places[code], year, module) for year, code, module in facts["presence"]]
    reported = [
        Reported(_told(measure), _grain(places[code], year, module), people, is_verified)
        for measure, year, code, module, people, is_verified in facts["headcounts"]
    ]
    totals = [TotalRow(*row) for row in facts["totals"]]
    kept = FrozenTotals(totals, network)
    return Figures(network, spot_of(network, Scope()), kept, presence_of(grains), reported)


def _told(measure: str) -> HeadcountMeasure | ProjectMeasure:
    return ProjectMeasure(measure) if measure in list(ProjectMeasure) else HeadcountMeasure(measure)


def _network(facts: Facts) -> Network:
    countries = sorted({row[3] for row in facts["institutions"]})
    regions = [code for code, _name in facts["regions"]]
    institutions = {
        n: InstitutionPlace(
            n, row[0], row[1], row[2], row[3], row[4], countries.index(row[3]) + 1, regions.index(row[4]) + 1
        )
        for n, row in enumerate(facts["institutions"], 1)
    }
    modules = {n: ModuleName(n, *row) for n, row in enumerate(facts["modules"], 1)}
    return Network(institutions, modules, [RegionName(*row) for row in facts["regions"]])


def _grain(place: InstitutionPlace, year: int, module: str) -> Grain:
    return Grain(year, place.region, place.country, place.code, module or None)


@dataclass
class FrozenTotals:
    """The totals of a file. What all years hold is what each year added, because newcomers are.

    By gender a file holds splits alone.
    """

    rows: list[TotalRow]
    network: Network

    def at(self, spot: Spot, gender: str | None = None) -> Mapping[tuple[str, int, int], Count]:
        return {} if gender else self._cells.get(spot, {})

    def across(
        self, level: int, year: int, module_id: int, gender: str | None = None
    ) -> Mapping[tuple[str, int], Count]:
        found: dict[tuple[str, int], Count] = {}
        for (at, place_id), cells in self._cells.items():
            if at == level and gender is None:
                found |= {(f, place_id): n for (f, y, m), n in cells.items() if (y, m) == (year, module_id)}
        return found

    @cached_property
    def _cells(self) -> dict[Spot, dict[tuple[str, int, int], Count]]:
        cells: dict[Spot, dict[tuple[str, int, int], Count]] = defaultdict(dict)
        for spot, key, count in self._rows():
            cells[spot][key] = count
            every = (key[0], ALL, key[2])
            before = cells[spot].get(every, Count(0, 0, 0))
            so_far = before.newcomers + count.newcomers
            cells[spot][every] = Count(before.facts + count.facts, so_far, so_far)
        return cells

    def _rows(self) -> Iterator[tuple[Spot, tuple[str, int, int], Count]]:
        ids = _ids(self.network)
        modules = {module.code: module.id for module in self.network.modules.values()} | {"": ALL}
        for row in self.rows:
            if (row.level, row.place) in ids:
                spot = row.level, ids[row.level, row.place]
                yield spot, (row.fact, row.year, modules[row.module]), Count(*row[5:])


def _ids(network: Network) -> dict[tuple[int, str], int]:
    ids = {(NETWORK, ""): 0}
    for place in network.institutions.values():
        ids[REGION, place.region] = place.region_id
        ids[COUNTRY, place.country] = place.country_id
        ids[INSTITUTION, place.code] = place.id
    return ids
