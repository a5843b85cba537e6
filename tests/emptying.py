"""How the databases of the suite are emptied between two tests, and filled again with what one test made."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import TypeVar, cast

from sqlalchemy import URL, Connection, Engine, Table, create_engine, insert, select, text

from gdt.database import db

Made = TypeVar("Made")

_KEPT: dict[tuple[str, str], tuple[object, dict[str, list[dict]]]] = {}  # by database and name


def forget_every_row() -> None:
    """Forget every row, so that each test begins with nothing; only tables that hold one are touched."""
    with _owner().begin() as connection:
        filled = _filled(connection)
        with _without_rules(connection, filled):
            for table in filled:
                connection.execute(text(f"DELETE FROM {table}"))
                if connection.dialect.name == "postgresql":
                    _number_from(connection, table, "1")


def made_once(name: str, make: Callable[[], Made]) -> Made:
    """What `make` returns, with every row it wrote; made by the first to ask, put back for the others.

    Whatever was in the database before is part of it: ask before anything else is made. Only plain values may
    be returned, because the records of another test's session are dead.
    """
    place = (str(db.engine.url), name)
    if place not in _KEPT:
        made = make()
        db.session.commit()
        _KEPT[place] = (made, _every_row())
        return made
    db.session.remove()
    made, rows = _KEPT[place]
    forget_every_row()
    _put_back(rows)
    return cast("Made", made)


def _owner() -> Engine:
    """The database as its owner, whom no policy binds; always by one connection, which knows the tables."""
    return db.engine if db.engine.dialect.name != "postgresql" else _engine(db.engine.url)


@cache
def _engine(url: URL) -> Engine:
    return create_engine(url, pool_size=1, max_overflow=0)


def _every_row() -> dict[str, list[dict]]:
    with _owner().begin() as connection:
        return {
            name: [dict(row) for row in connection.execute(_written_columns(name)).mappings()]
            for name in reversed(_filled(connection))
        }


def _put_back(rows: dict[str, list[dict]]) -> None:
    with _owner().begin() as connection, _without_rules(connection, list(rows)):
        for name, lines in rows.items():
            connection.execute(insert(_table(name)), lines)
            if connection.dialect.name == "postgresql":
                _number_from(connection, name, f"(SELECT max(id) + 1 FROM {name})")


def _written_columns(name: str) -> object:
    return select(*(column for column in _table(name).columns if column.computed is None))


def _table(name: str) -> Table:
    return db.metadata.tables[name]


def _filled(connection: Connection) -> list[str]:
    """The tables that hold a row, those that point at others first."""
    tables = [table.name for table in reversed(db.metadata.sorted_tables)]
    held = " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM {name})" for name in tables)
    return list(connection.scalars(text(held)))


def _number_from(connection: Connection, table: str, first: str) -> None:
    if "id" in _table(table).columns:
        connection.execute(text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), {first}, false)"))


@contextmanager
def _without_rules(connection: Connection, tables: Sequence[str]) -> Iterator[None]:
    """Neither triggers nor foreign keys, to the end of the transaction or of the block."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        yield
        return
    connection.execute(text("PRAGMA defer_foreign_keys=ON"))
    guards = connection.execute(text("SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger'"))
    in_the_way = [guard for guard in guards if guard.tbl_name in tables]
    for guard in in_the_way:
        connection.execute(text(f"DROP TRIGGER {guard.name}"))
    yield
    for guard in in_the_way:
        connection.execute(text(guard.sql))
