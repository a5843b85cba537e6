"""Writing rows in bulk: new ones under ids taken beforehand, changes column by column."""

import json
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from itertools import chain
from typing import Any, Final, TypeVar

from sqlalchemy import ARRAY, BigInteger, Connection, Table, bindparam, cast, func, insert, select, update
from sqlalchemy.dialects.postgresql import REGCLASS
from sqlalchemy.exc import IntegrityError

from gdt.database import db

TRIES: Final = 5
TO_A_STATEMENT: Final = 200  # rows; SQLite takes 32,766 values
_ESCAPED: Final = "\\\t\n\r"
_ESCAPES: Final = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})
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
        # In a query of its own, which is asked once: looking the name up for each id took most of the time.
        sequence = select(cast(func.pg_get_serial_sequence(table, "id"), REGCLASS)).scalar_subquery()
        reserved = select(func.nextval(sequence)).select_from(func.generate_series(1, count))
        return [int(one) for one in db.session.scalars(reserved)]
    last = db.session.scalar(select(func.max(table_named(table).c.id))) or 0
    return list(range(last + 1, last + 1 + count))


def insert_rows(table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Straight into the table: the rows are written and not looked at again in this transaction."""
    if rows:
        insert_columns(table, columns, list(zip(*rows, strict=True)))


def insert_columns(table: str, columns: Sequence[str], values: Sequence[Sequence[Any]]) -> None:
    """The same with the rows column by column.

    PostgreSQL takes them as a COPY into a table of the moment, and from there past its policies. SQLite takes
    hundreds to a statement: within a savepoint it notes every page a statement touches if the table has a
    trigger, and for one row at a time that costs thrice as much.
    """
    if not len(values[0]):
        return
    db.session.flush()
    connection = db.session.connection()
    told, names = _in_database_words(table, columns, values), ", ".join(columns)
    if connection.dialect.name == "postgresql":
        _copy_into(connection, table, names, told)
        return
    rows = list(zip(*told, strict=True))
    marks = f"({', '.join('?' * len(columns))})"
    whole = len(rows) // TO_A_STATEMENT * TO_A_STATEMENT
    for part, size in ((rows[:whole], TO_A_STATEMENT), (rows[whole:], len(rows) - whole)):
        bound = [tuple(chain.from_iterable(part[at : at + size])) for at in range(0, len(part), size or 1)]
        if bound:
            statement = f"INSERT INTO {table} ({names}) VALUES {', '.join([marks] * size)}"  # noqa: S608
            connection.exec_driver_sql(statement, bound)


def _copy_into(connection: Connection, table: str, names: str, values: Sequence[Sequence[Any]]) -> None:
    """COPY knows no row-level security; INSERT does, and a whole table at once costs little more."""
    cursor = connection.connection.cursor()
    cursor.execute(f"CREATE TEMPORARY TABLE incoming AS SELECT {names} FROM {table} WITH NO DATA")  # noqa: S608
    with cursor.copy(f"COPY incoming ({names}) FROM STDIN") as copy:
        copy.write("\n".join(map("\t".join, zip(*map(_as_texts, values), strict=True))) + "\n")
    cursor.execute(f"INSERT INTO {table} ({names}) SELECT {names} FROM incoming")  # noqa: S608
    cursor.execute("DROP TABLE incoming")


def _as_texts(values: Sequence[Any]) -> list[str]:
    """The values of a column as COPY reads them; row by row the driver takes four times as long."""
    texts = ["" if value is None else str(value) for value in values]
    together = "".join(texts)
    if any(sign in together for sign in _ESCAPED):
        texts = [text.translate(_ESCAPES) for text in texts]
    if None not in values:
        return texts
    return [r"\N" if value is None else text for value, text in zip(values, texts, strict=True)]


def insert_alike(
    table: str, ids: Sequence[int], column: str, values: Sequence[int], same: Mapping[str, Any]
) -> None:
    """Rows that differ in one whole number: the numbers travel as one parameter, the rest is said once.

    `same` are values as the database holds them.
    """
    if not ids:
        return
    db.session.flush()
    connection = db.session.connection()
    place = table_named(table)
    fixed: list[Any] = [bindparam(None, value) for value in same.values()]
    if connection.dialect.name == "postgresql":
        numbers = (bindparam(None, list(told), ARRAY(BigInteger)) for told in (ids, values))
        rows = select(*(func.unnest(one) for one in numbers), *fixed)
    else:
        told = func.json_each(json.dumps(list(values))).table_valued("key", "value")
        rows = select(told.c.key + ids[0], told.c.value, *fixed)
    connection.execute(insert(place).from_select(["id", column, *same], rows, include_defaults=False))


def _in_database_words(
    table: str, columns: Sequence[str], values: Sequence[Sequence[Any]]
) -> list[Sequence[Any]]:
    """The columns with each value as the driver takes it; one that stands in every row is turned once."""
    dialect, place = db.engine.dialect, table_named(table)
    turned: list[Sequence[Any]] = []
    for name, told in zip(columns, values, strict=True):
        turn = place.c[name].type.dialect_impl(dialect).bind_processor(dialect)
        if turn is None or all(value is None for value in told):
            turned.append(told)
        elif told.count(told[0]) == len(told):
            turned.append([turn(told[0])] * len(told))
        else:
            turned.append([turn(value) for value in told])
    return turned


def write_changes(changes: Sequence[Change]) -> None:
    """Put the new values in their places, all of a row together; values are plain JSON."""
    rows: dict[tuple[str, int], dict[str, Any]] = defaultdict(dict)
    for table, row_id, column, _before, after in changes:
        rows[(table, row_id)][f"new_{column}"] = _typed(table, column, after)
    grouped: dict[tuple[str, tuple[str, ...]], list[dict[str, Any]]] = defaultdict(list)
    for (table, row_id), values in rows.items():
        grouped[(table, tuple(sorted(values)))].append({"row_id": row_id, **values})
    for (table, names), listed in grouped.items():
        place = table_named(table)
        columns: dict[str, Any] = {name.removeprefix("new_"): bindparam(name) for name in names}
        statement = update(place).where(place.c.id == bindparam("row_id")).values(columns)
        db.session.connection().execute(statement, listed)


def _typed(table: str, column: str, value: Any) -> Any:
    kind = table_named(table).c[column].type.python_type
    return date.fromisoformat(value) if kind is date and isinstance(value, str) else value


def until_it_holds(work: Callable[[bool], T]) -> T:
    """Do the work in a savepoint; where another transaction came first, do it again knowing what it wrote.

    The constraints are the judge. `work` is told whether this is the first try.
    """
    broken = (IntegrityError, db.engine.dialect.loaded_dbapi.IntegrityError)  # a COPY speaks for itself
    for attempt in range(1, TRIES + 1):
        try:
            with db.session.begin_nested():
                return work(attempt == 1)
        except broken:
            if attempt == TRIES:
                raise
    raise AssertionError
