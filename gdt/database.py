"""The database session, the base model, and the one place that commits."""

import enum
import json
import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from flask import Flask, Response, current_app, request
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Connection,
    DateTime,
    Dialect,
    Enum,
    MetaData,
    TypeDecorator,
    any_,
    event,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

# A read must not take SQLite's single write lock; everything else takes it at once, because a transaction
# that reads first and writes later fails under load whatever the timeout.
_reading: ContextVar[bool] = ContextVar("reading", default=False)
_AFTER_COMMIT = "after_commit"
PATIENT, IMPATIENT = "busy_timeout=60000", "busy_timeout=50"  # milliseconds SQLite waits for its one writer
CACHE = (
    "cache_size=-16000"  # KB of pages a connection keeps: large lists touch the inner ones again and again
)


class Moment(TypeDecorator[datetime]):
    """A UTC moment. SQLite keeps no zone, so it is put back on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Model(DeclarativeBase):
    """Every table has a surrogate key and predictable constraint names."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    id: Mapped[int] = mapped_column(primary_key=True)


def _words(choices: type[enum.Enum]) -> list[str]:
    return [str(choice.value) for choice in choices]


# A choice is stored as the word itself, guarded by a check: readable in SQL, and the same on both databases.
Model.registry.update_type_annotation_map(
    {
        datetime: Moment,
        enum.Enum: Enum(
            enum.Enum, native_enum=False, create_constraint=True, length=30, values_callable=_words
        ),
    }
)

db = SQLAlchemy(model_class=Model, disable_autonaming=True)


def now() -> datetime:
    """The present moment in UTC; the only clock of the application."""
    return datetime.now(UTC)


def broken_constraint(error: IntegrityError) -> str:
    """The name of the constraint that refused a row: SQLite tells a unique one by its columns only."""
    diagnosis = getattr(error.orig, "diag", None)
    if diagnosis is not None:
        return str(diagnosis.constraint_name or "")
    kind, _, place = str(error.orig).partition(" constraint failed: ")
    if kind != "UNIQUE":
        return place
    columns = [column.split(".") for column in place.split(", ")]
    return "_".join(["uq", columns[0][0], *(column[-1] for column in columns)])


def one_of(column: Any, values: Collection[Any]) -> ColumnElement[bool]:
    """That a column holds one of many values, which travel as one parameter: `IN` would take one for each."""
    if db.engine.dialect.name == "postgresql":
        return column == any_(literal(list(values), ARRAY(column.type)))  # type: ignore[no-any-return]
    listed = func.json_each(json.dumps(list(values))).table_valued("value")
    return column.in_(select(listed.c.value))  # type: ignore[no-any-return]


def after_commit(action: Callable[[], None]) -> None:
    """Run `action` once this transaction is durable, and never if it is rolled back."""
    db.session.info.setdefault(_AFTER_COMMIT, []).append(action)


@contextmanager
def unit_of_work() -> Iterator[None]:
    """One transaction of a job or a command: commit on success, roll back otherwise."""
    try:
        yield
        _commit()
    finally:
        _roll_back()


@contextmanager
def reading(*, snapshot: bool = False) -> Iterator[None]:
    """A look at the database that takes no lock and keeps nothing, for what a job prepares.

    `snapshot` begins it anew and shows everything as it is at that moment, whatever others write meanwhile.
    """
    before = _reading.set(True)
    try:
        if snapshot:
            _roll_back()
            if db.engine.dialect.name == "postgresql":  # SQLite never shows anything else
                db.session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        yield
    finally:
        _roll_back()
        _reading.reset(before)


@contextmanager
def writing() -> Iterator[None]:
    """A transaction of its own in a request that only reads, for what must be kept of the reading itself.

    What was read before is read again, so that nothing is written on the ground of an old look.
    """
    _roll_back()
    before = _reading.set(False)
    try:
        with unit_of_work():
            yield
    finally:
        _reading.reset(before)


def any_contains(columns: Iterable[Any], words: str) -> ColumnElement[bool]:
    """The condition that one of the columns holds the words somewhere, in any case; a % is only a %."""
    return or_(*(column.icontains(words, autoescape=True) for column in columns))


@contextmanager
def in_passing() -> Iterator[Connection]:
    """A transaction of its own for what is worth no waiting: where SQLite is busy it is refused at once.

    Raises OperationalError then, and nobody who only reads waits behind a writer.
    """
    with db.engine.connect() as connection:
        driver = connection.connection.dbapi_connection
        sqlite = driver if isinstance(driver, sqlite3.Connection) else None
        if sqlite is not None:
            sqlite.execute(f"PRAGMA {IMPATIENT}")
        try:
            with connection.begin():
                yield connection
        finally:
            if sqlite is not None:
                sqlite.execute(f"PRAGMA {PATIENT}")


def init_app(app: Flask) -> None:
    db.init_app(app)
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            event.listen(db.engine, "connect", _prepare_sqlite)
            event.listen(db.engine, "begin", _begin_sqlite)
    app.before_request(_open_transaction)
    app.after_request(_close_transaction)


def _open_transaction() -> None:
    _reading.set(request.method in SAFE_METHODS)


def _close_transaction(response: Response) -> Response:
    """Commit a successful change; roll back everything else, so a GET can never write.

    A rule that refuses at the commit is answered like one that refuses in the view.
    """
    if request.method in SAFE_METHODS or response.status_code >= 400:
        _roll_back()
    else:
        try:
            _commit()
        except Exception as error:
            _roll_back()
            response = current_app.make_response(current_app.handle_user_exception(error))
    _reading.set(False)
    return response


def _commit() -> None:
    db.session.commit()
    for action in db.session.info.pop(_AFTER_COMMIT, []):
        action()


def _roll_back() -> None:
    db.session.rollback()
    db.session.info.pop(_AFTER_COMMIT, None)


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", PATIENT, CACHE):
        connection.execute(f"PRAGMA {pragma}")
    _assert_promises(connection)


def _assert_promises(connection: sqlite3.Connection) -> None:
    kept = [connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("foreign_keys", "synchronous")]
    if kept != [1, 2]:
        message = f"SQLite refused foreign_keys=ON or synchronous=FULL: {kept}"
        raise RuntimeError(message)


def _begin_sqlite(connection: Any) -> None:
    connection.exec_driver_sql("BEGIN" if _reading.get() else "BEGIN IMMEDIATE")
