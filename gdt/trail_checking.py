"""Checking the trail: every seal is computed again, and what is wrong is said in words."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from sqlalchemy import Row, exists, select

from gdt.audit import AuditEvent
from gdt.database import db, reading
from gdt.trail import COLUMNS, START, AuditSeal, line_of, sealed
from gdt.trail_forgetting import FORGOTTEN, FORGOTTEN_WORDS

PORTION = 2_000


class KnownHead(NamedTuple):
    """A head that was kept elsewhere: how many events were sealed then, and the last seal."""

    said_by: str
    size: int
    hash: str


def check_trail(
    known: Iterable[KnownHead] = (), tell: Callable[[int], None] = lambda _n: None
) -> Iterator[str]:
    """A sentence for everything that is wrong, in the order of the chain; none, and all is well.

    `tell` hears now and then how many seals were read. Everything is read at one moment.
    """
    heads = list(known)
    with reading(snapshot=True):
        place, previous, hashes = 0, START, {head.size: "" for head in heads} | {0: START}
        for row in _seals():
            if row.place != place + 1:
                yield f"{_numbers(place + 1, row.place - 1)} missing from the chain."
            yield from _wrong_with(row, previous)
            place, previous = row.place, row.hash
            if place in hashes:
                hashes[place] = previous
            if place % PORTION == 0:
                tell(place)
        yield from _without_seal()
    yield from (sentence for head in heads if (sentence := _wrong_with_head(head, place, hashes)))


def _seals() -> Iterator[Row[Any]]:
    chain = select(AuditSeal.id.label("place"), AuditSeal.hash, AuditSeal.event_id, *COLUMNS).outerjoin(
        AuditEvent, AuditEvent.id == AuditSeal.event_id
    )
    last = 0
    while rows := db.session.execute(
        chain.where(AuditSeal.id > last).order_by(AuditSeal.id).limit(PORTION)
    ).all():
        yield from rows
        last = rows[-1].place


def _wrong_with(row: Row[Any], previous: str) -> Iterator[str]:
    if row.id is None:
        yield f"Event {row.event_id} is gone: seal {row.place} is all that is left of it."
        return
    if sealed(previous, line_of(row)) != row.hash:
        yield f"{_event(row)} is not what was sealed: the event, or seal {row.place}, was changed."
    if row.words_salt is None and (row.subject_name, row.summary, row.details) != FORGOTTEN_WORDS:
        yield f"{_event(row)} had its words erased, and others stand there now."
    if row.actor_salt is None and row.actor_name != FORGOTTEN:
        yield f"{_event(row)} had its actor's name erased, and another stands there now."


def _without_seal() -> Iterator[str]:
    unsealed = select(*COLUMNS).where(~exists().where(AuditSeal.event_id == AuditEvent.id))
    for row in db.session.execute(unsealed.order_by(AuditEvent.id)):
        yield f"{_event(row)} has no seal: it was written past the application."


def _wrong_with_head(head: KnownHead, size: int, hashes: dict[int, str]) -> str | None:
    if head.size > size:
        return f"{head.said_by} counts {head.size} events, and {size} are here: the end was cut off."
    if not hashes[head.size]:
        return None  # its place is missing, which was said
    if hashes[head.size] != head.hash:
        return f"{head.said_by} names another seal {head.size}: the trail was written anew up to there."
    return None


def _event(row: Row[Any]) -> str:
    when = row.happened_at.strftime("%Y-%m-%d %H:%M")
    return f"Event {row.id} ({when} UTC, {row.action}, {row.subject_kind} {row.subject_id})"


def _numbers(first: int, last: int) -> str:
    return f"Seal {first} is" if first == last else f"Seals {first} to {last} are"
