"""Terminating an agreement: it ends earlier than it was signed for, with a reason, and has no grace."""

from datetime import date

from flask_babel import gettext as _

from gdt import audit
from gdt.access import Viewer
from gdt.database import db, now
from gdt.errors import DomainError
from gdt.filters import day as written
from gdt.partners.agreement_states import Act, Life, NotPossible, act_on, earliest_last_day
from gdt.partners.models import Agreement, Institution
from gdt.partners.queries import list_agreements, lock_institution
from gdt.partners.reminding import settle_reminders


def terminate_agreement(
    *, viewer: Viewer, institution: Institution, agreement: Agreement, last_day: date, reason: str
) -> None:
    """End a term on an earlier day. Raises DomainError for one that was renewed, terminated or is over."""
    lock_institution(institution)
    db.session.refresh(agreement)
    today = now().date()
    life = agreement.life(list_agreements(institution))
    refuse_termination(life, today)
    try:
        after = act_on(life, Act.TERMINATE, today, given=last_day)
    except NotPossible as error:
        raise DomainError(_wrong_day(life, today), "last_day") from error
    agreement.ends_on, agreement.agreed_until = after.ends_on, after.agreed_until
    agreement.termination_reason = reason
    settle_reminders(agreement, _("Terminated"))
    audit.record(
        viewer,
        "terminated",
        agreement,
        _(
            "Terminated the agreement of %(name)s: its last day is %(day)s instead of %(until)s",
            name=institution.name,
            day=written(last_day),
            until=written(after.agreed_until),
        ),
        institution_id=institution.id,
        reason=reason,
    )


def refuse_termination(life: Life, today: date) -> None:
    """Raise DomainError, with the next step, where there is nothing to terminate."""
    if life.agreed_until is not None:
        raise DomainError(
            _("This agreement was terminated already; its last day is %(day)s.", day=written(life.ends_on))
        )
    if life.renewed_from is not None:
        raise DomainError(
            _("This term was renewed. Terminate the renewal instead; this term then runs to its end.")
        )
    if life.ends_on <= earliest_last_day(life, today):
        raise DomainError(
            _("This term ended on %(day)s. There is nothing left to terminate.", day=written(life.ends_on))
        )


def _wrong_day(life: Life, today: date) -> str:
    first = earliest_last_day(life, today)
    return str(
        _(
            "Choose a day from %(first)s on and before %(end)s, when the term ends by itself.",
            first=written(first),
            end=written(life.ends_on),
        )
    )
