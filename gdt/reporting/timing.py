"""In time or late: one report against the day it is due, and the share of many that came in time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Timing(StrEnum):
    IN_TIME = "in time"
    LATE = "late"
    AWAITED = "awaited"
    OVERDUE = "overdue"


@dataclass(frozen=True)
class Rate:
    """How many reports came in time, of those that could: submitted ones, and those whose day is past."""

    in_time: int
    of: int

    @property
    def share(self) -> float | None:
        return self.in_time / self.of if self.of else None


def timing(first_submitted_on: date | None, due_on: date, today: date) -> Timing:
    """The first submission counts: a query or a correction later does not make a report late."""
    if first_submitted_on is not None:
        return Timing.IN_TIME if first_submitted_on <= due_on else Timing.LATE
    return Timing.OVERDUE if today > due_on else Timing.AWAITED


def rate(timings: Iterable[Timing]) -> Rate:
    judged = [one for one in timings if one is not Timing.AWAITED]
    return Rate(sum(one is Timing.IN_TIME for one in judged), len(judged))
