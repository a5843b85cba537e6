"""Where a person is in the register: her entries, and the rows and words by which each feature knows her."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select

from gdt.accounts.models import User
from gdt.audit import AuditEvent
from gdt.certification.batches.models import CertificateBatchRow
from gdt.certification.correction_requests.models import CorrectionRequest
from gdt.certification.delivery.models import CertificateDelivery, HolderLink
from gdt.certification.editions.models import CertificateReplacement
from gdt.certification.models import Certificate
from gdt.certification.terms.models import ExpiryReminder
from gdt.database import any_contains, db
from gdt.people.merge_models import Merge, MergeStep
from gdt.people.models import Affiliation, Person
from gdt.privacy.words import Words, clean

CALLED = ("printed_name", "native_name")
KNOWN_BY = (*CALLED, "email")


@dataclass(frozen=True)
class Holdings:
    """The ids of what is hers, by what it is."""

    persons: list[int]
    affiliations: list[int]
    certificates: list[int]
    requests: list[int]
    merges: list[int]
    mails: list[int]
    cohorts: list[int]
    batches: list[int]


def entries_of(person_id: int) -> list[int]:
    """The entry that stands for her and all that became part of it, by chains too, whichever is asked for."""
    standing: int | None = person_id
    while standing is not None:
        person_id = standing
        standing = db.session.scalar(select(Person.merged_into_id).where(Person.id == person_id))
    found, fresh = {person_id}, {person_id}
    while fresh:
        merged = db.session.scalars(select(Person.id).where(Person.merged_into_id.in_(fresh)))
        fresh = set(merged) - found
        found |= fresh
    return sorted(found)


def holdings_of(person_id: int) -> Holdings:
    """All that is kept under her ids."""
    persons = entries_of(person_id)
    certificates = _ids(Certificate.id, Certificate.person_id.in_(persons))
    return Holdings(
        persons=persons,
        affiliations=_ids(Affiliation.id, Affiliation.person_id.in_(persons)),
        certificates=certificates,
        requests=_ids(CorrectionRequest.id, CorrectionRequest.certificate_id.in_(certificates)),
        merges=_ids(Merge.id, or_(Merge.survivor_id.in_(persons), Merge.merged_id.in_(persons))),
        mails=_mails_about(certificates),
        cohorts=_ids(Certificate.cohort_id, Certificate.id.in_(certificates)),
        batches=_ids(CertificateBatchRow.batch_id, CertificateBatchRow.person_id.in_(persons)),
    )


def _ids(column: Any, *conditions: Any) -> list[int]:
    return sorted({one for one in db.session.scalars(select(column).where(*conditions)) if one is not None})


def _mails_about(certificates: Collection[int]) -> list[int]:
    delivered = _ids(CertificateDelivery.mail_id, CertificateDelivery.certificate_id.in_(certificates))
    return delivered + _ids(ExpiryReminder.mail_id, ExpiryReminder.certificate_id.in_(certificates))


def words_of(held: Holdings) -> Words:
    """By what she is called anywhere, also before a correction or a merge."""
    names: set[str | None] = set()
    emails: set[str | None] = set()
    for facts in _facts_of(held):
        names |= {facts[name] for name in CALLED if isinstance(facts.get(name), str)}
        emails |= {facts["email"]} if isinstance(facts.get("email"), str) else set()
    emails |= set(_addresses(held))
    known = clean(names)
    return Words(
        person_ids=frozenset(held.persons),
        names=known,
        own_names=frozenset(name for name in known if not _is_borne_by_others(name, held.persons)),
        emails=_own_addresses(clean({(one or "").lower() for one in emails}), held.persons),
        numbers=frozenset(_numbers(held)),
    )


def _facts_of(held: Holdings) -> Iterable[dict[str, Any]]:
    people = select(Person.printed_name, Person.native_name, Person.email).where(Person.id.in_(held.persons))
    yield from (dict(zip(KNOWN_BY, row, strict=True)) for row in db.session.execute(people))
    yield from db.session.scalars(select(Certificate.facts).where(Certificate.id.in_(held.certificates)))
    mine = MergeStep.merge_id.in_(held.merges), MergeStep.table_name == Person.__tablename__
    for step in db.session.scalars(select(MergeStep).where(*mine)):
        if step.row_id in held.persons:
            yield from (step.before, step.after)
    replaced = CertificateReplacement.certificate_id.in_(held.certificates)
    for changes in db.session.scalars(select(CertificateReplacement.changes).where(replaced)):
        for side in (0, 1):
            yield {name: pair[side] for name, pair in changes.items() if isinstance(pair, list)}
    for fact, wanted, printed in db.session.execute(
        select(CorrectionRequest.fact, CorrectionRequest.wanted, CorrectionRequest.printed).where(
            CorrectionRequest.id.in_(held.requests)
        )
    ):
        yield from ({fact: wanted}, {fact: printed})
    told = AuditEvent.subject_kind == Person.__tablename__, AuditEvent.subject_id.in_(held.persons)
    for details in db.session.scalars(select(AuditEvent.details).where(*told)):
        yield details.get("before") or {}
        for side in (0, 1):
            yield {name: pair[side] for name, pair in (details.get("changes") or {}).items()}


def _addresses(held: Holdings) -> Iterable[str | None]:
    for column, key, ids in (
        (CertificateDelivery.recipient, CertificateDelivery.certificate_id, held.certificates),
        (HolderLink.recipient, HolderLink.certificate_id, held.certificates),
        (CorrectionRequest.contact, CorrectionRequest.id, held.requests),
    ):
        yield from db.session.scalars(select(column).where(key.in_(ids)))


def _numbers(held: Holdings) -> Iterable[tuple[int, str]]:
    query = select(Affiliation.institution_id, Affiliation.own_number).where(
        Affiliation.id.in_(held.affiliations), Affiliation.own_number.is_not(None)
    )
    yield from ((place, number) for place, number in db.session.execute(query) if number)
    known = select(Affiliation.id, Affiliation.institution_id).where(Affiliation.id.in_(held.affiliations))
    places = {row[0]: row[1] for row in db.session.execute(known)}
    moved = MergeStep.merge_id.in_(held.merges), MergeStep.table_name == Affiliation.__tablename__
    for step in db.session.scalars(select(MergeStep).where(*moved)):
        place = step.before.get("institution_id") or places.get(step.row_id)
        numbers = (facts.get("own_number") for facts in (step.before, step.after))
        yield from ((place, number) for number in numbers if number and place)


def _is_borne_by_others(name: str, person_ids: Collection[int]) -> bool:
    """Whether somebody else's name is this one or holds it."""
    query = select(Person.id).where(
        any_contains((Person.printed_name, Person.native_name), name),
        Person.id.not_in(person_ids),
        Person.erased_at.is_(None),
    )
    return db.session.scalar(query.limit(1)) is not None


def _own_addresses(emails: Collection[str], person_ids: Collection[int]) -> frozenset[str]:
    """Without those that are somebody else's by now, or of an account that signs in."""
    of_others = select(Person.email).where(Person.email.in_(emails), Person.id.not_in(person_ids))
    of_users = select(User.email).where(User.email.in_(emails))
    return frozenset(emails) - set(db.session.scalars(of_others)) - set(db.session.scalars(of_users))
