"""The trail: one event for every action of a person, written in the transaction that does it.

`trail` chains the events to each other, `trail_forgetting` takes a person's words out of them.
"""

import secrets
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import JSON, CheckConstraint, Index, String, Text, event, select
from sqlalchemy.orm import Mapped, Session, SessionTransaction, mapped_column

from gdt import changes
from gdt.access import Viewer, signed_in_viewer
from gdt.database import Model, db, now

SALT_BYTES = 16
TOOK_OUT = "took out"  # the one action that changes nothing: a file with people's data left
_ACTING = "acting"
_checks: list[Callable[[Viewer], None]] = []


def before_recording(check: Callable[[Viewer], None]) -> Callable[[Viewer], None]:
    """Register what may refuse an action before its event is written; everything is flushed by then."""
    _checks.append(check)
    return check


def act_for(viewer: Viewer) -> None:
    """Say whose deed this transaction is, where no request says it: work that she ordered."""
    db.session.connection()  # begun now: a beginning forgets who acted before
    db.session.info[_ACTING] = viewer


def acting() -> Viewer:
    """Whose deed this transaction is: who ordered the work, else who is signed in, else the office."""
    return db.session.info.get(_ACTING) or signed_in_viewer()


@event.listens_for(db.session, "after_begin")
def _forget_who_acted(session: Session, transaction: SessionTransaction, _connection: object) -> None:
    if not transaction.nested:
        session.info.pop(_ACTING, None)


def _salt() -> str:
    return secrets.token_hex(SALT_BYTES)


class AuditEvent(Model):
    """Who did what to which record, in words and ids, never in class paths.

    The database lets nobody change or delete one; all it allows is that words are taken out together with
    their salt, and what they were hashed to is kept instead.
    """

    __tablename__ = "audit_events"
    __table_args__ = (
        Index(None, "subject_kind", "subject_id"),
        CheckConstraint("(actor_salt IS NULL) = (actor_commitment IS NOT NULL)", name="actor_is_committed"),
        CheckConstraint("(words_salt IS NULL) = (words_commitment IS NOT NULL)", name="words_are_committed"),
    )

    happened_at: Mapped[datetime] = mapped_column(default=now, index=True)
    actor_id: Mapped[int | None] = mapped_column(index=True)
    actor_name: Mapped[str] = mapped_column(String(200))
    action: Mapped[str] = mapped_column(String(60))
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int]
    subject_name: Mapped[str] = mapped_column(String(300))
    institution_id: Mapped[int | None] = mapped_column(index=True)
    summary: Mapped[str] = mapped_column(Text)
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    actor_salt: Mapped[str | None] = mapped_column(String(32), default=_salt)
    actor_commitment: Mapped[str | None] = mapped_column(String(64))
    words_salt: Mapped[str | None] = mapped_column(String(32), default=_salt)
    words_commitment: Mapped[str | None] = mapped_column(String(64))

    @property
    def acted_by(self) -> str:
        """Whose act it was; of a user who was forgotten the number alone."""
        is_forgotten = self.actor_id is not None and self.actor_salt is None
        return str(_("Former user %(n)s", n=self.actor_id)) if is_forgotten else self.actor_name


def record(
    actor: Viewer,
    action: str,
    subject: Model,
    summary: str,
    *,
    institution_id: int | None = None,
    **details: Any,
) -> None:
    """Write one event. `action` is a verb of the office ("issued"), `summary` a sentence for people.

    What changed in the record goes with it, each field from what to what (`changes.tell` says which).
    """
    record_all(actor, action, [(subject, summary, institution_id)], **details)


def record_all(
    actor: Viewer, action: str, acts: Iterable[tuple[Model, str, int | None]], **details: Any
) -> None:
    """Write one event for each of many (subject, summary, institution_id), in one go."""
    db.session.flush()  # new records get their ids first
    for check in _checks:
        check(actor)
    db.session.add_all(
        _event(actor, action, subject, summary, place, details, changes.take(subject))
        for subject, summary, place in acts
    )


def _event(
    actor: Viewer,
    action: str,
    subject: Model,
    summary: str,
    place: int | None,
    details: dict[str, Any],
    changed: changes.Changes,
) -> AuditEvent:
    told = changes.told_of(subject.__tablename__)
    return AuditEvent(
        actor_id=actor.id,
        actor_name=actor.name,
        action=action,
        subject_kind=subject.__tablename__,
        subject_id=subject.id,
        subject_name=(told.name if told else str)(subject)[:300],
        institution_id=place,
        summary=summary,
        details={**details, "changes": changed} if changed else details,
    )


@event.listens_for(db.session, "before_commit")
def _tell_the_rest(session: Session) -> None:
    """Changes that no act has told, such as of the parts of a record, get an event each."""
    if session.in_nested_transaction():
        return
    session.flush()
    actor = acting()
    for record, changed in changes.take_rest():
        told = changes.told_of(record.__tablename__)
        if told is not None:
            summary = _("%(what)s changed: %(name)s", what=str(told.word), name=told.name(record))
            place = told.place(record)
            session.add(_event(actor, "changed", record, summary, place, {}, changed))


def record_operation(actor: Viewer, action: str, summary: str, **details: Any) -> None:
    """Write one event about the whole installation, such as a backup, which is no record of its own."""
    db.session.add(
        AuditEvent(
            actor_id=actor.id,
            actor_name=actor.name,
            action=action,
            subject_kind="installation",
            subject_id=1,
            subject_name="GDT Network",
            summary=summary,
            details=details,
        )
    )


def list_events(subject: Model, *, limit: int = 50) -> Sequence[AuditEvent]:
    """What happened to a record, newest first. Who took files out stands in the trail alone."""
    return db.session.scalars(
        select(AuditEvent)
        .where(
            AuditEvent.subject_kind == subject.__tablename__,
            AuditEvent.subject_id == subject.id,
            AuditEvent.action != TOOK_OUT,
        )
        .order_by(AuditEvent.id.desc())
        .limit(limit)
    ).all()
