"""An agreement from its draft to its end: the paper, the signature, the renewal, the termination."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from pypdf import PdfReader

from gdt import documents
from gdt.access import Role
from gdt.audit import AuditEvent
from gdt.database import db
from gdt.partners.draft_models import AgreementDraft
from gdt.partners.models import Agreement, AgreementKind, InstitutionStatus
from tests.browser import submit
from tests.factories import TODAY, make_agreement, make_institution

PDF = b"%PDF-1.7\nsigned\n%%EOF\n"
FIRST = date(TODAY.year, 1, 1)


@pytest.fixture
def utar(app):
    return make_institution(code="utar", name="Universiti Tunku Abdul Rahman", native_name="جامعة تونكو")


def drafted(client, **data):
    facts = {
        "kind": "programme agreement",
        "extends_id": 0,
        "starts_on": FIRST,
        "ends_on": FIRST.replace(year=TODAY.year + 2),
        "teachers_target": 20,
        "students_target": 400,
        "signs_for_partner": "Tan Sri Ewe, President",
        "own_clauses": "It hosts the training of the region.",
    }
    return submit(client, "/institutions/utar/drafts/new", **facts | data)


def text_of(pdf):
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).split())


def sign(client, path, **data):
    facts = {"signed_on": TODAY, "signatories": "President; Secretariat", "document": (BytesIO(PDF), "a.pdf")}
    return submit(client, f"{path}/sign", **facts | data)


def test_a_draft_is_taken_away_as_a_paper_and_becomes_an_agreement_when_it_comes_back_signed(
    officer, sign_in, utar
):
    path = drafted(officer).location
    years = {f"{what}_{TODAY.year + n}": 7 + n for n in range(3) for what in ("teachers", "students")}
    assert submit(officer, f"{path}/targets", **years).status_code == 302
    coordinator = sign_in(Role.COORDINATOR, utar)
    said = text_of(coordinator.get(f"{path}.pdf").data)
    for part in ("Programme agreement", "Universiti Tunku Abdul Rahman", "Data protection", "It hosts the"):
        assert part in said
    assert f"{TODAY.year + 2} 9 9" in said
    assert "Tan Sri Ewe, President" in said
    assert coordinator.get(f"{path}/sign").status_code == 403
    assert utar.status(TODAY) is InstitutionStatus.APPLICANT
    assert "is empty" in sign(officer, path, document=(BytesIO(b""), "a.pdf")).text

    signed = sign(officer, path).location
    term = db.session.query(Agreement).one()
    assert term.targets_in(TODAY.year + 1) == (8, 8)
    assert documents.read(term.document_key) == PDF
    page = coordinator.get(signed).text
    assert term.document_sha256 in page
    assert "Terminate the agreement" not in page
    assert "signed already" in sign(officer, path).text
    assert "7 teachers to certify and 7 students" in coordinator.get("/institutions/utar").text


def test_an_open_draft_can_be_changed_and_withdrawn_and_a_second_one_is_refused(officer, utar):
    path = drafted(officer).location
    assert "There is an open draft of this kind" in drafted(officer).text
    later = FIRST.replace(year=TODAY.year + 3)
    facts = {"starts_on": FIRST, "teachers_target": 5, "students_target": 6}
    assert submit(officer, f"{path}/edit", ends_on=FIRST - timedelta(days=1), **facts).status_code == 422
    assert submit(officer, f"{path}/edit", ends_on=later, **facts).status_code == 302
    assert db.session.query(AgreementDraft.ends_on).scalar() == later
    assert submit(officer, f"{path}/withdraw", reason="").status_code == 422
    assert submit(officer, f"{path}/withdraw", reason="They want another term.").status_code == 302
    assert "They want another term." in officer.get(path).text
    assert "withdrawn. Draft a new one" in sign(officer, path).text
    assert drafted(officer).status_code == 302


def test_a_renewal_is_drafted_once_and_never_of_what_was_renewed_or_overlaps(officer, utar):
    term = make_agreement(utar, starts_on=TODAY - timedelta(days=700), ends_on=TODAY + timedelta(days=20))
    page = officer.get(f"/institutions/utar/agreements/{term.id}").text
    assert "Expiring until" in page
    assert f"drafts/new?extends={term.id}" in page
    renewal = {"kind": "extension", "extends_id": term.id, "starts_on": term.ends_on + timedelta(days=1)}
    renewal["ends_on"] = term.ends_on + timedelta(days=900)
    overlapping = drafted(officer, **renewal | {"starts_on": TODAY})
    assert overlapping.status_code == 422
    assert "This overlaps the term" in overlapping.text
    path = drafted(officer, **renewal).location
    assert "What was begun under that one" in text_of(officer.get(f"{path}.pdf").data)
    signed = sign(officer, path).location
    assert "Ended" not in officer.get(signed).text
    page = officer.get(f"/institutions/utar/agreements/{term.id}").text
    assert "In force until" in page
    assert signed in page
    again = drafted(officer, **renewal)
    assert "This term was already renewed until" in again.text
    refused = submit(
        officer,
        f"/institutions/utar/agreements/{term.id}/terminate",
        last_day=TODAY,
        reason="x",
        confirm_word="terminate",
    )
    assert "Terminate the renewal instead" in refused.text


def test_a_terminated_agreement_ends_that_day_without_grace_and_is_not_renewed(officer, utar):
    term = make_agreement(utar)
    path, until = f"/institutions/utar/agreements/{term.id}/terminate", term.ends_on
    facts = {"last_day": TODAY, "reason": "The college was sold.", "confirm_word": "terminate"}
    for wrong in ({"last_day": TODAY - timedelta(days=1)}, {"last_day": until}, {"confirm_word": "yes"}):
        assert submit(officer, path, **facts | wrong).status_code == 422
    assert submit(officer, path, **facts).status_code == 302
    db.session.expire_all()
    assert (term.ends_on, term.agreed_until) == (TODAY, until)
    assert utar.status(TODAY) is InstitutionStatus.EXPIRING
    assert utar.status(TODAY + timedelta(days=1)) is InstitutionStatus.LAPSED
    page = officer.get(f"/institutions/utar/agreements/{term.id}").text
    assert "The college was sold." in page
    assert "Draft the renewal" not in page
    assert "terminated already" in submit(officer, path, **facts).text
    renewal = {"kind": "extension", "extends_id": term.id, "starts_on": TODAY + timedelta(days=1)}
    assert "Record a new agreement instead" in drafted(officer, **renewal, ends_on=until).text
    assert db.session.query(AuditEvent).filter_by(action="terminated").count() == 1


def test_the_list_knows_that_what_was_terminated_has_no_grace(officer, utar):
    ended = TODAY - timedelta(days=5)
    make_agreement(
        utar, ends_on=ended, agreed_until=TODAY + timedelta(days=300), kind=AgreementKind.MEMORANDUM
    )
    make_agreement(make_institution(name="Other College"), ends_on=ended)
    assert "Universiti" in officer.get("/institutions?status=lapsed").text
    assert "Universiti" not in officer.get("/institutions?status=in+grace").text
    assert "Other College" in officer.get("/institutions?status=in+grace").text


@pytest.mark.parametrize(
    ("teachers", "students", "told"),
    [
        (0, 0, "No numbers were agreed for this year."),
        (7, 0, "7 teachers to certify; for students no number was agreed."),
        (0, 90, "90 students to train; for teachers no number was agreed."),
    ],
)
def test_where_no_numbers_are_agreed_pages_and_paper_say_so(officer, utar, teachers, students, told):
    path = drafted(officer, teachers_target=teachers, students_target=students).location
    said, page = text_of(officer.get(f"{path}.pdf").data), officer.get(path).text
    is_none = teachers == students == 0
    assert ("The parties agree no numbers for single years." in said) is is_none
    assert ("No numbers were agreed for any year." in page) is is_none
    assert ("none agreed" in said) is ("none agreed" in page) is not is_none
    signed = officer.get(sign(officer, path).location).text
    assert ("No numbers were agreed for any year." in signed) is is_none
    institution = officer.get("/institutions/utar").text
    assert told in institution and "none agreed" in institution
