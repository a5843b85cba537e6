"""The state of a database as a manifest tells it, read on one connection and so at one moment."""

from collections.abc import Iterator

from sqlalchemy import Connection, inspect, text

from certificates.merkle import Frontier, leaf_hash
from gdt.backups.manifest import Register

VERSION_TABLE = "alembic_version"
_AT_ONCE = 5_000


def state_of(connection: Connection) -> Register:
    """Count every row, and compute the log's root out of its entries."""
    tables = sorted(set(inspect(connection).get_table_names()) - {VERSION_TABLE})
    log = _log(connection) if "log_leaves" in tables else Frontier()
    return Register(
        kind=connection.dialect.name,
        revision=revision_of(connection),
        rows={table: count(connection, table) for table in tables},
        log_size=log.size,
        log_root=log.root.hex(),
    )


def revision_of(connection: Connection) -> str:
    """Which migration the schema is at; empty for a database without one."""
    if not inspect(connection).has_table(VERSION_TABLE):
        return ""
    found = connection.scalar(text(f"SELECT version_num FROM {VERSION_TABLE}"))  # noqa: S608
    return str(found or "")


def is_empty(connection: Connection) -> bool:
    """Whether no table holds a row, whatever the schema."""
    tables = set(inspect(connection).get_table_names()) - {VERSION_TABLE}
    return not any(_has_row(connection, table) for table in tables)


def count(connection: Connection, table: str) -> int:
    return int(connection.scalar(text(f"SELECT count(*) FROM {_quoted(connection, table)}")) or 0)  # noqa: S608


def _has_row(connection: Connection, table: str) -> bool:
    query = text(f"SELECT 1 FROM {_quoted(connection, table)} LIMIT 1")  # noqa: S608
    return connection.scalar(query) is not None


def _quoted(connection: Connection, table: str) -> str:
    return connection.dialect.identifier_preparer.quote(table)


def _log(connection: Connection) -> Frontier:
    frontier = Frontier()
    for leaves in _leaves(connection):
        frontier = frontier.extended(leaf_hash(leaf.encode()) for leaf in leaves)
    return frontier


def _leaves(connection: Connection) -> Iterator[list[str]]:
    after = -1
    query = text(
        "SELECT position, leaf FROM log_leaves WHERE position > :after ORDER BY position LIMIT :at_once"
    )
    while found := connection.execute(query, {"after": after, "at_once": _AT_ONCE}).all():
        yield [leaf for _position, leaf in found]
        after = found[-1][0]
