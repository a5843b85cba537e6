"""Reading who was invited to events and who has a place; a viewer sees those of institutions she sees.

People of no institution are the office's alone.
"""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import joinedload

from gdt.access import Viewer, within
from gdt.database import db
from gdt.events.models import Event, Way
from gdt.events.people_models import EventInvitation, EventRegistration
from gdt.events.states import PlaceState
from gdt.row_security import everything
from gdt.training.models import Mode

ORDER = (EventRegistration.name, EventRegistration.id)


@everything()
def find_invitation(key: str) -> EventInvitation | None:
    """The invitation a link names: whoever has the link may see it, whoever else she is."""
    return db.session.scalar(select(EventInvitation).where(EventInvitation.link_key == key))


@everything()
def find_registration(key: str) -> EventRegistration | None:
    """The place a link names, likewise."""
    return db.session.scalar(select(EventRegistration).where(EventRegistration.link_key == key))


def find_by_email(event: Event, email: str) -> EventRegistration | None:
    return db.session.scalar(
        select(EventRegistration).where(
            EventRegistration.event_id == event.id, EventRegistration.email == email
        )
    )


def select_registrations(viewer: Viewer, event: Event, *, text: str = "") -> Select[EventRegistration]:
    """The people of an event the viewer sees, to be paged in ORDER; who withdrew is left out."""
    statement = select(EventRegistration).where(
        EventRegistration.event_id == event.id,
        EventRegistration.state != PlaceState.WITHDRAWN,
        within(viewer, EventRegistration.institution_id),
    )
    if text:
        said = EventRegistration.name.icontains(text, autoescape=True)
        statement = statement.where(or_(said, EventRegistration.email == text.lower()))
    return statement.options(joinedload(EventRegistration.institution))


def registrations_of(event: Event, ids: Sequence[int]) -> Sequence[EventRegistration]:
    """Those of these who have a place at the event."""
    return db.session.scalars(
        select(EventRegistration).where(
            EventRegistration.event_id == event.id,
            EventRegistration.id.in_(ids),
            EventRegistration.state == PlaceState.REGISTERED,
        )
    ).all()


def list_registrations(event: Event) -> Sequence[EventRegistration]:
    """Everybody who ever asked for a place, those who gave it back among them, by name."""
    return db.session.scalars(
        select(EventRegistration).where(EventRegistration.event_id == event.id).order_by(*ORDER)
    ).all()


def list_to_tell(event: Event) -> Sequence[EventRegistration]:
    """Everybody who has a place or waits for one."""
    return db.session.scalars(
        select(EventRegistration)
        .where(EventRegistration.event_id == event.id, EventRegistration.state != PlaceState.WITHDRAWN)
        .order_by(EventRegistration.id)
    ).all()


def count_people(viewer: Viewer, event: Event) -> dict[str, int]:
    """How many of the people the viewer sees have a place, wait, came, and did not come."""
    state, came = EventRegistration.state, EventRegistration.has_come
    people = func.count(EventRegistration.id)
    row = db.session.execute(
        select(
            people.filter(state == PlaceState.REGISTERED),
            people.filter(state == PlaceState.WAITING),
            people.filter(came.is_(True)),
            people.filter(came.is_(False)),
        ).where(EventRegistration.event_id == event.id, within(viewer, EventRegistration.institution_id))
    ).one()
    return dict(zip(("registered", "waiting", "came", "missed"), row, strict=True))


def count_taken(event: Event) -> int:
    """How many places are taken."""
    return (
        db.session.scalar(
            select(func.count(EventRegistration.id)).where(
                EventRegistration.event_id == event.id,
                EventRegistration.state == PlaceState.REGISTERED,
                *_of_the_hall(event),
            )
        )
        or 0
    )


def list_waiting(event: Event) -> Sequence[EventRegistration]:
    """Those who wait for a place, in the order in which they asked."""
    return db.session.scalars(
        select(EventRegistration)
        .where(
            EventRegistration.event_id == event.id,
            EventRegistration.state == PlaceState.WAITING,
            *_of_the_hall(event),
        )
        .order_by(EventRegistration.asked_at, EventRegistration.id)
    ).all()


def list_invitations(viewer: Viewer, event: Event) -> Sequence[EventInvitation]:
    """Who was invited and what was answered, those without an answer first."""
    return db.session.scalars(
        select(EventInvitation)
        .where(EventInvitation.event_id == event.id, within(viewer, EventInvitation.institution_id))
        .options(joinedload(EventInvitation.institution))
        .order_by(EventInvitation.answered_at.is_not(None), EventInvitation.id)
    ).all()


def invited_emails(event: Event) -> set[str]:
    return set(db.session.scalars(select(EventInvitation.email).where(EventInvitation.event_id == event.id)))


def _of_the_hall(event: Event) -> list[ColumnElement[bool]]:
    return [] if event.mode is Mode.ONLINE else [EventRegistration.way == Way.ON_SITE]
