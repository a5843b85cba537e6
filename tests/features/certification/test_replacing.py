"""Replacing: the corrected next edition, the old one that points to it, and everything counted once."""

from datetime import date
from hashlib import sha256
from threading import Barrier, Thread

import pytest

from gdt import documents
from gdt.access import OFFICE, Role
from gdt.audit import AuditEvent
from gdt.certification.badges.models import StatusEntry
from gdt.certification.batches.halting import halt_issuing
from gdt.certification.editions.corrections import Corrections
from gdt.certification.editions.editions import preview_edition
from gdt.certification.editions.models import CertificateReplacement
from gdt.certification.editions.reissuing import reissue_certificate
from gdt.certification.editions.replacing import check_replacement, replace_certificate
from gdt.certification.eligibility.evidence import assess_students
from gdt.certification.issuing.services import issue_for_cohort, issue_teacher_certificates
from gdt.certification.log.models import LogLeaf
from gdt.certification.models import Certificate, CertificateKind, CertificateState
from gdt.certification.revoking.services import revoke_certificate
from gdt.database import db, now, unit_of_work
from gdt.errors import DomainError
from gdt.impact.queries import totals
from gdt.people.models import Person
from gdt.training.models import Enrolment, EnrolmentState
from tests.browser import submit, token_of
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
    changes = check_replacement(certificate=old, corrections=Corrections(printed_name="Right"))
    pdf = preview_edition(old, changes)
    assert pdf.startswith(b"%PDF")
    assert b"/Sig" not in pdf and b"ByteRange" not in pdf
    assert len(all_certificates()) == 1
    with pytest.raises(DomainError):
        preview_edition(old, {"printed_name": (None, "\U0001f600")})


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


def typed(certificate, **changes):
    """What a browser sends: every field as it stands, but for the changed ones."""
    names = ("printed_name", "native_name", "institution", "institution_native", "achievement", "place")
    facts = {name: certificate.facts.get(name) or "" for name in (*names, "held_from", "held_to")}
    return facts | {"reason": "A letter was wrong.", "step": "look"} | changes


def test_the_officer_sees_both_side_by_side_and_then_issues(officer):
    old = one_certificate()
    path = f"/certificates/{old.number}/replace"
    page = officer.get(path).text
    assert 'value="Aisyah binti Rahmn"' in page and "The register says" not in page
    check = submit(officer, path, **typed(old, printed_name="Aisyah binti Rahman"))
    assert check.status_code == 200
    assert "Aisyah binti Rahmn" in check.text and "Aisyah binti Rahman" in check.text
    assert check.text.count("Changed") == 1
    assert len(all_certificates()) == 1
    answer = submit(officer, path, **typed(old, printed_name="Aisyah binti Rahman", step="issue"))
    old, new = all_certificates()
    assert (answer.status_code, answer.location) == (302, f"/certificates/{new.number}")
    assert f"{new.number} is issued in place of {old.number}" in officer.get(answer.location).text


def test_both_records_and_both_verify_pages_say_so_and_lead_to_each_other(officer, client):
    replace(one_certificate(), printed_name="Right")
    old, new = all_certificates()
    record, newer_record = (officer.get(f"/certificates/{c.number}").text for c in (old, new))
    assert f"Replaced by {new.number}" in record and f'href="/certificates/{new.number}"' in record
    assert "It took the place of" in newer_record and f'href="/certificates/{old.number}"' in newer_record
    verify, newer_verify = (client.get(f"/verify/{c.code}").text for c in (old, new))
    assert "Replaced" in verify and f'href="/verify/{new.code}"' in verify
    assert (
        "It took the place of an earlier one" in newer_verify and f'href="/verify/{old.code}"' in newer_verify
    )
    assert client.get(f"/verify/{old.code}/badge.json").status_code == 200
    assert client.get(f"/verify/{old.code}/badge.png").status_code == 200
    assert officer.get(f"/certificates/{old.number}.pdf").data == documents.read(old.file_key)


def test_the_preview_opens_before_anything_is_issued(officer):
    old = one_certificate()
    token = token_of(officer, f"/certificates/{old.number}/replace")
    path = f"/certificates/{old.number}/preview.pdf"
    answer = officer.post(path, data=typed(old, printed_name="Right") | {"csrf_token": token})
    assert (answer.status_code, answer.content_type) == (200, "application/pdf")
    assert answer.headers["Content-Disposition"].startswith("inline")
    refused = officer.post(path, data=typed(old, printed_name="\U0001f600"))
    assert (refused.status_code, "U+1F600" in refused.text) == (422, True)
    assert len(all_certificates()) == 1


@pytest.mark.parametrize("step", ["look", "issue"])
def test_a_name_nobody_can_print_is_refused_beside_its_field_and_the_typing_is_kept(officer, step):
    old = one_certificate()
    path = f"/certificates/{old.number}/replace"
    answer = submit(officer, path, **typed(old, printed_name="Bao \U0001f600", step=step))
    assert answer.status_code == 422
    assert "U+1F600" in answer.text and 'value="Bao \U0001f600"' in answer.text
    assert "A letter was wrong." in answer.text


def test_going_back_to_change_something_keeps_what_was_typed(officer):
    old = one_certificate()
    answer = submit(officer, f"/certificates/{old.number}/replace", **typed(old, place="Ipoh", step="edit"))
    assert answer.status_code == 200
    assert 'value="Ipoh"' in answer.text and 'value="look"' in answer.text


def test_a_form_saved_from_two_tabs_is_kept_once_and_the_second_is_told(officer):
    old = one_certificate()
    path = f"/certificates/{old.number}/replace"
    token = token_of(officer, path)
    first, second = (
        officer.post(path, data=typed(old, printed_name=name, step="issue") | {"csrf_token": token})
        for name in ("Tab One", "Tab Two")
    )
    assert (first.status_code, second.status_code) == (302, 422)
    assert "already" in second.text and 'value="Tab Two"' in second.text
    assert [c.facts["printed_name"] for c in all_certificates()] == ["Aisyah binti Rahmn", "Tab One"]


def test_a_revocation_from_a_second_tab_is_told_that_it_was_replaced_meanwhile(officer):
    old = one_certificate()
    token = token_of(officer, f"/certificates/{old.number}/revoke")
    replace(old, printed_name="Right")
    data = {"reason": "Wrong name.", "confirm_word": old.number, "csrf_token": token}
    answer = officer.post(f"/certificates/{old.number}/revoke", data=data)
    assert answer.status_code == 422
    assert "replaced" in answer.text and "Wrong name." in answer.text
    assert all_certificates()[0].revoked_at is None


def test_only_the_office_replaces(sign_in):
    old = one_certificate()
    coordinator = sign_in(Role.COORDINATOR, old.institution)
    record = coordinator.get(f"/certificates/{old.number}").text
    assert f"{old.number}/replace" not in record
    assert coordinator.get(f"/certificates/{old.number}/replace").status_code == 403


def revoke(certificate, reason="Issued by mistake."):
    with unit_of_work():
        held = db.session.get_one(Certificate, certificate.id)
        revoke_certificate(actor=OFFICE, certificate=held, reason=reason)


def issue_anew(certificate, **corrections):
    with unit_of_work():
        held = db.session.get_one(Certificate, certificate.id)
        wanted = Corrections(**corrections)
        reissue_certificate(actor=OFFICE, certificate=held, reason="It was right.", corrections=wanted)


def test_what_was_revoked_by_mistake_is_issued_anew_and_the_revocation_stays(app):
    old = one_certificate()
    before = totals(viewer=OFFICE, year=TODAY.year)
    revoke(old)
    assert totals(viewer=OFFICE, year=TODAY.year) != before
    issue_anew(old)
    old, new = all_certificates()
    assert (old.state(TODAY), new.state(TODAY)) == (CertificateState.REVOKED, CertificateState.VALID)
    assert (new.edition, new.replaces_id) == (2, old.id)
    assert new.facts["printed_name"] == old.facts["printed_name"]
    assert totals(viewer=OFFICE, year=TODAY.year) == before
    with pytest.raises(DomainError, match="issued in place of"):
        issue_anew(old)
    replace(new, printed_name="Right")
    assert [c.state(TODAY).value for c in all_certificates()] == ["revoked", "replaced", "valid"]


def test_a_batch_never_issues_anew_what_was_revoked_but_names_the_way(app):
    old = one_certificate()
    cohort = old.cohort
    revoke(old)
    outcome = issue_for_cohort(db.session.merge(cohort), actor=OFFICE, issued_on=TODAY)
    assert outcome["issued"] == 0
    assert "issue it anew" in outcome["refused"][0]["reason"]


def test_what_was_not_earned_is_not_issued_anew(app):
    old = one_certificate()
    enrolment = db.session.query(Enrolment).one()
    revoke(old)
    enrolment = db.session.merge(enrolment)
    enrolment.state, enrolment.completed_on = EnrolmentState.WITHDREW, None
    db.session.commit()
    with pytest.raises(DomainError, match="Withdrew"):
        issue_anew(old)
    assert len(all_certificates()) == 1


def test_only_what_is_revoked_is_issued_anew(app):
    with pytest.raises(DomainError, match="not revoked"):
        issue_anew(one_certificate())


def test_a_teacher_certificate_is_issued_anew_for_the_same_term(app):
    cohort = make_ready_cohort(0)
    issue_teacher_certificates(cohort.course, actor=OFFICE, issued_on=TODAY)
    revoke(all_certificates()[0])
    issue_anew(all_certificates()[0])
    old, new = all_certificates()
    assert (new.thing_earned, new.valid_until) == (old.thing_earned, old.valid_until)


def test_the_pages_of_a_revoked_and_reissued_certificate_tell_both(officer, client):
    old = one_certificate()
    revoke(old)
    page = officer.get(f"/certificates/{old.number}").text
    assert f"{old.number}/issue-anew" in page
    path = f"/certificates/{old.number}/issue-anew"
    assert "side by side" in submit(officer, path, **typed(old)).text
    answer = submit(officer, path, **typed(old, step="issue"))
    old, new = all_certificates()
    assert answer.location == f"/certificates/{new.number}"
    assert f"A new one was issued since, {new.number}" in officer.get(f"/certificates/{old.number}").text
    verify = client.get(f"/verify/{old.code}").text
    assert "We revoked it on" in verify and f"A new one was issued since, {new.number}" in verify
    assert "1 certificate" in officer.get("/certificates?state=revoked").text


def log_of(*certificates):
    """What the log says of these, in order: (event, number)."""
    known = {certificate.id: certificate.number for certificate in certificates}
    leaves = db.session.query(LogLeaf).order_by(LogLeaf.position)
    return [(leaf.event.value, known[leaf.certificate_id]) for leaf in leaves]


def test_the_log_tells_every_edition_and_the_old_badges_are_withdrawn(app):
    replace(one_certificate(), printed_name="Right")
    revoke(all_certificates()[1])
    issue_anew(all_certificates()[1])
    first, second, third = all_certificates()
    assert log_of(first, second, third) == [
        ("issued", first.number),
        ("issued", second.number),
        ("replaced", first.number),
        ("revoked", second.number),
        ("issued", third.number),
        ("replaced", second.number),
    ]
    bits = {entry.certificate_id: entry.is_set for entry in db.session.query(StatusEntry)}
    assert bits == {first.id: True, second.id: True, third.id: False}


def test_the_days_of_a_cohort_are_corrected_and_not_into_nonsense(officer):
    old = one_certificate()
    path, wrong = f"/certificates/{old.number}/replace", old.facts["held_from"]
    for day in ("2999-01-01", "no day"):
        assert submit(officer, path, **typed(old, held_from=day)).status_code == 422, day
    check = submit(officer, path, **typed(old, held_from="2020-02-03"))
    assert check.status_code == 200 and "3 Feb 2020" in check.text and check.text.count("Changed") == 1
    replace(old, held_from=date(2020, 2, 3))
    old, new = all_certificates()
    assert (old.facts["held_from"], new.facts["held_from"]) == (wrong, "2020-02-03")


def test_while_all_issuing_is_halted_nothing_is_replaced_or_issued_anew(app):
    first = one_certificate()
    revoke(first)
    certified_cohort(1)
    second = next(c for c in all_certificates() if c.revoked_at is None)
    with unit_of_work():
        halt_issuing(actor=OFFICE, reason="A key may be stolen.")
    assert "All issuing is halted" in refusal(second, printed_name="Right").message
    with pytest.raises(DomainError, match="All issuing is halted"):
        issue_anew(first)
    assert len(all_certificates()) == 2
