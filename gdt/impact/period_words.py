"""How a year or a part of one is said: in a sentence, and as a title."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext

from gdt.filters import day
from gdt.filters import period as days
from gdt.impact.periods import Period

PARTS: dict[str, Any] = {
    "s1": lazy_gettext("first semester"),
    "s2": lazy_gettext("second semester"),
    "t1": lazy_gettext("first trimester"),
    "t2": lazy_gettext("second trimester"),
    "t3": lazy_gettext("third trimester"),
    "q1": lazy_gettext("first quarter"),
    "q2": lazy_gettext("second quarter"),
    "q3": lazy_gettext("third quarter"),
    "q4": lazy_gettext("fourth quarter"),
}
# The same to choose from, with their months.
OFFERED: dict[str, Any] = {
    "s1": lazy_gettext("First semester, January to June"),
    "s2": lazy_gettext("Second semester, July to December"),
    "t1": lazy_gettext("First trimester, January to April"),
    "t2": lazy_gettext("Second trimester, May to August"),
    "t3": lazy_gettext("Third trimester, September to December"),
    "q1": lazy_gettext("First quarter, January to March"),
    "q2": lazy_gettext("Second quarter, April to June"),
    "q3": lazy_gettext("Third quarter, July to September"),
    "q4": lazy_gettext("Fourth quarter, October to December"),
}


def period_words(period: Period) -> str:
    """For a sentence: 2026, the first semester of 2026, or 15 Feb 2026 to 30 Jun 2026."""
    if period.is_year:
        return str(period.year)
    if period.part:
        return str(_("the %(part)s of %(year)s", part=PARTS[period.part], year=period.year))
    return str(_("%(first)s to %(last)s", first=day(period.starts_on), last=day(period.ends_on)))


def period_label(period: Period) -> str:
    """For a table: 2026, 2026, first semester, or 15 Feb – 30 Jun 2026."""
    if period.is_year:
        return str(period.year)
    if period.part:
        return str(_("%(year)s, %(part)s", year=period.year, part=PARTS[period.part]))
    return days(period.starts_on, period.ends_on)
