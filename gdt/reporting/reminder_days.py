"""On which days institutions are reminded by themselves of a report that is due: plain rules, no database."""

from collections.abc import Collection
from datetime import date, timedelta

EVERY = timedelta(days=7)  # once the day is past
AT_MOST = 10  # times


def last_day(due_on: date, opened_on: date, today: date, days_before: Collection[int]) -> date | None:
    """The last day up to now on which to remind; None where there was none since the round was opened.

    So a reminder that no worker sent on its day goes out on the next. No days before: nobody is reminded.
    """
    if not days_before:
        return None
    days = [due_on - timedelta(days=before) for before in days_before]
    days += [due_on + EVERY * n for n in range(1, AT_MOST + 1)]
    if today > days[-1] + EVERY:
        return None  # a round that nobody finishes is the office's to look at
    return max((day for day in days if opened_on < day <= today), default=None)
