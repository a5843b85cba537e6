"""Time zones: which one a country's institutions keep, and moments as they are told and typed in one."""

from datetime import UTC, date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time

from gdt.filters import reading_locale
from gdt.partners import time_zones

COUNTRIES: Final = [
    "AU",
    "BO",
    "CO",
    "ET",
    "ID",
    "KH",
    "KZ",
    "MN",
    "MX",
    "MY",
    "PH",
    "PK",
    "RW",
    "SG",
    "TH",
    "TN",
    "VN",
]  # of the programme
HOME: Final = "Asia/Singapore"  # where the office is
ALL_ZONES: Final = frozenset(zone for country in COUNTRIES for zone in time_zones.zones_of(country))
ZONES: Final = (*sorted({*map(time_zones.zone_of, COUNTRIES), "Asia/Shanghai", "Europe/Paris"}), "UTC")


def known(name: str | None) -> str | None:
    """The zone of this name, if it is one of the programme's."""
    return name if name in ZONES or name in ALL_ZONES else None


def to_utc(typed: datetime, zone: str) -> datetime:
    """The moment at which the clocks of a zone show this."""
    return typed.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def local(moment: datetime, zone: str) -> datetime:
    return moment.astimezone(ZoneInfo(zone))


def days(starts_at: datetime, ends_at: datetime, zone: str) -> tuple[date, date]:
    """The first and the last day, as the calendar of the zone says."""
    return local(starts_at, zone).date(), local(ends_at, zone).date()


def clock(moment: datetime, zone: str) -> str:
    """The time of day, 09:30, as it is in a zone."""
    return str(format_time(local(moment, zone), "HH:mm", locale=reading_locale()))


def day_and_clock(moment: datetime, zone: str) -> str:
    """21 Nov 2026, 09:30, as it is in a zone."""
    told = format_date(local(moment, zone).date(), "d MMM y", locale=reading_locale())
    return f"{told}, {clock(moment, zone)}"
