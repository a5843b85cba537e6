"""When the end of an agreement is told: nine, six, three months and one month before, each on its day."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

MONTHS = (9, 6, 3, 1)


def months_before(day: date, months: int) -> date:
    """The same day of an earlier month, or that month's last day where it is shorter."""
    whole = day.year * 12 + day.month - 1 - months
    year, month = whole // 12, whole % 12 + 1
    return date(year, month, min(day.day, _days_in(year, month)))


def _days_in(year: int, month: int) -> int:
    following = date(year + month // 12, month % 12 + 1, 1)
    return (following - date(year, month, 1)).days


@dataclass(frozen=True)
class Round:
    """A reminder that waits: so many months before the end, on its day."""

    months: int
    due_on: date


def rounds_of(ends_on: date) -> list[Round]:
    """The first to come first."""
    return [Round(months, months_before(ends_on, months)) for months in MONTHS]


def to_send(waiting: Iterable[Round], today: date) -> tuple[Round | None, Collection[Round]]:
    """The one to send today, and those it stands for: after a pause only the latest is sent."""
    due = sorted((one for one in waiting if one.due_on <= today), key=lambda one: one.due_on)
    return (due[-1], due[:-1]) if due else (None, ())
