"""What a partner may do in each state of its agreement: the one table, and the sentence that refuses."""

from datetime import date
from enum import StrEnum

from flask_babel import gettext as _

from gdt.access import Viewer
from gdt.database import now
from gdt.errors import DomainError
from gdt.filters import day as written
from gdt.partners.models import Institution, InstitutionStatus


class PartnerAct(StrEnum):
    """What the programme lets a partner do under its agreement."""

    OPEN_COHORT = "open cohorts"
    CHANGE_ROSTER = "change lists of students"
    RECORD_RESULTS = "record results"
    BE_CERTIFIED = "have certificates issued"


_A, _S = PartnerAct, InstitutionStatus
FINISHING = frozenset({_A.CHANGE_ROSTER, _A.RECORD_RESULTS})
PERMITTED: dict[InstitutionStatus, frozenset[PartnerAct]] = {
    _S.APPLICANT: FINISHING,  # it prepares its lists while the agreement is made
    _S.IN_FORCE: frozenset(PartnerAct),
    _S.EXPIRING: frozenset(PartnerAct),
    _S.IN_GRACE: FINISHING | {_A.BE_CERTIFIED},  # cohorts are finished and certified, none is opened
    _S.LAPSED: frozenset(),
    _S.CLOSED: frozenset(),
}


def is_permitted(status: InstitutionStatus, act: PartnerAct) -> bool:
    return act in PERMITTED[status]


def require_permitted(
    institution: Institution, act: PartnerAct, *, actor: Viewer | None = None, field: str | None = None
) -> None:
    """Raise DomainError, saying what to do next, unless the state of the agreement today allows the act.

    With an `actor` only a partner's own people are held: the office may put right what a partner cannot.
    """
    if actor is not None and not actor.role.is_of_one_institution:
        return
    today = now().date()
    status = institution.status(today)
    if not is_permitted(status, act):
        raise DomainError(refusal(institution, status, act, today), field)


def why_not(institution: Institution | None, act: PartnerAct, *, viewer: Viewer) -> str | None:
    """The sentence a page shows instead of offering what would be refused; None where it is permitted.

    A cohort is opened for nobody without an agreement; in everything else the office is not held.
    """
    is_held = act is PartnerAct.OPEN_COHORT or viewer.role.is_of_one_institution
    if institution is None or not is_held:
        return None
    today = now().date()
    status = institution.status(today)
    return None if is_permitted(status, act) else refusal(institution, status, act, today)


def refusal(institution: Institution, status: InstitutionStatus, act: PartnerAct, day: date) -> str:
    """Why not, and the next step."""
    until = written(max((a.ends_on for a in institution.agreements if a.starts_on <= day), default=None))
    sentences = {
        _S.APPLICANT: _(
            "%(place)s cannot %(act)s: its first agreement has not begun."
            " Ask the programme office to record the agreement.",
            place=institution,
            act=ACT_WORDS[act](),
        ),
        _S.IN_GRACE: _(
            "%(place)s cannot %(act)s: its agreement ended on %(day)s. It can finish its cohorts until the"
            " grace period is over. Renew the agreement with the programme office to go on.",
            place=institution,
            act=ACT_WORDS[act](),
            day=until,
        ),
        _S.LAPSED: _(
            "%(place)s cannot %(act)s: its agreement has lapsed, it ended on %(day)s, and everything can"
            " only be read. Ask the programme office to renew it.",
            place=institution,
            act=ACT_WORDS[act](),
            day=until,
        ),
        _S.CLOSED: _(
            "%(place)s cannot %(act)s: it has left the programme, and everything can only be read."
            " To come back, it applies anew.",
            place=institution,
            act=ACT_WORDS[act](),
        ),
    }
    return str(sentences[status])


ACT_WORDS = {
    _A.OPEN_COHORT: lambda: _("open a cohort"),
    _A.CHANGE_ROSTER: lambda: _("change its lists of students"),
    _A.RECORD_RESULTS: lambda: _("record results"),
    _A.BE_CERTIFIED: lambda: _("have certificates issued"),
}
