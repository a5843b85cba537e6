"""Whose certificates a secret link opens, and what a holder lets strangers see beyond the paper."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from gdt.certification.delivery.links import hashed
from gdt.certification.delivery.models import HolderChoice, HolderLink
from gdt.certification.models import Certificate
from gdt.database import db, now
from gdt.errors import RecordNotFound
from gdt.people.models import Person


@dataclass(frozen=True)
class Holder:
    """Who a link belongs to: the certificate it was mailed for, and everything this person holds."""

    certificate: Certificate
    certificates: Sequence[Certificate]
    person: Person | None
    choice: HolderChoice | None


@dataclass(frozen=True)
class PublicExtras:
    """What the public page shows beyond the paper, by the holder's own choice."""

    others: Sequence[Certificate] = field(default_factory=list)
    profile_url: str | None = None


def get_holder(token: str) -> Holder:
    """The holder behind a link that still stands. Raises RecordNotFound for any other."""
    certificate: Certificate | None = db.session.scalar(
        _with_life(select(Certificate))
        .join(HolderLink, HolderLink.certificate_id == Certificate.id)
        .where(HolderLink.token_sha256 == hashed(token), HolderLink.ended_at.is_(None))
    )
    if certificate is None:
        raise RecordNotFound
    person = find_holder_of(certificate)
    if person is None:
        return Holder(certificate, [certificate], None, None)
    if person.erased_at is not None:
        raise RecordNotFound
    return Holder(certificate, list_held(person), person, find_choice(person))


def get_held(holder: Holder, number: str) -> Certificate:
    """One of the holder's own certificates. Raises RecordNotFound for anybody else's."""
    found = next((held for held in holder.certificates if held.number == number.strip().upper()), None)
    if found is None:
        raise RecordNotFound
    return found


def find_holder_of(certificate: Certificate) -> Person | None:
    """The person as she is known today: merged people lead to the one that stands."""
    person = certificate.person
    while person is not None and person.merged_into_id is not None:
        person = db.session.get(Person, person.merged_into_id)
    return person


def list_held(person: Person) -> Sequence[Certificate]:
    """Every certificate of a person, under whichever of her merged records, newest first."""
    merged = select(Person.id).where(Person.merged_into_id == person.id)
    return db.session.scalars(
        _with_life(select(Certificate))
        .where(or_(Certificate.person_id == person.id, Certificate.person_id.in_(merged)))
        .order_by(Certificate.issued_on.desc(), Certificate.id.desc())
    ).all()


def find_choice(person: Person) -> HolderChoice | None:
    return db.session.scalar(select(HolderChoice).where(HolderChoice.person_id == person.id))


def find_public_extras(certificate: Certificate) -> PublicExtras:
    """What the holder of this certificate chose to show; nothing without a choice."""
    person = find_holder_of(certificate)
    choice = find_choice(person) if person and person.erased_at is None else None
    if person is None or choice is None:
        return PublicExtras()
    others = [c for c in list_held(person) if c.id != certificate.id and c.replaced_by is None]
    return PublicExtras(others if choice.shows_others else [], choice.profile_url)


def count_links_since(certificate: Certificate, span: timedelta) -> int:
    """How many links were mailed for a certificate lately."""
    query = select(func.count(HolderLink.id)).where(
        HolderLink.certificate_id == certificate.id, HolderLink.made_at > now() - span
    )
    return db.session.scalar(query) or 0


def _with_life(statement: Select[Any]) -> Select[Any]:
    """With what its page tells: proof, person, and the editions before and after."""
    return statement.options(
        joinedload(Certificate.proof),
        joinedload(Certificate.person),
        selectinload(Certificate.replaced_by),
        selectinload(Certificate.replaces),
    )
