"""Where an institution's agreement stands, as a word, a kind of state and a sentence."""

from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext

from gdt.filters import day
from gdt.partners.models import Agreement, Institution, InstitutionStatus

WORDS = {
    InstitutionStatus.APPLICANT: (lazy_gettext("applicant"), "neutral"),
    InstitutionStatus.IN_FORCE: (lazy_gettext("in force"), "ok"),
    InstitutionStatus.EXPIRING: (lazy_gettext("expiring"), "attention"),
    InstitutionStatus.IN_GRACE: (lazy_gettext("in grace"), "attention"),
    InstitutionStatus.LAPSED: (lazy_gettext("lapsed"), "problem"),
    InstitutionStatus.CLOSED: (lazy_gettext("closed"), "neutral"),
}


@dataclass(frozen=True)
class AgreementState:
    word: str
    kind: str
    short: str
    sentence: str
    agreement: Agreement | None


def agreement_state(institution: Institution, today: date) -> AgreementState:
    status = institution.status(today)
    word, kind = WORDS[status]
    begun = [a for a in institution.agreements if a.starts_on <= today]
    latest = institution.agreement_in_force(today) or max(begun, key=lambda a: a.ends_on, default=None)
    return AgreementState(str(word), kind, _short(latest, today), _sentence(latest, today), latest)


def _short(agreement: Agreement | None, today: date) -> str:
    if agreement is None:
        return str(_("none yet"))
    if agreement.ends_on < today:
        return str(_("ended on %(day)s", day=day(agreement.ends_on)))
    return str(_("in force until %(day)s", day=day(agreement.ends_on)))


def _sentence(agreement: Agreement | None, today: date) -> str:
    if agreement is None:
        return str(_("No agreement is in force yet."))
    if agreement.ends_on < today:
        return str(_("The agreement ended on %(day)s.", day=day(agreement.ends_on)))
    return str(_("The agreement is in force until %(day)s.", day=day(agreement.ends_on)))
