"""Long work in the real queue: done by a worker of its own, resumed after a crash, and never done twice."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from gdt import documents
from gdt.access import OFFICE
from gdt.certification.batch_models import CertificateBatch
from gdt.certification.models import Certificate
from gdt.certification.services import order_batch
from gdt.database import db, unit_of_work
from gdt.jobs import JobState
from tests.factories import TODAY
from tests.features.certification.stories import make_ready_cohort

ROOT = Path(__file__).parents[2]
STUDENTS = 120


@pytest.fixture
def queued(app):
    """The application of a web process that leaves the work to a worker."""
    app.config["JOBS_MODE"] = "queue"
    yield app
    app.config["JOBS_MODE"] = "here"


@pytest.fixture
def start_worker(app):
    """Start `flask gdt worker` on the same database and documents, as often as a test kills it."""
    environment = os.environ | {
        "GDT_DATA_DIR": str(app.config["DATA_DIR"]),
        "GDT_DATABASE_URL": app.config["SQLALCHEMY_DATABASE_URI"].replace("+psycopg", ""),
        "GDT_EXECUTOR_ID": "worker-1",
        "PYTHONWARNINGS": "ignore",
    }
    workers = []

    def start() -> subprocess.Popen:
        command = [sys.executable, "-m", "flask", "--app", "wsgi", "gdt", "worker"]
        workers.append(subprocess.Popen(command, cwd=ROOT, env=environment))
        return workers[-1]

    yield start
    for worker in workers:
        if worker.poll() is None:
            worker.terminate()
        worker.wait(timeout=30)


def wait_for(batch_id, is_reached, seconds=90):
    """The batch once it has got where the test wants it."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        db.session.rollback()
        batch = db.session.get(CertificateBatch, batch_id, populate_existing=True)
        if is_reached(batch):
            return batch
        time.sleep(0.02)
    raise AssertionError(f"The batch stands at {batch.job_done} of {batch.job_total}: {batch.job_state}")


def test_a_batch_ordered_while_no_worker_runs_survives_two_kills_of_its_worker(queued, start_worker):
    cohort = make_ready_cohort(STUDENTS)
    with unit_of_work():
        batch_id = order_batch(actor=OFFICE, cohort=cohort, issued_on=TODAY).id
    for portion in (1, 26):
        worker = start_worker()
        wait_for(batch_id, lambda batch, n=portion: batch.job_done >= n)
        worker.send_signal(signal.SIGKILL)
        worker.wait()
    start_worker()
    batch = wait_for(batch_id, lambda batch: batch.is_finished)
    assert (batch.job_state, batch.job_done) == (JobState.DONE, STUDENTS)
    certificates = db.session.query(Certificate).order_by(Certificate.serial).all()
    assert [certificate.serial for certificate in certificates] == list(range(1, STUDENTS + 1))
    assert len({certificate.person_id for certificate in certificates}) == STUDENTS
    assert all(documents.read(certificate.file_key).startswith(b"%PDF-") for certificate in certificates)
