"""In which time zone people of an institution read the clock: their country's, at first its capital's."""

from collections.abc import Sequence
from datetime import datetime
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
