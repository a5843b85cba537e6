"""One switch halts all issuing, of batches, single certificates and commands, until it is turned back."""

from threading import Event, Thread

import pytest

from gdt import jobs
from gdt.access import OFFICE, Role
from gdt.audit import AuditEvent
from gdt.certification.batches import halting
from gdt.certification.batches.models import CertificateBatch
from gdt.certification.batches.stages import BatchStage
from gdt.certification.issuing import issuing, portions
from gdt.certification.issuing.services import issue_for_cohort, order_batch
from gdt.database import db, unit_of_work
from gdt.errors import DomainError
from tests.browser import submit
from tests.factories import TODAY
from tests.features.certification.stories import all_certificates, certified_cohort, make_ready_cohort

WHY = "The signing key may have been copied."


def halt(reason=WHY):
    with unit_of_work():
        halting.halt_issuing(actor=OFFICE, reason=reason)


def go_on():
    with unit_of_work():
        return halting.resume_issuing(actor=OFFICE)


@pytest.fixture
def at_work(app, monkeypatch):
    """The id of a batch of six of which a worker has done four."""
    monkeypatch.setitem(app.config, "JOBS_MODE", "queue")
    monkeypatch.setattr(jobs, "_enqueue", lambda *arguments: None)
    monkeypatch.setattr(portions, "SIZE", 4)
    cohort = make_ready_cohort(6)
    with unit_of_work():
        batch_id = order_batch(actor=OFFICE, cohort=cohort, issued_on=TODAY).id
    db.session.remove()
    assert jobs._do_portion("certificate_batches", batch_id) is False
    return batch_id


def test_a_batch_at_work_stops_and_is_taken_up_again(at_work):
    halt()
    assert jobs._do_portion("certificate_batches", at_work) is True
    assert len(all_certificates()) == 4
    run = db.session.get(CertificateBatch, at_work).job_run
    assert go_on() == 1
    assert db.session.get(CertificateBatch, at_work).job_run == run + 1
    db.session.remove()
    while not jobs._do_portion("certificate_batches", at_work):
        pass
    assert [c.serial for c in all_certificates()] == [1, 2, 3, 4, 5, 6]


def test_what_was_drawn_when_the_switch_was_turned_is_not_issued(at_work):
    from_before = issuing.draw_all({})
    halt()
    with pytest.raises(jobs.Resting), unit_of_work():
        issuing.issue_portion(db.session.get(CertificateBatch, at_work), from_before)
    assert len(all_certificates()) == 4


def test_whoever_halts_waits_for_the_portion_at_hand_and_nothing_comes_after(app):
    """The answer "halted" and a later certificate exclude each other, whoever comes first."""
    holding, may_end, halted = Event(), Event(), Event()

    def issuer():
        with app.app_context(), unit_of_work():
            halting.hold_switch()
            holding.set()
            may_end.wait(10)

    def halter():
        with app.app_context():
            holding.wait(10)
            halt()
            halted.set()

    threads = [Thread(target=target) for target in (issuer, halter)]
    for thread in threads:
        thread.start()
    holding.wait(10)
    assert not halted.wait(0.4), "halted while somebody still issued"
    may_end.set()
    assert halted.wait(10)
    for thread in threads:
        thread.join()
    assert halting.find_halt() is not None


def test_nothing_is_ordered_or_issued_meanwhile(officer):
    cohort, issued = make_ready_cohort(2), certified_cohort(1)
    halt()
    answer = submit(officer, f"/certificates/ready/cohorts/{cohort.code}", count=2, only="all")
    assert answer.status_code == 422 and WHY in answer.text
    with pytest.raises(DomainError, match="All issuing is halted"):
        issue_for_cohort(cohort, actor=OFFICE, issued_on=TODAY)
    assert len(all_certificates()) == 1
    assert all_certificates()[0].cohort_id == issued.id
    assert db.session.query(CertificateBatch).filter_by(stage=BatchStage.ISSUING).count() == 0


def test_the_office_reads_on_every_page_who_halted_it_and_why(officer, sign_in):
    submit(officer, "/issuing", reason=WHY, confirm_word="halt")
    for page in ("/certificates/ready", "/certificates", "/"):
        assert WHY in officer.get(page).text
    assert WHY in sign_in(Role.ADMINISTRATOR).get("/issuing").text
    assert WHY not in sign_in(Role.LEADER).get("/").text


def test_the_switch_needs_a_reason_and_the_word(officer):
    assert submit(officer, "/issuing", reason="", confirm_word="halt").status_code == 422
    assert submit(officer, "/issuing", reason=WHY, confirm_word="stop").status_code == 422
    assert halting.find_halt() is None


def test_an_administrator_turns_it_back_and_both_stand_in_the_trail(officer, administrator):
    submit(officer, "/issuing", reason=WHY, confirm_word="halt")
    answer = submit(administrator, "/issuing", reason="It never left.", confirm_word="go on")
    assert answer.status_code == 302
    db.session.rollback()
    assert halting.find_halt() is None
    history = administrator.get("/issuing").text
    assert f"Halted all issuing: {WHY}" in history and "Let issuing go on. It never left." in history
    assert [e.action for e in db.session.query(AuditEvent).order_by(AuditEvent.id)] == ["halted", "resumed"]


def test_it_cannot_be_turned_twice_the_same_way(app):
    with pytest.raises(DomainError, match="not halted"):
        go_on()
    halt()
    with pytest.raises(DomainError, match=WHY):
        halt("Again.")


@pytest.mark.parametrize("role", [Role.LEADER, Role.COORDINATOR])
def test_nobody_else_turns_it(sign_in, role):
    assert sign_in(role).get("/issuing").status_code == 403
