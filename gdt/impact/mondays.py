"""When it is Monday morning for somebody: by the clock of her institution, else of UTC."""

from datetime import datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from gdt.partners.models import Institution
from gdt.partners.time_zones import UTC_NAME

MORNING = 7  # o'clock
LONGEST = timedelta(hours=41)  # after Tuesday nobody wants last Monday's mail


def zone_of(institution: Institution | None) -> tzinfo:
    """The time zone of an institution; UTC for whoever is of none."""
    return ZoneInfo(institution.zone if institution else UTC_NAME)


def week_begun(moment: datetime, zone: tzinfo) -> str | None:
    """The week, such as 2026-W48, from its Monday morning until its Tuesday's end in a zone; else None."""
    local = moment.astimezone(zone).replace(tzinfo=None)
    monday = local.replace(hour=MORNING, minute=0, second=0, microsecond=0)
    monday -= timedelta(days=local.weekday())
    if not monday <= local < monday + LONGEST:
        return None
    year, week, _day = local.isocalendar()
    return f"{year}-W{week:02d}"
