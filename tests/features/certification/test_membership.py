"""Partner certificates: once for each agreement in force, to be hung up, ended with the agreement."""

import subprocess
from datetime import timedelta

import pytest

from gdt import documents
from gdt.access import OFFICE, Role
from gdt.certification.membership import certifying, ending
from gdt.certification.models import Certificate, CertificateState
from gdt.database import db
from gdt.errors import DomainError
from gdt.partners.models import AgreementKind
from gdt.partners.terminating import terminate_agreement
from tests.browser import squeezed, submit, token_of
from tests.factories import TODAY, make_agreement, make_institution, make_user

PAGE = "/institutions/utar/partner-certificate"


def issue(institution, seen=1, **columns):
    issued = certifying.issue_partner_certificates(
        actor=OFFICE, institution=institution, seen=seen, **columns
    )
    db.session.commit()
    return issued


def test_an_institution_with_an_agreement_in_force_gets_its_certificate_once(app, sign_in, client):
    utar = make_institution(code="utar", name="Universiti Tunku Abdul Rahman", native_name="拉曼大学")
    term = make_agreement(utar)
    make_institution(code="inti", name="INTI")  # an applicant
    app.extensions["mailman"].outbox = []
    coordinator = make_user(role=Role.COORDINATOR, institution=utar, email="lee@utar.example")
    hers, officer = sign_in(Role.COORDINATOR, utar), sign_in(Role.OFFICER)
    assert "No partner certificate yet" in hers.get(PAGE).text
    assert "No agreement is in force today." in officer.get(PAGE.replace("utar", "inti")).text
    ready = squeezed(officer.get("/certificates/ready/partners").text)
    assert "Issue 1 certificate" in ready and "INTI" not in ready

    assert submit(officer, f"{PAGE}/issue", page=PAGE, seen="1").location == PAGE
    certificate = db.session.query(Certificate).one()
    assert (certificate.kind, certificate.person_id, certificate.valid_until) == (
        "partner",
        None,
        term.ends_on,
    )
    assert certificate.facts["printed_name"] == utar.name
    token = token_of(officer, "/certificates/ready/partners")
    again = officer.post(f"{PAGE}/issue", data={"seen": "1", "csrf_token": token})
    assert again.status_code == 422 and "Meanwhile this changed" in again.text
    assert db.session.query(Certificate).count() == 1

    page = hers.get(PAGE).text
    assert certificate.number in page and "to print and hang up" in page
    assert hers.get(f"/certificates/{certificate.number}.pdf").data.startswith(b"%PDF")
    public = squeezed(client.get(f"/verify/{certificate.code}").text)
    assert "Universiti Tunku Abdul Rahman" in public and "Partner certificate" in public
    told = {mail.to[0]: mail.body for mail in app.extensions["mailman"].outbox}
    assert len(told) == 2  # both coordinators, and nobody else
    assert certificate.number in told[coordinator.email] and PAGE in told[coordinator.email]


def run(*command):
    return subprocess.run(command, check=True, capture_output=True).stdout.decode()


def test_its_paper_is_signed_sound_and_leads_whoever_scans_it_to_the_verify_page(app, tmp_path):
    utar = make_institution(code="utar", name="Universiti Tunku Abdul Rahman", native_name="拉曼大学")
    make_agreement(utar)
    (certificate,) = issue(utar)
    paper = tmp_path / "paper.pdf"
    paper.write_bytes(documents.read(certificate.file_key))
    assert "Signature is Valid." in run("pdfsig", "-nocert", paper)
    assert "No syntax or stream encoding errors" in run("qpdf", "--check", paper)
    run("pdftoppm", "-r", "150", "-png", "-singlefile", paper, tmp_path / "page")
    scanned = run("zbarimg", "-q", "--raw", "-S*.enable=0", "-Sqrcode.enable=1", tmp_path / "page.png")
    assert scanned.strip() == certificate.facts["verify_url"]


def test_it_ends_with_its_agreement_and_the_next_agreement_has_its_own(app):
    utar = make_institution(code="utar")
    first = make_agreement(utar, ends_on=TODAY + timedelta(days=30))
    (old,) = issue(utar)
    make_agreement(
        utar,
        kind=AgreementKind.EXTENSION,
        extends_id=first.id,
        extends_ends_on=first.ends_on,
        starts_on=first.ends_on + timedelta(days=1),
        ends_on=TODAY + timedelta(days=900),
    )
    db.session.expire_all()
    with pytest.raises(DomainError, match="Meanwhile"):
        issue(utar)
    later = first.ends_on + timedelta(days=1)
    assert old.state(later) is CertificateState.EXPIRED
    (new,) = issue(utar, issued_on=later)
    assert (new.thing_earned, new.edition) != (old.thing_earned, old.edition)
    assert ending.revoke_ended(later) == 0


def test_where_the_agreement_is_terminated_it_is_revoked_the_day_after_and_never_twice(app):
    utar = make_institution(code="utar")
    term = make_agreement(utar)
    (certificate,) = issue(utar)
    terminate_agreement(
        viewer=OFFICE, institution=utar, agreement=term, last_day=TODAY, reason="Both wanted it."
    )
    db.session.commit()
    assert ending.revoke_ended(TODAY) == 0
    assert ending.revoke_ended(TODAY + timedelta(days=1)) == 1
    db.session.commit()
    assert certificate.revoked_reason == "The agreement it was issued for has ended."
    assert ending.revoke_ended(TODAY + timedelta(days=1)) == 0
