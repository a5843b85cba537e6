"""What changes in the records of a transaction: each told field with what it was and what it becomes.

A feature tells once which fields of a record have a history (`tell`); from then on every change that goes
through the session is noticed, whoever makes it, and the trail takes it into its event.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any

from sqlalchemy import event, inspect, select
from sqlalchemy.orm import Session, SessionTransaction
from sqlalchemy.orm.base import NEVER_SET, NO_VALUE

from gdt.database import Model, db

Changes = dict[str, list[Any]]  # by field: what it was, and what it is now, as JSON
_PENDING = "pending_changes"
_UNREAD = "unread_values"
_BEFORE_SAVEPOINT = "changes_before_savepoints"


@dataclass(frozen=True)
class Field:
    """How one field is called, how its values are kept in the trail, and how they are shown."""

    label: Any
    words: Mapping[Any, Any] = field(default_factory=dict)  # of a choice: its word, or (word, shape)
    of: type[Model] | None = None  # the record an id leads to, of which `keep` takes the name
    keep: Callable[[Any], Any] = str
    show: Callable[[Any], str] | None = None


@dataclass(frozen=True)
class Told:
    """What the history tells about one kind of record."""

    model: type[Model]
    word: Any
    fields: Mapping[str, Field]
    untold: frozenset[str]
    part_of: Mapping[str, type[Model]]
    place: Callable[[Any], int | None]
    name: Callable[[Any], str]


_told: dict[str, Told] = {}


def tell(
    model: type[Model],
    word: Any,
    fields: Mapping[str, Field],
    *,
    untold: str = "",
    part_of: Mapping[str, type[Model]] | None = None,
    place: Callable[[Any], int | None] = lambda record: getattr(record, "institution_id", None),
    name: Callable[[Any], str] = str,
) -> None:
    """Keep a history of these fields. `untold` names the columns that have none, `part_of` maps columns to
    the records on whose pages it shows as well, `place` gives the institution the record belongs to.
    """
    keys = frozenset({"id", *untold.split()})
    _told[model.__tablename__] = Told(model, word, fields, keys, part_of or {}, place, name)


def told_of(kind: str) -> Told | None:
    """What is told about a kind of record, named by its table."""
    return _told.get(kind)


def list_told() -> list[Told]:
    return list(_told.values())


def take(record: Model) -> Changes:
    """What changed in a record since it was asked last, in this transaction. Everything is flushed."""
    pending = db.session.info.get(_PENDING, {})
    _record, changes = pending.pop((record.__tablename__, record.id), (record, {}))
    return dict(changes)


def take_rest() -> list[tuple[Model, Changes]]:
    """The changes that no event has taken, with their records."""
    pending = db.session.info.pop(_PENDING, {})
    return [(record, changes) for record, changes in pending.values() if changes]


def tell_made(record: Model) -> None:
    """Note a new record's fields as coming from nothing: for one that is made among many, which no page of
    its own tells of. It is flushed; the next event about it takes them along.
    """
    told = _told[record.__tablename__]
    found = {
        name: [None, _as_json(value)] for name in told.fields if (value := getattr(record, name)) is not None
    }
    db.session.info.setdefault(_PENDING, {})[(record.__tablename__, record.id)] = (record, found)


def leave_untold() -> None:
    """Forget what was noticed so far: for erasing, whose words may not come back by the trail."""
    db.session.info.pop(_PENDING, None)


@event.listens_for(db.session, "before_flush")
def _look_up(session: Session, _context: object, _instances: object) -> None:
    """What is about to be replaced unread is read now: the session never loaded it, so it cannot tell."""
    for record in session.dirty:
        told = _told.get(getattr(record, "__tablename__", ""))
        if told is not None:
            state = inspect(record)
            unread = [name for name in told.fields if _is_unread(state, name)]
            if unread:
                columns = [told.model.__table__.c[name] for name in unread]
                row = (
                    session.connection()
                    .execute(select(*columns).where(told.model.id == state.identity[0]))
                    .one()
                )
                session.info.setdefault(_UNREAD, {})[state] = dict(zip(unread, row, strict=True))


def _is_unread(state: Any, name: str) -> bool:
    """Whether a column's value in the database is not known here."""
    if name not in state.mapper.columns:
        return False
    return name not in state.dict or state.committed_state.get(name) in (NO_VALUE, NEVER_SET)


@event.listens_for(db.session, "after_flush")
def _notice(session: Session, _context: object) -> None:
    for record in session.dirty:
        told = _told.get(getattr(record, "__tablename__", ""))
        if told is None:
            continue
        found = dict(_changed(record, told, session.info.get(_UNREAD, {}).pop(inspect(record), {})))
        if found:
            pending = session.info.setdefault(_PENDING, {})
            key = (record.__tablename__, inspect(record).identity[0])
            before = pending.get(key, (record, {}))[1]
            pending[key] = (record, _joined(before, found))


def _changed(record: Any, told: Told, unread: dict[str, Any]) -> Iterator[tuple[str, list[Any]]]:
    state = inspect(record)
    for name, one in told.fields.items():
        history = state.attrs[name].history
        if history.has_changes():
            before, after = _both_sides(history)
            before = [unread[name]] if name in unread else before
            pair = [_kept(values, one, state, name) for values in (before, after)]
            if pair[0] != pair[1]:
                yield name, pair


def _both_sides(history: Any) -> tuple[list[Any], list[Any]]:
    same = list(history.unchanged)
    return same + list(history.deleted), same + list(history.added)


def _kept(values: list[Any], one: Field, state: Any, name: str) -> Any:
    if name in state.mapper.relationships and state.mapper.relationships[name].uselist:
        return sorted(str(value) for value in values)
    value = values[0] if values else None
    if one.of is not None and value is not None:
        value = db.session.get(one.of, value)
        return None if value is None else one.keep(value)
    return _as_json(value)


def _as_json(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):  # a moment as well
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return value


def _joined(before: Changes, found: Changes) -> Changes:
    """Two looks at one record as one: from the first value to the last, without what came back."""
    joined = {name: [before[name][0] if name in before else pair[0], pair[1]] for name, pair in found.items()}
    return {name: pair for name, pair in {**before, **joined}.items() if pair[0] != pair[1]}


@event.listens_for(db.session, "after_begin")
def _begin_with_none(session: Session, transaction: SessionTransaction, _connection: object) -> None:
    if not transaction.nested:
        session.info.pop(_PENDING, None)
        session.info.pop(_UNREAD, None)
        session.info.pop(_BEFORE_SAVEPOINT, None)


@event.listens_for(db.session, "after_transaction_create")
def _remember(session: Session, transaction: SessionTransaction) -> None:
    if transaction.nested:
        session.info.setdefault(_BEFORE_SAVEPOINT, {})[transaction] = dict(session.info.get(_PENDING, {}))


@event.listens_for(db.session, "after_soft_rollback")
def _go_back(session: Session, transaction: SessionTransaction) -> None:
    kept = session.info.get(_BEFORE_SAVEPOINT, {}).pop(transaction, None)
    if kept is not None:
        session.info[_PENDING] = kept
