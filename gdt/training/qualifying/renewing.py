"""The office renews a qualification without a training; the one before it stays as it was."""

from datetime import date, timedelta

from flask_babel import gettext as _
from sqlalchemy import select

from gdt import audit
from gdt.access import Viewer
from gdt.database import db, now
from gdt.errors import DomainError
from gdt.filters import day as written
from gdt.people.models import Person
from gdt.training.models import Qualification
from gdt.training.qualifying.queries import find_renewal
from gdt.training.teaching import valid_until

LONGEST_GAP = timedelta(days=365)


def renew_qualification(*, actor: Viewer, held: Qualification, why: str) -> Qualification:
    """Let a teacher teach on: the next qualification begins the day after this one ends, or today.

    Raises DomainError for one that was renewed, and for one that ended more than a year ago.
    """
    db.session.execute(select(Person.id).where(Person.id == held.person_id).with_for_update())
    later, today = find_renewal(held), now().date()
    if later is not None:
        raise DomainError(
            _(
                "This qualification was renewed already, until %(day)s. Renew that one when it ends.",
                day=written(later.valid_until),
            )
        )
    if held.valid_until + LONGEST_GAP < today:
        raise DomainError(
            _(
                "It ended on %(day)s, more than a year ago. A teacher training renews it.",
                day=written(held.valid_until),
            )
        )
    first = renewed_from(held, today)
    renewal = Qualification(
        person=held.person,
        module=held.module,
        institution=held.institution,
        valid_from=first,
        valid_until=valid_until(first),
    )
    db.session.add(renewal)
    said = _(
        "Renewed the qualification of %(name)s for %(what)s until %(day)s. %(why)s",
        name=held.person,
        what=held.module,
        day=written(renewal.valid_until),
        why=why,
    )
    audit.record(actor, "renewed", held.person, said, institution_id=held.institution_id, renews=held.id)
    return renewal


def renewed_from(held: Qualification, today: date) -> date:
    """The first day of a renewal: without a gap where the qualification has not ended yet."""
    return max(today, held.valid_until + timedelta(days=1))
