"""Reminders of an agreement's end as rows: planned ahead, and settled by what was done about it."""

from collections.abc import Sequence

from flask_babel import gettext as _
from sqlalchemy import exists, select
from sqlalchemy.orm import aliased

from gdt import audit
from gdt.access import Viewer
from gdt.database import db, now
from gdt.errors import DomainError
from gdt.partners.models import Agreement, Institution
from gdt.partners.reminder_models import AgreementReminder, Audience, ReminderState
from gdt.partners.renewal_times import rounds_of


def plan_reminders() -> int:
    """Write the reminders of every term that runs, is not renewed and has none yet; returns how many."""
    terms = _unplanned()
    db.session.add_all(
        AgreementReminder(agreement=term, audience=audience, months=one.months, due_on=one.due_on)
        for term in terms
        for one in rounds_of(term.ends_on)
        for audience in Audience
    )
    db.session.flush()
    return len(terms)


def _unplanned() -> Sequence[Agreement]:
    renewal = aliased(Agreement)
    today = now().date()
    return db.session.scalars(
        select(Agreement)
        .join(Institution, Institution.id == Agreement.institution_id)
        .where(
            Agreement.ends_on >= today,
            Agreement.agreed_until.is_(None),
            Institution.closed_on.is_(None),
            ~exists().where(renewal.extends_id == Agreement.id),
            ~exists().where(AgreementReminder.agreement_id == Agreement.id),
        )
    ).all()


def settle_reminders(term: Agreement, note: str) -> None:
    """Something was done: what was sent is answered, what was not sent yet is not needed."""
    open_ones = select(AgreementReminder).where(
        AgreementReminder.agreement_id == term.id,
        AgreementReminder.state.in_((ReminderState.DUE, ReminderState.SENT)),
    )
    for one in db.session.scalars(open_ones):
        was_sent = one.state is ReminderState.SENT
        one.state = ReminderState.ANSWERED if was_sent else ReminderState.NOT_NEEDED
        one.settled_at, one.note = now(), note[:300]


def note_answer(*, viewer: Viewer, reminder: AgreementReminder, words: str) -> None:
    """Keep what the institution or the office answered to a reminder that was sent."""
    db.session.refresh(reminder, ["state"], with_for_update={"of": AgreementReminder})
    if reminder.state is not ReminderState.SENT:
        raise DomainError(_("Only a reminder that was sent and waits for an answer can be answered."))
    reminder.state, reminder.settled_at, reminder.note = ReminderState.ANSWERED, now(), words[:300]
    term = reminder.agreement
    summary = _("Noted the answer to a reminder: %(words)s", words=words)
    audit.record(viewer, "noted an answer", term, summary, institution_id=term.institution_id)
