"""Reading the trail: by words, record, person, actor and time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import ColumnElement, Select, func, select

from gdt.audit import AuditEvent
from gdt.database import any_contains, db
from gdt.trail import AuditSeal
from gdt.trail_forgetting import about_person

PORTION = 1_000
MOST_TO_TAKE_AWAY = 50_000


@dataclass(frozen=True)
class Wanted:
    """What the trail is narrowed to; a part that is None or empty narrows nothing."""

    words: str = ""
    actor_id: int | None = None
    kind: str = ""
    record_id: int | None = None
    person_id: int | None = None
    from_on: date | None = None
    until_on: date | None = None

    def conditions(self) -> Iterator[ColumnElement[bool]]:
        """One for each part that is given."""
        yield from self._conditions_of_the_record()
        if self.words:
            columns = (AuditEvent.actor_name, AuditEvent.subject_name, AuditEvent.summary)
            yield any_contains(columns, self.words)
        if self.actor_id is not None:
            yield AuditEvent.actor_id == self.actor_id
        if self.from_on is not None:
            yield AuditEvent.happened_at >= _begin_of(self.from_on)
        if self.until_on is not None:
            yield AuditEvent.happened_at < _begin_of(self.until_on + timedelta(days=1))

    def _conditions_of_the_record(self) -> Iterator[ColumnElement[bool]]:
        if self.kind:
            yield AuditEvent.subject_kind == self.kind
        if self.record_id is not None:
            yield AuditEvent.subject_id == self.record_id
        if self.person_id is not None:
            yield about_person(self.person_id)


def list_trail(wanted: Wanted) -> Select[AuditEvent]:
    """The events that fit; to be paged."""
    return select(AuditEvent).where(*wanted.conditions())


def count_trail(wanted: Wanted, *, at_most: int) -> int:
    """How many events fit; counting ends at `at_most`."""
    some = select(AuditEvent.id).where(*wanted.conditions()).limit(at_most)
    return db.session.scalar(select(func.count()).select_from(some.subquery())) or 0


def every_event(wanted: Wanted) -> Iterator[tuple[AuditEvent, str]]:
    """The events that fit with their seals, newest first, read portion by portion."""
    statement = select(AuditEvent, AuditSeal.hash).outerjoin(AuditSeal, AuditSeal.event_id == AuditEvent.id)
    statement, last = statement.where(*wanted.conditions()).order_by(AuditEvent.id.desc()), None
    while True:
        portion = statement if last is None else statement.where(AuditEvent.id < last)
        rows = db.session.execute(portion.limit(PORTION)).all()
        yield from ((row[0], row[1] or "") for row in rows)
        if len(rows) < PORTION:
            return
        last = rows[-1][0].id
        db.session.expunge_all()


def list_kinds() -> Sequence[str]:
    """The kinds of records there are events about."""
    first = select(func.min(AuditEvent.subject_kind).label("kind")).cte("kinds", recursive=True)
    following = select(func.min(AuditEvent.subject_kind)).where(AuditEvent.subject_kind > first.c.kind)
    kinds = first.union_all(select(following.scalar_subquery()).where(first.c.kind.is_not(None)))
    return [kind for kind in db.session.scalars(select(kinds.c.kind)) if kind is not None]


def seals_of(events: Sequence[AuditEvent]) -> dict[int, str]:
    """The seals of these events, by event."""
    ids = [event.id for event in events]
    found = select(AuditSeal.event_id, AuditSeal.hash).where(AuditSeal.event_id.in_(ids))
    return {event_id: seal for event_id, seal in db.session.execute(found)}  # noqa: C416  (rows are no pairs)


def name_of_actor(actor_id: int) -> str:
    """What the actor was called at her newest event; empty for one who did nothing."""
    newest = select(AuditEvent.actor_name).where(AuditEvent.actor_id == actor_id)
    return db.session.scalar(newest.order_by(AuditEvent.id.desc()).limit(1)) or ""


def _begin_of(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)
