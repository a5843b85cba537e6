"""A year, or a part of one, that an institution reports: its days, its place in an address, what overlaps it.

A period lies within one calendar year, because every number has one. Headcounts are of a year and of no day
in it, so they belong to the period that holds the year's last day.
"""

import re
from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

Months = tuple[int, int]  # the first and the last
PARTS: dict[str, Months] = {
    "s1": (1, 6),
    "s2": (7, 12),
    "t1": (1, 4),
    "t2": (5, 8),
    "t3": (9, 12),
    "q1": (1, 3),
    "q2": (4, 6),
    "q3": (7, 9),
    "q4": (10, 12),
}
CODE = re.compile(r"([12][0-9]{3})(?:-([stq][1-4])|-([0-9]{2})([0-9]{2})-([0-9]{2})([0-9]{2}))?")


@dataclass(frozen=True, order=True)
class Period:
    """Days from one to another, both included; raises ValueError where they are not of one year, in order."""

    starts_on: date
    ends_on: date

    def __post_init__(self) -> None:
        if self.starts_on.year != self.ends_on.year or self.ends_on < self.starts_on:
            raise ValueError(f"{self.starts_on} to {self.ends_on} is no part of a year")

    @property
    def year(self) -> int:
        return self.starts_on.year

    @property
    def part(self) -> str:
        """The key of PARTS it is; "" for a whole year and for other days."""
        return next((part for part in PARTS if part_of(self.year, part) == self), "")

    @property
    def is_year(self) -> bool:
        return self == whole_year(self.year)

    @property
    def ends_the_year(self) -> bool:
        """Whether the year's headcounts are reported with it."""
        return self.ends_on == date(self.year, 12, 31)

    @property
    def code(self) -> str:
        """Its one place in an address: 2026, 2026-s1 or 2026-0215-0630."""
        if self.is_year:
            return f"{self.year:04}"
        return f"{self.year:04}-{self.part or f'{self.starts_on:%m%d}-{self.ends_on:%m%d}'}"

    def __contains__(self, day: date) -> bool:
        return self.starts_on <= day <= self.ends_on

    def overlaps(self, other: "Period") -> bool:
        return self.starts_on <= other.ends_on and other.starts_on <= self.ends_on

    def in_year(self, year: int) -> "Period":
        """The same days of another year; 29 February is the 28th where there is none."""
        return Period(_moved(self.starts_on, year), _moved(self.ends_on, year))


def whole_year(year: int) -> Period:
    return Period(date(year, 1, 1), date(year, 12, 31))


def part_of(year: int, part: str) -> Period:
    """A part by its key in PARTS; raises KeyError for another."""
    first, last = PARTS[part]
    return Period(date(year, first, 1), date(year, last, monthrange(year, last)[1]))


def period_at(code: str) -> Period | None:
    """The period at this place of an address; None for what is none, or is written another way."""
    found = CODE.fullmatch(code)
    if found is None:
        return None
    year, part, *days = found.groups()
    try:
        if days[0] is not None:
            months = [int(one) for one in days]
            period = Period(date(int(year), *months[:2]), date(int(year), *months[2:]))
        else:
            period = part_of(int(year), part) if part else whole_year(int(year))
    except (KeyError, ValueError):
        return None
    return period if period.code == code else None


def gaps_in(year: int, covered: Iterable[Period]) -> list[Period]:
    """The days of a year that none of these periods holds, as periods."""
    gaps, day = [], date(year, 1, 1)
    for period in sorted(one for one in covered if one.year == year):
        if period.starts_on > day:
            gaps.append(Period(day, period.starts_on - timedelta(days=1)))
        if period.ends_the_year:
            return gaps
        day = max(day, period.ends_on + timedelta(days=1))
    return [*gaps, Period(day, date(year, 12, 31))]


def _moved(day: date, year: int) -> date:
    return day.replace(year=year, day=min(day.day, monthrange(year, day.month)[1]))
