"""The database of a large installation: every table by COPY out of one snapshot, and back into its schema.

`pg_dump` is not used: an older one refuses a newer server, it is not on every machine, and only what the
suite restores on every run can be trusted. The schema comes from our own migrations.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any, cast

from flask_migrate import upgrade
from psycopg import Cursor
from sqlalchemy import Connection, inspect, text

from gdt.backups.manifest import Register
from gdt.backups.package import DATABASE, Package, PackageWriter
from gdt.backups.register_state import VERSION_TABLE, state_of
from gdt.database import db, reading
from gdt.errors import DomainError
from gdt.row_security import owner_engine

TABLES = f"{DATABASE}tables.json"
WRITTEN_BY_TRIGGERS = ("counting_marks", "held_changes")  # as the others are filled: emptied, and filled last
FORCED = "SELECT oid::regclass FROM pg_class WHERE relforcerowsecurity"
MAY_MAKE_TABLES = "SELECT has_schema_privilege(current_schema(), 'CREATE')"
OUR_FUNCTIONS = """
    SELECT oid::regprocedure FROM pg_proc AS ours WHERE pronamespace = current_schema()::regnamespace
    AND NOT EXISTS (SELECT 1 FROM pg_depend WHERE objid = ours.oid AND deptype = 'e')
"""


def copy_out(package: PackageWriter) -> Register:
    """Add every table as it is at this moment; returns the state of the same moment."""
    with reading(snapshot=True):
        connection = db.session.connection()
        tables = [_described(connection, table) for table in _in_order(connection)]
        for table in tables:
            package.add(_part(table), _Stream(connection, table), packed=True)  # type: ignore[arg-type]
        package.add(TABLES, BytesIO(json.dumps(tables, indent=1).encode()))
        return state_of(connection)


def put_back(package: Package) -> None:
    """Replace the whole database: its schema made anew, and all rows in one transaction that is checked."""
    wanted, tables = package.manifest.register, json.loads(package.read(TABLES))
    with owner_engine().begin() as connection:
        _clear(connection)
    upgrade(revision=wanted.revision)
    with owner_engine().begin() as connection, _policies_resting(connection):
        for table in sorted(tables, key=lambda table: table["name"] in WRITTEN_BY_TRIGGERS):
            if table["name"] in WRITTEN_BY_TRIGGERS:
                connection.execute(text(f"DELETE FROM {table['name']}"))  # noqa: S608  (a name of ours)
            _load(connection, package, table)
        if state_of(connection) != wanted:
            raise DomainError("What was restored is not what the manifest describes; the database is empty.")
    with owner_engine().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))


@contextmanager
def _policies_resting(connection: Connection) -> Iterator[None]:
    """COPY writes past policies or not at all; they bind the owner again before anything is committed."""
    forced = connection.scalars(text(FORCED)).all()
    for table in forced:
        connection.execute(text(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY"))
    yield
    for table in forced:
        connection.execute(text(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY"))


class _Stream:
    """The rows of a table, read as a file."""

    def __init__(self, connection: Connection, table: dict[str, Any]) -> None:
        self.copy = _cursor(connection).copy(f"COPY {_columns(connection, table)} TO STDOUT")
        self.chunks: Any = None

    def read(self, _size: int) -> bytes:
        if self.chunks is None:
            self.chunks = self.copy.__enter__()
        chunk = bytes(self.chunks.read())
        if not chunk:
            self.copy.__exit__(None, None, None)
        return chunk


def _load(connection: Connection, package: Package, table: dict[str, Any]) -> None:
    """One statement a table, so that rows which point to others of the same table are checked at its end."""
    statement = f"COPY {_columns(connection, table)} FROM STDIN"
    with package.open(_part(table)) as source, _cursor(connection).copy(statement) as target:
        while chunk := source.read(1 << 20):
            target.write(chunk)
    if table["sequence"] is not None:
        last, is_called = table["sequence"]
        connection.execute(
            text("SELECT setval(pg_get_serial_sequence(:table, 'id'), :last, :is_called)"),
            {"table": table["name"], "last": last, "is_called": is_called},
        )


def _clear(connection: Connection) -> None:
    """Take away what is there: tables, the functions of their triggers, and the queue of the old rows."""
    quote = connection.dialect.identifier_preparer.quote
    for table in inspect(connection).get_table_names():
        connection.execute(text(f"DROP TABLE {quote(table)} CASCADE"))
    for function in connection.scalars(text(OUR_FUNCTIONS)).all():
        connection.execute(text(f"DROP FUNCTION {function} CASCADE"))
    connection.execute(text("DROP SCHEMA IF EXISTS dbos CASCADE"))


def _in_order(connection: Connection) -> list[str]:
    """Every table after those it points to."""
    found = inspect(connection).get_sorted_table_and_fkc_names()
    if found[-1][0] is None and found[-1][1]:
        raise DomainError(f"Tables point to each other in a circle: {found[-1][1]}")
    return [table for table, _keys in found if table and table != VERSION_TABLE]


def _described(connection: Connection, table: str) -> dict[str, Any]:
    columns = [column["name"] for column in inspect(connection).get_columns(table)]
    find = text("SELECT pg_get_serial_sequence(:table, 'id')")
    sequence = connection.scalar(find, {"table": table}) if "id" in columns else None
    last = sequence and connection.execute(text(f"SELECT last_value, is_called FROM {sequence}")).one()  # noqa: S608
    return {"name": table, "columns": columns, "sequence": list(last) if last else None}


def _columns(connection: Connection, table: dict[str, Any]) -> str:
    quote = connection.dialect.identifier_preparer.quote
    return f"{quote(table['name'])} ({', '.join(quote(column) for column in table['columns'])})"


def _cursor(connection: Connection) -> Cursor[Any]:
    return cast("Cursor[Any]", connection.connection.cursor())


def _part(table: dict[str, Any]) -> str:
    return f"{DATABASE}{table['name']}.copy"


def refuse_login_without_tables(connection: Connection) -> None:
    """Raise DomainError for a login that may make no tables, before anything is touched."""
    if connection.dialect.name == "postgresql" and not connection.scalar(text(MAY_MAKE_TABLES)):
        raise DomainError(
            "This login may make no tables here. Set GDT_DATABASE_OWNER_URL to the address with the login "
            "that owns the database, and restore again. Nothing was touched."
        )
