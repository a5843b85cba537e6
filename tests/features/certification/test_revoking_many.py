"""Revoking by list or by batch: checked line by line, confirmed by its count, carried out whole."""

import csv
import io

import pytest

from gdt import jobs
from gdt.access import OFFICE, Role
from gdt.audit import AuditEvent
from gdt.certification.batches.models import CertificateBatch
from gdt.certification.editions.corrections import Corrections
from gdt.certification.editions.replacing import replace_certificate
from gdt.certification.models import Certificate
from gdt.certification.revoking import bulk as bulk_revoking
from gdt.certification.revoking.bulk import check_batch, check_list, confirm_revocation
from gdt.certification.revoking.lists import read_text
from gdt.certification.revoking.models import RevocationLine, RevocationOrder
from gdt.certification.revoking.services import revoke_certificate
from gdt.database import db, unit_of_work
from gdt.errors import DomainError
from gdt.jobs import JobState
from gdt.mail import OutgoingMail
from gdt.spreadsheets.writing import write_csv, write_xlsx
from tests.browser import submit, token_of
from tests.factories import make_user
from tests.features.certification.stories import all_certificates, certified_cohort
from tests.questions import count_questions


@pytest.fixture
def outbox(app):
    """The mails sent from now on."""
    app.extensions["mailman"].outbox = []
    return app.extensions["mailman"].outbox


def check(text, actor=OFFICE):
    with unit_of_work():
        return check_list(actor=actor, entries=read_text(text), source="Typed list").id


def confirm(order_id, *, tells_holders=False, reason="Issued in error."):
    with unit_of_work():
        order = db.session.get_one(RevocationOrder, order_id)
        confirm_revocation(actor=OFFICE, order=order, reason=reason, tells_holders=tells_holders)


def states(order_id):
    db.session.rollback()
    lines = db.session.query(RevocationLine).filter_by(order_id=order_id).order_by(RevocationLine.position)
    return [line.state.value for line in lines]


def numbers():
    return [certificate.number for certificate in all_certificates()]


def revoked():
    return [certificate.number for certificate in all_certificates() if certificate.revoked_at]


def replace(certificate):
    with unit_of_work():
        held = db.session.get_one(Certificate, certificate.id)
        wanted = Corrections(printed_name="Corrected Name")
        replace_certificate(actor=OFFICE, certificate=held, reason="A letter.", corrections=wanted)


def revoke(certificate, reason="Her own reason."):
    with unit_of_work():
        held = db.session.get_one(Certificate, certificate.id)
        revoke_certificate(actor=OFFICE, certificate=held, reason=reason)


def messy_list():
    """A list with a line of every kind: two stand, one is there twice, the others cannot be revoked."""
    certified_cohort(4)
    first, second, third, fourth = all_certificates()
    revoke(third)
    replace(fourth)
    lines = ["Numbers to revoke", f" {first.number.lower()} ", second.code, first.code, third.number]
    return "\n".join([*lines, fourth.number, "GDT-2020-999999", "no idea 7"])


def test_every_line_of_a_messy_list_says_what_would_happen_and_nothing_does(app):
    order_id = check(messy_list())
    assert states(order_id) == [
        "standing",
        "standing",
        "twice",
        "revoked before",
        "replaced",
        "unknown",
        "unreadable",
    ]
    order = db.session.get_one(RevocationOrder, order_id)
    assert (order.counted, order.confirmed_at, order.job_state) == (2, None, JobState.DONE)
    assert len(revoked()) == 1


def test_confirming_revokes_what_stands_and_leaves_the_rest(app):
    order_id = check(messy_list())
    confirm(order_id)
    first, second, third, *_editions = all_certificates()
    assert revoked() == [first.number, second.number, third.number]
    assert (first.revoked_reason, first.revoked_by_name) == ("Issued in error.", "GDT Network")
    assert third.revoked_reason == "Her own reason."
    assert states(order_id)[:2] == ["revoked", "revoked"]
    order = db.session.get_one(RevocationOrder, order_id)
    assert (order.job_state, order.job_done, order.job_total) == (JobState.DONE, 2, 2)
    told = db.session.query(AuditEvent).filter_by(action="revoked", subject_kind="certificates")
    assert sorted(event.subject_name for event in told) == revoked()


def test_the_same_list_again_finds_everything_done(app):
    text = messy_list()
    confirm(check(text))
    again = check(text)
    assert states(again)[:3] == ["revoked before", "revoked before", "twice"]
    with pytest.raises(DomainError, match="No line"):
        confirm(again)


def test_a_list_is_confirmed_once(app):
    certified_cohort(1)
    order_id = check(numbers()[0])
    confirm(order_id)
    with pytest.raises(DomainError, match="already"):
        confirm(order_id)


def test_what_somebody_revoked_or_replaced_after_the_check_is_left_alone_and_told(app):
    certified_cohort(3)
    order_id = check("\n".join(numbers()))
    first, second, _third = all_certificates()
    revoke(first)
    replace(second)
    confirm(order_id)
    assert states(order_id) == ["revoked before", "replaced", "revoked"]
    assert all_certificates()[0].revoked_reason == "Her own reason."
    assert all_certificates()[1].revoked_at is None


def test_work_that_was_interrupted_goes_on_where_it_was(app, monkeypatch):
    certified_cohort(5)
    monkeypatch.setattr(bulk_revoking, "PORTION", 2)
    order_id, done = check("\n".join(numbers())), []
    real = bulk_revoking.revoke_held

    def breaks_in_the_second(certificates, **details):
        real(certificates, **details)
        done.append(len(certificates))
        if len(done) == 2:
            raise DomainError("The disk is full.")

    monkeypatch.setattr(bulk_revoking, "revoke_held", breaks_in_the_second)
    confirm(order_id)
    order = db.session.get_one(RevocationOrder, order_id)
    assert (order.job_state, order.job_failure) == (JobState.FAILED, "The disk is full.")
    assert len(revoked()) == 2
    with unit_of_work():
        db.session.get_one(RevocationOrder, order_id).job_state = JobState.WAITING
    jobs.run_here("revocation_orders", order_id)
    assert len(revoked()) == 5
    assert states(order_id) == ["revoked"] * 5
    assert db.session.query(AuditEvent).filter_by(action="revoked").count() == 5


def test_holders_with_an_address_are_told_once_when_that_is_ticked(app, outbox):
    certified_cohort(3)
    first, second, third = all_certificates()
    first.person.email, second.person.email = "aisyah@students.example", "bao@students.example"
    db.session.commit()
    confirm(check(f"{first.number}\n{third.number}"), tells_holders=True)
    confirm(check(second.number))
    mails = db.session.query(OutgoingMail).all()
    assert [(mail.recipient, mail.state.value) for mail in mails] == [("aisyah@students.example", "sent")]
    (sent,) = outbox
    assert "Issued in error." in sent.body and first.facts["verify_url"] in sent.body


def test_a_certificate_the_viewer_may_not_see_is_as_unknown_as_one_that_is_not_there(app):
    cohort = certified_cohort(1)
    own = certified_cohort(1)
    coordinator = make_user(role=Role.COORDINATOR, institution=own.institution)
    theirs = all_certificates()[0]
    assert theirs.institution_id == cohort.institution_id
    assert states(check("\n".join(numbers()), actor=coordinator)) == ["unknown", "standing"]


def test_a_batch_is_revoked_as_its_newest_editions(app):
    certified_cohort(3)
    replace(all_certificates()[1])
    with unit_of_work():
        batch = db.session.query(CertificateBatch).one()
        order_id = check_batch(actor=OFFICE, batch=batch).id
    assert states(order_id) == ["standing"] * 3
    confirm(order_id)
    first, replaced, third, newer = all_certificates()
    assert revoked() == [first.number, third.number, newer.number]
    assert replaced.revoked_at is None


def test_nothing_handed_in_is_refused(app):
    with pytest.raises(DomainError, match="no number"):
        check("\n\n")


def test_the_officer_hands_in_checks_confirms_and_reads_the_outcome(officer):
    text = messy_list()
    answer = submit(officer, "/certificates/revoke", numbers=text)
    page = officer.get(answer.location).text
    assert "5 lines will be left out" in page and "Revoke 2 certificates" in page
    assert "There is no way back" in page and "issue it anew" in page
    for state, count in (("unknown", 1), ("twice", 1), ("standing", 2)):
        shown = officer.get(f"{answer.location}?show={state}").text
        assert shown.count('data-label="What happens"') == count, state
    done = submit(officer, answer.location, reason="Never sat the exam.", confirm_word="2")
    assert done.status_code == 302
    outcome = officer.get(done.location).text
    assert "2 certificates are revoked." in outcome and "Never sat the exam." in outcome
    left_out = officer.get(f"{answer.location}/left-out.csv").data.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(left_out)))
    assert [row["State"] for row in rows] == [
        "Twice",
        "Revoked before",
        "Replaced",
        "Unknown",
        "Not understood",
    ]
    assert all(row["Why"] for row in rows)
    assert "Typed list" in officer.get("/certificates/revoke").text


def test_the_wrong_count_or_no_reason_revokes_nothing_and_keeps_the_typing(officer):
    certified_cohort(2)
    answer = submit(officer, "/certificates/revoke", numbers="\n".join(numbers()))
    for data in ({"reason": "Never sat it.", "confirm_word": "3"}, {"reason": "", "confirm_word": "2"}):
        refused = submit(officer, answer.location, **data)
        assert refused.status_code == 422
        assert data["reason"] in refused.text
    assert revoked() == []


def test_a_second_tab_is_told_that_the_list_was_confirmed(officer):
    certified_cohort(1)
    path = submit(officer, "/certificates/revoke", numbers=numbers()[0]).location
    data = {"reason": "Once.", "confirm_word": "1", "csrf_token": token_of(officer, path)}
    assert officer.post(path, data=data).status_code == 302
    second = officer.post(path, data=data | {"reason": "Twice."})
    assert (second.status_code, "confirmed already" in second.text) == (422, True)
    assert all_certificates()[0].revoked_reason == "Once."


@pytest.mark.parametrize(("name", "write"), [("list.csv", write_csv), ("list.xlsx", None)])
def test_a_file_with_the_numbers_in_a_column_is_read(officer, name, write):
    certified_cohort(2)
    header, rows = ["Name", "Number"], [["Aisyah", numbers()[0]], ["Bao", numbers()[1]], ["Cai", ""]]
    content = write(header, rows) if write else write_xlsx(header, rows, "List")
    answer = submit(officer, "/certificates/revoke", file=(io.BytesIO(content), name))
    assert answer.status_code == 302
    assert states(int(answer.location.rsplit("/", 1)[1])) == ["standing", "standing", "unreadable"]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({}, "one of the two"),
        ({"numbers": "GDT-2026-1", "file": (b"x", "a.csv")}, "one of the two"),
        ({"file": (b"%PDF-", "a.pdf")}, "PDF document"),
        ({"file": (b"", "a.csv")}, "empty"),
    ],
)
def test_a_list_that_cannot_be_read_is_refused_in_words(officer, data, words):
    file = {"file": (io.BytesIO(data["file"][0]), data["file"][1])} if "file" in data else {}
    refused = submit(officer, "/certificates/revoke", **data | file)
    assert (refused.status_code, words in refused.text) == (422, True)


def test_the_page_of_a_batch_leads_to_the_check_of_all_it_issued(officer):
    certified_cohort(2)
    batch = db.session.query(CertificateBatch).one()
    page = officer.get(f"/certificate-batches/{batch.id}").text
    assert f"/certificate-batches/{batch.id}/revocations" in page
    answer = submit(
        officer,
        f"/certificate-batches/{batch.id}/revocations",
        page=f"/certificate-batches/{batch.id}",
    )
    check_page = officer.get(answer.location).text
    assert "Revoke 2 certificates" in check_page and f"/certificate-batches/{batch.id}" in check_page


def test_only_the_office_revokes_lists(sign_in):
    certified_cohort(1)
    for role in (Role.COORDINATOR, Role.LEADER, Role.ADMINISTRATOR):
        assert sign_in(role).get("/certificates/revoke").status_code == 403
    assert "Revoke a list" not in sign_in(Role.LEADER).get("/certificates").text


def test_the_check_page_asks_the_database_as_often_for_many_lines_as_for_few(officer):
    certified_cohort(15)
    asked = []
    for some in (numbers()[:2], numbers()):
        path = submit(officer, "/certificates/revoke", numbers="\n".join(some)).location
        asked.append(count_questions(lambda path=path: officer.get(path)))
    assert asked[0] == asked[1]
