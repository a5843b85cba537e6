"""Reading drafts, reminders and the chain an agreement stands in."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from gdt.access import Viewer, within
from gdt.database import db
from gdt.errors import RecordNotFound
from gdt.partners.draft_models import AgreementDraft
from gdt.partners.models import Agreement, Institution
from gdt.partners.reminder_models import AgreementReminder, ReminderState


def get_draft(institution: Institution, draft_id: int) -> AgreementDraft:
    draft = db.session.scalar(
        select(AgreementDraft).where(
            AgreementDraft.id == draft_id, AgreementDraft.institution_id == institution.id
        )
    )
    if draft is None:
        raise RecordNotFound
    return draft


def list_open_drafts(institution: Institution) -> Sequence[AgreementDraft]:
    """What is proposed and not signed yet, the first to begin first."""
    return db.session.scalars(
        select(AgreementDraft)
        .where(
            AgreementDraft.institution_id == institution.id,
            AgreementDraft.agreement_id.is_(None),
            AgreementDraft.withdrawn_at.is_(None),
        )
        .order_by(AgreementDraft.starts_on)
    ).all()


def find_draft_of(agreement: Agreement) -> AgreementDraft | None:
    """The draft an agreement was signed from, if there was one."""
    return db.session.scalar(select(AgreementDraft).where(AgreementDraft.agreement_id == agreement.id))


def find_renewal_draft(agreement: Agreement) -> AgreementDraft | None:
    """The open draft that would extend an agreement."""
    return db.session.scalar(
        select(AgreementDraft).where(
            AgreementDraft.extends_id == agreement.id,
            AgreementDraft.agreement_id.is_(None),
            AgreementDraft.withdrawn_at.is_(None),
        )
    )


def find_extended(draft: AgreementDraft) -> Agreement | None:
    return db.session.get(Agreement, draft.extends_id) if draft.extends_id else None


def list_reminders(agreement: Agreement) -> Sequence[AgreementReminder]:
    return db.session.scalars(
        select(AgreementReminder)
        .where(AgreementReminder.agreement_id == agreement.id)
        .order_by(AgreementReminder.due_on, AgreementReminder.audience)
    ).all()


def get_sent_reminder(viewer: Viewer, reminder_id: int) -> AgreementReminder:
    """A reminder that waits for an answer, with its term."""
    reminder = db.session.scalar(
        select(AgreementReminder)
        .join(Agreement, Agreement.id == AgreementReminder.agreement_id)
        .where(AgreementReminder.id == reminder_id, within(viewer, Agreement.institution_id))
        .options(joinedload(AgreementReminder.agreement).joinedload(Agreement.institution))
    )
    if reminder is None or reminder.state is ReminderState.DUE:
        raise RecordNotFound
    return reminder


def chain_of(agreement: Agreement, terms: Sequence[Agreement]) -> list[Agreement]:
    """The terms that extend one another, from the first to the last, with this one among them."""
    by_id = {term.id: term for term in terms}
    by_extended = {term.extends_id: term for term in terms if term.extends_id is not None}
    chain = [agreement]
    while chain[0].extends_id is not None:
        chain.insert(0, by_id[chain[0].extends_id])
    while chain[-1].id in by_extended:
        chain.append(by_extended[chain[-1].id])
    return chain
