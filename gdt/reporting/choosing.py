"""Which period is meant by what somebody typed: a year, a part of it, or other days."""

from datetime import date

from flask_babel import gettext as _

from gdt.errors import DomainError
from gdt.impact.periods import PARTS, Period, part_of, whole_year

OTHER_DAYS = "days"


def chosen_period(
    *, year: int, part: str, starts_on: date | None = None, ends_on: date | None = None
) -> Period:
    """The whole year (no part), one of its parts, or the days given; raises DomainError for none of these."""
    if part != OTHER_DAYS:
        if part and part not in PARTS:
            raise DomainError(_("Choose one of the parts of a year."), "part")
        return part_of(year, part) if part else whole_year(year)
    if starts_on is None or ends_on is None:
        raise DomainError(
            _("Give the first and the last day."), "starts_on" if starts_on is None else "ends_on"
        )
    if {starts_on.year, ends_on.year} != {year}:
        raise DomainError(_("Both days must be of %(year)s.", year=year), "ends_on")
    if ends_on < starts_on:
        raise DomainError(_("The last day is before the first."), "ends_on")
    return Period(starts_on, ends_on)
