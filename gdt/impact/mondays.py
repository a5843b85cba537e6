"""When it is Monday morning for somebody: in the time of her institution's country, else UTC."""

from datetime import datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from gdt.partners import time_zones

MORNING = 7  # o'clock
LONGEST = timedelta(hours=41)  # after Tuesday nobody wants last Monday's mail


def zone_of(country_code: str | None) -> tzinfo:
    """The time zone of a country by its ISO 3166-1 alpha-2 code; UTC for one that is not known."""
    return ZoneInfo(time_zones.zone_of((country_code or "").upper()))


def week_begun(moment: datetime, zone: tzinfo) -> str | None:
    """The week, such as 2026-W48, from its Monday morning until its Tuesday's end in a zone; else None."""
    local = moment.astimezone(zone).replace(tzinfo=None)
    monday = local.replace(hour=MORNING, minute=0, second=0, microsecond=0)
    monday -= timedelta(days=local.weekday())
    if not monday <= local < monday + LONGEST:
        return None
    year, week, _day = local.isocalendar()
    return f"{year}-W{week:02d}"
