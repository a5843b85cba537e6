"""Where an institution stands, in words: its status with the day that matters, and what to do next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext

from gdt.filters import day as written
from gdt.partners.models import (
    GRACE,
    Agreement,
    AgreementKind,
    Institution,
    InstitutionKind,
    InstitutionStatus,
)

KINDS = {
    InstitutionKind.UNIVERSITY: lazy_gettext("University"),
    InstitutionKind.COLLEGE: lazy_gettext("College"),
    InstitutionKind.TRAINING_INSTITUTION: lazy_gettext("Training institution"),
    InstitutionKind.GOVERNMENT_BODY: lazy_gettext("Government body"),
}
AGREEMENT_KINDS = {
    AgreementKind.PROGRAMME_AGREEMENT: lazy_gettext("Programme agreement"),
    AgreementKind.MEMORANDUM: lazy_gettext("Memorandum of understanding"),
    AgreementKind.EXTENSION: lazy_gettext("Extension"),
}
STATUSES = {
    InstitutionStatus.APPLICANT: (lazy_gettext("Applicant"), "neutral"),
    InstitutionStatus.IN_FORCE: (lazy_gettext("In force"), "ok"),
    InstitutionStatus.EXPIRING: (lazy_gettext("Expiring"), "attention"),
    InstitutionStatus.IN_GRACE: (lazy_gettext("In grace"), "attention"),
    InstitutionStatus.LAPSED: (lazy_gettext("Lapsed"), "problem"),
    InstitutionStatus.CLOSED: (lazy_gettext("Closed"), "neutral"),
}


@dataclass(frozen=True)
class Standing:
    """The status word, the shape it is drawn with, the word with its day, and the next step if any."""

    status: InstitutionStatus
    word: str
    kind: str
    sentence: str
    next_step: str | None
    last_term: Agreement | None


def standing_of(institution: Institution, terms: Sequence[Agreement], day: date) -> Standing:
    status = institution.status(day)
    last_term = max(terms, key=lambda term: term.ends_on, default=None)
    label, kind = STATUSES[status]
    return Standing(
        status,
        str(label),
        kind,
        _sentence(status, institution, last_term),
        _next_step(status, last_term),
        last_term,
    )


def _sentence(status: InstitutionStatus, institution: Institution, last_term: Agreement | None) -> str:
    label = str(STATUSES[status][0])
    if status is InstitutionStatus.CLOSED:
        return str(_("Closed on %(day)s", day=written(institution.closed_on)))
    if last_term is None:
        return label
    if status is InstitutionStatus.APPLICANT:
        return str(_("Applicant, first term starts %(day)s", day=written(last_term.starts_on)))
    if status is InstitutionStatus.LAPSED:
        lapsed = (
            _("Lapsed, terminated on %(day)s") if last_term.agreed_until else _("Lapsed, last day %(day)s")
        )
        return str(lapsed % {"day": written(last_term.ends_on)})
    last_day = last_term.ends_on + GRACE if status is InstitutionStatus.IN_GRACE else last_term.ends_on
    return str(_("%(status)s until %(day)s", status=label, day=written(last_day)))


def _next_step(status: InstitutionStatus, last_term: Agreement | None) -> str | None:
    if last_term is None:
        return None if status is InstitutionStatus.CLOSED else _("No agreement has been recorded yet.")
    day = written(last_term.ends_on)
    if last_term.agreed_until:
        return str(
            _("The agreement was terminated; its last day is %(day)s. A new one can be drafted.", day=day)
        )
    return {
        InstitutionStatus.EXPIRING: _("The agreement ends on %(day)s and has not been renewed.", day=day),
        InstitutionStatus.IN_GRACE: _(
            "The agreement ended on %(day)s. Renew it before the grace period is over.", day=day
        ),
        InstitutionStatus.LAPSED: _(
            "The agreement ended on %(day)s and its grace period is over. Everything can only be read,"
            " and nothing is certified.",
            day=day,
        ),
    }.get(status)
