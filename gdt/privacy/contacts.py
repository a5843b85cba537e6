"""Forgetting contacts of institutions: whose duty ended long ago, and an erased person's own entries."""

from typing import Final

from sqlalchemy import ColumnElement, or_, select

from gdt.database import db, now, one_of, unit_of_work
from gdt.partners.contact_models import Contact
from gdt.partners.contacts import forget_contact
from gdt.partners.renewal_times import months_before
from gdt.privacy.words import Words

MONTHS_KEPT: Final = 24


def forget_ended_contacts() -> int:
    """Take away the entries whose duty ended two years ago, with the words of their history."""
    last = months_before(now().date(), MONTHS_KEPT)
    with unit_of_work():
        return _forget(Contact.until_on < last)


def forget_contacts_of(words: Words) -> int:
    """Take away the entries of an erased person: by her address, or by a name that nobody else bears."""
    emails, names = list(words.emails), list(words.own_names)
    return _forget(or_(one_of(Contact.email, emails), one_of(Contact.name, names)))


def _forget(condition: ColumnElement[bool]) -> int:
    found = db.session.scalars(select(Contact).where(condition).order_by(Contact.id)).all()
    for contact in found:
        forget_contact(contact)
    return len(found)
