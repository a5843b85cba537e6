"""Who may be certified: a list of rules, each saying why not, in a sentence, and who can fix it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from flask_babel import gettext as _

from gdt.certification.eligibility.rules import Rule as Rule
from gdt.certification.models import CertificateState
from gdt.partners.models import InstitutionStatus
from gdt.partners.permitted import PartnerAct, is_permitted
from gdt.training.models import EnrolmentState


class Fixer(StrEnum):
    """Who can turn a no into a yes."""

    COORDINATOR = "coordinator"
    OFFICE = "office"
    NOBODY = "nobody"


@dataclass(frozen=True)
class Answer:
    """Why a rule says no, and who can change that."""

    rule: Rule
    sentence: str
    fixer: Fixer


@dataclass(frozen=True)
class HeldCertificate:
    """The latest certificate a person has for the same thing."""

    id: int
    number: str
    state: CertificateState


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """What is known about one person on the day of issue.

    `untaught_modules` had no qualified teacher in the cohort; `missing_modules` are those a teacher has no
    valid qualification for; both are titles. `unprintable` are the characters no font has.
    """

    person_id: int
    printed_name: str
    native_name: str | None
    institution_id: int
    thing_earned: str
    status: InstitutionStatus
    held: HeldCertificate | None = None
    enrolment: EnrolmentState = EnrolmentState.COMPLETED
    missing_exams: tuple[str, ...] = ()
    untaught_modules: tuple[str, ...] = ()
    missing_modules: tuple[str, ...] = ()
    valid_until: date | None = None
    unprintable: tuple[str, ...] = ()
    is_merged: bool = False
    is_erased: bool = False
    email: str | None = None


@dataclass(frozen=True)
class Finding:
    """The answers to all rules for one candidate."""

    candidate: Candidate
    unmet: tuple[Answer, ...]

    @property
    def is_eligible(self) -> bool:
        return not self.unmet

    @property
    def is_already(self) -> bool:
        """Whether a standing certificate is the reason; a revoked one is a refusal."""
        held = self.candidate.held
        return held is not None and held.state is not CertificateState.REVOKED

    @property
    def reason(self) -> str:
        """Why not, in sentences."""
        return " ".join(answer.sentence for answer in self.unmet)


def assess(candidate: Candidate) -> Finding:
    """The rules a candidate does not meet, the ones that settle the matter first."""
    return Finding(candidate, tuple(no for rule in RULES if (no := rule(candidate)) is not None))


def _person(candidate: Candidate) -> Answer | None:
    if candidate.is_erased:
        return Answer(Rule.PERSON, _("This person's data was erased on request."), Fixer.NOBODY)
    if not candidate.is_merged:
        return None
    sentence = _("This record was merged into another; certify that person instead.")
    return Answer(Rule.PERSON, sentence, Fixer.OFFICE)


def _not_already(candidate: Candidate) -> Answer | None:
    held = candidate.held
    if held is None:
        return None
    if held.state is CertificateState.REVOKED:
        sentence = _(
            "Certificate %(number)s for this was revoked. If it should count after all, issue it anew from "
            "its page.",
            number=held.number,
        )
    else:
        sentence = _("Already certified: %(number)s.", number=held.number)
    return Answer(Rule.ALREADY, sentence, Fixer.OFFICE)


def _completed(candidate: Candidate) -> Answer | None:
    if candidate.enrolment is EnrolmentState.COMPLETED:
        return None
    sentence = (
        _("Withdrew from the cohort.")
        if candidate.enrolment is EnrolmentState.WITHDREW
        else _("Not marked as completed in the cohort.")
    )
    return Answer(Rule.COMPLETED, sentence, Fixer.COORDINATOR)


def _exam_passed(candidate: Candidate) -> Answer | None:
    if not candidate.missing_exams:
        return None
    sentence = _("Has not passed %(exams)s.", exams=", ".join(candidate.missing_exams))
    return Answer(Rule.EXAM, sentence, Fixer.COORDINATOR)


def _is_qualified(candidate: Candidate) -> Answer | None:
    if not candidate.missing_modules:
        return None
    modules = ", ".join(candidate.missing_modules)
    sentence = _("Has no valid qualification for %(modules)s.", modules=modules)
    return Answer(Rule.QUALIFIED, sentence, Fixer.OFFICE)


def _agreement(candidate: Candidate) -> Answer | None:
    if is_permitted(candidate.status, PartnerAct.BE_CERTIFIED):
        return None
    sentence = _(
        "The institution's agreement was not in force on the day of issue: %(status)s."
        " Record its renewal first.",
        status=candidate.status.value,
    )
    return Answer(Rule.AGREEMENT, sentence, Fixer.OFFICE)


def _taught_by_the_qualified(candidate: Candidate) -> Answer | None:
    if not candidate.untaught_modules:
        return None
    modules = ", ".join(candidate.untaught_modules)
    sentence = _("No teacher of the cohort was qualified for %(modules)s when it started.", modules=modules)
    return Answer(Rule.TEACHER, sentence, Fixer.OFFICE)


def _name_printable(candidate: Candidate) -> Answer | None:
    if not candidate.unprintable:
        return None
    characters = ", ".join(f"{symbol} (U+{ord(symbol):04X})" for symbol in candidate.unprintable)
    sentence = _("No font here can print %(characters)s in the name.", characters=characters)
    return Answer(Rule.NAME, sentence, Fixer.COORDINATOR)


RULES: tuple[Callable[[Candidate], Answer | None], ...] = (
    _person,
    _not_already,
    _completed,
    _exam_passed,
    _is_qualified,
    _agreement,
    _taught_by_the_qualified,
    _name_printable,
)
