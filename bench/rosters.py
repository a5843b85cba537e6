"""Rows of a roster imported a second, end to end, beside a bare bulk insert of the same rows."""

import csv
import io
import sqlite3
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from flask import Flask
from flask_migrate import upgrade
from gdt.training.roster_keeping import import_roster

from config import TestConfig
from gdt.access import OFFICE
from gdt.app import create_app
from gdt.database import db, unit_of_work
from gdt.training.models import Cohort
from tests.factories import make_agreement, make_cohort, make_course, make_institution

ROWS, ROUNDS = 10_000, 5
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


def cases() -> list[dict[str, Any]]:
    """Return the figures, each {name, value, unit, peer, peer_value, ratio}; wall time, SQLite, medians.

    The peer is one `executemany` of the same eight-column rows into one table with a unique number.
    """
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(TestConfig(data_dir=Path(folder), database_url=f"sqlite:///{folder}/gdt.db"))
        with app.app_context():
            upgrade()
            return _measure(app, Path(folder))


def _measure(app: Flask, folder: Path) -> list[dict[str, Any]]:
    institution, course = make_institution(), make_course()
    make_agreement(institution)
    first, again, bare = [], [], []
    for number in range(ROUNDS):
        cohort = make_cohort(institution, course=course)
        rows = [_row(number, n) for n in range(ROWS)]
        first.append(_imported(cohort, rows))
        again.append(_imported(cohort, rows))
        bare.append(_inserted(folder, rows))
        db.session.expire_all()
    peer = ROWS / statistics.median(bare)
    return [
        _figure("roster rows imported, new people", first, peer),
        _figure("roster rows imported, the same file again", again, peer),
    ]


def _row(cohort: int, n: int) -> list[str]:
    number = f"{cohort}-{n:06d}"
    return [f"Student {number}", "陈美玲", number, f"s{number}@utar.example", "F", "FBF", "2026", ""]


def _imported(cohort: Cohort, rows: list[list[str]]) -> float:
    buffer = io.StringIO()
    csv.writer(buffer).writerows([HEADER, *rows])
    data = buffer.getvalue().encode()
    begun = time.perf_counter()
    with unit_of_work():
        outcome = import_roster(
            viewer=OFFICE,
            institution_code=cohort.institution.code,
            cohort_code=cohort.code,
            filename="roster.csv",
            data=data,
        )
    assert outcome["rows_kept"] == ROWS
    return time.perf_counter() - begun


def _inserted(folder: Path, rows: list[list[str]]) -> float:
    connection = sqlite3.connect(folder / "bare.db")
    connection.execute("DROP TABLE IF EXISTS bare")
    connection.execute("CREATE TABLE bare (a, b, c UNIQUE, d, e, f, g, h)")
    begun = time.perf_counter()
    with connection:
        connection.executemany("INSERT INTO bare VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)
    elapsed = time.perf_counter() - begun
    connection.close()
    return elapsed


def _figure(name: str, seconds: list[float], peer: float) -> dict[str, Any]:
    rate = ROWS / statistics.median(seconds)
    return {
        "name": name,
        "value": rate,
        "unit": "rows/s",
        "peer": "bare bulk insert",
        "peer_value": peer,
        "ratio": rate / peer,
    }
