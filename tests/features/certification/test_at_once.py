"""Many at once: processes, people and tabs that want the same certificates get exactly one each."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from gdt.access import OFFICE
from gdt.certification.batches.models import BatchRowState, CertificateBatch, CertificateBatchRow
from gdt.certification.drawing import presses
from gdt.certification.issuing.services import issue_certificate, issue_for_cohort
from gdt.database import db, unit_of_work
from gdt.training.models import Cohort, Enrolment
from tests.factories import TODAY
from tests.features.certification.stories import all_certificates, make_ready_cohort

ROOT = Path(__file__).parents[3]


@pytest.fixture
def environment(app):
    """What makes another process work on the same database and documents."""
    return os.environ | {
        "GDT_DATA_DIR": str(app.config["DATA_DIR"]),
        "GDT_DATABASE_URL": app.config["SQLALCHEMY_DATABASE_URI"].replace("+psycopg", ""),
        "GDT_PRESSES": "0",
        "PYTHONWARNINGS": "ignore",
    }


def assert_one_each(count):
    certificates = all_certificates()
    assert [c.serial for c in certificates] == list(range(1, count + 1)), "no number twice, no gap"
    assert len({c.person_id for c in certificates}) == len({c.code for c in certificates}) == count


def test_eight_processes_that_issue_the_same_cohort_issue_it_once(environment):
    code = make_ready_cohort(20).code
    db.session.remove()
    command = [sys.executable, "-m", "tests.many_processes", "8", "gdt", "issue", "--cohort", code, "--json"]
    subprocess.run(command, cwd=ROOT, env=environment, check=True, timeout=240, stdout=subprocess.DEVNULL)
    assert_one_each(20)
    settled = db.session.query(CertificateBatchRow).all()
    assert sum(row.state is BatchRowState.ISSUED for row in settled) == 20
    assert {row.state for row in settled} <= {BatchRowState.ISSUED, BatchRowState.ALREADY}


def test_120_people_ordered_at_the_same_moment_get_one_certificate_each(app):
    cohort_id = make_ready_cohort(60).id
    people = [one.person_id for one in db.session.query(Enrolment).filter_by(cohort_id=cohort_id)]
    db.session.remove()

    def order(person_id):
        with app.app_context():
            with unit_of_work():
                cohort = db.session.get(Cohort, cohort_id)
                issue_certificate(actor=OFFICE, person_id=person_id, cohort=cohort, issued_on=TODAY)
            db.session.remove()

    with ThreadPoolExecutor(120) as callers:
        assert len(list(callers.map(order, [*people, *people]))) == 120
    assert_one_each(60)
    assert {batch.stage.value for batch in db.session.query(CertificateBatch)} == {"issued"}


@pytest.fixture
def pressed(app, monkeypatch):
    """Two presses draw what is issued."""
    monkeypatch.setitem(app.config, "PRESSES", 2)
    monkeypatch.setattr(presses, "_losses", 0)
    yield presses
    presses.close()


def test_presses_draw_the_same_certificates_as_this_process_would(app, pressed):
    cohort = make_ready_cohort(120)
    assert issue_for_cohort(cohort, actor=OFFICE, issued_on=TODAY)["issued"] == 120
    assert_one_each(120)
    drawn_by = {c.proof.signature_key.name for c in all_certificates()}
    assert len(drawn_by) == 1, "the presses hold the same key"
    assert pressed._losses == 0


def test_when_the_presses_break_the_work_is_done_here(app, pressed, monkeypatch):
    monkeypatch.setattr(presses, "_begin", _fall_over)
    app.logger.disabled = True
    cohort = make_ready_cohort(120)
    assert issue_for_cohort(cohort, actor=OFFICE, issued_on=TODAY)["issued"] == 120
    app.logger.disabled = False
    assert_one_each(120)
    assert pressed._losses > 0


def _fall_over(*_settings):
    os._exit(1)
