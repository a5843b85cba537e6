"""Reading events: those anyone may see, the office's list, what was signed and given on their days."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, literal, or_, select
from sqlalchemy.orm import joinedload, selectinload

from gdt.access import Permission, Viewer, may, within
from gdt.database import db, now
from gdt.errors import RecordNotFound
from gdt.events.models import Event, EventAgreement, EventAward, EventSession
from gdt.events.people_models import EventRegistration
from gdt.events.states import EventState, PlaceState
from gdt.partners.models import Agreement, Institution
from gdt.recognition.models import AwardCall, Nomination
from gdt.recognition.stages import NominationState
from gdt.row_security import everything

SHOWN = 60  # of each kind; the programme holds a few events a year


def get_event(code: str) -> Event:
    """Any event, for whoever may manage them."""
    return _one(code)


def get_event_by_id(event_id: int) -> Event:
    event = db.session.get(Event, event_id)
    if event is None:
        raise RecordNotFound
    return event


def get_event_for(viewer: Viewer, code: str) -> Event:
    """An event for the pages of those who are signed in: only who plans events sees drafts."""
    return get_event(code) if may(viewer, Permission.EVENTS_MANAGE) else get_shown_event(code)


def get_shown_event(code: str) -> Event:
    """An event that was announced, for anyone; one that was cancelled still says so."""
    event = _one(code)
    if event.state is EventState.DRAFT:
        raise RecordNotFound
    return event


def _one(code: str) -> Event:
    event = db.session.scalar(
        select(Event)
        .where(Event.code == code.strip().lower())
        .options(selectinload(Event.sessions), selectinload(Event.signings), selectinload(Event.honours))
    )
    if event is None:
        raise RecordNotFound
    return event


def hold_event(event: Event) -> None:
    """Hold the row, so that places are given one after the other."""
    db.session.refresh(event, ["state", "places"], with_for_update={"of": Event})


def list_coming(moment: datetime) -> Sequence[Event]:
    """Announced events that are not over, the next first."""
    shown = Event.state != EventState.DRAFT, Event.ends_at > moment
    return db.session.scalars(select(Event).where(*shown).order_by(Event.starts_at).limit(SHOWN)).all()


def list_past(moment: datetime) -> Sequence[Event]:
    """Events that were held, the latest first."""
    held = Event.state == EventState.ANNOUNCED, Event.ends_at <= moment
    return db.session.scalars(select(Event).where(*held).order_by(Event.starts_at.desc()).limit(SHOWN)).all()


def list_every_event(viewer: Viewer) -> list[tuple[Event, int, int, int]]:
    """All events, the latest first, with how many of the viewer's people have a place, wait and came."""
    state, people = EventRegistration.state, func.count(EventRegistration.id)
    rows = db.session.execute(
        select(
            Event,
            people.filter(state == PlaceState.REGISTERED),
            people.filter(state == PlaceState.WAITING),
            people.filter(EventRegistration.has_come.is_(True)),
        )
        .outerjoin(
            EventRegistration,
            (EventRegistration.event_id == Event.id) & within(viewer, EventRegistration.institution_id),
        )
        .where(or_(Event.state != EventState.DRAFT, literal(may(viewer, Permission.EVENTS_MANAGE))))
        .group_by(Event.id)
        .order_by(Event.starts_at.desc(), Event.id.desc())
        .limit(SHOWN)
    )
    return [(row[0], row[1], row[2], row[3]) for row in rows]


def list_unticked(moment: datetime) -> Sequence[Event]:
    """Events that were held, with people who had a place and of whom nobody ticked whether they came."""
    of_event = EventRegistration.event_id == Event.id, EventRegistration.state == PlaceState.REGISTERED
    expected = select(EventRegistration.id).where(*of_event).exists()
    ticked = select(EventRegistration.id).where(*of_event, EventRegistration.has_come.is_not(None)).exists()
    held = Event.state == EventState.ANNOUNCED, Event.ends_at <= moment
    return db.session.scalars(
        select(Event).where(*held, expected, ~ticked).order_by(Event.starts_at).limit(3)
    ).all()


def get_session(event: Event, session_id: int) -> EventSession:
    found = next((line for line in event.sessions if line.id == session_id), None)
    if found is None:
        raise RecordNotFound
    return found


def list_agreements_of_its_days(event: Event) -> Sequence[Agreement]:
    """The agreements signed on a day of the event, and those tied to it already."""
    first, last = event.days
    tied = select(EventAgreement.agreement_id)
    of_this = tied.where(EventAgreement.event_id == event.id)
    of_others = tied.where(EventAgreement.event_id != event.id)
    return db.session.scalars(
        select(Agreement)
        .where(Agreement.signed_on.between(first, last) | Agreement.id.in_(of_this))
        .where(Agreement.id.not_in(of_others))
        .options(joinedload(Agreement.institution))
        .order_by(Agreement.id)
    ).all()


def list_awards_of_its_days(event: Event) -> Sequence[Nomination]:
    """The awards given on a day of the event."""
    first, last = event.days
    elsewhere = select(EventAward.nomination_id).where(EventAward.event_id != event.id)
    return db.session.scalars(
        select(Nomination)
        .where(
            Nomination.state == NominationState.GIVEN,
            Nomination.given_on.between(first, last),
            Nomination.id.not_in(elsewhere),
        )
        .order_by(Nomination.id)
    ).all()


@everything()
def list_signed_at(event: Event) -> Sequence[Agreement]:
    """The agreements tied to the event, with their institutions: that they were signed there is public."""
    return db.session.scalars(
        select(Agreement)
        .join(EventAgreement, EventAgreement.agreement_id == Agreement.id)
        .where(EventAgreement.event_id == event.id)
        .options(joinedload(Agreement.institution))
        .order_by(EventAgreement.id)
    ).all()


@everything()
def list_given_at(event: Event) -> Sequence[Nomination]:
    """The awards tied to the event that still stand and are public: nobody reads them before their day."""
    return db.session.scalars(
        select(Nomination)
        .join(EventAward, EventAward.nomination_id == Nomination.id)
        .where(
            EventAward.event_id == event.id,
            Nomination.state == NominationState.GIVEN,
            Nomination.given_on <= now().date(),
        )
        .order_by(EventAward.id)
    ).all()


def find_event_of(kind: str, record_id: int) -> Event | None:
    """The event at which an agreement was signed or an award given, if it is one that is shown."""
    ties = {
        "agreement": select(EventAgreement.event_id).where(EventAgreement.agreement_id == record_id),
        "award": select(EventAward.event_id).where(EventAward.nomination_id == record_id),
    }
    shown = Event.id.in_(ties[kind]), Event.state == EventState.ANNOUNCED
    return db.session.scalar(select(Event).where(*shown))


def list_events_of_awards(year: int) -> dict[int, Event]:
    """The events at which the awards of a year were given, by the nomination."""
    rows = db.session.execute(
        select(EventAward.nomination_id, Event)
        .join(Event, Event.id == EventAward.event_id)
        .join(Nomination, Nomination.id == EventAward.nomination_id)
        .join(AwardCall, AwardCall.id == Nomination.call_id)
        .where(AwardCall.year == year, Event.state == EventState.ANNOUNCED)
    )
    return {row[0]: row[1] for row in rows}


def find_partner(said: str) -> Institution | None:
    """The institution of this name or code, in whatever case it was typed; nobody is offered a list."""
    words = said.strip().lower()
    named = func.lower(Institution.name) == words, Institution.native_name == said.strip()
    return db.session.scalar(
        select(Institution).where(or_(*named, Institution.code == words)).order_by(Institution.id).limit(1)
    )
