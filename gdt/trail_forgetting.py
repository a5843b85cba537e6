"""Finding what the trail says about a person, and taking the words out of it; the chain stays as it is."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Table,
    and_,
    bindparam,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy import update as sql_update

from gdt.audit import AuditEvent
from gdt.database import db, one_of
from gdt.trail import COLUMNS, PORTION, commitment_to_actor, commitment_to_words

FORGOTTEN = "Erased"
FORGOTTEN_WORDS: tuple[str, str, dict[str, Any]] = (FORGOTTEN, FORGOTTEN, {})
PERSONS = "persons"


def forget(events: ColumnElement[bool]) -> int:
    """Erase the words of these events: the record's name, the sentence, the details. Returns how many.

    Who acted, when, what was done and to which record stay; the salt is destroyed, so that nobody can try
    names against the commitment that the chain goes on with. Doing it twice changes nothing.
    """
    words: dict[str, Any] = {
        "subject_name": FORGOTTEN,
        "summary": FORGOTTEN,
        "details": {},
        "words_salt": None,
    }
    return sum(
        _rewrite(words, {row.id: commitment_to_words(row) for row in rows}, "words_commitment")
        for rows in _portions(and_(events, AuditEvent.words_salt.is_not(None)))
    )


def forget_actor(events: ColumnElement[bool]) -> int:
    """Erase the actor's name of these events; her id stays. Returns how many."""
    words: dict[str, Any] = {"actor_name": FORGOTTEN, "actor_salt": None}
    return sum(
        _rewrite(words, {row.id: commitment_to_actor(row) for row in rows}, "actor_commitment")
        for rows in _portions(and_(events, AuditEvent.actor_salt.is_not(None)))
    )


def about_person(person_id: int) -> ColumnElement[bool]:
    """The condition of events about a person, or about a record that points at her, such as a certificate."""
    found: dict[str, set[int]] = {PERSONS: {person_id}}
    for kind, record_id in db.session.execute(union_all(*_pointing_at(person_id))):
        found.setdefault(kind, set()).add(record_id)
    return or_(
        *(
            and_(AuditEvent.subject_kind == kind, one_of(AuditEvent.subject_id, ids))
            for kind, ids in found.items()
        )
    )


def _pointing_at(person_id: int) -> Iterator[Any]:
    for table, column in _columns_of_persons():
        yield select(literal(table.name), table.c.id).where(column == person_id)


def _columns_of_persons() -> Iterator[tuple[Table, Any]]:
    """Every column that points at persons, in tables whose rows have an id."""
    for table in db.metadata.sorted_tables:
        if "id" in table.c:
            for column in table.columns:
                if any(key.target_fullname == f"{PERSONS}.id" for key in column.foreign_keys):
                    yield table, column


def _portions(condition: ColumnElement[bool]) -> Iterator[list[Any]]:
    last, wanted = 0, select(*COLUMNS).where(condition).order_by(AuditEvent.id).limit(PORTION)
    while rows := db.session.execute(wanted.where(AuditEvent.id > last)).all():
        last = rows[-1].id
        yield list(rows)


def _rewrite(words: dict[str, Any], commitments: dict[int, str], column: str) -> int:
    table = AuditEvent.__table__
    changed = sql_update(table).where(table.c.id == bindparam("event"))  # type: ignore[arg-type]
    db.session.connection().execute(
        changed.values(words | {column: bindparam("commitment")}),
        [{"event": event, "commitment": commitment} for event, commitment in commitments.items()],
    )
    return len(commitments)
