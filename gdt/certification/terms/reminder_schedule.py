"""When to remind that a certificate ends: which of the agreed days before its end has come, if any."""

from collections.abc import Sequence
from datetime import date, timedelta


def due_reminder(*, ends_on: date, issued_on: date, day: date, days_before: Sequence[int]) -> int | None:
    """The reminder to send on `day`: of those whose day has come, the one nearest to the end.

    So one is sent after a pause, not all that were missed. A reminder whose day had passed when the
    certificate was issued is never due, and neither is any after the last day.
    """
    remaining = (ends_on - day).days
    if remaining < 0:
        return None
    come = [n for n in days_before if remaining <= n and issued_on < ends_on - timedelta(days=n)]
    return min(come, default=None)
