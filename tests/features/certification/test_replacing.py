"""Replacing: the corrected next edition, the old one that points to it, and everything counted once."""

from hashlib import sha256
from threading import Barrier, Thread

import pytest

from gdt import documents
from gdt.access import OFFICE
from gdt.audit import AuditEvent
from gdt.certification.corrections import Corrections
from gdt.certification.evidence import assess_students
from gdt.certification.models import Certificate, CertificateKind, CertificateState
from gdt.certification.replacement_models import CertificateReplacement
from gdt.certification.replacing import preview_replacement, replace_certificate
from gdt.certification.revoking import revoke_certificate
from gdt.certification.services import issue_for_cohort, issue_teacher_certificates
from gdt.database import db, now, unit_of_work
from gdt.errors import DomainError
from gdt.impact.queries import totals
from gdt.people.models import Person
from tests.factories import TODAY
from tests.features.certification.stories import (
    all_certificates,
    certified_cohort,
    make_ready_cohort,
    yesterday,
)


def replace(certificate, reason="A letter was wrong.", **corrections):
    with unit_of_work():
        held = db.session.get_one(Certificate, certificate.id)
        newer = replace_certificate(
            actor=OFFICE, certificate=held, reason=reason, corrections=Corrections(**corrections)
        )
        return newer.id


def refusal(certificate, **corrections):
    with pytest.raises(DomainError) as refused:
        replace(certificate, **corrections)
    return refused.value


def one_certificate(name="Aisyah binti Rahmn"):
    certified_cohort(0, names=[name])
    (certificate,) = all_certificates()
    return certificate


def test_the_next_edition_says_the_corrected_fact_and_all_else_as_it_was(app):
    old = one_certificate()
    before, digest = dict(old.facts), old.file_sha256
    replace(old, printed_name="Aisyah binti Rahman")
    old, new = all_certificates()
    changed = {name for name in before | new.facts if before.get(name) != new.facts.get(name)}
    assert changed == {"printed_name", "number", "code", "verify_url"}
    assert new.facts["printed_name"] == "Aisyah binti Rahman"
    assert (new.edition, new.replaces_id, new.thing_earned) == (2, old.id, old.thing_earned)
    assert (new.serial, new.person_id, new.cohort_id) == (2, old.person_id, old.cohort_id)
    assert (old.state(TODAY), new.state(TODAY)) == (CertificateState.REPLACED, CertificateState.VALID)
    assert (old.facts, old.file_sha256) == (before, digest)
    assert sha256(documents.read(old.file_key)).hexdigest() == digest
    assert sha256(documents.read(new.file_key)).hexdigest() == new.file_sha256
    assert new.proof.badge != old.proof.badge


def test_the_act_is_kept_with_its_reason_and_both_histories_tell_it(app):
    old = one_certificate("Wrong")
    replace(old, reason="Misread passport.", printed_name="Right", native_name="右")
    kept = db.session.query(CertificateReplacement).one()
    assert kept.changes == {"printed_name": ["Wrong", "Right"], "native_name": [None, "右"]}
    assert (kept.reason, kept.made_by_name) == ("Misread passport.", "GDT Network")
    old, new = all_certificates()
    told = {event.subject_id: event.summary for event in db.session.query(AuditEvent).order_by(AuditEvent.id)}
    assert told[old.id] == f"Replaced {old.number} by {new.number}: Misread passport."
    assert told[new.id] == f"Issued in place of {old.number}: Misread passport."


def test_three_corrections_in_a_row_make_one_chain(app):
    one_certificate("A")
    for name in ("B", "C", "D"):
        replace(all_certificates()[-1], printed_name=name)
    chain = all_certificates()
    assert [c.facts["printed_name"] for c in chain] == ["A", "B", "C", "D"]
    assert [c.edition for c in chain] == [1, 2, 3, 4]
    assert [c.replaces_id for c in chain[1:]] == [c.id for c in chain[:-1]]
    assert [c.state(TODAY).value for c in chain] == ["replaced"] * 3 + ["valid"]


def test_a_replaced_certificate_counts_once_and_is_not_certified_again(app):
    old = one_certificate()
    cohort = old.cohort
    before = totals(viewer=OFFICE, year=TODAY.year)
    replace(old, printed_name="Aisyah binti Rahman")
    assert totals(viewer=OFFICE, year=TODAY.year) == before
    (finding,) = assess_students([cohort.id], TODAY)[cohort.id]
    newer = all_certificates()[1]
    assert finding.is_already and finding.candidate.held.number == newer.number
    db.session.rollback()
    assert issue_for_cohort(db.session.merge(cohort), actor=OFFICE, issued_on=TODAY)["issued"] == 0


def test_the_record_of_the_person_is_put_right_in_the_same_act_when_asked(app):
    old = one_certificate("Wrong")
    replace(old, printed_name="Right", corrects_record=True)
    assert all_certificates()[1].person.printed_name == "Right"
    replace(all_certificates()[1], native_name="右")
    assert db.session.get_one(Person, all_certificates()[0].person_id).native_name is None


def test_a_record_somebody_corrected_meanwhile_is_not_overwritten(app):
    old = one_certificate("Wrong")
    old.person.printed_name = "Married Name"
    db.session.commit()
    error = refusal(old, printed_name="Right", corrects_record=True)
    assert (error.field, "Married Name" in error.message) == ("corrects_record", True)
    assert len(all_certificates()) == 1
    assert all_certificates()[0].person.printed_name == "Married Name"


@pytest.mark.parametrize(
    ("corrections", "field", "words"),
    [
        ({}, None, "Nothing would change"),
        ({"printed_name": "  Aisyah   binti Rahmn "}, None, "Nothing would change"),
        ({"printed_name": "A\U0001f600"}, "printed_name", "U+1F600"),
        ({"printed_name": ""}, None, "cannot be printed"),
        ({"printed_name": "A" * 121}, None, "cannot be printed"),
        ({"reason": " ", "printed_name": "Right"}, "reason", "Say why"),
    ],
)
def test_what_cannot_be_printed_or_says_nothing_new_is_refused_and_takes_no_number(
    app, corrections, field, words
):
    old = one_certificate()
    error = refusal(old, **corrections)
    assert (error.field, words in error.message) == (field, True)
    replace(old, printed_name="Right")
    assert [c.serial for c in all_certificates()] == [1, 2]


def test_what_was_replaced_or_revoked_is_not_replaced_and_says_what_is(app):
    old = one_certificate()
    replace(old, printed_name="Second")
    error = refusal(old, printed_name="Third")
    newer = all_certificates()[1]
    assert f"replaced by {newer.number} already" in error.message
    with unit_of_work():
        held = db.session.get_one(Certificate, newer.id)
        revoke_certificate(actor=OFFICE, certificate=held, reason="Not hers.")
    assert "was revoked" in refusal(newer, printed_name="Third").message
    assert len(all_certificates()) == 2


def test_an_expired_certificate_is_renewed_not_replaced(app):
    cohort = make_ready_cohort(0)
    issue_teacher_certificates(cohort.course, actor=OFFICE, issued_on=yesterday(2))
    (certificate,) = all_certificates()
    certificate.valid_until = yesterday()
    db.session.commit()
    assert "Renew the qualification" in refusal(certificate, printed_name="Right").message


def test_the_person_whose_data_was_erased_gets_nothing_printed_anew(app):
    old = one_certificate()
    old.person.erased_at = now()
    db.session.commit()
    assert "erased" in refusal(old, printed_name="Right").message


def test_a_teacher_certificate_keeps_its_term(app):
    cohort = make_ready_cohort(0)
    issue_teacher_certificates(cohort.course, actor=OFFICE, issued_on=TODAY)
    replace(all_certificates()[0], printed_name="Dr Lim Mei-Ling", institution="Institute of Kampar")
    old, new = all_certificates()
    assert (new.valid_until, new.kind) == (old.valid_until, CertificateKind.TEACHER)
    assert new.facts["institution"] == "Institute of Kampar"


def a_certificate_of_kind(kind):
    """One of the kinds that no batch issues yet, as a copy of a student's."""
    like = one_certificate()
    columns = (
        "code",
        "year",
        "institution_id",
        "issued_on",
        "design",
        "file_key",
        "file_sha256",
        "file_size",
    )
    copied = {name: getattr(like, name) for name in columns}
    facts = like.facts | {"kind": kind.value, "number": "GDT-2020-000009"}
    facts = {name: facts[name] for name in facts if name not in {"modules", "held_from", "held_to", "mode"}}
    person_id = None if kind is CertificateKind.PARTNER else like.person_id
    copied |= {"kind": kind, "thing_earned": f"{kind.value}:1", "person_id": person_id, "facts": facts}
    copied |= {"number": "GDT-2020-000009", "serial": 9, "year": 2020, "code": "1" * 27}
    certificate = Certificate(**copied)
    db.session.add(certificate)
    db.session.commit()
    return certificate


@pytest.mark.parametrize("kind", [CertificateKind.AWARD, CertificateKind.PARTNER])
def test_awards_and_partner_certificates_are_replaced_like_any_other(app, kind):
    old = a_certificate_of_kind(kind)
    old_id, thing = old.id, old.thing_earned
    replace(old, institution="Institute of Kampar", corrects_record=True)
    new = db.session.query(Certificate).filter_by(replaces_id=old_id).one()
    assert (new.kind, new.thing_earned, new.edition) == (kind, thing, 2)
    assert documents.read(new.file_key).startswith(b"%PDF")


def test_a_preview_is_the_paper_without_number_code_or_signature_and_changes_nothing(app):
    old = one_certificate()
    pdf = preview_replacement(certificate=old, corrections=Corrections(printed_name="Right"))
    assert pdf.startswith(b"%PDF")
    assert b"/Sig" not in pdf and b"ByteRange" not in pdf
    assert len(all_certificates()) == 1
    with pytest.raises(DomainError):
        preview_replacement(certificate=old, corrections=Corrections(printed_name="\U0001f600"))


def test_of_many_who_replace_the_same_certificate_at_once_exactly_one_does(whole_app, app):
    old = one_certificate()
    certificate_id, start, said = old.id, Barrier(6), []
    db.session.remove()

    def correct(n):
        with whole_app.app_context():
            start.wait()
            try:
                with unit_of_work():
                    held = db.session.get_one(Certificate, certificate_id)
                    replace_certificate(
                        actor=OFFICE,
                        certificate=held,
                        reason="At once.",
                        corrections=Corrections(printed_name=f"Name {n}"),
                    )
                said.append("replaced")
            except DomainError as error:
                said.append(error.message)

    threads = [Thread(target=correct, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert said.count("replaced") == 1
    assert sum("already" in sentence for sentence in said) == 5
    assert [c.serial for c in all_certificates()] == [1, 2]
