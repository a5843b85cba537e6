"""What the office does with events: plans, announces and cancels them, and says what was signed and given."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any, TypedDict

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.exc import IntegrityError

from gdt import audit
from gdt.access import Viewer
from gdt.database import db, now
from gdt.errors import DomainError
from gdt.events import people_queries, queries
from gdt.events.models import Event, EventAgreement, EventAward, EventSession
from gdt.events.registering import fill_places, tell_cancelled, tell_changed
from gdt.events.states import Act, EventState, StepRefused, after
from gdt.events.zones import to_utc
from gdt.training.models import Mode

MOVES = frozenset({"starts_at", "ends_at", "mode", "place", "time_zone"})


class Plan(TypedDict):
    """An event as it is typed, its times as the clocks of its own zone show them."""

    title: str
    about: str
    mode: Mode
    place: str | None
    online_url: str | None
    time_zone: str
    starts_at: datetime
    ends_at: datetime
    places: int | None
    is_for_all: bool
    register_until: date | None


def plan_event(*, actor: Viewer, code: str, plan: Plan) -> Event:
    """Draft an event. Raises DomainError for a code that is taken, or times that make no sense."""
    event = Event(code=code.strip().lower(), **_checked(plan))
    try:
        with db.session.begin_nested():
            db.session.add(event)
            db.session.flush()
    except IntegrityError as error:
        raise DomainError(_("Another event has this code. Choose another one."), "code") from error
    audit.record(actor, "planned", event, _("Planned “%(title)s”", title=event.title))
    return event


def change_event(*, actor: Viewer, event: Event, plan: Plan) -> int:
    """Change what is planned; nobody who has a place loses it, and new places go to those who wait.

    Whoever has a place or waits is mailed when it is held elsewhere or at another time; returns how many.
    """
    queries.hold_event(event)
    values = _checked(plan)
    changes = {name: value for name, value in values.items() if getattr(event, name) != value}
    for name, value in changes.items():
        setattr(event, name, value)
    if any(not event.starts_at <= line.starts_at < line.ends_at <= event.ends_at for line in event.sessions):
        raise DomainError(
            _("A line of the programme would lie outside. Move or remove it first."), "starts_at"
        )
    if not changes:
        return 0
    event.changed_at = now()
    audit.record(actor, "changed", event, _("Changed “%(title)s”", title=event.title), fields=list(changes))
    is_told = event.state is EventState.ANNOUNCED and not event.is_over(now()) and changes.keys() & MOVES
    told = tell_changed(event, people_queries.list_to_tell(event)) if is_told else 0
    fill_places(event)
    return told


def add_session(
    *,
    actor: Viewer,
    event: Event,
    starts_at: datetime,
    ends_at: datetime,
    title: str,
    speaker: str | None,
    room: str | None,
) -> EventSession:
    """Add a line to the programme, its times as the clocks of the event's zone show them."""
    starts, ends = to_utc(starts_at, event.time_zone), to_utc(ends_at, event.time_zone)
    if ends <= starts:
        raise DomainError(_("It has to end after it starts."), "ends_at")
    if not event.starts_at <= starts < ends <= event.ends_at:
        raise DomainError(_("Choose times within the event’s own."), "starts_at")
    line = EventSession(starts_at=starts, ends_at=ends, title=title, speaker=speaker, room=room)
    event.sessions.append(line)
    event.changed_at = now()
    audit.record(actor, "changed", event, _("Added “%(title)s” to the programme", title=title))
    return line


def remove_session(*, actor: Viewer, event: Event, session: EventSession) -> None:
    event.sessions.remove(session)
    event.changed_at = now()
    audit.record(actor, "changed", event, _("Took “%(title)s” off the programme", title=session.title))


def announce_event(*, actor: Viewer, event: Event) -> None:
    """Show an event to everybody, and take registrations."""
    _move(event, Act.ANNOUNCE)
    audit.record(actor, "announced", event, _("Announced “%(title)s”", title=event.title))


def cancel_event(*, actor: Viewer, event: Event, reason: str) -> int:
    """Cancel an event and mail whoever has a place or waits for one; returns how many are told."""
    if event.is_over(now()):
        raise DomainError(_("It was held. What was held cannot be cancelled."))
    _move(event, Act.CANCEL)
    event.cancelled_at, event.cancelled_because = now(), reason
    event.changed_at = now()
    told = tell_cancelled(event, people_queries.list_to_tell(event))
    audit.record(
        actor,
        "cancelled",
        event,
        ngettext("Cancelled it and told %(num)s person", "Cancelled it and told %(num)s people", told),
        reason=reason,
    )
    return told


def say_what_was_given(
    *, actor: Viewer, event: Event, agreement_ids: Collection[int], nomination_ids: Collection[int]
) -> None:
    """Tie the agreements signed and the awards given to an event; those of other days are refused."""
    agreements = {one.id for one in queries.list_agreements_of_its_days(event)}
    awards = {one.id for one in queries.list_awards_of_its_days(event)}
    if not agreements.issuperset(agreement_ids) or not awards.issuperset(nomination_ids):
        raise DomainError(_("One of them belongs to other days or to another event. Look at the list again."))
    _keep_only(event.signings, "agreement_id", agreement_ids, EventAgreement)
    _keep_only(event.honours, "nomination_id", nomination_ids, EventAward)
    audit.record(
        actor,
        "tied",
        event,
        _(
            "Said what happened there: %(signed)s agreements signed, %(given)s awards given",
            signed=len(agreement_ids),
            given=len(nomination_ids),
        ),
    )


def _keep_only(ties: Any, column: str, wanted: Collection[int], model: Any) -> None:
    before = {getattr(tie, column): tie for tie in ties}
    for key, tie in before.items():
        if key not in wanted:
            ties.remove(tie)
    ties.extend(model(**{column: key}) for key in sorted(wanted) if key not in before)


def _move(event: Event, act: Act) -> None:
    queries.hold_event(event)
    try:
        event.state = after(event.state, act)
    except StepRefused as error:
        sentences = {
            EventState.ANNOUNCED: _("It is announced already."),
            EventState.CANCELLED: _("It was cancelled. Plan another one."),
        }
        raise DomainError(sentences[event.state]) from error


def _checked(plan: Plan) -> dict[str, Any]:
    """The plan with its moments in UTC. Raises DomainError at the field that makes no sense."""
    zone = plan["time_zone"]
    starts_at, ends_at = to_utc(plan["starts_at"], zone), to_utc(plan["ends_at"], zone)
    if ends_at <= starts_at:
        raise DomainError(_("It has to end after it starts."), "ends_at")
    if plan["mode"] is not Mode.ONLINE and not plan["place"]:
        raise DomainError(_("Say where it is, or choose online."), "place")
    if plan["register_until"] and plan["register_until"] > plan["ends_at"].date():
        raise DomainError(_("Choose a day on or before the last one of the event."), "register_until")
    return {**plan, "starts_at": starts_at, "ends_at": ends_at}
