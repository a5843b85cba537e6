"""Reading terms: what ends when, which certificate renews which, and who was reminded."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, exists, select, true
from sqlalchemy.orm import aliased, joinedload, selectinload

from gdt.access import Viewer, within
from gdt.certification.models import Certificate, CertificateKind
from gdt.certification.terms.models import CertificateRenewal, ExpiryReminder
from gdt.database import db
from gdt.people.models import Person

_LATER, _FIRST = aliased(Certificate), aliased(Certificate)


def list_first_editions(
    person_ids: Collection[int], course_ids: Collection[int]
) -> Sequence[Row[tuple[Any, ...]]]:
    """(id, person_id, course_id, valid_until, is_renewed) of the teacher certificates of these people."""
    c = Certificate
    is_renewed = exists().where(CertificateRenewal.renews_id == c.id).label("is_renewed")
    query = select(c.id, c.person_id, c.course_id, c.valid_until, is_renewed).where(
        c.kind == CertificateKind.TEACHER,
        c.edition == 1,
        c.person_id.in_(person_ids),
        c.course_id.in_(course_ids),
        c.valid_until.is_not(None),
    )
    return list(db.session.execute(query))


def list_chain(certificate: Certificate, viewer: Viewer | None = None) -> list[Certificate]:
    """The newest edition of each term in the certificate's chain, oldest first; empty if there is one term.

    `viewer` None is anyone who holds the code: the terms belong to the same holder.
    """
    if certificate.kind is not CertificateKind.TEACHER:
        return []
    editions = _editions(certificate, viewer)
    firsts = {edition.thing_earned: edition.id for edition in editions if edition.edition == 1}
    newest = {edition.thing_earned: edition for edition in editions}
    by_first = {first: newest[thing] for thing, first in firsts.items()}
    links = _links(by_first)
    at = firsts.get(certificate.thing_earned)
    if at is None or not links:
        return []
    return [by_first[first] for first in _walk(at, links)] if len(_walk(at, links)) > 1 else []


def is_standing() -> ColumnElement[bool]:
    """Whether a certificate was neither revoked nor replaced, nor renewed by one for the next term."""
    return (
        Certificate.revoked_at.is_(None)
        & ~exists().where(_LATER.replaces_id == Certificate.id)
        & ~is_renewed()
    )


def is_renewed() -> ColumnElement[bool]:
    """Whether a certificate for the next term was issued."""
    return exists().where(
        _FIRST.thing_earned == Certificate.thing_earned,
        _FIRST.edition == 1,
        CertificateRenewal.renews_id == _FIRST.id,
    )


def ends_between(first: date, last: date) -> ColumnElement[bool]:
    return Certificate.valid_until.between(first, last)


def list_to_remind(first: date, last: date, after_id: int, limit: int) -> Sequence[Certificate]:
    """The next certificates whose last day is in the period and whose holder can be reminded, by id."""
    return db.session.scalars(
        select(Certificate)
        .join(Person, Person.id == Certificate.person_id)
        .where(
            Certificate.id > after_id,
            ends_between(first, last),
            is_standing(),
            Person.erased_at.is_(None),
            Person.merged_into_id.is_(None),
        )
        .options(joinedload(Certificate.person))
        .order_by(Certificate.id)
        .limit(limit)
    ).all()


def sent_reminders(certificate_ids: Collection[int]) -> set[tuple[int, int]]:
    """(certificate, days before) of the reminders made so far."""
    query = select(ExpiryReminder.certificate_id, ExpiryReminder.days_before)
    rows = db.session.execute(query.where(ExpiryReminder.certificate_id.in_(certificate_ids)))
    return {(certificate_id, days_before) for certificate_id, days_before in rows}


def list_reminders(certificate: Certificate) -> Sequence[ExpiryReminder]:
    """The reminders about one certificate, with the mails, first ones first."""
    return db.session.scalars(
        select(ExpiryReminder)
        .where(ExpiryReminder.certificate_id == certificate.id)
        .options(joinedload(ExpiryReminder.mail))
        .order_by(ExpiryReminder.id)
    ).all()


def list_institutions_to_tell() -> Sequence[int]:
    """The institutions with reminders their coordinators have not read of."""
    query = select(ExpiryReminder.institution_id).where(ExpiryReminder.digest_id.is_(None)).distinct()
    return db.session.scalars(query.order_by(ExpiryReminder.institution_id)).all()


def list_untold(institution_id: int) -> Sequence[ExpiryReminder]:
    """The reminders of an institution its coordinators have not read of, the nearest end first."""
    return db.session.scalars(
        select(ExpiryReminder)
        .join(Certificate, Certificate.id == ExpiryReminder.certificate_id)
        .where(ExpiryReminder.institution_id == institution_id, ExpiryReminder.digest_id.is_(None))
        .options(joinedload(ExpiryReminder.certificate))
        .order_by(Certificate.valid_until, Certificate.id)
    ).all()


def _editions(certificate: Certificate, viewer: Viewer | None) -> Sequence[Certificate]:
    return db.session.scalars(
        select(Certificate)
        .where(
            Certificate.kind == CertificateKind.TEACHER,
            Certificate.person_id == certificate.person_id,
            Certificate.course_id == certificate.course_id,
            true() if viewer is None else within(viewer, Certificate.institution_id),
        )
        .options(selectinload(Certificate.replaced_by))
        .order_by(Certificate.edition)
    ).all()


def _links(first_ids: Collection[int]) -> dict[int, int]:
    """Which first edition each of these renews."""
    query = select(CertificateRenewal.certificate_id, CertificateRenewal.renews_id).where(
        CertificateRenewal.certificate_id.in_(first_ids), CertificateRenewal.renews_id.in_(first_ids)
    )
    return {row.certificate_id: row.renews_id for row in db.session.execute(query)}


def _walk(at: int, renews: dict[int, int]) -> list[int]:
    """The chain that runs through `at`, oldest first."""
    chain, newer_of = [at], {older: newer for newer, older in renews.items()}
    while chain[0] in renews:
        chain.insert(0, renews[chain[0]])
    while chain[-1] in newer_of:
        chain.append(newer_of[chain[-1]])
    return chain
