"""A roster of 100,000 rows end to end, beside the raw upsert of the same rows: part 2 of what fast means.

The honest case: a million people are known, half of the rows are among them, and the peer writes into a
table of a million rows with a unique number. Whatever a figure is held against is measured in the same run.
"""

import csv
import io
import resource
import sqlite3
import statistics
import tempfile
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import xlsxwriter
from flask import current_app
from flask_migrate import upgrade

from bench.roster_memory import SIZES, megabytes_of
from config import TestConfig
from gdt import audit
from gdt.access import OFFICE, Role
from gdt.app import create_app
from gdt.database import db, unit_of_work
from gdt.imports.checking import hand_in
from gdt.jobs import run_here
from gdt.spreadsheets.reading import read_table
from gdt.training.models import Cohort
from gdt.training.roster_importing import import_roster
from gdt.training.roster_kind import ROSTER, subject_of
from tests.factories import (
    make_agreement,
    make_cohort,
    make_course,
    make_institution,
    make_session,
    make_user,
)

ROWS, ROUNDS, KNOWN, CHECKED, PAGE_SECONDS = 100_000, 5, 1_000_000, 10_000, 2.0
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
    took: dict[str, list[float]] = defaultdict(list)
    for number in range(ROUNDS):
        text, book = make_cohort(institution, course=course), make_cohort(institution, course=course)
        rows = [_row(2 * number, n) for n in range(ROWS)]
        data = _as_csv(rows)
        took["read"].append(_timed(lambda data=data: _read(data)))
        took["bare"].append(_timed(lambda rows=rows: _upserted(connection, rows)))
        took["csv"].append(_timed(lambda cohort=text, data=data: _imported(cohort, data)))
        took["again"].append(_timed(lambda cohort=text, data=data: _imported(cohort, data)))
        with unit_of_work():
            audit.record(OFFICE, "moved the register", institution, "Somebody did something.")
        took["moved"].append(_timed(lambda cohort=text, data=data: _imported(cohort, data)))
        packed = _as_book([_row(2 * number + 1, n) for n in range(ROWS)])
        took["xlsx"].append(_timed(lambda cohort=book, data=packed: _imported(cohort, data, "roster.xlsx")))
        db.session.expire_all()
    connection.close()
    upsert, read = ("raw upsert, a million rows", took["bare"]), ("reading the file", took["read"])
    return [
        _figure("roster rows imported, a million known", took["csv"], *upsert),
        _figure("roster rows imported from .xlsx, a million known", took["xlsx"], *upsert),
        _figure("roster rows imported, the same file again", took["again"], *read),
        _figure("the same file again, the register moved since", took["moved"], *read),
        *_memory(folder, institution, course),
        _first_sight(institution, course),
    ]


def _memory(folder: Path, institution: Any, course: Any) -> list[dict[str, Any]]:
    """The most memory of processes that each keep one file: the first is what the others are held against."""
    took = []
    for number, size in enumerate(SIZES):
        cohort = make_cohort(institution, course=course)
        (folder / "m.csv").write_bytes(_as_csv([_row(1_000 + number, n) for n in range(size)]))
        codes = institution.code, cohort.code
        db.session.rollback()  # that this process holds no lock meanwhile
        took.append(megabytes_of(folder, *codes, "m.csv"))
    return [
        _told(f"memory while {size:,} rows are kept", mb, "MB", f"{SIZES[0]:,} rows", took[0])
        for size, mb in zip(SIZES[1:], took[1:], strict=True)
    ]


def _first_sight(institution: Any, course: Any) -> dict[str, Any]:
    """From a file that was read to the page that shows what keeping it would do."""
    user, took = make_user(role=Role.COORDINATOR, institution=institution), []
    client = current_app.test_client()
    with client.session_transaction() as session:
        session["_user_id"], session["_fresh"] = make_session(user), True
    for number in range(ROUNDS):
        cohort = make_cohort(institution, course=course)
        with unit_of_work():
            data = _as_csv([_row(2_000 + number, n) for n in range(CHECKED)])
            about = {"kind": ROSTER, "subject": subject_of(cohort), "filename": "roster.csv"}
            upload_id = hand_in(actor=OFFICE, data=data, **about).id
        run_here("uploads", upload_id)
        took.append(_timed(lambda page=f"/imports/{upload_id}": _seen(client, page)))
    seconds = statistics.median(took)
    return _told("first sight of 10,000 checked rows", seconds, "CPU s a page", "limit", PAGE_SECONDS)


def _seen(client: Any, page: str) -> None:
    answer = client.get(page)
    assert answer.status_code == 200
    assert "Student 2" in answer.text


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


def _as_book(rows: list[list[str]]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        for line, row in enumerate([HEADER, *rows]):
            sheet.write_row(line, 0, row)
    return out.getvalue()


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


def _imported(cohort: Cohort, data: bytes, filename: str = "roster.csv") -> None:
    with unit_of_work():
        outcome = import_roster(
            viewer=OFFICE,
            institution_code=cohort.institution.code,
            cohort_code=cohort.code,
            filename=filename,
            data=data,
        )
    assert outcome["rows_kept"] == ROWS


def _upserted(connection: sqlite3.Connection, rows: list[list[str]]) -> None:
    with connection:
        connection.executemany(UPSERT, rows)


def _figure(name: str, seconds: list[float], peer: str, theirs: list[float]) -> dict[str, Any]:
    return _told(
        name, ROWS / statistics.median(seconds), "rows/CPU s", peer, ROWS / statistics.median(theirs)
    )


def _told(name: str, value: float, unit: str, peer: str, other: float) -> dict[str, Any]:
    ratio = value / other
    return {"name": name, "value": value, "unit": unit, "peer": peer, "peer_value": other, "ratio": ratio}
