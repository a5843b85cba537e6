"""Halting, deciding and steering from the command line, and sweeping files nothing points to."""

import json
from datetime import timedelta

import pytest

from gdt import documents, jobs
from gdt.access import OFFICE, Role
from gdt.certification.batches import halting
from gdt.certification.batches.models import CertificateBatch
from gdt.certification.batches.stages import BatchStage
from gdt.certification.issuing import sweeping
from gdt.certification.issuing.services import order_batch
from gdt.commands import office
from gdt.database import db, now, unit_of_work
from gdt.errors import DomainError
from tests.factories import TODAY, make_user
from tests.features.certification.stories import all_certificates, certified_cohort, make_ready_cohort


@pytest.fixture
def run(app):
    """Run `gdt …` in this process; answers (exit code, what it printed)."""

    def command(*words):
        db.session.remove()
        answer = app.test_cli_runner().invoke(office.gdt, words)
        return answer.exit_code, answer.output

    return command


def the_batch():
    db.session.rollback()
    return db.session.query(CertificateBatch).one()


def ordered(app, students=3, over=2):
    """A batch that waits for approval."""
    cohort = make_ready_cohort(students)
    with pytest.MonkeyPatch.context() as patch, unit_of_work():
        patch.setitem(app.config, "APPROVAL_OVER", over)
        order_batch(actor=OFFICE, cohort=cohort, issued_on=TODAY)
    return the_batch().id


def test_halting_makes_issue_refuse_with_the_reason_until_resume(run):
    code = make_ready_cohort(1).code
    assert run("halt", "--reason", "Key under suspicion.") == (0, "All issuing is halted.\n")
    status, said = run("issue", "--cohort", code)
    assert status == 2 and "Key under suspicion." in said
    status, said = run("issue", "--cohort", code, "--json")
    assert status == 2 and "Key under suspicion." in json.loads(said)["refused"]
    assert run("halt", "--reason", "Again.")[0] == 2
    assert run("resume")[0] == 0
    assert halting.find_halt() is None
    assert run("issue", "--cohort", code) == (0, "1 issued, 0 certified already, 0 not eligible.\n")


def test_issue_refuses_what_a_second_person_must_approve(app, run, monkeypatch):
    monkeypatch.setitem(app.config, "APPROVAL_OVER", 1)
    status, said = run("issue", "--cohort", make_ready_cohort(2).code)
    assert status == 2 and "waits for a second officer" in said
    assert all_certificates() == []


def test_an_officer_approves_by_address_and_nobody_else_can(app, run):
    batch_id = ordered(app)
    make_user(role=Role.OFFICER, email="kofi@gdt.example")
    make_user(role=Role.LEADER, email="leader@gdt.example")
    for who in ("leader@gdt.example", "nobody@gdt.example"):
        status, said = run("batches", "approve", str(batch_id), "--by", who, "--count", "3")
        assert status == 2 and "no officer" in said
    assert run("batches", "approve", str(batch_id), "--by", "kofi@gdt.example", "--count", "2")[0] == 2
    assert all_certificates() == []
    assert run("batches", "approve", str(batch_id), "--by", "kofi@gdt.example", "--count", "3")[0] == 0
    assert len(all_certificates()) == 3
    assert run("batches", "approve", "999", "--by", "kofi@gdt.example", "--count", "3")[0] == 2


def test_batches_are_listed_declined_paused_continued_and_cancelled(app, run, monkeypatch):
    batch_id = str(ordered(app))
    make_user(role=Role.OFFICER, email="kofi@gdt.example")
    assert "awaiting approval" in run("batches", "list")[1]
    assert run("batches", "decline", batch_id, "--by", "kofi@gdt.example", "--reason", "Too early.")[0] == 0
    assert the_batch().stage is BatchStage.DECLINED
    assert run("batches", "list")[1] == "No batch is at work.\n"
    with unit_of_work():
        monkeypatch.setattr(jobs, "start", lambda *arguments, **more: None)
        cohort = make_ready_cohort(2)
        other = str(order_batch(actor=OFFICE, cohort=cohort, issued_on=TODAY).id)
    assert json.loads(run("batches", "pause", other, "--json")[1])["stage"] == "paused"
    assert json.loads(run("batches", "continue", other, "--json")[1])["stage"] == "issuing"
    assert json.loads(run("batches", "cancel", other, "--json")[1]) == {
        "id": int(other),
        "subject": str(db.session.get(CertificateBatch, int(other)).cohort),
        "stage": "cancelled",
        "done": 0,
        "total": 2,
        "waiting": 0,
    }
    assert run("batches", "pause", other)[0] == 2


def test_a_sweep_takes_what_nothing_points_to_and_leaves_everything_else(store, run, monkeypatch):
    certified_cohort(2)
    known = {c.file_key for c in all_certificates()}
    orphan = documents.keep("certificates", b"%PDF- left by a crash", suffix=".pdf")[0]
    filesystem, path = documents._place("certificates/ab/x.pdf.unfinished-1")
    filesystem.makedirs(filesystem._parent(path), exist_ok=True)
    filesystem.pipe_file(path, b"half")
    assert "0 of 0 files removed" in run("documents", "sweep")[1].splitlines()[-1], "all of them are young"
    later = now() + timedelta(hours=30)
    monkeypatch.setattr(sweeping, "now", lambda: later)
    told = json.loads(run("documents", "sweep", "--dry-run", "--json")[1])
    assert set(told["orphans"]) >= {orphan, "certificates/ab/x.pdf.unfinished-1"}
    assert known.isdisjoint(told["orphans"])
    assert documents.read(orphan)
    assert run("documents", "sweep")[0] == 0
    assert [documents.read(key)[:5] for key in known] == [b"%PDF-"] * 2
    left = json.loads(run("documents", "sweep", "--json")[1])
    assert left["orphans"] == []


def test_a_sweep_leaves_what_may_be_on_its_way(run):
    with pytest.raises(DomainError, match="on their way"):
        sweeping.sweep_documents(older_than=timedelta(minutes=59), dry_run=False)
    assert run("documents", "sweep", "--older-than", "0.5")[0] == 2
