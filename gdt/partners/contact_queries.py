"""Reading contacts: those of an institution, and whom to turn to on a day."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import contains_eager

from gdt.access import Viewer, within
from gdt.database import db
from gdt.errors import RecordNotFound
from gdt.partners.contact_models import Contact, Duty
from gdt.partners.models import Institution


def get_contact(institution: Institution, contact_id: int) -> Contact:
    contact = db.session.scalar(
        select(Contact).where(Contact.id == contact_id, Contact.institution_id == institution.id)
    )
    if contact is None:
        raise RecordNotFound
    return contact


def list_contacts(institution: Institution) -> Sequence[Contact]:
    """All of an institution by duty, and within it who has had it longest; those whose duty ended, too."""
    order = list(Duty)
    found = db.session.scalars(
        select(Contact).where(Contact.institution_id == institution.id).order_by(Contact.from_on, Contact.id)
    )
    return sorted(found, key=lambda one: order.index(one.duty))


def in_duty(day: date) -> ColumnElement[bool]:
    """The condition that a contact has the duty on a day."""
    return and_(Contact.from_on <= day, or_(Contact.until_on.is_(None), Contact.until_on >= day))


def list_in_duty(institution: Institution, duty: Duty, day: date) -> Sequence[Contact]:
    """Who has a duty at an institution on a day, the longest first."""
    return db.session.scalars(
        select(Contact)
        .where(Contact.institution_id == institution.id, Contact.duty == duty, in_duty(day))
        .order_by(Contact.from_on, Contact.id)
    ).all()


def list_all_in_duty(viewer: Viewer, day: date) -> Sequence[Contact]:
    """Everybody who has a duty on a day at an institution the viewer sees, institution by institution."""
    return db.session.scalars(
        select(Contact)
        .join(Contact.institution)
        .where(within(viewer, Contact.institution_id), in_duty(day))
        .options(contains_eager(Contact.institution))
        .order_by(Institution.name, Contact.duty, Contact.name, Contact.id)
    ).all()


def find_signatory(institution: Institution, day: date) -> Contact | None:
    """Who is offered to sign for an institution: its signatory, where it names one."""
    return next(iter(list_in_duty(institution, Duty.SIGNATORY, day)), None)
