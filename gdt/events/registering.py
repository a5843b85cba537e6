"""Places at an event: asked for, waited for, given back; whoever has one is mailed a link to it.

Nobody is told whether somebody else has a place: what is answered is the same, the rest stands in the mail.
"""

import secrets
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from flask_babel import gettext as _

from gdt import audit, mail
from gdt.access import OFFICE, Viewer
from gdt.database import db, now
from gdt.errors import DomainError
from gdt.events import people_queries, queries
from gdt.events.links import PLACE, address_of
from gdt.events.models import Event, Way
from gdt.events.people_models import EventRegistration
from gdt.events.states import (
    EventState,
    PlaceState,
    Step,
    StepRefused,
    moving_up,
    place_after,
    step_for_newcomer,
)
from gdt.events.zones import day_and_clock
from gdt.mail import Note
from gdt.partners.models import Institution
from gdt.partners.time_zones import zone_name
from gdt.row_security import everything
from gdt.security import Tries

AGAIN = Tries("event places mailed again", "3 per day")


@dataclass(frozen=True)
class Guest:
    """Who asks for a place."""

    name: str
    email: str
    way: Way
    institution: Institution | None = None
    organisation: str | None = None


@everything()
def ask_for_place(*, event: Event, guest: Guest) -> EventRegistration:
    """Give a place, or one on the waiting list, and mail the link to it; asking again mails the link again.

    Raises DomainError once registration is closed.
    """
    queries.hold_event(event)
    if not event.takes_registrations(now()):
        raise DomainError(_("Registration for this event is closed."))
    if guest.way not in event.ways:
        raise DomainError(_("Choose one of the ways this event offers."), "way")
    email = guest.email.strip().lower()
    known = people_queries.find_by_email(event, email)
    if known is not None and known.state is not PlaceState.WITHDRAWN:
        _write_again(known)
        return known
    registration = known or _new(event, email)
    registration.name, registration.way = guest.name, guest.way
    registration.institution, registration.organisation = guest.institution, guest.organisation
    registration.state = place_after(known.state if known else None, _step(event, guest.way))
    registration.asked_at = now()
    db.session.add(registration)
    db.session.flush()
    _write_to(registration)
    _note(registration, "registered", _("Asked for a place"))
    return registration


@everything()
def give_place_back(*, registration: EventRegistration, actor: Viewer = OFFICE) -> None:
    """Withdraw; who waits longest moves up and is told. Raises DomainError once it is over."""
    event = registration.event
    queries.hold_event(event)
    if event.is_over(now()):
        raise DomainError(_("It was held, so there is nothing to give back."))
    db.session.refresh(registration, ["state"])
    try:
        registration.state = place_after(registration.state, Step.WITHDRAW)
    except StepRefused as error:
        raise DomainError(_("This place was given back already.")) from error
    registration.has_come = registration.ticked_by_name = None
    _note(registration, "withdrew", _("Gave the place back"), actor)
    fill_places(event)


@everything()
def fill_places(event: Event) -> int:
    """Let those who wait have the places that are free, and tell them; returns how many."""
    db.session.flush()
    if event.state is not EventState.ANNOUNCED or event.is_over(now()):
        return 0
    waiting = {one.id: one for one in people_queries.list_waiting(event)}
    ids = moving_up(event.places, people_queries.count_taken(event), list(waiting))
    for registration in (waiting[key] for key in ids):
        registration.state = place_after(registration.state, Step.MOVE_UP)
        _write_to(registration)
        _note(registration, "moved up", _("Has a place now"))
    return len(ids)


def tell_cancelled(event: Event, people: Sequence[EventRegistration]) -> int:
    """Queue a mail to each; nobody is told twice."""
    return _tell(people, "event_cancelled", _("%(title)s is cancelled", title=event.title), event.id)


def tell_changed(event: Event, people: Sequence[EventRegistration]) -> int:
    """Queue a mail to each about when and where it is now."""
    moment = int(event.changed_at.timestamp())
    return _tell(people, "event_changed", _("%(title)s: what has changed", title=event.title), moment)


def _tell(people: Sequence[EventRegistration], template: str, subject: str, about: int) -> int:
    mail.send_all(
        [
            Note(
                template=template,
                to=one.email,
                subject=subject,
                context=_context(one),
                key=f"{template}:{one.id}:{about}",
            )
            for one in people
        ]
    )
    return len(people)


def _new(event: Event, email: str) -> EventRegistration:
    return EventRegistration(event=event, email=email, link_key=secrets.token_hex(16))


def _step(event: Event, way: Way) -> Step:
    if not event.uses_a_place(way):
        return Step.TAKE
    waiting = len(people_queries.list_waiting(event))
    return step_for_newcomer(event.places, people_queries.count_taken(event), waiting)


def _write_to(registration: EventRegistration) -> None:
    event = registration.event
    subject = {
        PlaceState.REGISTERED: _("Your place at %(title)s", title=event.title),
        PlaceState.WAITING: _("You are on the waiting list of %(title)s", title=event.title),
    }[registration.state]
    mail.send("event_place", to=registration.email, subject=subject, **_context(registration))


def _write_again(registration: EventRegistration) -> None:
    """Mail the link once more, but not as often as somebody may like who only means to fill a mailbox."""
    with suppress(DomainError):
        AGAIN.take(f"{registration.id}")
        _write_to(registration)


def _context(registration: EventRegistration) -> dict[str, object]:
    event = registration.event
    return {
        "registration": registration,
        "event": event,
        "when": f"{day_and_clock(event.starts_at, event.time_zone)} ({zone_name(event.time_zone)})",
        "link": address_of(PLACE, registration.link_key),
    }


def _note(registration: EventRegistration, action: str, summary: str, actor: Viewer = OFFICE) -> None:
    audit.record(actor, action, registration, summary, institution_id=registration.institution_id)
