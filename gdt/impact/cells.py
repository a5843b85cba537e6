"""From the words a person is counted by to the cells she counts in: plain counting, no database.

A word says where one fact was: `year:institution:modules:mark`, such as `2024:7:1.3:`. The mark of a result
is its exam and p (passed) or f, that of a certificate t (of a teacher) or o (of another kind). One more word
says the gender of who gave one, such as `g1`.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple, TypeVar

from gdt.impact.genders import ALL, code_in, token

NETWORK, REGION, COUNTRY, INSTITUTION = range(4)
KINDS = ("completions", "results", "certificates")


class Cell(NamedTuple):
    """Where a number is kept: 0 stands for all years, the network, all modules, whatever gender."""

    fact: str
    year: int
    level: int
    place_id: int
    module_id: int
    gender: int = ALL


class Count(NamedTuple):
    facts: int
    people: int
    newcomers: int


class Stand(NamedTuple):
    """The country and the region an institution stands in."""

    country: int
    region: int


Spot = tuple[int, int, int]  # level, place, module
Key = TypeVar("Key")


class Placed(NamedTuple):
    year: int
    institution: int
    modules: tuple[int, ...]
    mark: str


def placed(word: str) -> Placed:
    year, institution, modules, mark = word.split(":")
    taught = tuple(int(module) for module in modules.split(".") if module)
    return Placed(int(year), int(institution), taught, mark)


def ordered(words: str | None, gender: int = ALL) -> tuple[str, ...]:
    """The words as they are kept, whatever order the database put them and their modules in.

    Who is counted for nothing has no word for her gender either.
    """
    found = sorted(map(_ordered, (words or "").split()))
    return (*found, token(gender)) if gender and found else tuple(found)


def without_gender(words: Iterable[str]) -> tuple[tuple[str, ...], int]:
    """The words of facts alone, and the gender."""
    kept = tuple(words)
    code = code_in(kept)
    return (kept[:-1] if code else kept), code


def _ordered(word: str) -> str:
    year, institution, modules, mark = word.split(":")
    if "." not in modules:
        return word
    return f"{year}:{institution}:{'.'.join(sorted(modules.split('.'), key=int))}:{mark}"


def rest_of(every: Mapping[Key, Count], parts: Iterable[Mapping[Key, Count]]) -> dict[Key, Count]:
    """What is left of some numbers when parts of them are taken away; each person is in one part at most."""
    left = dict(every)
    for part in parts:
        for key, count in part.items():
            left[key] = Count(*(a - b for a, b in zip(left[key], count, strict=True)))
    return left


def counts_of(kind: str, words: Iterable[str], places: Mapping[int, Stand]) -> dict[Cell, Count]:
    """What one person with these words adds to every cell she is in."""
    counts: dict[Cell, list[int]] = defaultdict(lambda: [0, 0, 0])
    found = [placed(word) for word in words]
    for (fact, _key), facts in _by_fact_and_key(kind, found).items():
        years: dict[Spot, list[int]] = defaultdict(list)
        for one in facts:
            for spot in _spots(one, places):
                years[spot].append(one.year)
        for spot, every in years.items():
            _add(counts, fact, spot, every)
    return {cell: Count(*numbers) for cell, numbers in counts.items()}


def _by_fact_and_key(kind: str, found: Iterable[Placed]) -> dict[tuple[str, str], list[Placed]]:
    """The facts a word stands for, by what is counted once: a person, or a person and an exam."""
    groups: dict[tuple[str, str], list[Placed]] = defaultdict(list)
    for one in found:
        if kind == "completions":
            groups["completions", ""].append(one)
        elif kind == "results":
            exam, outcome = one.mark[:-1], one.mark[-1]
            groups["exams_taken", exam].append(one)
            if outcome == "p":
                groups["exams_passed", exam].append(one)
        else:
            groups["certificates", ""].append(one)
            if one.mark == "t":
                groups["teacher_certificates", ""].append(one)
    return groups


def _spots(one: Placed, places: Mapping[int, Stand]) -> Iterator[Spot]:
    country, region = places[one.institution]
    for module in (0, *one.modules):
        yield NETWORK, 0, module
        yield REGION, region, module
        yield COUNTRY, country, module
        yield INSTITUTION, one.institution, module


def _add(counts: dict[Cell, list[int]], fact: str, spot: Spot, years: list[int]) -> None:
    """One key's facts in a spot: each cell once, the year of the first and all years as newcomers, too."""
    first, level, place, module = min(years), *spot
    for year in {0, *years}:
        numbers = counts[Cell(fact, year, level, place, module)]
        numbers[0] += years.count(year) if year else len(years)
        numbers[1] += 1
        numbers[2] += year in (0, first)
