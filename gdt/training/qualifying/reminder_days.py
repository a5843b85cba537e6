"""When to remind that a qualification ends: which of the agreed months before its end have come."""

from datetime import date

from gdt.partners.renewal_times import months_before

MONTHS = (6, 3, 1)


def due_months(*, valid_from: date, valid_until: date, day: date) -> int | None:
    """The reminder to send on a day: of those whose day has come, the one nearest to the end.

    After a pause one is sent, not all that were missed; none after the last day, and none whose day had
    passed when the qualification began.
    """
    if day > valid_until:
        return None
    days = {months: months_before(valid_until, months) for months in MONTHS}
    come = [months for months, due_on in days.items() if due_on <= day and valid_from < due_on]
    return min(come, default=None)
