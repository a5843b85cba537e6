"""What to do next about a certificate that ends: issue the new one, see what is missing, or train again."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from gdt.certification.eligibility.assessing import Finding


class NextStep(StrEnum):
    ISSUE = "issue"  # the qualification is renewed and everything else is there
    MEND = "mend"  # the qualification is renewed, but a rule is not met
    TRAIN = "train"  # the qualification ends with the certificate


@dataclass(frozen=True)
class Advice:
    """The next step, and for MEND the sentences of the rules that are not met."""

    step: NextStep
    reason: str = ""


def advise(ends_on: date, finding: Finding | None) -> Advice:
    """`finding` is what the rules say today about the same teacher and course; None if she holds nothing."""
    if finding is None or finding.candidate.valid_until is None or finding.candidate.valid_until <= ends_on:
        return Advice(NextStep.TRAIN)
    if finding.is_eligible:
        return Advice(NextStep.ISSUE)
    if finding.candidate.missing_modules:
        return Advice(NextStep.TRAIN)
    return Advice(NextStep.MEND, finding.reason)


def by_person(found: Iterable[tuple[int, Iterable[Finding]]]) -> dict[tuple[int, int], Finding]:
    """Findings by (course, person)."""
    return {(course, one.candidate.person_id): one for course, findings in found for one in findings}
