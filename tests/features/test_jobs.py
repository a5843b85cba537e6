"""Long work in the real queue: done by workers of its own, resumed after a crash, and never done twice."""

from pathlib import Path

import pytest
from sqlalchemy import text

from gdt import jobs
from gdt.access import OFFICE
from gdt.certification.batches.models import CertificateBatch
from gdt.certification.batches.stages import BatchStage
from gdt.certification.issuing.steering import continue_batch, pause_batch
from gdt.database import db, unit_of_work
from gdt.row_security import owner_engine
from tests.features.certification.stories import order_many
from tests.killing import (
    Workers,
    assert_nothing_doubled_missing_or_torn,
    done_of,
    is_done,
    kill_while_issuing,
    wait_until,
)

STUDENTS, KILLS = 700, 3


@pytest.fixture
def queued(app, monkeypatch):
    """The application of a web process that leaves the work to a worker."""
    monkeypatch.setitem(app.config, "JOBS_MODE", "queue")
    monkeypatch.setitem(app.config, "APPROVAL_OVER", STUDENTS)
    _forget_the_queue(app)
    return app


def _forget_the_queue(app):
    """Another test's batches had the same numbers, and its client writes into a file that is gone."""
    jobs._client.cache_clear()
    if db.engine.dialect.name == "postgresql":
        with owner_engine().begin() as connection:
            connection.execute(text("DROP SCHEMA IF EXISTS dbos CASCADE"))
    for file in app.config["DATA_DIR"].glob("jobs.db*"):
        file.unlink()


@pytest.fixture
def workers(queued):
    started = Workers(queued, presses=2)
    yield started
    started.stop()


def test_workers_killed_at_random_double_nothing_lose_nothing_and_tear_nothing(workers):
    batch_id = order_many(STUDENTS)
    orphans = kill_while_issuing(workers, batch_id, STUDENTS, KILLS)
    wait_until(lambda: is_done(batch_id))
    assert_nothing_doubled_missing_or_torn(batch_id, STUDENTS)
    wait_until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in orphans), 20)


def test_a_paused_batch_survives_its_worker_and_another_one_resumes_it(workers):
    batch_id = order_many(600)
    workers.start()
    wait_until(lambda: done_of(batch_id) > 0)
    with unit_of_work():
        pause_batch(actor=OFFICE, batch=db.session.get(CertificateBatch, batch_id))
    workers.stop()
    paused_at = done_of(batch_id)
    assert 0 < paused_at < 600
    workers.start()
    with unit_of_work():
        continue_batch(actor=OFFICE, batch=db.session.get(CertificateBatch, batch_id))
    wait_until(lambda: is_done(batch_id))
    assert db.session.get(CertificateBatch, batch_id, populate_existing=True).stage is BatchStage.ISSUED
    assert_nothing_doubled_missing_or_torn(batch_id, 600)
