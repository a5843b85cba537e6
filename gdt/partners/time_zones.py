"""In which time zone people of an institution read the clock: its own, else its country's capital's."""

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from zoneinfo import ZoneInfo

from babel.core import get_global
from babel.dates import format_datetime, get_timezone_location

from gdt.filters import DAY, reading_locale

# Where a country has several zones, the one of its capital.
CAPITALS = {
    "AU": "Australia/Sydney",
    "BR": "America/Sao_Paulo",
    "CN": "Asia/Shanghai",
    "ID": "Asia/Jakarta",
    "KZ": "Asia/Almaty",
    "MN": "Asia/Ulaanbaatar",
    "MX": "America/Mexico_City",
    "MY": "Asia/Kuala_Lumpur",
}
UTC_NAME = "UTC"


@cache
def zones_of(country_code: str) -> Sequence[str]:
    """The zones of a country by CLDR, the capital's first; UTC where it knows none."""
    known: dict[str, str] = get_global("zone_territories")  # type: ignore[assignment]
    found = sorted(zone for zone, country in known.items() if country == country_code and "/" in zone)
    capital = CAPITALS.get(country_code)
    if capital in found:
        found.remove(capital)
        found.insert(0, capital)
    return tuple(found) or (UTC_NAME,)


def zone_of(country_code: str) -> str:
    """The zone in which people of a country read the clock, as far as the country alone tells."""
    return zones_of(country_code)[0]


def keeps_several(country_code: str, moment: datetime) -> bool:
    """Whether clocks of a country differ, in the January or the July of that year.

    A country may have several zones and one time: Malaysia has, and Kazakhstan since March 2024.
    """
    times = (datetime(moment.year, month, 15, 12, tzinfo=UTC) for month in (1, 7))
    seasons = [
        {time.astimezone(ZoneInfo(zone)).utcoffset() for zone in zones_of(country_code)} for time in times
    ]
    return any(len(offsets) > 1 for offsets in seasons)


def zone_label(zone: str, moment: datetime) -> str:
    """A zone as it is chosen, with what its clocks show beside the world's: Perth, UTC+08:00."""
    offset = format_datetime(moment, "OOOO", tzinfo=ZoneInfo(zone), locale="en").replace("GMT", "UTC")
    return f"{zone_name(zone)}, {offset}"


def is_zone(name: str) -> bool:
    """Whether this is the name of a zone we can reckon with."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True


def clock_in(zone: str, value: datetime) -> str:
    """Write a moment as people of a zone read it, such as Mon 2 Feb 2026, 14:00."""
    return format_datetime(value, f"EEE {DAY}, HH:mm", tzinfo=ZoneInfo(zone), locale=reading_locale())


def hour_in(zone: str, value: datetime) -> str:
    return format_datetime(value, "HH:mm", tzinfo=ZoneInfo(zone), locale=reading_locale())


def zone_name(zone: str) -> str:
    """The place by which people know a zone, such as Malaysia, or its city where the country has several."""
    if zone == UTC_NAME:
        return UTC_NAME
    return str(get_timezone_location(ZoneInfo(zone), locale=reading_locale(), return_city=True))
