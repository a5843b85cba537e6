"""Reading what ends when: the terms of the calendar, the reminders that are due, and whom to write to."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.orm import aliased, contains_eager, joinedload, selectinload

from gdt.access import Role, Viewer, within
from gdt.accounts.models import User
from gdt.accounts.queries import list_coordinators
from gdt.database import db
from gdt.partners.contact_models import Duty
from gdt.partners.contact_queries import list_in_duty
from gdt.partners.draft_models import AgreementDraft
from gdt.partners.models import GRACE, Agreement, Institution
from gdt.partners.reminder_models import AgreementReminder, Audience, ReminderState


def ending(viewer: Viewer, today: date, until: date) -> Select[Agreement]:
    """The terms that end by a day, or ended and are in grace, and are not renewed."""
    renewal = aliased(Agreement)
    return (
        select(Agreement)
        .join(Agreement.institution)
        .where(
            within(viewer, Agreement.institution_id),
            Agreement.ends_on.between(today - GRACE, until),
            Agreement.agreed_until.is_(None),
            or_(Institution.closed_on.is_(None), Institution.closed_on > today),
            ~exists().where(renewal.extends_id == Agreement.id),
        )
        .options(contains_eager(Agreement.institution))
    )


ORDER = [Agreement.ends_on, Agreement.id]


def count_ending(viewer: Viewer, today: date, until: date) -> int:
    found = ending(viewer, today, until).options().with_only_columns(Agreement.id).subquery()
    return db.session.scalar(select(func.count()).select_from(found)) or 0


def list_ending(viewer: Viewer, today: date, until: date) -> Sequence[Agreement]:
    return db.session.scalars(ending(viewer, today, until).order_by(*ORDER)).all()


def reminders_of(terms: Collection[Agreement]) -> dict[int, list[AgreementReminder]]:
    """The reminders of the terms by agreement, the first to come first."""
    found: dict[int, list[AgreementReminder]] = defaultdict(list)
    statement = (
        select(AgreementReminder)
        .where(AgreementReminder.agreement_id.in_([term.id for term in terms]))
        .order_by(AgreementReminder.due_on, AgreementReminder.audience)
    )
    for one in db.session.scalars(statement):
        found[one.agreement_id].append(one)
    return found


def drafts_of(terms: Collection[Agreement]) -> dict[int, AgreementDraft]:
    """The open draft that extends each term, where there is one."""
    statement = select(AgreementDraft).where(
        AgreementDraft.extends_id.in_([term.id for term in terms]), *_is_open_draft()
    )
    return {draft.extends_id or 0: draft for draft in db.session.scalars(statement)}


def list_own_drafts(viewer: Viewer) -> Sequence[AgreementDraft]:
    """What is proposed to the institutions of the viewer and waits to be signed."""
    return db.session.scalars(
        select(AgreementDraft)
        .where(within(viewer, AgreementDraft.institution_id), *_is_open_draft())
        .options(joinedload(AgreementDraft.institution))
        .order_by(AgreementDraft.starts_on, AgreementDraft.id)
    ).all()


def _is_open_draft() -> tuple[ColumnElement[bool], ...]:
    return AgreementDraft.agreement_id.is_(None), AgreementDraft.withdrawn_at.is_(None)


def count_unanswered(viewer: Viewer) -> int:
    """Reminders to institutions that were sent and have no answer."""
    statement = (
        select(func.count(AgreementReminder.id))
        .join(Agreement, Agreement.id == AgreementReminder.agreement_id)
        .where(
            within(viewer, Agreement.institution_id),
            AgreementReminder.audience == Audience.INSTITUTION,
            AgreementReminder.state == ReminderState.SENT,
        )
    )
    return db.session.scalar(statement) or 0


def list_due(today: date) -> Sequence[AgreementReminder]:
    """The reminders whose day has come; held, so that of several workers one sends them."""
    return db.session.scalars(
        select(AgreementReminder)
        .where(AgreementReminder.state == ReminderState.DUE, AgreementReminder.due_on <= today)
        .options(joinedload(AgreementReminder.agreement).joinedload(Agreement.institution))
        .order_by(AgreementReminder.agreement_id, AgreementReminder.audience, AgreementReminder.due_on)
        .with_for_update(of=AgreementReminder, skip_locked=True)
    ).all()


class Recipient(NamedTuple):
    """Somebody to write to; `key` tells her from the others, and a contact cannot sign in."""

    key: str
    name: str
    email: str
    has_account: bool


def list_recipients(institution: Institution, audience: Audience, today: date) -> Sequence[Recipient]:
    """The institution's coordinators and programme leads, or the officers who have its region in hand."""
    people = list_coordinators(institution.id) if audience is Audience.INSTITUTION else _officers(institution)
    found = {one.email.lower(): Recipient(str(one.id), one.name, one.email, True) for one in people}
    if audience is Audience.INSTITUTION:
        for one in list_in_duty(institution, Duty.PROGRAMME_LEAD, today):
            if one.email:
                lead = Recipient(f"contact-{one.id}", one.name, one.email, False)
                found.setdefault(one.email.lower(), lead)
    return list(found.values())


def _officers(institution: Institution) -> Sequence[User]:
    officers = db.session.scalars(
        select(User)
        .where(User.role == Role.OFFICER, User.suspended_at.is_(None))
        .options(selectinload(User.regions))
        .order_by(User.id)
    )
    region = institution.country.region_id
    return [user for user in officers if not user.region_ids or region in user.region_ids]
