"""Two persons for a large batch: nothing is issued before the second agreed, who is never the first."""

import pytest
from sqlalchemy.exc import IntegrityError

from gdt.access import OFFICE, Role
from gdt.accounts.models import User
from gdt.audit import AuditEvent
from gdt.certification.batches.models import CertificateBatch
from gdt.certification.batches.stages import Approval, BatchStage
from gdt.certification.issuing import approving
from gdt.certification.issuing.services import issue_for_cohort, order_batch
from gdt.database import db, now, unit_of_work
from gdt.errors import DomainError
from gdt.mail import OutgoingMail
from tests.browser import submit
from tests.factories import TODAY, make_user
from tests.features.certification.stories import all_certificates, make_ready_cohort


@pytest.fixture(autouse=True)
def over_two(app, monkeypatch):
    """Whatever is larger than two certificates needs a second person."""
    monkeypatch.setitem(app.config, "APPROVAL_OVER", 2)


def ordered(client, students=3):
    """The address of a batch that waits for approval."""
    cohort = make_ready_cohort(students)
    return submit(client, f"/certificates/ready/cohorts/{cohort.code}", count=students, only="all").location


def the_batch():
    db.session.rollback()
    return db.session.query(CertificateBatch).order_by(CertificateBatch.id.desc()).first()


def test_a_batch_of_the_size_that_needs_nobody_is_issued_at_once(officer):
    ordered(officer, 2)
    assert the_batch().approval is Approval.NOT_NEEDED
    assert len(all_certificates()) == 2


def test_a_larger_one_waits_for_a_second_officer(officer, sign_in):
    path = ordered(officer)
    assert all_certificates() == []
    assert "waits for a second officer" in officer.get(path).text.replace("wait for", "waits for")
    second = sign_in(Role.OFFICER, name="Kofi Mensah")
    assert "asks you to approve 3 certificates" in second.get(path).text
    answer = submit(second, f"{path}/approve", confirm_word="3")
    assert answer.location == path
    assert len(all_certificates()) == 3
    assert "given: Kofi Mensah" in second.get(path).text


def test_whoever_ordered_it_cannot_approve_it(officer):
    path = ordered(officer)
    assert f'href="{path}/approve"' not in officer.get(path).text
    answer = submit(officer, f"{path}/approve", confirm_word="3")
    assert answer.status_code == 422 and "never the one who ordered" in answer.text
    assert submit(officer, f"{path}/decline", reason="No.").status_code == 422
    assert all_certificates() == []


def test_the_database_lets_nobody_approve_her_own_order(officer):
    ordered(officer)
    batch = the_batch()
    batch.approval, batch.stage, batch.decided_at = Approval.GIVEN, BatchStage.ISSUING, now()
    batch.decided_by_id, batch.decided_by_name = batch.ordered_by_id, batch.ordered_by_name
    with pytest.raises(IntegrityError):
        db.session.commit()
    db.session.rollback()


def test_the_database_issues_nothing_that_nobody_approved(officer):
    ordered(officer)
    the_batch().stage = BatchStage.ISSUING
    with pytest.raises(IntegrityError):
        db.session.commit()
    db.session.rollback()


def test_declining_needs_a_reason_which_the_orderer_reads(officer, sign_in):
    path = ordered(officer)
    second = sign_in(Role.OFFICER, name="Kofi Mensah")
    assert submit(second, f"{path}/decline", reason=" ").status_code == 422
    submit(second, f"{path}/decline", reason="The exam is not yet checked.")
    assert "Kofi Mensah declined it: The exam is not yet checked." in officer.get(path).text
    assert all_certificates() == []
    assert submit(second, f"{path}/approve", confirm_word="0").status_code == 422
    assert the_batch().stage is BatchStage.DECLINED


def test_the_other_officers_are_told_by_mail_and_on_their_pages(officer, sign_in):
    other = make_user(role=Role.OFFICER, email="kofi@gdt.example", password_hash="x")
    make_user(role=Role.LEADER, password_hash="x")
    path = ordered(officer)
    (mail,) = db.session.query(OutgoingMail).all()
    assert mail.recipient == other.email
    assert "3 certificates wait for your approval" in mail.subject
    second = sign_in(Role.OFFICER)
    for page in ("/", "/certificates/ready"):
        text = second.get(page).text
        assert path in text and "pproval" in text


def test_another_number_than_the_one_seen_is_not_approved(officer, sign_in):
    path = ordered(officer)
    second = sign_in(Role.OFFICER)
    answer = submit(second, f"{path}/approve", confirm_word="300")
    assert answer.status_code == 422 and "Type the number 3" in answer.text
    with pytest.raises(DomainError, match="Meanwhile this changed"), unit_of_work():
        user = db.session.query(User).filter(User.id != the_batch().ordered_by_id).first()
        approving.approve_batch(actor=user, batch=the_batch(), seen=2)
    assert all_certificates() == []


def test_ordering_it_again_shows_the_batch_that_waits(officer):
    cohort = make_ready_cohort(3)
    path = f"/certificates/ready/cohorts/{cohort.code}"
    first = submit(officer, path, count=3, only="all")
    again = submit(officer, path, count=3, only="all")
    assert first.location == again.location


def test_the_command_line_is_no_way_around_it(app):
    cohort = make_ready_cohort(3)
    with pytest.raises(DomainError, match="waits for a second officer"):
        issue_for_cohort(cohort, actor=OFFICE, issued_on=TODAY)
    assert all_certificates() == []
    assert the_batch().stage is BatchStage.AWAITING_APPROVAL


def test_asking_and_deciding_stand_in_the_trail(officer, sign_in):
    path = ordered(officer)
    submit(sign_in(Role.OFFICER), f"{path}/approve", confirm_word="3")
    actions = [event.action for event in db.session.query(AuditEvent).order_by(AuditEvent.id)]
    assert actions[:3] == ["ordered", "asked for approval", "approved"]


def test_the_office_itself_is_not_a_second_person(app):
    cohort = make_ready_cohort(3)
    with unit_of_work():
        batch = order_batch(actor=OFFICE, cohort=cohort, issued_on=TODAY)
    with pytest.raises(DomainError, match="second officer decides"), unit_of_work():
        approving.approve_batch(actor=OFFICE, batch=batch, seen=3)
