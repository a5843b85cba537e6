"""The chain through the trail: each event's seal holds the hash of what it says and of the seal before it.

Seals are written as the last thing before the commit, one transaction at a time, so they count from 1
without gaps, in the order of the commits, and no event that can be read is without one.
"""

import hashlib
import hmac
import json
from collections.abc import Collection, Iterator
from datetime import UTC
from typing import Any, NamedTuple

from flask import Flask
from sqlalchemy import Connection, ForeignKey, Row, Select, String, event, func, insert, select, text
from sqlalchemy.orm import Mapped, Session, SessionTransaction, mapped_column, object_session

from gdt.audit import AuditEvent
from gdt.database import Model, db, one_of

START = "0" * 64  # stands before the first seal
ONE_AT_A_TIME = 20_260_501  # the number of PostgreSQL's advisory lock; SQLite has one writer anyway
PORTION = 2_000
SEAL = text("SELECT seal_events(CAST(:lines AS jsonb))")  # in PostgreSQL only it may write seals
_UNSEALED = "unsealed_events"
COLUMNS = (
    AuditEvent.id,
    AuditEvent.happened_at,
    AuditEvent.actor_id,
    AuditEvent.actor_name,
    AuditEvent.actor_salt,
    AuditEvent.actor_commitment,
    AuditEvent.action,
    AuditEvent.subject_kind,
    AuditEvent.subject_id,
    AuditEvent.subject_name,
    AuditEvent.institution_id,
    AuditEvent.summary,
    AuditEvent.details,
    AuditEvent.words_salt,
    AuditEvent.words_commitment,
)


class AuditSeal(Model):
    """The seal of one event; its id is its place in the chain. The database refuses to change it."""

    __tablename__ = "audit_seals"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    event_id: Mapped[int] = mapped_column(ForeignKey(AuditEvent.id), unique=True)
    hash: Mapped[str] = mapped_column(String(64))


class TrailHead(NamedTuple):
    """How many events are sealed, and the last seal, which stands for all of them."""

    size: int
    hash: str


def init_app(_app: Flask) -> None:
    """Seal before each commit, after every other part has written its events: so this is done late."""
    if not event.contains(db.session, "before_commit", _seal_before_commit):
        event.listen(db.session, "before_commit", _seal_before_commit)


def head() -> TrailHead:
    """The newest seal."""
    newest = select(AuditSeal.id, AuditSeal.hash).order_by(AuditSeal.id.desc()).limit(1)
    found = db.session.execute(newest).first()
    return TrailHead(found.id, found.hash) if found else TrailHead(0, START)


def sealed(previous: str, line: str) -> str:
    """The hash of an event's line behind the seal before it."""
    return hashlib.sha256(f"{previous}\n{line}".encode()).hexdigest()


def line_of(row: Row[Any]) -> str:
    """What an event says, as one line of ASCII JSON.

    Names and words are in it as commitments, so that erasing them leaves the chain as it is.
    """
    return _canonical(
        [
            row.id,
            row.happened_at.astimezone(UTC).isoformat(timespec="microseconds"),
            row.actor_id,
            row.actor_commitment or commitment_to_actor(row),
            row.action,
            row.subject_kind,
            row.subject_id,
            row.institution_id,
            row.words_commitment or commitment_to_words(row),
        ]
    )


def commitment_to_actor(row: Row[Any]) -> str:
    """HMAC-SHA-256 of the actor's name under its salt."""
    return _committed(row.actor_salt, [row.actor_name])


def commitment_to_words(row: Row[Any]) -> str:
    """HMAC-SHA-256 of the record's name, the sentence and the details under their salt."""
    return _committed(row.words_salt, [row.subject_name, row.summary, row.details])


def _committed(salt: str, words: list[Any]) -> str:
    return hmac.new(bytes.fromhex(salt), _canonical(words).encode(), hashlib.sha256).hexdigest()


def _canonical(content: list[Any]) -> str:
    return json.dumps(content, ensure_ascii=True, sort_keys=True, separators=(",", ":"))


@event.listens_for(db.session, "after_begin")
def _begin_with_none(session: Session, transaction: SessionTransaction, _connection: object) -> None:
    if not transaction.nested:
        session.info.pop(_UNSEALED, None)


@event.listens_for(AuditEvent, "after_insert")
def _note(_mapper: object, _connection: Connection, recorded: AuditEvent) -> None:
    session = object_session(recorded)
    if session is not None:
        session.info.setdefault(_UNSEALED, []).append(recorded.id)


def _seal_before_commit(session: Session) -> None:
    if session.in_nested_transaction():
        return
    session.flush()
    if recorded := session.info.pop(_UNSEALED, None):
        _seal(recorded)


def _seal(recorded: Collection[int]) -> None:
    """Chain this transaction's events to those before; the first ever takes in what was there already.

    What the lines say is made before the lock, which is held to the end of the commit.
    """
    written = select(*COLUMNS).order_by(AuditEvent.id)
    if head().size or _take_turn().size:
        written = written.where(one_of(AuditEvent.id, recorded))
    for rows in _portions(written):
        lines = [{"event": row.id, "line": line_of(row)} for row in rows]
        if db.engine.dialect.name == "postgresql":
            db.session.execute(SEAL, {"lines": json.dumps(lines)})
        else:
            _append(lines)


def _take_turn() -> TrailHead:
    """Be the only one who begins the chain; whoever waited sees that it has begun."""
    if db.engine.dialect.name == "postgresql":
        db.session.execute(select(func.pg_advisory_xact_lock(ONE_AT_A_TIME)))
    return head()


def _append(lines: list[dict[str, Any]]) -> None:
    """What the function of PostgreSQL does; SQLite has one writer, and no SHA-256."""
    place, previous = head()
    seals = []
    for each in lines:
        place, previous = place + 1, sealed(previous, each["line"])
        seals.append({"id": place, "event_id": each["event"], "hash": previous})
    db.session.execute(insert(AuditSeal), seals)


def _portions(written: Select[Any]) -> Iterator[list[Row[Any]]]:
    """The rows as they are stored, by id, so many at once."""
    last = 0
    while rows := list(db.session.execute(written.where(AuditEvent.id > last).limit(PORTION))):
        yield rows
        last = rows[-1].id
