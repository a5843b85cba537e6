"""Who may be certified: each rule says no to its own case, in a sentence, and names who can fix it."""

import dataclasses

import pytest

from gdt.certification.eligibility.assessing import (
    RULES,
    Answer,
    Candidate,
    Fixer,
    HeldCertificate,
    Rule,
    assess,
)
from gdt.certification.models import CertificateState
from gdt.partners.models import InstitutionStatus
from gdt.training.models import EnrolmentState

READY = Candidate(
    person_id=1,
    printed_name="Aisyah binti Rahman",
    native_name=None,
    institution_id=1,
    thing_earned="student:1:1:1",
    status=InstitutionStatus.IN_FORCE,
)

CASES = [
    (Rule.PERSON, {"is_erased": True}, "erased", Fixer.NOBODY),
    (Rule.PERSON, {"is_merged": True}, "merged", Fixer.OFFICE),
    (
        Rule.ALREADY,
        {"held": HeldCertificate(1, "GDT-2026-000001", CertificateState.VALID)},
        "GDT-2026-000001",
        Fixer.OFFICE,
    ),
    (
        Rule.ALREADY,
        {"held": HeldCertificate(1, "GDT-2026-000001", CertificateState.REVOKED)},
        "revoked",
        Fixer.OFFICE,
    ),
    (Rule.COMPLETED, {"enrolment": EnrolmentState.ENROLLED}, "Not marked as completed", Fixer.COORDINATOR),
    (Rule.COMPLETED, {"enrolment": EnrolmentState.WITHDREW}, "Withdrew", Fixer.COORDINATOR),
    (Rule.EXAM, {"missing_exams": ("New Retail",)}, "Has not passed New Retail.", Fixer.COORDINATOR),
    (Rule.QUALIFIED, {"missing_modules": ("A", "B")}, "qualification for A, B", Fixer.OFFICE),
    (Rule.AGREEMENT, {"status": InstitutionStatus.LAPSED}, "lapsed", Fixer.OFFICE),
    (Rule.AGREEMENT, {"status": InstitutionStatus.APPLICANT}, "applicant", Fixer.OFFICE),
    (Rule.AGREEMENT, {"status": InstitutionStatus.CLOSED}, "closed", Fixer.OFFICE),
    (Rule.TEACHER, {"untaught_modules": ("Smart Logistics",)}, "Smart Logistics", Fixer.OFFICE),
    (Rule.NAME, {"unprintable": ("𝔉",)}, "𝔉 (U+1D509)", Fixer.COORDINATOR),
]


def unmet(**changes) -> tuple[Answer, ...]:
    return assess(dataclasses.replace(READY, **changes)).unmet


def test_whoever_meets_every_rule_is_eligible():
    finding = assess(READY)
    assert finding.is_eligible and not finding.is_already and finding.reason == ""


@pytest.mark.parametrize(("rule", "changes", "words", "fixer"), CASES)
def test_each_rule_says_no_to_its_own_case_alone(rule, changes, words, fixer):
    (answer,) = unmet(**changes)
    assert (answer.rule, answer.fixer) == (rule, fixer)
    assert words in answer.sentence


@pytest.mark.parametrize(
    "status", [InstitutionStatus.IN_FORCE, InstitutionStatus.EXPIRING, InstitutionStatus.IN_GRACE]
)
def test_an_institution_in_grace_may_still_have_its_cohorts_certified(status):
    assert unmet(status=status) == ()


def test_every_reason_is_given_and_not_only_the_first():
    finding = assess(dataclasses.replace(READY, missing_exams=("X",), enrolment=EnrolmentState.ENROLLED))
    assert finding.reason == "Not marked as completed in the cohort. Has not passed X."


def test_a_revoked_certificate_is_a_refusal_and_a_standing_one_is_not():
    held = HeldCertificate(1, "GDT-2026-000001", CertificateState.VALID)
    assert assess(dataclasses.replace(READY, held=held)).is_already
    revoked = dataclasses.replace(held, state=CertificateState.REVOKED)
    assert not assess(dataclasses.replace(READY, held=revoked)).is_already


def test_every_rule_has_a_case_here():
    met_while_issuing = {Rule.GONE, Rule.PRINT}
    assert {case[0] for case in CASES} == set(Rule) - met_while_issuing
    assert len(RULES) == len({case[0] for case in CASES})
