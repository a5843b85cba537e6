"""Fifty random networks with their histories on both databases: every number is what plain counting finds.

Each network is changed forty times over (merges, moves, revocations, headcounts, genders, year edges),
and looked at through every face there is: pages, CSV, XLSX, PDF, API and command line.
`python -m tests.soak.figures [NETWORKS]`; one database a process: `… 50 sqlite`.
"""

import sys
import tempfile
import time
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade

from config import TestConfig
from gdt.access import Role
from gdt.app import create_app
from gdt.database import db
from tests.browser import Browser
from tests.emptying import forget_every_row
from tests.factories import make_session, make_user
from tests.features.impact.histories import History
from tests.features.impact.networks import present_oracle
from tests.features.impact.test_histories import assert_all_numbers, assert_every_face
from tests.postgresql import started

NETWORKS = 50


def main(networks: int, databases: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        if "sqlite" in databases:
            _soak(folder, f"sqlite:///{folder}/gdt.db", networks)
        if "postgresql" in databases:
            with started() as url:
                _soak(folder, url, networks)


def _soak(folder: str, url: str, networks: int) -> None:
    app = create_app(TestConfig(data_dir=Path(folder), database_url=url))
    app.test_client_class = Browser
    begun = time.monotonic()
    with app.app_context():
        upgrade()
        for done in range(1, networks + 1):
            _try(app, 999 + done)
            if done % 5 == 0 or done == networks:
                spent = f"{time.monotonic() - begun:.0f} s"
                print(f"{db.engine.dialect.name}: {done} networks, 0 differences, {spent}", flush=True)


def _try(app: Flask, seed: int) -> None:
    """One network: its seed is told where a number differs."""
    history = History(seed)
    for _ in range(2):
        history.go_on(20)
        try:
            assert_all_numbers(present_oracle())
        except AssertionError as error:
            raise SystemExit(f"seed {seed}: {error}") from error
    try:
        assert_every_face(app, leader_of(app), present_oracle(), seed)
    except AssertionError as error:
        raise SystemExit(f"seed {seed}: {error}") from error
    db.session.remove()
    forget_every_row()


def leader_of(app: Flask) -> Browser:
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"], session["_fresh"] = make_session(make_user(role=Role.LEADER)), True
    return client


if __name__ == "__main__":
    asked = sys.argv[1:]
    main(int(asked[0]) if asked else NETWORKS, asked[1:] or ["sqlite", "postgresql"])
