"""What rosters are held against: an upsert of the same rows into one bare table of as many known rows."""

import os
import resource
import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Callable
from pathlib import Path

import psycopg
from sqlalchemy import text

from gdt.database import db
from gdt.row_security import owner_engine

PERSONS = """
INSERT INTO persons (id, printed_name, native_name, email, gender, created_at, name_key)
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {known})
SELECT i, 'Known ' || i, '陈美玲', 'k' || i || '@utar.example', 'female', '2026-01-01 00:00:00.000000',
i || ' known' FROM n
"""
AFFILIATIONS = """
INSERT INTO affiliations (person_id, institution_id, role, own_number, from_on)
SELECT id, {institution}, 'student', 'K' || id, '2026-01-01' FROM persons WHERE id <= {known}
"""
BARE = """
INSERT INTO bare (a, b, c, d, e, f, g, h)
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {known})
SELECT 'Known ' || i, '陈美玲', 'K' || i, 'k' || i || '@utar.example', 'F', 'FBF', '2026', '' FROM n
"""
CONFLICT = """
ON CONFLICT (c) DO UPDATE SET a = excluded.a, b = excluded.b, d = excluded.d, e = excluded.e,
f = excluded.f, g = excluded.g, h = excluded.h
"""
INTO = "INSERT INTO bare (a, b, c, d, e, f, g, h)"
NEXT_PERSON = "SELECT setval(pg_get_serial_sequence('persons', 'id'), (SELECT max(id) FROM persons))"


class Peer(ABC):
    """A bare table with a unique number, and the processor time that is spent on it and on ours."""

    name: str
    database: str

    @abstractmethod
    def upsert(self, rows: list[list[str]]) -> None:
        """Write the rows in one transaction, durably."""

    @abstractmethod
    def close(self) -> None:
        """Let go of the table."""

    def seconds(self) -> float:
        """CPU seconds of this process and of those that work for it."""
        used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        return sum(one.ru_utime + one.ru_stime for one in used)

    def timed(self, work: Callable[[], object]) -> float:
        begun = self.seconds()
        work()
        return self.seconds() - begun


class SQLitePeer(Peer):
    """`executemany`, the fastest there is."""

    name, database = "raw upsert, a million rows", "SQLite"

    def __init__(self, folder: Path, known: int) -> None:
        self.connection = sqlite3.connect(folder / "bare.db")
        self.connection.execute("PRAGMA journal_mode=WAL")
        self.connection.execute("PRAGMA synchronous=FULL")
        with self.connection:
            self.connection.execute(
                "CREATE TABLE bare (id INTEGER PRIMARY KEY, a, b, c UNIQUE, d, e, f, g, h)"
            )
            self.connection.execute(BARE.format(known=known))

    def upsert(self, rows: list[list[str]]) -> None:
        with self.connection:
            self.connection.executemany(f"{INTO} VALUES (?, ?, ?, ?, ?, ?, ?, ?) {CONFLICT}", rows)

    def close(self) -> None:
        self.connection.close()


class PostgreSQLPeer(Peer):
    """COPY into a staging table, INSERT … SELECT … ON CONFLICT from there; the server's time counts too."""

    name, database = "COPY, then upsert, a million rows", "PostgreSQL"

    def __init__(self, url: str, known: int) -> None:
        self.connection = psycopg.connect(url)
        with self.connection.transaction():
            columns = "a text, b text, c text UNIQUE, d text, e text, f text, g text, h text"
            self.connection.execute(f"CREATE TABLE bare (id serial PRIMARY KEY, {columns})")
            self.connection.execute(BARE.format(known=known))
        self.connection.autocommit = True
        self.connection.execute("ANALYZE bare")

    def upsert(self, rows: list[list[str]]) -> None:
        with self.connection.transaction(), self.connection.cursor() as cursor:
            cursor.execute(
                "CREATE TEMPORARY TABLE staging (a text, b text, c text, d text, e text, f text, g text,"
                " h text) ON COMMIT DROP"
            )
            with cursor.copy("COPY staging FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            cursor.execute(f"{INTO} SELECT * FROM staging {CONFLICT}")  # noqa: S608

    def seconds(self) -> float:
        return super().seconds() + sum(map(_of_process, self._servers()))

    def _servers(self) -> list[int]:
        found = self.connection.execute(
            "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend'"
        )
        return [row[0] for row in found]

    def close(self) -> None:
        self.connection.close()


def _of_process(process_id: int) -> float:
    told = Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()
    return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")


def make_known(known: int, institution_id: int) -> None:
    """Put so many people of one institution into the register."""
    is_postgresql = db.engine.dialect.name == "postgresql"
    db.session.commit()
    with owner_engine().begin() as register:
        register.execute(text(PERSONS.format(known=known)))
        register.execute(text(AFFILIATIONS.format(known=known, institution=institution_id)))
        if is_postgresql:
            register.execute(text(NEXT_PERSON))
            register.execute(text("ANALYZE"))
