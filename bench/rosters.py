"""Rows of a roster imported a second, end to end, beside the raw upsert of the same rows.

The honest case: a million people are known, half of the rows are among them, and the peer writes into a
table of a million rows with a unique number.
"""

import csv
import io
import resource
import sqlite3
import statistics
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask_migrate import upgrade

from config import TestConfig
from gdt.access import OFFICE
from gdt.app import create_app
from gdt.database import db, unit_of_work
from gdt.spreadsheets.reading import read_table
from gdt.training.models import Cohort
from gdt.training.roster_importing import import_roster
from tests.factories import make_agreement, make_cohort, make_course, make_institution

ROWS, ROUNDS, KNOWN = 20_000, 5, 1_000_000
HEADER = [
    "Full name",
    "Name in own script",
    "Student number",
    "E-mail",
    "Gender",
    "Faculty",
    "Intake",
    "Note",
]
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
UPSERT = """
INSERT INTO bare (a, b, c, d, e, f, g, h) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (c) DO UPDATE SET a = excluded.a, b = excluded.b, d = excluded.d, e = excluded.e,
f = excluded.f, g = excluded.g, h = excluded.h
"""


def cases() -> list[dict[str, Any]]:
    """Return the figures, each {name, value, unit, peer, peer_value, ratio}; CPU seconds, SQLite, medians.

    The peer is one `executemany` upsert of the same eight-column rows into one table.
    """
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(TestConfig(data_dir=Path(folder), database_url=f"sqlite:///{folder}/gdt.db"))
        with app.app_context():
            upgrade()
            return _measure(Path(folder))


def _measure(folder: Path) -> list[dict[str, Any]]:
    institution, course = make_institution(), make_course()
    make_agreement(institution)
    connection = _made_known(folder, institution.id)
    first, again, bare, read = [], [], [], []
    for number in range(ROUNDS):
        cohort = make_cohort(institution, course=course)
        rows = [_row(number, n) for n in range(ROWS)]
        data = _as_csv(rows)
        read.append(_timed(lambda data=data: _read(data)))
        first.append(_timed(lambda data=data, cohort=cohort: _imported(cohort, data)))
        again.append(_timed(lambda data=data, cohort=cohort: _imported(cohort, data)))
        bare.append(_timed(lambda rows=rows: _upserted(connection, rows)))
        db.session.expire_all()
    connection.close()
    return [
        _figure("roster rows imported, a million known", first, "raw upsert, a million rows", bare),
        _figure("roster rows imported, the same file again", again, "reading the file", read),
    ]


def _made_known(folder: Path, institution_id: int) -> sqlite3.Connection:
    with unit_of_work():
        register = db.session.connection()
        register.exec_driver_sql(PERSONS.format(known=KNOWN))
        register.exec_driver_sql(AFFILIATIONS.format(known=KNOWN, institution=institution_id))
    connection = sqlite3.connect(folder / "bare.db")
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    with connection:
        connection.execute("CREATE TABLE bare (id INTEGER PRIMARY KEY, a, b, c UNIQUE, d, e, f, g, h)")
        connection.execute(BARE.format(known=KNOWN))
    return connection


def _row(cohort: int, n: int) -> list[str]:
    if n % 2:
        known = (cohort * ROWS + n) * 7919 % KNOWN + 1
        return [f"Known {known}", "陈美玲", f"K{known}", f"k{known}@utar.example", "F", "FBF", "2026", ""]
    number = f"{cohort}-{n:06d}"
    return [f"Student {number}", "陈美玲", number, f"s{number}@utar.example", "F", "FBF", "2026", ""]


def _as_csv(rows: list[list[str]]) -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer).writerows([HEADER, *rows])
    return buffer.getvalue().encode()


def _timed(work: Callable[[], object]) -> float:
    """CPU seconds of this process and of those that read files for it."""
    begun = _seconds()
    work()
    return _seconds() - begun


def _seconds() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def _read(data: bytes) -> None:
    assert sum(1 for _row in read_table(data, "roster.csv").rows) == ROWS


def _imported(cohort: Cohort, data: bytes) -> None:
    with unit_of_work():
        outcome = import_roster(
            viewer=OFFICE,
            institution_code=cohort.institution.code,
            cohort_code=cohort.code,
            filename="roster.csv",
            data=data,
        )
    assert outcome["rows_kept"] == ROWS


def _upserted(connection: sqlite3.Connection, rows: list[list[str]]) -> None:
    with connection:
        connection.executemany(UPSERT, rows)


def _figure(name: str, seconds: list[float], peer: str, theirs: list[float]) -> dict[str, Any]:
    rate, other = ROWS / statistics.median(seconds), ROWS / statistics.median(theirs)
    return {
        "name": name,
        "value": rate,
        "unit": "rows/CPU s",
        "peer": peer,
        "peer_value": other,
        "ratio": rate / other,
    }
