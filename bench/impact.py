"""The leader's page at 100 thousand and 1 million enrolments, beside the bare GROUP BYs of the same rows."""

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from config import TestConfig
from gdt.app import create_app
from gdt.database import db

SIZES = {100_000: 5, 1_000_000: 2}  # enrolments, and how many rounds they are measured in
INSTITUTIONS = 30
# Of each enrolment: 0.7 people, 0.01 cohorts, a quarter of a result and a tenth of a certificate.

NETWORK = """
INSERT INTO regions (id, code, name, position) VALUES (1, 'r1', 'Region 1', 1), (2, 'r2', 'Region 2', 2);
INSERT INTO countries (id, code, m49_subregion, region_id)
  WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 15)
  SELECT i, char(64 + i, 65), '035', 1 + i % 2 FROM n;
INSERT INTO institutions (id, code, name, kind, country_id, city)
  WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 30)
  SELECT i, 'inst' || i, 'Institution ' || i, 'university', 1 + i % 15, 'City' FROM n;
INSERT INTO modules (id, code, title, hours, version)
  VALUES (1, 'M1', 'Module 1', 8, '1'), (2, 'M2', 'Module 2', 8, '1'),
         (3, 'M3', 'Module 3', 8, '1'), (4, 'M4', 'Module 4', 8, '1');
INSERT INTO courses (id, code, title, description)
  VALUES (1, 'C1', 'Course 1', ''), (2, 'C2', 'Course 2', '');
INSERT INTO course_modules (course_id, module_id) VALUES (1, 1), (1, 2), (2, 3), (2, 4);
INSERT INTO exams (id, code, course_id, title, pass_mark, maximum_mark, attempts_allowed, resit_after_days)
  VALUES (1, 'E1', 1, 'Exam 1', 60, 100, 9, 0), (2, 'E2', 2, 'Exam 2', 60, 100, 9, 0);
INSERT INTO cohorts
    (id, code, institution_id, course_id, term, starts_on, ends_on, mode, language, created_at)
  WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :cohorts)
  SELECT i, 'c' || i, 1 + i % 30, 1 + i % 2, 'Term', (2018 + i / 30 % 8) || '-02-01',
         (2018 + i / 30 % 8) || '-06-30', 'online', 'en', '2018-01-01' FROM n;
INSERT INTO cohort_modules (cohort_id, module_id)
  SELECT id, 2 * course_id - 1 FROM cohorts UNION ALL SELECT id, 2 * course_id FROM cohorts;
INSERT INTO sittings (id, code, exam_id, cohort_id, course_id, held_on, platform)
  SELECT id, 's' || id, course_id, id, course_id, ends_on, 'paper' FROM cohorts;
INSERT INTO persons (id, printed_name, name_key, created_at)
  WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :people)
  SELECT i, 'Person ' || i, i || ' person', '2018-01-01' FROM n;
INSERT INTO enrolments (cohort_id, person_id, state, completed_on)
  WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :enrolments),
  placed AS (SELECT i, 1 + i % :people AS person_id,
    1 + (i % 30 + 30 * ((i / 30 * 7919 + i / :people * 31) % (:cohorts / 30))) % :cohorts AS cohort_id FROM n)
  SELECT cohort_id, person_id, CASE WHEN i % 10 THEN 'completed' ELSE 'enrolled' END,
    CASE WHEN i % 10 THEN cohorts.ends_on END FROM placed JOIN cohorts ON cohorts.id = cohort_id;
INSERT INTO results (sitting_id, exam_id, person_id, attempt, mark, outcome, recorded_at)
  SELECT cohort_id, course_id, person_id, enrolments.id, 75, 'passed', '2018-01-01'
  FROM enrolments JOIN cohorts ON cohorts.id = cohort_id WHERE enrolments.id % 4 = 0;
INSERT INTO certificates (number, code, year, serial, kind, thing_earned, edition, person_id, institution_id,
    course_id, cohort_id, issued_on, issued_at, facts, design, file_key, file_sha256, file_size)
  SELECT 'G' || enrolments.id, 'X' || enrolments.id, 2018, enrolments.id,
    CASE WHEN enrolments.id % 100 THEN 'student' ELSE 'teacher' END, 'thing' || enrolments.id, 1, person_id,
    institution_id, course_id, cohort_id, ends_on, '2018-01-01', '{}', 'd', 'k', 'h', 1
  FROM enrolments JOIN cohorts ON cohorts.id = cohort_id WHERE enrolments.id % 10 = 1;
INSERT INTO users (id, email, name, role, session_stamp, created_at)
  VALUES (1, 'leader@gdt.example', 'Leader', 'leader', '1', '2018-01-01');
ANALYZE;
"""
BARE = (
    "SELECT institution_id, strftime('%Y', completed_on), count(*), count(DISTINCT person_id)"
    " FROM enrolments JOIN cohorts ON cohorts.id = cohort_id WHERE completed_on IS NOT NULL GROUP BY 1, 2",
    "SELECT institution_id, strftime('%Y', held_on), count(*) FROM results"
    " JOIN sittings ON sittings.id = sitting_id JOIN cohorts ON cohorts.id = sittings.cohort_id"
    " WHERE outcome <> 'absent' GROUP BY 1, 2",
    "SELECT institution_id, strftime('%Y', held_on), count(DISTINCT person_id) FROM results"
    " JOIN sittings ON sittings.id = sitting_id JOIN cohorts ON cohorts.id = sittings.cohort_id"
    " WHERE outcome = 'passed' GROUP BY 1, 2",
    "SELECT institution_id, strftime('%Y', issued_on), count(*) FROM certificates GROUP BY 1, 2",
    "SELECT institution_id, strftime('%Y', issued_on), count(DISTINCT person_id) FROM certificates"
    " WHERE kind = 'teacher' GROUP BY 1, 2",
)
ROWS_PAGE = "/impact/students-trained?year=2024"
BARE_ROWS = (
    "SELECT count(DISTINCT person_id) FROM enrolments"
    " WHERE completed_on BETWEEN '2024-01-01' AND '2024-12-31'",
    "SELECT min(id), completed_on FROM enrolments WHERE completed_on BETWEEN '2024-01-01' AND '2024-12-31'"
    " GROUP BY person_id ORDER BY completed_on DESC LIMIT 26",
)


def cases() -> list[dict[str, Any]]:
    """Return {name, value, unit, peer, peer_value, ratio}; the ratio says how much longer the page takes.

    The page answers totals, change, trend and every breakdown, each person once in each scope; the peer
    groups the same rows once, by institution and year. Medians of interleaved rounds, wall seconds.
    """
    figures = []
    for size, rounds in SIZES.items():
        with tempfile.TemporaryDirectory() as folder:
            figures += _measure(size, rounds, Path(folder))
    small, large = figures[0]["value"], figures[len(figures) // 2]["value"]
    growth = large / small
    name = "leader's page, 1 million : 100 thousand enrolments"
    return [*figures, _figure(name, growth, "times", "rows", max(SIZES) / min(SIZES))]


def _measure(size: int, rounds: int, folder: Path) -> list[dict[str, Any]]:
    app = create_app(TestConfig(data_dir=folder, database_url=f"sqlite:///{folder / 'gdt.db'}"))
    with app.app_context():
        _fill(size)
        client = _leader(app)
        written = f"{size:,}".replace(",", " ")
        found = [
            _compare(f"leader's page, {written} enrolments", lambda: _get(client, "/impact"), BARE, rounds),
            _compare(
                f"students of a year, {written} enrolments",
                lambda: _get(client, ROWS_PAGE),
                BARE_ROWS,
                rounds,
            ),
        ]
        db.session.remove()
        db.engine.dispose()
        return found


def _fill(size: int) -> None:
    db.create_all()
    cohorts = size // 100 // INSTITUTIONS * INSTITUTIONS
    values = {"cohorts": cohorts, "people": size * 7 // 10, "enrolments": size}
    with db.engine.begin() as connection:
        connection.execute(text("PRAGMA defer_foreign_keys=ON"))
        for statement in filter(str.strip, NETWORK.split(";\n")):
            used = {name: value for name, value in values.items() if f":{name}" in statement}
            connection.execute(text(statement), used)


def _leader(app: Flask) -> FlaskClient:
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"], session["_fresh"] = "1-1", True
    return client


def _get(client: FlaskClient, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 200, response.status


def _run(statements: tuple[str, ...]) -> None:
    with db.engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement)).all()


def _compare(name: str, ours: Callable[[], None], statements: tuple[str, ...], rounds: int) -> dict[str, Any]:
    mine, bare = [], []
    for _round in range(rounds):
        mine.append(_seconds(ours))
        bare.append(_seconds(lambda: _run(statements)))
    value, peer_value = statistics.median(mine), statistics.median(bare)
    return _figure(name, value, "s", "bare GROUP BYs of the same rows", peer_value)


def _seconds(work: Callable[[], None]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _figure(name: str, value: float, unit: str, peer: str, peer_value: float) -> dict[str, Any]:
    return {
        "name": name,
        "value": round(value, 3),
        "unit": unit,
        "peer": peer,
        "peer_value": round(peer_value, 3),
        "ratio": round(value / peer_value, 2),
    }
