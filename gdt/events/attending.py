"""Who came: the list is ticked from the moment an event begins, a page of it at once."""

from collections.abc import Collection

from flask_babel import gettext as _
from flask_babel import ngettext

from gdt import audit
from gdt.access import Viewer
from gdt.database import db, now
from gdt.errors import DomainError
from gdt.events import people_queries
from gdt.events.models import Event
from gdt.events.states import EventState


def tick_list(
    *, actor: Viewer, event: Event, shown_ids: Collection[int], present_ids: Collection[int]
) -> int:
    """Keep who of those on the page came; returns how many changed. Raises DomainError before it begins."""
    refuse_before_it_begins(event)
    changed = 0
    for registration in people_queries.registrations_of(event, list(shown_ids)):
        has_come = registration.id in present_ids
        if registration.has_come is not has_come:
            registration.has_come, registration.ticked_by_name = has_come, actor.name
            changed += 1
    db.session.flush()
    if changed:
        audit.record(
            actor,
            "ticked",
            event,
            ngettext("Ticked %(num)s person of the list", "Ticked %(num)s people of the list", changed),
            count=changed,
        )
    return changed


def refuse_before_it_begins(event: Event) -> None:
    """Raise DomainError while nobody can have come."""
    if event.state is not EventState.ANNOUNCED or now() < event.starts_at:
        raise DomainError(_("Attendance is ticked from the beginning of the event on."))
