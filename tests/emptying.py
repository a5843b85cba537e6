"""How the databases of the suite are emptied between two tests."""

from sqlalchemy import Connection, text

from gdt.database import db


def forget_every_row() -> None:
    """Forget every row, so that each test begins with nothing; only tables that hold one are touched."""
    tables = [table.name for table in reversed(db.metadata.sorted_tables)]
    with db.engine.begin() as connection:
        held = " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM {name})" for name in tables)
        filled = list(connection.scalars(text(held)))
        if db.engine.dialect.name == "postgresql":
            _empty_postgresql(connection, filled)
        else:
            _empty_sqlite(connection, filled)


def _empty_postgresql(connection: Connection, tables: list[str]) -> None:
    connection.execute(text("SET LOCAL session_replication_role = replica"))  # no triggers, no foreign keys
    for table in tables:
        connection.execute(text(f"DELETE FROM {table}"))
        if "id" in db.metadata.tables[table].columns:
            connection.execute(text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), 1, false)"))


def _empty_sqlite(connection: Connection, tables: list[str]) -> None:
    connection.execute(text("PRAGMA defer_foreign_keys=ON"))
    guards = connection.execute(text("SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger'"))
    in_the_way = [guard for guard in guards if guard.tbl_name in tables]
    for guard in in_the_way:
        connection.execute(text(f"DROP TRIGGER {guard.name}"))
    for table in tables:
        connection.execute(text(f"DELETE FROM {table}"))
    for guard in in_the_way:
        connection.execute(text(guard.sql))
