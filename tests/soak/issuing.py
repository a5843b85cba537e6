"""The long version of the kill test: fifty kills over ten thousand certificates, then SIGTERM, twice.

On each database: `python -m tests.soak.issuing [CERTIFICATES] [KILLS]`. On two idle cores it takes less than
five minutes.
"""

import sys
import tempfile
import time
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade

from config import TestConfig
from gdt.app import create_app
from gdt.database import db
from tests.features.certification.stories import order_many
from tests.killing import (
    Workers,
    assert_nothing_doubled_missing_or_torn,
    done_of,
    is_done,
    kill_while_issuing,
    wait_until,
)
from tests.postgresql import started


def main() -> None:
    total, kills = (int(word) for word in (*sys.argv[1:], "10000", "50")[:2])
    with tempfile.TemporaryDirectory() as folder, started() as address:
        for url in (f"sqlite:///{folder}/gdt.db", address):
            data = Path(folder) / f"data-{url.partition(':')[0]}"
            data.mkdir()
            soak(create_app(_config(data, url, total)), total, kills)


def soak(app: Flask, total: int, kills: int) -> None:
    with app.app_context():
        upgrade()
        app.logger.disabled = True  # that no worker has made its queue yet
        batch_id, began = order_many(total), time.perf_counter()
        workers = Workers(app, presses=0)  # a press takes longer to start than a worker lives
        try:
            orphans = kill_while_issuing(workers, batch_id, total, kills)
            left = total - done_of(batch_id)
        finally:
            workers.stop()
        workers = Workers(app, presses=2)
        workers.start()
        try:
            wait_until(lambda: is_done(batch_id))
        finally:
            workers.stop()
        seconds = time.perf_counter() - began
        assert_nothing_doubled_missing_or_torn(batch_id, total)
        assert not any(Path(f"/proc/{pid}").exists() for pid in orphans)
        name = db.engine.dialect.name
        db.session.remove()
        db.engine.dispose()
    print(
        f"{name}: {total:,} certificates, {kills} kills, SIGTERM with {left:,} left, {seconds:.0f} s: "
        "0 doubled, 0 missing, 0 torn, numbers without a gap, a mail and a log entry each"
    )


def _config(data: Path, url: str, total: int) -> TestConfig:
    config = TestConfig(data_dir=data, database_url=url)
    config.JOBS_MODE, config.APPROVAL_OVER = "queue", total
    return config


if __name__ == "__main__":
    main()
