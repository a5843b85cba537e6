"""Writing rows in bulk: new ones under ids taken beforehand, changes column by column."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, Final, TypeVar

from sqlalchemy import Table, bindparam, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from gdt.database import db

TRIES: Final = 5
Change = tuple[str, int, str, Any, Any]  # table, id, column, before, after
T = TypeVar("T")


def table_named(name: str) -> Table:
    return db.metadata.tables[name]


def reserve_ids(table: str, count: int) -> list[int]:
    """The next ids: asking for each new one as it is inserted would be a statement for every row.

    PostgreSQL gives them from the sequence; on SQLite this transaction holds the only write lock.
    """
    if not count:
        return []
    if db.engine.dialect.name == "postgresql":
        sequence = func.nextval(func.pg_get_serial_sequence(table, "id"))
        reserved = select(sequence).select_from(func.generate_series(1, count))
        return [int(one) for one in db.session.scalars(reserved)]
    last = db.session.scalar(select(func.max(table_named(table).c.id))) or 0
    return list(range(last + 1, last + 1 + count))


def insert_rows(table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Straight into the table: the rows are written and not looked at again in this transaction."""
    if rows:
        statement = insert(table_named(table))
        db.session.connection().execute(statement, [dict(zip(columns, row, strict=True)) for row in rows])


def write_changes(changes: Sequence[Change]) -> None:
    """Put the new values in their places, a statement for each column; values are plain JSON."""
    grouped: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for table, row_id, column, _before, after in changes:
        grouped[(table, column)].append({"row_id": row_id, "after": _typed(table, column, after)})
    for (table, column), values in grouped.items():
        place = table_named(table)
        statement = (
            update(place).where(place.c.id == bindparam("row_id")).values({column: bindparam("after")})
        )
        db.session.connection().execute(statement, values)


def _typed(table: str, column: str, value: Any) -> Any:
    kind = table_named(table).c[column].type.python_type
    return date.fromisoformat(value) if kind is date and isinstance(value, str) else value


def until_it_holds(work: Callable[[bool], T]) -> T:
    """Do the work in a savepoint; where another transaction came first, do it again knowing what it wrote.

    The constraints are the judge. `work` is told whether this is the first try.
    """
    for attempt in range(1, TRIES + 1):
        try:
            with db.session.begin_nested():
                return work(attempt == 1)
        except IntegrityError:
            if attempt == TRIES:
                raise
    raise AssertionError
