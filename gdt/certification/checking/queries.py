"""Reading everything that the log speaks of, portion by portion, for the check of the whole register."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import aliased

from certificates.log import Event
from gdt.certification.badges.models import StatusEntry, StatusList
from gdt.certification.keys.models import KeyOrder, KeyOrderState
from gdt.certification.log.models import CertificateSeal, LogHead, LogLeaf, LogTile
from gdt.certification.log.publication_models import LogPublication
from gdt.certification.models import (
    Certificate,
    CertificateCounter,
    CertificateProof,
    CertificationKey,
    RegisterLog,
)
from gdt.database import db
from gdt.people.models import Person

MOST_NAMED = 1000  # of one kind of finding; the rest is counted


class Line(NamedTuple):
    """An entry with what the register holds about it; what is missing is None."""

    position: int
    event: Event
    leaf: str
    first_leaf: str | None
    certificate_id: int | None
    number: str | None
    year: int | None
    serial: int | None
    code: str | None
    kind: Any
    issued_on: date | None
    valid_until: date | None
    facts: dict[str, Any] | None
    design: str | None
    file_key: str | None
    file_sha256: str | None
    file_size: int | None
    revoked_at: datetime | None
    successor: str | None
    erased_at: datetime | None
    salt: str | None
    badge: str | None
    badge_digest: str | None
    badge_key: str | None
    signature_key: str | None
    status_url: str | None
    status_bit: int | None
    is_bit_set: bool | None


def read_lines(after: int, count: int) -> list[Line]:
    """The next entries behind a position."""
    rows = db.session.execute(_lines().where(LogLeaf.position > after).limit(count))
    return [Line(*row) for row in rows]


def _lines() -> Select[Any]:
    first, newer = aliased(LogLeaf), aliased(Certificate)
    badge_key, signature_key = aliased(CertificationKey), aliased(CertificationKey)
    c, p = Certificate, CertificateProof
    return (
        select(
            *(LogLeaf.position, LogLeaf.event, LogLeaf.leaf, first.leaf),
            *(c.id, c.number, c.year, c.serial, c.code, c.kind, c.issued_on, c.valid_until, c.facts),
            *(c.design, c.file_key, c.file_sha256, c.file_size, c.revoked_at),
            *(newer.number, Person.erased_at, CertificateSeal.salt),
            *(p.badge, p.badge_digest, badge_key.name, signature_key.name),
            *(StatusList.url, StatusEntry.bit, StatusEntry.is_set),
        )
        .select_from(LogLeaf)
        .outerjoin(first, and_(first.certificate_id == LogLeaf.certificate_id, first.event == Event.ISSUED))
        .outerjoin(c, c.id == LogLeaf.certificate_id)
        .outerjoin(newer, newer.replaces_id == c.id)
        .outerjoin(Person, Person.id == c.person_id)
        .outerjoin(CertificateSeal, CertificateSeal.certificate_id == c.id)
        .outerjoin(p, p.certificate_id == c.id)
        .outerjoin(badge_key, badge_key.id == p.badge_key_id)
        .outerjoin(signature_key, signature_key.id == p.signature_key_id)
        .outerjoin(StatusEntry, StatusEntry.certificate_id == c.id)
        .outerjoin(StatusList, StatusList.id == StatusEntry.list_id)
        .order_by(LogLeaf.position, LogLeaf.id)
    )


def list_without_entry() -> Iterator[tuple[str, Event]]:
    """Certificates whose issue, revocation or replacement stands in no entry, by number."""
    newer = aliased(Certificate)
    conditions = {
        Event.ISSUED: Certificate.id.is_not(None),
        Event.REVOKED: Certificate.revoked_at.is_not(None),
        Event.REPLACED: select(newer.id).where(newer.replaces_id == Certificate.id).exists(),
    }
    for event, condition in conditions.items():
        entry = select(LogLeaf.id).where(LogLeaf.certificate_id == Certificate.id, LogLeaf.event == event)
        query = select(Certificate.number).where(condition, ~entry.exists())
        found = db.session.scalars(query.order_by(Certificate.year, Certificate.serial).limit(MOST_NAMED))
        yield from ((number, event) for number in found)


def find_publication(position: int) -> LogPublication | None:
    """What was published by the entry at a position."""
    return db.session.scalar(select(LogPublication).where(LogPublication.position == position))


def list_unsealed() -> Sequence[str]:
    """The numbers of what is kept as published without an entry that says so."""
    entry = select(LogLeaf.id).where(
        LogLeaf.position == LogPublication.position, LogLeaf.event == Event.PUBLISHED
    )
    return db.session.scalars(select(LogPublication.number).where(~entry.exists())).all()


def list_doubled() -> Sequence[Any]:
    """Certificates with two entries of one kind: number, event, how many."""
    query = (
        select(Certificate.number, LogLeaf.event, func.count(LogLeaf.id))
        .join(Certificate, Certificate.id == LogLeaf.certificate_id)
        .group_by(Certificate.number, LogLeaf.event)
        .having(func.count(LogLeaf.id) > 1)
    )
    return db.session.execute(query.limit(MOST_NAMED)).all()


def compare_counters() -> Sequence[Any]:
    """By year: last number given, how many certificates, the smallest and largest number."""
    counted = (
        select(
            Certificate.year,
            func.count(Certificate.id).label("count"),
            func.min(Certificate.serial).label("first"),
            func.max(Certificate.serial).label("last"),
        )
        .group_by(Certificate.year)
        .subquery()
    )
    query = select(counted, CertificateCounter.last_serial).outerjoin(
        CertificateCounter, CertificateCounter.year == counted.c.year
    )
    return db.session.execute(query.order_by(counted.c.year)).all()


def list_gaps(year: int) -> Sequence[Any]:
    """Pairs of neighbouring numbers of a year between which some are missing."""
    before = func.lag(Certificate.serial).over(order_by=Certificate.serial).label("before")
    rows = select(before, Certificate.serial.label("after")).where(Certificate.year == year).subquery()
    query = select(rows).where(rows.c.after - rows.c.before > 1)
    return db.session.execute(query.limit(MOST_NAMED)).all()


def find_log() -> RegisterLog | None:
    return db.session.scalar(select(RegisterLog))


def every_head() -> Sequence[LogHead]:
    return db.session.scalars(select(LogHead).order_by(LogHead.number)).all()


def read_tiles(level: int, start: int, end: int) -> dict[int, tuple[bytes, bytes]]:
    """The tiles of a level from one place up to another: hashes and root by place."""
    query = select(LogTile.place, LogTile.hashes, LogTile.root).where(
        LogTile.level == level, LogTile.place >= start, LogTile.place < end
    )
    return {row[0]: (row[1], row[2]) for row in db.session.execute(query)}


def count_tiles() -> int:
    return db.session.scalar(select(func.count(LogTile.id))) or 0


def count_entries_of_lists() -> Sequence[Any]:
    """By status list: its number, how many bits it says it gave out, and how many it did."""
    given = select(func.count(StatusEntry.id)).where(StatusEntry.list_id == StatusList.id)
    query = select(StatusList.number, StatusList.taken, given.scalar_subquery())
    return db.session.execute(query.order_by(StatusList.number)).all()


def every_key() -> Sequence[CertificationKey]:
    return db.session.scalars(select(CertificationKey).order_by(CertificationKey.id)).all()


def list_key_orders_done() -> Sequence[Any]:
    """What was approved about keys: key, action, stolen since when."""
    query = select(KeyOrder.key_id, KeyOrder.action, KeyOrder.compromised_from)
    return db.session.execute(query.where(KeyOrder.state == KeyOrderState.DONE)).all()
