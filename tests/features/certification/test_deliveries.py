"""Certificates by mail: queued with the issuing, once each, shown per holder; sent again once corrected."""

import csv
import io
import re
from hashlib import sha256

import pytest
from sqlalchemy.exc import IntegrityError

from gdt import outbox
from gdt.access import OFFICE, Role
from gdt.certification.batches.models import CertificateBatch
from gdt.certification.delivery.models import CertificateDelivery, HolderLink
from gdt.certification.delivery.services import send_again
from gdt.certification.issuing.services import issue_for_cohort
from gdt.certification.revoking.services import revoke_certificate
from gdt.database import db, unit_of_work
from gdt.mail import DeliveryState, OutgoingMail
from gdt.people.models import Person
from tests.browser import counted_queries, submit
from tests.factories import TODAY, make_country, make_region
from tests.features.certification.stories import (
    add_student,
    all_certificates,
    make_ready_cohort,
    make_ready_institution,
)
from tests.features.test_outbox import let_time_pass, use
from tests.mail_server import free_port, mail_server


@pytest.fixture
def server(app, monkeypatch):
    outbox.outage.clear()
    with mail_server() as running:
        use(app, monkeypatch, running.port)
        yield running
    outbox.outage.clear()


@pytest.fixture
def cohort(app):
    cohort = make_ready_cohort(0)
    for name in ("Ana", "Bao", "Chea"):
        add_student(cohort, printed_name=name, email=f"{name.lower()}@x.example")
    add_student(cohort, printed_name="Dora")
    return cohort


def order(officer, cohort, **data):
    """Order on the page, with the tick as it stands there unless a test takes it off."""
    page = f"/certificates/ready/cohorts/{cohort.code}"
    ready = re.search(r'name="count" value="(\d+)"', officer.get(page).text).group(1)
    answer = submit(officer, page, count=ready, only="all", **data)
    assert answer.status_code == 302, answer.text
    db.session.rollback()
    return db.session.query(CertificateBatch).order_by(CertificateBatch.id.desc()).first()


def rows():
    db.session.rollback()
    return db.session.query(CertificateDelivery).order_by(CertificateDelivery.id).all()


def test_the_tick_stands_on_the_order_and_decides(officer, cohort, server):
    assert re.search(
        r'<input checked[^>]*name="mails"', officer.get(f"/certificates/ready/cohorts/{cohort.code}").text
    )
    order(officer, cohort)
    assert len(all_certificates()) == 4 and rows() == [] and server.taken == []


def test_each_holder_is_mailed_once_with_her_certificate_and_her_own_link(officer, cohort, server, client):
    batch = order(officer, cohort, mails="y")
    assert sorted(server.recipients) == ["ana@x.example", "bao@x.example", "chea@x.example"]
    links = set()
    for address, message in server.taken:
        certificate = next(c for c in all_certificates() if c.facts["printed_name"].lower() in address)
        words = message.get_body(("plain",)).get_content()
        assert f"Dear {certificate.facts['printed_name']}," in words
        assert certificate.facts["verify_url"] in words
        assert certificate.number in message["Subject"]
        link = re.search(r"/holder/([\w-]{43})", words).group(1)
        kept = db.session.query(HolderLink).filter_by(certificate_id=certificate.id).one()
        assert kept.token_sha256 == sha256(link.encode()).hexdigest()
        links.add(link)
    assert len(links) == 3
    stored = " ".join(
        f"{mail.body} {mail.subject} {mail.server_answer}" for mail in db.session.query(OutgoingMail)
    )
    assert not any(link in stored for link in links)
    page = officer.get(f"/certificate-batches/{batch.id}/deliveries").text
    assert page.count("state-ok") == 3 and "No address" in page


def test_issuing_again_mails_nobody_again_and_the_database_forbids_it(officer, cohort, server):
    order(officer, cohort, mails="y")
    issue_for_cohort(cohort, actor=OFFICE, issued_on=TODAY)
    outbox.deliver_due()
    assert len(server.taken) == 3
    first = rows()[0]
    again = {name: getattr(first, name) for name in ("certificate_id", "round", "batch_id", "institution_id")}
    db.session.add(CertificateDelivery(**again))
    with pytest.raises(IntegrityError):
        db.session.commit()
    db.session.rollback()


def test_a_certificate_that_is_rolled_back_mails_nobody(officer, cohort, server, monkeypatch):
    monkeypatch.setattr("gdt.certification.delivery.services.keep_links", lambda _links: 1 / 0)
    order(officer, cohort, mails="y")
    assert (all_certificates(), rows(), server.taken) == ([], [], [])


def test_the_list_narrows_searches_pages_and_downloads(officer, cohort, server):
    server.at_rcpt = lambda address: "550 No such user" if "bao" in address else None
    batch = order(officer, cohort, mails="y")
    place = f"/certificate-batches/{batch.id}/deliveries"
    refused = officer.get(place, query_string={"state": "refused"}).text
    assert "bao@x.example" in refused and "550 No such user" in refused and "ana@x.example" not in refused
    assert "chea@x.example" in officer.get(place, query_string={"q": "CHEA"}).text
    assert "No mail fits" in officer.get(place, query_string={"q": "nobody"}).text
    table = list(csv.reader(io.StringIO(officer.get(f"{place}.csv?state=refused").data.decode("utf-8-sig"))))
    assert [row[1:4] for row in table[1:]] == [["Bao", "bao@x.example", "Refused"]]


def test_while_the_server_is_down_the_page_says_so_and_when_it_is_tried_next(
    officer, cohort, app, monkeypatch
):
    outbox.outage.clear()
    port = free_port()
    use(app, monkeypatch, port)
    batch = order(officer, cohort, mails="y")
    page = officer.get(f"/certificate-batches/{batch.id}/deliveries").text
    assert page.count("Waiting for the mail server") == 3 and "Next try at" in page
    with mail_server(port) as server:
        let_time_pass()
        outbox.deliver_due()
        assert len(server.taken) == 3
    outbox.outage.clear()


def test_a_corrected_address_is_mailed_again_beside_the_old_row_and_the_stray_link_ends(
    officer, cohort, server
):
    server.at_rcpt = lambda address: "550 No such user" if address == "bao@x.example" else None
    batch = order(officer, cohort, mails="y")
    (refused,) = [row for row in rows() if row.mail and row.mail.state is DeliveryState.REFUSED]
    db.session.query(Person).filter_by(email="bao@x.example").update({"email": "bao@new.example"})
    db.session.commit()
    page = f"/deliveries/{refused.id}"
    assert "bao@new.example" in officer.get(page).text
    submit(officer, f"{page}/again", page=page)
    assert server.recipients.count("bao@new.example") == 1
    old, new = [row for row in rows() if row.certificate_id == refused.certificate_id]
    assert [(old.is_latest, old.round), (new.is_latest, new.round)] == [(False, 1), (True, 2)]
    assert old.mail.state is DeliveryState.REFUSED
    links = db.session.query(HolderLink).filter_by(certificate_id=new.certificate_id).order_by(HolderLink.id)
    assert [link.ended_at is not None for link in links] == [True, False]
    answer = submit(officer, f"{page}/again", page=page)
    assert "Look at the latest mail" in answer.text
    number = new.certificate.number
    shown = officer.get(f"/certificates/{number}").text
    assert "bao@x.example" in shown and "bao@new.example" in shown
    assert f"Mailed {number} again to bao@new.example" in shown
    assert officer.get(f"/certificate-batches/{batch.id}/deliveries").text.count("bao@") == 1


def test_all_refused_go_out_again_at_one_press_and_only_those_on_the_page(officer, cohort, server):
    answers = {"ana@x.example": "550 gone", "bao@x.example": "550 gone"}
    server.at_rcpt = answers.get
    batch = order(officer, cohort, mails="y")
    assert len(server.taken) == 1
    answers.clear()
    person = db.session.query(Person).filter_by(printed_name="Dora").one()
    person.email = "dora@x.example"
    db.session.commit()
    page = f"/certificate-batches/{batch.id}/deliveries/again"
    assert "Mail 3 holders" in officer.get(page).text
    assert submit(officer, page, count="2").status_code == 422
    assert len(server.taken) == 1
    assert submit(officer, page, count="3").status_code == 302
    assert sorted(server.recipients) == [f"{name}@x.example" for name in ("ana", "bao", "chea", "dora")]
    assert submit(officer, page, count="0").status_code == 422
    assert len(server.taken) == 4


def test_a_mail_that_comes_back_is_noted_with_its_words(officer, cohort, server):
    order(officer, cohort, mails="y")
    sent = rows()[0]
    page = f"/deliveries/{sent.id}"
    assert submit(officer, f"{page}/bounce", page=page, words="").status_code == 422
    submit(officer, f"{page}/bounce", page=page, words="552 5.2.2 Mailbox full")
    shown = officer.get(page).text
    assert "Came back" in shown and "552 5.2.2 Mailbox full" in shown
    nobody = next(row for row in rows() if row.mail is None)
    answer = submit(officer, f"/deliveries/{nobody.id}/bounce", page=page, words="x")
    assert (answer.status_code, "Only a mail that was sent" in answer.text) == (422, True)


def test_what_is_revoked_or_on_its_way_is_not_mailed_again(app, officer, cohort, server):
    order(officer, cohort, mails="y")
    sent = rows()[0]
    with unit_of_work():
        revoke_certificate(actor=OFFICE, certificate=sent.certificate, reason="Exam repeated.")
    told = submit(officer, f"/deliveries/{sent.id}/again", page="/account").text
    assert "revoked" in told
    waiting = rows()[1]
    waiting.mail.state = DeliveryState.QUEUED
    db.session.commit()
    assert "still on its way" in submit(officer, f"/deliveries/{waiting.id}/again", page="/account").text
    assert len(server.taken) == 3


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("MX", "Estimado/a"),
        ("TN", "Bonjour"),
        ("VN", "Kính gửi"),
        ("TH", "เรียน"),
        ("ID", "Yth."),
        ("KZ", None),
    ],
)
def test_the_mail_speaks_english_and_the_country_s_language_where_we_have_it(officer, server, code, words):
    country = make_country(code=code, region=make_region())
    cohort = make_ready_cohort(0, institution=make_ready_institution(country=country))
    add_student(cohort, printed_name="Nguyễn Thị Ánh Tuyết", email="a@x.example")
    order(officer, cohort, mails="y")
    ((_address, message),) = server.taken
    text = message.get_body(("plain",)).get_content()
    assert text.count("Nguyễn Thị Ánh Tuyết") == (2 if words else 1)
    assert (words or "Dear") in text and "Dear Nguyễn Thị Ánh Tuyết," in text


def test_a_person_who_merged_is_mailed_at_her_present_address(officer, cohort, server):
    order(officer, cohort, mails="y")
    sent = next(row for row in rows() if row.recipient == "ana@x.example")
    survivor = Person(printed_name="Ana Maria", email="anamaria@x.example")
    db.session.add(survivor)
    db.session.flush()
    sent.certificate.person.merged_into_id = survivor.id
    db.session.commit()
    with unit_of_work():
        send_again(actor=OFFICE, delivery=db.session.get(CertificateDelivery, sent.id))
    assert "anamaria@x.example" in server.recipients


def test_a_coordinator_sees_what_was_mailed_of_her_own_and_no_list_of_the_office(
    officer, cohort, server, sign_in
):
    batch = order(officer, cohort, mails="y")
    coordinator = sign_in(Role.COORDINATOR, cohort.institution)
    sent = rows()[0]
    assert coordinator.get(f"/certificate-batches/{batch.id}/deliveries").status_code == 403
    assert sent.recipient in coordinator.get(f"/certificates/{sent.certificate.number}").text


def test_the_list_asks_the_database_as_often_for_many_as_for_few(officer, cohort, server):
    batch = order(officer, cohort, mails="y")
    with counted_queries() as few:
        officer.get(f"/certificate-batches/{batch.id}/deliveries")
    for n in range(30):
        add_student(cohort, printed_name=f"Student {n:02}", email=f"s{n}@x.example")
    more = order(officer, cohort, mails="y")
    with counted_queries() as many:
        page = officer.get(f"/certificate-batches/{more.id}/deliveries")
    assert len(many) == len(few)
    assert len(page.data) < 20_000 and "after=" in page.text
