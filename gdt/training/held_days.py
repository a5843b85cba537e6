"""Days whose counted rows an institution cannot change any more, so that a file is told before it is kept.

Which days those are is known to a feature above, which registers it here; the lock itself is that feature's.
"""

from collections.abc import Callable, Sequence
from datetime import date
from typing import NamedTuple

from gdt import audit
from gdt.access import Viewer
from gdt.errors import DomainError


class HeldDays(NamedTuple):
    """From one day to another, both included, and the sentence that refuses."""

    first: date
    last: date
    reason: str


Held = Sequence[HeldDays]
_sources: list[Callable[[Viewer, int], Held]] = []


def tells_held_days(source: Callable[[Viewer, int], Held]) -> Callable[[Viewer, int], Held]:
    """Register what says which days of an institution are locked for a viewer."""
    _sources.append(source)
    return source


def held_days(institution_id: int) -> Held:
    """The days that are locked for whoever acts in this transaction."""
    actor = audit.acting()
    return [one for source in _sources for one in source(actor, institution_id)]


def reason_against(held: Held, day: date) -> str:
    """Why rows of this day cannot change; "" if they may."""
    return next((one.reason for one in held if one.first <= day <= one.last), "")


def reason_against_year(held: Held, year: int) -> str:
    """Why the headcounts of a year cannot change: they are locked with its last day."""
    ends = (one for one in held if one.last.year == year and (one.last.month, one.last.day) == (12, 31))
    return next((one.reason for one in ends), "")


def refuse_held_day(institution_id: int, day: date) -> None:
    """Raise DomainError if rows of this day are locked for whoever acts."""
    reason = reason_against(held_days(institution_id), day)
    if reason:
        raise DomainError(reason)
