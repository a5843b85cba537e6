"""The register and the record of a certificate: found, narrowed, downloaded, revoked, never altered."""

import csv
import io
from hashlib import sha256
from urllib.parse import unquote

import pytest

from gdt import documents
from gdt.access import OFFICE, Role
from gdt.certification.issuing.services import issue_for_cohort, issue_teacher_certificates
from gdt.certification.models import CertificateState
from gdt.certification.revoking.services import revoke_certificate
from gdt.database import db, unit_of_work
from gdt.people.models import Person
from tests.browser import submit
from tests.factories import TODAY, make_affiliation
from tests.features.certification.stories import (
    add_student,
    all_certificates,
    certified_cohort,
    make_ready_cohort,
    make_ready_institution,
    yesterday,
)


def test_the_register_is_empty_with_a_word_about_how_it_fills(officer):
    assert "No certificates yet" in officer.get("/certificates").text


def test_a_certificate_is_found_by_number_and_by_a_part_of_the_name(officer):
    certified_cohort(0, names=["Nguyễn Thị Ánh", "Aisyah"])
    number = all_certificates()[0].number
    for typed, wanted, others in (
        (number, "Aisyah", "Nguyễn"),
        ("gdt 2026 1".replace("2026", str(TODAY.year)), "Aisyah", "Nguyễn"),
        ("Thị Á", "Nguyễn", "Aisyah"),
        ("aisy", "Aisyah", "Nguyễn"),
    ):
        page = officer.get("/certificates", query_string={"q": typed}).text
        assert wanted in page and others not in page, typed
    assert "No certificate fits" in officer.get("/certificates?q=Nobody").text


def test_a_name_changed_since_is_found_as_it_was_printed(officer):
    certified_cohort(0, names=["Printed Name"])
    all_certificates()[0].person.printed_name = "Married Name"
    db.session.commit()
    assert "GDT-" in officer.get("/certificates?q=Printed").text


def test_the_register_is_narrowed_by_kind_year_state_and_institution(officer):
    cohort = certified_cohort(2)
    other = certified_cohort(1)
    issue_teacher_certificates(cohort.course, actor=OFFICE, issued_on=TODAY)
    revoke(all_certificates()[0])
    for narrowing, count in (
        ({"kind": "student"}, 3),
        ({"kind": "teacher"}, 1),
        ({"state": "revoked"}, 1),
        ({"state": "valid"}, 3),
        ({"state": "expired"}, 0),
        ({"year": TODAY.year}, 4),
        ({"year": 2019}, 0),
        ({"institution": other.institution.code}, 1),
        ({"kind": "nonsense", "state": "nonsense", "year": "nonsense"}, 4),
    ):
        page = officer.get("/certificates", query_string=narrowing).text
        assert f"{count} certificate" in page, narrowing


def revoke(certificate, reason="Issued by mistake."):
    with unit_of_work():
        revoke_certificate(actor=OFFICE, certificate=db.session.merge(certificate), reason=reason)


def test_a_term_that_ended_yesterday_is_expired_in_the_list_and_on_the_record(officer):
    cohort = make_ready_cohort(0)
    issue_teacher_certificates(cohort.course, actor=OFFICE, issued_on=yesterday(2))
    certificate = all_certificates()[0]
    certificate.valid_until = yesterday()
    db.session.commit()
    assert "1 certificate" in officer.get("/certificates?state=expired").text
    assert certificate.state(TODAY) is CertificateState.EXPIRED
    assert "Expired" in officer.get(f"/certificates/{certificate.number}").text


def test_the_pages_of_the_register_hold_every_certificate_once(officer):
    certified_cohort(40)
    first = officer.get("/certificates").text
    following = first.split('rel="next"')[1].split('href="')[1].split('"')[0].replace("&amp;", "&")
    second = officer.get(following).text
    numbers = [c.number for c in all_certificates()]
    assert all((f'/certificates/{n}"' in first) != (f'/certificates/{n}"' in second) for n in numbers)


def test_the_download_holds_what_the_list_shows(officer):
    certified_cohort(0, names=["=HYPERLINK(1)", "阮氏映雪"])
    answer = officer.get("/certificates.csv?kind=student")
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert {row["Name"] for row in rows} == {"'=HYPERLINK(1)", "阮氏映雪"}
    assert {row["State"] for row in rows} == {"Valid"}
    assert list(csv.reader(io.StringIO(officer.get("/certificates.csv?kind=award").text)))[1:] == []


def test_the_record_shows_every_printed_fact_and_the_history(officer):
    certified_cohort(0, names=["Aisyah"])
    (certificate,) = all_certificates()
    page = officer.get(f"/certificates/{certificate.number}").text
    facts = certificate.facts
    for fact in ("printed_name", "institution", "country", "achievement", "place", "mode", "code", "number"):
        assert facts[fact] in page, fact
    assert certificate.file_sha256 in page
    assert f"Issued {certificate.number}" in page


def test_the_file_given_out_is_the_one_issued(officer):
    certified_cohort(0, names=["阮氏映雪 / A"])
    (certificate,) = all_certificates()
    answer = officer.get(f"/certificates/{certificate.number}.pdf")
    assert answer.content_type == "application/pdf"
    assert sha256(answer.data).hexdigest() == certificate.file_sha256
    name = unquote(answer.headers["Content-Disposition"])
    assert f"{certificate.number} 阮氏映雪 A.pdf" in name


@pytest.mark.parametrize("damage", [lambda pdf: pdf[:-1], lambda pdf: pdf + b" ", lambda pdf: b"x" + pdf[1:]])
def test_a_file_that_was_altered_in_the_store_is_not_given_out(app, officer, damage):
    certified_cohort(1)
    (certificate,) = all_certificates()
    filesystem, path = documents._place(certificate.file_key)
    filesystem.pipe_file(path, damage(documents.read(certificate.file_key)))
    answer = officer.get(f"/certificates/{certificate.number}.pdf")
    assert answer.status_code == 500
    assert "not the one that was issued" in answer.text
    assert b"%PDF" not in answer.data


def test_a_file_that_is_gone_is_said_to_be_gone(officer):
    certified_cohort(1)
    (certificate,) = all_certificates()
    filesystem, path = documents._place(certificate.file_key)
    filesystem.rm(path)
    answer = officer.get(f"/certificates/{certificate.number}.pdf")
    assert (answer.status_code, "restore it from a backup" in answer.text) == (500, True)


def test_the_office_revokes_with_a_reason_and_the_number_typed(officer):
    certified_cohort(1)
    (certificate,) = all_certificates()
    path = f"/certificates/{certificate.number}/revoke"
    answer = submit(
        officer, path, reason="Exam result was withdrawn.", confirm_word=certificate.number.lower()
    )
    assert answer.status_code == 302
    (revoked,) = all_certificates()
    assert (revoked.revoked_reason, revoked.state(TODAY)) == (
        "Exam result was withdrawn.",
        CertificateState.REVOKED,
    )
    page = officer.get(f"/certificates/{certificate.number}").text
    assert "Exam result was withdrawn." in page
    assert documents.read(revoked.file_key)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"reason": "", "confirm_word": "GDT"}, "Say why this certificate no longer counts."),
        ({"reason": "Because", "confirm_word": "GDT-2020-000001"}, "to confirm"),
    ],
)
def test_a_revocation_without_reason_or_number_changes_nothing(officer, typed, sentence):
    certified_cohort(1)
    (certificate,) = all_certificates()
    answer = submit(officer, f"/certificates/{certificate.number}/revoke", **typed)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert typed["reason"] in answer.text
    assert all_certificates()[0].revoked_at is None


def test_a_second_revocation_is_refused_and_keeps_the_first_reason(officer):
    certified_cohort(1)
    (certificate,) = all_certificates()
    revoke(certificate, "First reason")
    path, word = f"/certificates/{certificate.number}/revoke", certificate.number
    answer = submit(officer, path, reason="Second reason", confirm_word=word)
    assert answer.status_code == 422
    assert all_certificates()[0].revoked_reason == "First reason"


def test_a_revoked_thing_is_not_issued_again_by_a_batch(app):
    cohort = certified_cohort(1)
    revoke(all_certificates()[0])
    outcome = issue_for_cohort(db.session.merge(cohort), actor=OFFICE, issued_on=TODAY)
    assert (outcome["issued"], outcome["already"]) == (0, 0)
    assert "was revoked" in outcome["refused"][0]["reason"]


def test_a_person_sees_her_certificates_under_her_record(officer):
    certified_cohort(0, names=["Aisyah"])
    (certificate,) = all_certificates()
    assert certificate.number in officer.get(f"/people/{certificate.person_id}/certificates").text


def test_a_leader_reads_and_downloads_and_changes_nothing(leader):
    certified_cohort(1)
    (certificate,) = all_certificates()
    for path in (
        "/certificates",
        f"/certificates/{certificate.number}",
        f"/certificates/{certificate.number}.pdf",
    ):
        assert leader.get(path).status_code == 200
    for path in (f"/certificates/{certificate.number}/revoke", "/certificates/ready"):
        assert leader.get(path).status_code == 403


def test_a_coordinator_sees_the_certificates_of_her_institution_alone(sign_in):
    mine, theirs = certified_cohort(0, names=["Mine"]), certified_cohort(0, names=["CANARY"])
    coordinator = sign_in(Role.COORDINATOR, institution=mine.institution)
    own, other = (
        next(c for c in all_certificates() if c.cohort_id == cohort.id) for cohort in (mine, theirs)
    )
    for path in (
        "/certificates",
        "/certificates.csv",
        "/certificates?q=CANARY",
        f"/cohorts/{mine.code}/certificates",
    ):
        assert other.number not in coordinator.get(path).text
        assert theirs.institution.name not in coordinator.get(path).text
    for path in (f"/certificates/{own.number}", f"/certificates/{own.number}.pdf"):
        assert coordinator.get(path).status_code == 200
    for path in (
        f"/certificates/{other.number}",
        f"/certificates/{other.number}.pdf",
        f"/cohorts/{theirs.code}/certificates",
        f"/people/{other.person_id}/certificates",
    ):
        answer = coordinator.get(path)
        assert answer.status_code == 404, path
        assert "CANARY" not in answer.text


def test_a_person_known_to_two_institutions_shows_each_its_own_certificates(sign_in):
    theirs = certified_cohort(0, names=["Moved"])
    (certificate,) = all_certificates()
    mine = make_ready_institution()
    make_affiliation(db.session.get(Person, certificate.person_id), mine)
    page = sign_in(Role.COORDINATOR, institution=mine).get(f"/people/{certificate.person_id}/certificates")
    assert page.status_code == 200
    assert certificate.number not in page.text
    assert theirs.institution.name not in page.text


def test_renaming_everything_later_changes_nothing_that_was_issued(app, officer):
    cohort = certified_cohort(0, names=["As Printed"])
    (certificate,) = all_certificates()
    before = officer.get(f"/certificates/{certificate.number}.pdf").data, dict(certificate.facts)
    person, cohort = certificate.person, certificate.cohort
    person.printed_name, person.native_name = "Renamed", "改名"
    cohort.course.title, cohort.institution.name = "Another title", "Another name"
    cohort.modules[0].title, cohort.modules[0].hours = "Another module", 1
    db.session.commit()
    (again,) = all_certificates()
    assert (officer.get(f"/certificates/{again.number}.pdf").data, dict(again.facts)) == before
    page = app.test_client().get(f"/verify/{again.code}").text
    assert "As Printed" in page
    assert not any(word in page for word in ("Renamed", "改名", "Another"))


def test_a_late_student_is_the_only_one_issued_next_time(officer):
    cohort = certified_cohort(2)
    add_student(db.session.merge(cohort), printed_name="Late")
    answer = submit(officer, f"/certificates/ready/cohorts/{cohort.code}", count=1, only="all")
    assert answer.status_code == 302
    assert [c.facts["printed_name"] for c in all_certificates()][-1] == "Late"
