"""Being forgotten, a copy, consent, a notice: by the office, an institution, the holder herself."""

import csv
import io
import json
from pathlib import Path

import pytest
from jsonschema import validate
from pypdf import PdfReader

from gdt.access import Role
from gdt.audit import AuditEvent
from gdt.certification.delivery.links import fresh_link, keep_links
from gdt.certification.delivery.models import HolderChoice
from gdt.certification.models import Certificate
from gdt.database import db
from gdt.people.models import Person
from gdt.privacy.models import ErasureRequest, RequestState
from gdt.privacy.personal_columns import REGISTER
from tests.browser import submit, token_of
from tests.factories import make_affiliation, make_institution, make_person
from tests.features.certification.stories import certified_cohort
from tests.features.privacy.stories import EMAIL, HERS, NAME, NUMBER, OTHER, a_whole_life

SCHEMA = json.loads(Path("docs/own-copy-1.schema.json").read_text())


def post(client, path, **data):
    return client.post(path, data=data | {"csrf_token": token_of(client, "/account")})


def last_event(action):
    db.session.rollback()
    return db.session.query(AuditEvent).filter_by(action=action).order_by(AuditEvent.id.desc()).first()


@pytest.fixture
def certified(app):
    """Somebody's certificate, its person with an address and a gender, and her secret link."""
    cohort = certified_cohort(1)
    certificate = db.session.query(Certificate).filter_by(cohort_id=cohort.id).one()
    certificate.person.email, certificate.person.gender = "ann@x.example", "female"
    db.session.add(HolderChoice(person_id=certificate.person_id, shows_others=True))
    link = fresh_link()
    keep_links([(link, certificate.id, "ann@x.example")])
    db.session.commit()
    return certificate, "/holder/" + link.address.rsplit("/", 1)[1]


def test_a_copy_holds_everything_of_a_person_and_nothing_of_others(app, officer):
    person_id = a_whole_life()
    answer = post(officer, f"/people/{person_id}/copy", form="json")
    copy = json.loads(answer.data)
    validate(copy, SCHEMA)
    assert all(word in answer.text for word in HERS)
    assert OTHER not in answer.text
    tables = {section["table"] for section in copy["sections"]}
    assert {
        "persons",
        "affiliations",
        "enrolments",
        "results",
        "certificates",
        "correction_requests",
    } <= tables
    told = {"outgoing_mails", "certificate_deliveries", "audit_events", "person_merges", "uploads"}
    assert told <= tables
    paper = post(officer, f"/people/{person_id}/copy", form="pdf")
    text = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(paper.data)).pages)
    assert all(word in text for word in (NAME, EMAIL, NUMBER))
    assert "no-store" in paper.headers["Cache-Control"]
    event = last_event("copied")
    assert (event.subject_id, event.details["form"]) == (person_id, "pdf")


def test_a_partner_copies_and_asks_for_its_own_people_alone(app, sign_in):
    school, other = make_institution(), make_institution()
    mine, shared = make_person(printed_name="Mine Alone"), make_person(printed_name="Of Two")
    for person, place in ((mine, school), (shared, school), (shared, other)):
        make_affiliation(person, place)
    coordinator = sign_in(Role.COORDINATOR, school)
    assert b"Mine Alone" in post(coordinator, f"/people/{mine.id}/copy", form="json").data
    refused = post(coordinator, f"/people/{shared.id}/copy", form="json")
    assert refused.status_code == 422 and "other institutions" in refused.text
    assert "other institutions" in submit(coordinator, f"/people/{shared.id}/forget", words="By letter.").text
    page = submit(coordinator, f"/people/{mine.id}/forget", words="By letter.")
    wish = db.session.query(ErasureRequest).one()
    assert page.location.endswith(f"/privacy/requests/{wish.id}")
    shown = coordinator.get(page.location).text
    assert "The programme office decides" in shown and "confirm_word" not in shown
    assert post(coordinator, f"/privacy/requests/{wish.id}/erase").status_code == 403


def test_the_holder_takes_a_copy_her_consent_back_and_asks_to_be_forgotten(app, client, officer, certified):
    certificate, link = certified
    page = client.get(f"{link}/data")
    assert "Be forgotten" in page.text and f"{link}/data" in client.get(link).text
    token = {"csrf_token": token_of(client, f"{link}/data")}
    copy = json.loads(client.post(f"{link}/data/copy", data={"form": "json"} | token).data)
    assert certificate.number in json.dumps(copy)
    assert last_event("copied").details["by"] == "holder"
    client.post(f"{link}/data/withdraw", data=token)
    db.session.rollback()
    assert db.session.get(Person, certificate.person_id).gender is None
    assert db.session.query(HolderChoice).count() == 0
    assert client.post(f"{link}/data/forget", data=token).status_code == 302
    assert client.post(f"{link}/data/forget", data=token).status_code == 422
    wish = db.session.query(ErasureRequest).one()
    assert "The holder, by the secret link" in officer.get(f"/privacy/requests/{wish.id}").text
    assert "To decide" in client.get(f"{link}/data").text


@pytest.mark.parametrize("outcome", ["number", "nothing"])
def test_the_office_forgets_somebody_by_typing_and_the_verify_page_says_so(
    app, client, officer, certified, outcome
):
    certificate, link = certified
    code, name = certificate.code, certificate.facts["printed_name"]
    paper = client.get(f"/verify/{code}/certificate.pdf").data
    submit(officer, f"/people/{certificate.person_id}/forget", words="By letter.")
    wish = db.session.query(ErasureRequest).one()
    here = f"/privacy/requests/{wish.id}"
    assert "1 certificate: the file" in officer.get(here).text
    assert post(officer, f"{here}/erase", outcome=outcome, confirm_word="forge").status_code == 422
    assert post(officer, f"{here}/erase", confirm_word="forget").status_code == 422
    post(officer, f"{here}/erase", outcome=outcome, confirm_word="forget")
    assert "No name, address or number is in" in officer.get(here).text
    assert client.get(link).status_code == client.get(f"/verify/{code}/mine").status_code == 404
    shown = client.get(f"/verify/{code}")
    if outcome == "number":
        assert "asked to be forgotten" in shown.text and name not in shown.text
        checked = client.post(f"/verify/{code}", data={"file": (io.BytesIO(paper), "a.pdf")})
        assert "exactly what we issued" in checked.text
        assert client.get(f"/api/v1/verify/{code}").json["certificate"]["printed_name"] == "Erased person"
    else:
        assert shown.status_code == 404
        assert client.post("/verify", data={"file": (io.BytesIO(paper), "a.pdf")}).status_code == 404
    assert officer.get(f"/certificates/{certificate.number}").status_code == 200
    assert name not in officer.get(f"/cohorts/{certificate.cohort.code}/certificates").text


def test_declining_says_why_and_a_second_decision_is_refused(app, officer, certified):
    submit(officer, f"/people/{certified[0].person_id}/forget", words="By letter.")
    wish = db.session.query(ErasureRequest).one()
    here = f"/privacy/requests/{wish.id}"
    submit(officer, f"{here}/decline", words="It was not the holder who asked.")
    assert "It was not the holder who asked." in officer.get(here).text
    assert post(officer, f"{here}/erase", outcome="number", confirm_word="forget").status_code == 422
    db.session.rollback()
    assert db.session.query(ErasureRequest).one().state is RequestState.DECLINED
    assert officer.get("/privacy/requests?state=declined").status_code == 200


def test_the_register_is_a_page_a_table_and_a_paper(app, leader):
    assert "Name in the own script" in leader.get("/privacy/register").text
    rows = list(csv.DictReader(io.StringIO(leader.get("/privacy/register.csv").data.decode("utf-8-sig"))))
    assert len(rows) == len(REGISTER)
    assert PdfReader(io.BytesIO(leader.get("/privacy/register.pdf").data)).pages
    assert "Rwanda" in leader.get("/privacy/countries").text


def test_a_notice_is_published_in_versions_that_never_change(app, officer, client):
    assert "has not published its notice" in client.get("/privacy/notice").text
    draft = officer.get("/privacy/notices").text
    assert "No date of birth" in draft
    submit(officer, "/privacy/notices", text="# First\nWords of the first.")
    assert submit(officer, "/privacy/notices", text="# First\nWords of the first.").status_code == 422
    submit(officer, "/privacy/notices", text="# Second\nWords of the second.")
    assert "Words of the second." in client.get("/privacy/notice").text
    first = client.get("/privacy/notice/1").text
    assert "Words of the first." in first and "Another one holds today" in first
