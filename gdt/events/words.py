"""How events are worded: their modes, states with their shapes, and what stands on a page about one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext

from gdt.database import now
from gdt.errors import DomainError
from gdt.events.models import Event, EventSession, Way
from gdt.events.states import EventState, PlaceState
from gdt.events.zones import clock, days, local
from gdt.partners.time_zones import zone_name
from gdt.training.models import Mode

MODES = {
    Mode.ON_SITE: lazy_gettext("On site"),
    Mode.ONLINE: lazy_gettext("Online"),
    Mode.HYBRID: lazy_gettext("On site and online"),
}
WAYS = {Way.ON_SITE: lazy_gettext("On site"), Way.ONLINE: lazy_gettext("Online")}
PLACES: dict[PlaceState, tuple[Any, str]] = {
    PlaceState.REGISTERED: (lazy_gettext("Has a place"), "ok"),
    PlaceState.WAITING: (lazy_gettext("On the waiting list"), "progress"),
    PlaceState.WITHDRAWN: (lazy_gettext("Withdrew"), "neutral"),
}
MOST_GUESTS = 200


def standing(event: Event, moment: datetime | None = None) -> tuple[Any, str]:
    """The state of an event as a word and a shape; that it is on or over is told by the clock."""
    moment = moment or now()
    if event.state is EventState.DRAFT:
        return _("Draft"), "neutral"
    if event.state is EventState.CANCELLED:
        return _("Cancelled"), "problem"
    if event.is_over(moment):
        return _("Held"), "ok"
    if event.starts_at <= moment:
        return _("Going on"), "progress"
    return _("Announced"), "progress"


def has_begun(event: Event) -> bool:
    """Whether its list can be ticked."""
    return event.state is EventState.ANNOUNCED and event.starts_at <= now()


# The same for the one who registered.
OWN_PLACES = {
    PlaceState.REGISTERED: (lazy_gettext("You have a place"), "ok"),
    PlaceState.WAITING: (lazy_gettext("You are on the waiting list"), "progress"),
    PlaceState.WITHDRAWN: (lazy_gettext("You gave your place back"), "neutral"),
}


@dataclass(frozen=True)
class Line:
    """A line of the programme with its times as they are told."""

    session: EventSession
    times: str


def programme(event: Event, zone: str) -> list[tuple[date, list[Line]]]:
    """The programme by days, in the time of a zone: there an evening may be the next morning."""
    lines = [
        (
            days(one.starts_at, one.ends_at, zone)[0],
            Line(one, f"{clock(one.starts_at, zone)}–{clock(one.ends_at, zone)}"),
        )
        for one in event.sessions
    ]
    return [(day, [line for _day, line in found]) for day, found in groupby(lines, key=lambda pair: pair[0])]


def times(event: Event, zone: str) -> str:
    """From when to when, on the first day and the last, and where clocks show that."""
    starts, ends = local(event.starts_at, zone), local(event.ends_at, zone)
    told = f"{clock(event.starts_at, zone)}–{clock(event.ends_at, zone)}"
    if starts.date() != ends.date():
        first, last = clock(event.starts_at, zone), clock(event.ends_at, zone)
        told = _("from %(first)s to %(last)s of the last day", first=first, last=last)
    return str(_("%(times)s, time of %(place)s", times=told, place=zone_name(zone)))


def place(event: Event) -> str | None:
    """Where it is held: online, unless a house is named as well."""
    return event.place or (str(MODES[event.mode]) if event.mode is Mode.ONLINE else None)


def read_guests(text: str) -> Sequence[tuple[str, str]]:
    """Names and addresses, a line each: "Lim Mei Ling, lim@utar.example". Raises DomainError."""
    guests = []
    for n, line in enumerate((one.strip() for one in text.splitlines()), 1):
        if not line:
            continue
        name, _comma, email = (part.strip(" <>") for part in line.rpartition(","))
        if not name or email.count("@") != 1 or " " in email or "." not in email.rpartition("@")[2]:
            raise DomainError(
                _("Line %(n)s is not a name, a comma and an address: “%(line)s”.", n=n, line=line[:80]),
                "people",
            )
        guests.append((name[:200], email.lower()[:254]))
    if len(guests) > MOST_GUESTS:
        raise DomainError(_("Invite at most %(n)s people at once.", n=MOST_GUESTS), "people")
    return guests
