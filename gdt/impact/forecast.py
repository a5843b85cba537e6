"""Where a year will end, if it goes on as earlier years did: plain arithmetic, with a range.

Of each earlier year we know which share of it had been counted by the same day. What is counted now, divided
by that share, is where this year would end if it were like that one. The likely number is the median over
the earlier years, the range runs from the lowest to the highest of them.
"""

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median

EARLIER_YEARS = 5
FEWEST_YEARS = 3
FEWEST_COUNTED = 30  # in a year, for its months to say anything
LEAST_SHARE = 0.1  # by this day; below it a year's rest is guessed from too little


@dataclass(frozen=True)
class Forecast:
    """Whole people at the end of the year, and the earlier years it was drawn from."""

    low: int
    likely: int
    high: int
    years: tuple[int, ...]


def share_by(months: Sequence[int], day: date) -> float | None:
    """The share of a year's twelve monthly numbers that lies before the end of this day; None: too few."""
    total = sum(months)
    if total < FEWEST_COUNTED:
        return None
    gone = day.day / monthrange(day.year, day.month)[1]
    return (sum(months[: day.month - 1]) + months[day.month - 1] * gone) / total


def forecast(
    recorded: int, reported: int, earlier: Mapping[int, Sequence[int]], day: date
) -> Forecast | None:
    """Where the year of `day` will end; None where earlier years say too little, or it has nothing yet.

    recorded: counted by name so far; reported: in verified headcounts, which come once a year and are added
    as they are. earlier: the monthly numbers of earlier years.
    """
    recent = range(day.year - EARLIER_YEARS, day.year)
    found = {year: share_by(earlier[year], day) for year in recent if year in earlier}
    shares = {year: share for year, share in found.items() if share is not None}
    if not recorded or len(shares) < FEWEST_YEARS or min(shares.values()) < LEAST_SHARE:
        return None
    ends = [round(recorded / share) + reported for share in shares.values()]
    return Forecast(min(ends), round(median(ends)), max(ends), tuple(shares))
