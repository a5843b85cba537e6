"""Agreements: a chain that never forks, dates that make sense, and the signed paper."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from io import BytesIO

import pytest

from gdt.access import OFFICE, Role
from gdt.audit import AuditEvent
from gdt.database import db, unit_of_work
from gdt.errors import DomainError
from gdt.partners import agreements
from gdt.partners.models import Agreement, AgreementKind, Institution
from tests.browser import submit, token_of
from tests.factories import TODAY, make_agreement, make_institution

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"


@pytest.fixture
def term(app):
    """UTAR's term, which ends in thirty days."""
    utar = make_institution(code="utar")
    return make_agreement(utar, starts_on=TODAY - timedelta(days=335), ends_on=TODAY + timedelta(days=30))


def extension(term, **changes):
    return {
        "kind": "extension",
        "extends_id": term.id,
        "starts_on": term.ends_on + timedelta(days=1),
        "ends_on": term.ends_on + timedelta(days=365),
        "signed_on": TODAY,
        "signatories": "The Vice-Chancellor",
        "teachers_target": 30,
        "students_target": 500,
    } | changes


def record(client, **data):
    return submit(client, "/institutions/utar/agreements/new", **data)


def test_an_officer_renews_an_agreement(officer, term):
    assert "Renew the agreement" in officer.get("/institutions/utar").text
    answer = record(officer, **extension(term))
    assert answer.status_code == 302
    page = officer.get("/institutions/utar").text
    assert "Renew the agreement" not in page
    assert "To come" in page
    renewal = db.session.query(Agreement).filter_by(kind=AgreementKind.EXTENSION).one()
    assert (renewal.extends_id, renewal.extends_ends_on) == (term.id, term.ends_on)
    assert db.session.query(AuditEvent).one().action == "signed"


def test_the_renewal_is_drawn_from_the_term_it_extends(officer, term):
    page = officer.get(f"/institutions/utar/agreements/new?extends={term.id}").text
    assert f'value="{term.ends_on + timedelta(days=1)}"' in page
    assert f'selected value="{term.id}"' in page


def test_a_term_of_whole_years_is_followed_by_as_many_whole_years():
    term = Agreement(starts_on=TODAY.replace(2020, 3, 1), ends_on=TODAY.replace(2024, 2, 29))
    assert agreements.following_term(term) == (TODAY.replace(2024, 3, 1), TODAY.replace(2028, 2, 29))


def test_what_lapsed_is_followed_from_the_next_month_on_and_not_in_the_past():
    term = Agreement(starts_on=date(2022, 1, 1), ends_on=date(2023, 12, 31))
    assert agreements.following_term(term, date(2024, 3, 30)) == (date(2024, 1, 1), date(2025, 12, 31))
    assert agreements.following_term(term, date(2026, 12, 31)) == (date(2027, 1, 1), date(2028, 12, 31))


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"ends_on": TODAY}, "The term ends before it starts"),
        ({"starts_on": TODAY}, "This overlaps the term"),
        ({"extends_id": 0}, "Choose the term that is extended"),
        ({"signed_on": TODAY + timedelta(days=3)}, "This day has not come yet"),
        ({"kind": "programme agreement", "starts_on": TODAY}, "This overlaps the term"),
        ({"students_target": -1}, "from 0 to"),
        ({"signatories": ""}, "Write who signed"),
        ({"starts_on": "soon"}, "Not a valid date"),
    ],
)
def test_a_wrong_agreement_is_told_beside_the_field(officer, term, change, sentence):
    answer = record(officer, **extension(term, teachers_target=77) | change)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'value="77"' in answer.text
    assert db.session.query(Agreement).count() == 1


def test_a_term_is_renewed_once(officer, term):
    record(officer, **extension(term))
    answer = record(officer, **extension(term))
    assert answer.status_code == 422
    assert "This term was already renewed until" in answer.text


def test_a_memorandum_may_run_beside_a_programme_agreement(officer, term):
    answer = record(officer, **extension(term, kind="memorandum", extends_id=0, starts_on=TODAY))
    assert answer.status_code == 302


def test_two_officers_who_renew_at_once_get_one_renewal_and_one_sentence(app, term):
    institution_id, term_id, first_day = term.institution_id, term.id, term.ends_on + timedelta(days=1)
    db.session.rollback()

    def renew(_n):
        with app.app_context(), app.test_request_context():
            try:
                with unit_of_work():
                    agreements.sign_agreement(
                        viewer=OFFICE,
                        institution=db.session.get(Institution, institution_id),
                        kind=AgreementKind.EXTENSION,
                        extends_id=term_id,
                        starts_on=first_day,
                        ends_on=first_day + timedelta(days=365),
                        document=None,
                        signed_on=TODAY,
                        signatories="Both",
                        teachers_target=1,
                        students_target=1,
                    )
            except DomainError as error:
                return error.message
            return "kept"

    with ThreadPoolExecutor(4) as pool:
        told = sorted(pool.map(renew, range(4)))
    assert told.count("kept") == 1
    assert all("already renewed" in sentence for sentence in told if sentence != "kept")


def test_a_renewal_the_database_refuses_ends_in_a_sentence(app, term):
    make_agreement(
        term.institution,
        kind=AgreementKind.EXTENSION,
        extends_id=term.id,
        extends_ends_on=term.ends_on,
        starts_on=term.ends_on + timedelta(days=1),
        ends_on=term.ends_on + timedelta(days=9),
    )
    second = Agreement(
        institution_id=term.institution_id,
        kind=AgreementKind.EXTENSION,
        extends_id=term.id,
        extends_ends_on=term.ends_on,
        starts_on=term.ends_on + timedelta(days=20),
        ends_on=term.ends_on + timedelta(days=30),
        signed_on=TODAY,
        signatories="Both",
    )
    with pytest.raises(DomainError, match="renewed by somebody else just now") as refused:
        agreements._keep(second)
    assert refused.value.field == "extends_id"


def send_file(client, term, content, name="signed.pdf"):
    path = f"/institutions/utar/agreements/{term.id}/file"
    data = {"csrf_token": token_of(client, path), "document": (content, name)}
    return client.post(path, data=data, content_type="multipart/form-data")


def test_the_signed_paper_is_kept_and_comes_back_byte_for_byte(officer, sign_in, term):
    assert send_file(officer, term, BytesIO(PDF)).status_code == 302
    coordinator = sign_in(Role.COORDINATOR, term.institution)
    answer = coordinator.get(f"/institutions/utar/agreements/{term.id}.pdf")
    assert answer.data == PDF
    assert answer.mimetype == "application/pdf"
    assert sign_in(Role.COORDINATOR).get(f"/institutions/utar/agreements/{term.id}.pdf").status_code == 404


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "This file is empty"),
        (b"PK\x03\x04 a workbook", "is not a PDF"),
        (PDF[:20], "cut off before its end"),
        (PDF[:-6] + b"0" * (10 * 1024 * 1024) + b"%%EOF", "larger than 10 MB"),
    ],
)
def test_what_is_no_whole_pdf_is_refused_whatever_its_name(officer, term, content, sentence):
    answer = send_file(officer, term, BytesIO(content))
    assert answer.status_code == 422
    assert sentence in answer.text
    db.session.expire_all()
    assert db.session.get(Agreement, term.id).document_key is None


def test_an_agreement_with_a_wrong_file_is_not_recorded(officer, term):
    answer = record(officer, **extension(term), document=(BytesIO(b"hello"), "a.pdf"))
    assert answer.status_code == 422
    assert "is not a PDF" in answer.text
    assert db.session.query(Agreement).count() == 1


def test_a_coordinator_signs_nothing(sign_in, term):
    coordinator = sign_in(Role.COORDINATOR, term.institution)
    assert coordinator.get("/institutions/utar/agreements/new").status_code == 403
    assert coordinator.get(f"/institutions/utar/agreements/{term.id}/file").status_code == 403
