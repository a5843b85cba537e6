"""The counters behind the throttles, shared by all processes: in a small SQLite file, or in PostgreSQL.

What a counter is about (an address, as a rule) is kept as a hash only, and forgotten when its time is over.
"""

import random
import time
from hashlib import blake2b
from typing import Any

from limits.storage import Storage
from sqlalchemy import URL, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import SQLAlchemyError

SCHEME = "counters+"
SCHEMES: list[str] | None = [f"{SCHEME}{kind}" for kind in ("sqlite", "postgresql", "postgresql+psycopg")]
_SWEEP_ONE_IN = 200
_PLACES = {
    "sqlite": (
        "counters",
        ("CREATE TABLE IF NOT EXISTS counters (name TEXT PRIMARY KEY, hits INTEGER, ends_at REAL)",),
    ),
    "postgresql": (  # a schema of its own, which migrations do not look at
        "throttles.counters",
        (
            "CREATE SCHEMA IF NOT EXISTS throttles",
            "CREATE UNLOGGED TABLE IF NOT EXISTS throttles.counters"
            " (name TEXT PRIMARY KEY, hits INTEGER, ends_at DOUBLE PRECISION)",
        ),
    ),
}
_HIT = """
    INSERT INTO {table} AS c (name, hits, ends_at) VALUES (:name, :amount, :end)
    ON CONFLICT (name) DO UPDATE SET
        hits = CASE WHEN c.ends_at <= :now THEN :amount ELSE c.hits + :amount END,
        ends_at = CASE WHEN c.ends_at <= :now THEN :end ELSE c.ends_at END
    RETURNING hits
"""


class DatabaseCounters(Storage):
    """Counts in fixed windows, one statement a hit, so that two processes never count past each other."""

    STORAGE_SCHEME = SCHEMES

    def __init__(self, uri: str, wrap_exceptions: bool = False, **_options: Any) -> None:
        super().__init__(uri, wrap_exceptions=wrap_exceptions)
        self.engine = _engine(make_url(uri.removeprefix(SCHEME)))
        self.table, self._schema = _PLACES[self.engine.dialect.name]
        self._is_there = False

    @property
    def base_exceptions(self) -> type[Exception]:
        return SQLAlchemyError

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        now = time.time()
        if random.randrange(_SWEEP_ONE_IN) == 0:  # noqa: S311  (when to sweep is no secret)
            self._ask("DELETE FROM {table} WHERE ends_at <= :now", now=now)
        return int(self._ask(_HIT, name=_hashed(key), amount=amount, now=now, end=now + expiry) or 0)

    def get(self, key: str) -> int:
        query = "SELECT hits FROM {table} WHERE name = :name AND ends_at > :now"
        return int(self._ask(query, name=_hashed(key), now=time.time()) or 0)

    def get_expiry(self, key: str) -> float:
        query = "SELECT ends_at FROM {table} WHERE name = :name AND ends_at > :now"
        return float(self._ask(query, name=_hashed(key), now=time.time()) or time.time())

    def check(self) -> bool:
        try:
            return bool(self._ask("SELECT 1") == 1)
        except SQLAlchemyError:
            return False

    def reset(self) -> int | None:
        self._ask("DELETE FROM {table}")
        return None

    def clear(self, key: str) -> None:
        self._ask("DELETE FROM {table} WHERE name = :name", name=_hashed(key))

    def _ask(self, statement: str, **values: Any) -> Any:
        """Run one statement of its own transaction; answer the first value of its first row, if any."""
        if not self._is_there:
            self._make_place()
        with self.engine.connect() as connection:
            found = connection.execute(text(statement.format(table=self.table)), values)
            return found.scalar() if found.returns_rows else None

    def _make_place(self) -> None:
        with self.engine.connect() as connection:
            for statement in self._schema:
                try:
                    connection.execute(text(statement))
                except SQLAlchemyError:  # another process made it in this very moment; else this fails, too
                    connection.execute(text(statement))
        self._is_there = True


def _engine(url: URL) -> Engine:
    """Every statement commits by itself, and waits for no disk: a throttle may be lost with the machine."""
    is_file = url.get_backend_name() == "sqlite"
    options = {} if is_file else {"connect_args": {"options": "-c synchronous_commit=off"}}
    engine = create_engine(url, isolation_level="AUTOCOMMIT", pool_pre_ping=not is_file, **options)
    if is_file:
        event.listen(engine, "connect", _prepare_file)
    return engine


def _prepare_file(connection: Any, _record: Any) -> None:
    for pragma in ("busy_timeout=5000", "journal_mode=WAL", "synchronous=OFF"):
        connection.execute(f"PRAGMA {pragma}")


def _hashed(key: str) -> str:
    return blake2b(key.encode(), digest_size=16).hexdigest()
