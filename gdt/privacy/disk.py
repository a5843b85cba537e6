"""What disks still hold of who was erased: workers clear it where they can, else the office is told."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select

from gdt import audit
from gdt.access import OFFICE, Permission, Viewer, may, sees_all
from gdt.accounts.models import User
from gdt.audit import AuditEvent
from gdt.database import db, now, reading, unit_of_work
from gdt.impact.home_steps import Step, home_steps
from gdt.people.models import Person
from gdt.privacy import traces
from gdt.routines import routine

DAYS_TO_REWRITE = 30
CLEARED, REWROTE = "cleared disk", "rewrote tables"


@routine
def clear_after_forgetting() -> None:
    """Clear what forgotten accounts left behind; erasing a person does the same for hers at once.

    SQLite's file is written anew. PostgreSQL's places are free for other rows from then on, no more.
    """
    began = now()
    with reading():
        count = len(_forgotten_since(max(_last(CLEARED), _last(REWROTE))))
    if count:
        traces.rewrite()
        _note(CLEARED, _("Cleared the disk of what forgotten accounts left"), count, began)


def rewrite_everything() -> int:
    """Write every table that held personal data anew; returns of how many people and accounts bytes went."""
    began = now()
    with reading():
        count = len(_erased_since(_last(REWROTE)))
    traces.rewrite_tables()
    _note(REWROTE, _("Wrote all tables with personal data anew"), count, began)
    return count


def waiting_for_rewriting() -> tuple[int, date | None]:
    """On PostgreSQL: of how many erased the files may hold bytes, and by when they are to be written anew."""
    if db.engine.dialect.name == "sqlite":  # erasing writes its file anew
        return 0, None
    moments = _erased_since(_last(REWROTE))
    return len(moments), min(moments).date() + timedelta(days=DAYS_TO_REWRITE) if moments else None


@home_steps
def steps_of_disk(viewer: Viewer, _today: date) -> Iterator[Step]:
    """For the office, which has it done by whoever runs the server."""
    is_theirs = may(viewer, Permission.PRIVACY_MANAGE) and sees_all(viewer)
    count, due_on = waiting_for_rewriting() if is_theirs else (0, None)
    if count:
        sentence = ngettext(
            "%(num)s person or account was erased since the tables were last written anew. Ask whoever runs "
            "the server for “gdt privacy rewrite”.",
            "%(num)s people and accounts were erased since the tables were last written anew. Ask whoever "
            "runs the server for “gdt privacy rewrite”.",
            count,
        )
        yield Step(sentence, url_for("privacy.retention"), _("Retention"), due_on=due_on)


def _note(action: str, summary: str, count: int, began: datetime) -> None:
    """The trail remembers it and when it was begun: who was erased meanwhile is not in it."""
    with unit_of_work():
        audit.record_operation(OFFICE, action, summary, erased=count, began=began.isoformat())


def _last(action: str) -> datetime:
    """When it was begun last; long ago if never."""
    newest = db.session.scalar(
        select(AuditEvent.details)
        .where(
            AuditEvent.subject_kind == "installation",
            AuditEvent.subject_id == 1,
            AuditEvent.action == action,
        )
        .order_by(AuditEvent.id.desc())
        .limit(1)
    )
    return datetime.fromisoformat(newest["began"]) if newest else datetime.min.replace(tzinfo=UTC)


def _forgotten_since(moment: datetime) -> list[datetime]:
    found = select(User.forgotten_at).where(User.forgotten_at > moment)
    return [when for when in db.session.scalars(found) if when]


def _erased_since(moment: datetime) -> list[datetime]:
    found = select(Person.erased_at).where(Person.erased_at > moment)
    return [when for when in db.session.scalars(found) if when] + _forgotten_since(moment)
