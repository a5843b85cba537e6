"""Reading the log, and taking the row that whoever writes it holds."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Select, func, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import aliased, joinedload, selectinload

from certificates.log import Entry, Event, decode_entry
from gdt.access import Viewer, within
from gdt.certification import queries
from gdt.certification.log.models import CertificateSeal, LogHead, LogLeaf
from gdt.certification.log.publication_models import LogPublication
from gdt.certification.log.witness_models import LogBundle, LogWitness
from gdt.certification.models import Certificate, CertificateProof, CertificationKey, RegisterLog
from gdt.database import db
from gdt.errors import RecordNotFound
from gdt.partners.models import Institution

_INSERT: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
HEAD_ORDER = (LogHead.number.desc(),)
WITNESS_ORDER = (LogWitness.id,)


class Origin(NamedTuple):
    """What an entry says of a certificate beyond its own row."""

    salt: str | None
    badge_digest: str | None
    badge_key: str | None
    signature_key: str | None


def count_entries() -> int:
    """How many entries the log has."""
    return db.session.scalar(select(RegisterLog.size)) or 0


def list_trail_heads() -> Sequence[tuple[date, int, str]]:
    """What the kept heads say of the trail: the day, how many events were sealed, and the last seal."""
    kept = select(LogHead.signed_on, LogHead.trail_size, LogHead.trail_hash).where(LogHead.trail_hash != "")
    return [(day, size, seal) for day, size, seal in db.session.execute(kept.order_by(LogHead.number))]


def origins_of(certificate_ids: Collection[int]) -> dict[int, Origin]:
    """Salt, badge and keys of these certificates, by id."""
    badge_key, signature_key = aliased(CertificationKey), aliased(CertificationKey)
    rows = db.session.execute(
        select(
            CertificateSeal.certificate_id,
            CertificateSeal.salt,
            CertificateProof.badge_digest,
            badge_key.name,
            signature_key.name,
        )
        .outerjoin(CertificateProof, CertificateProof.certificate_id == CertificateSeal.certificate_id)
        .outerjoin(badge_key, badge_key.id == CertificateProof.badge_key_id)
        .outerjoin(signature_key, signature_key.id == CertificateProof.signature_key_id)
        .where(CertificateSeal.certificate_id.in_(certificate_ids))
    )
    return {row[0]: Origin(*row[1:]) for row in rows}


def entries_of(certificate_ids: Collection[int]) -> dict[int, Entry]:
    """The entries that say these certificates were issued, by certificate."""
    rows = db.session.execute(
        select(LogLeaf.certificate_id, LogLeaf.leaf).where(
            LogLeaf.certificate_id.in_(certificate_ids), LogLeaf.event == Event.ISSUED
        )
    )
    return {one: decode_entry(leaf.encode()) for one, leaf in rows if one is not None}


def list_outside(limit: int) -> Sequence[Certificate]:
    """The next certificates that the log does not know, by number."""
    logged = select(LogLeaf.id).where(LogLeaf.certificate_id == Certificate.id)
    query = select(Certificate).where(~logged.exists()).options(selectinload(Certificate.replaced_by))
    return db.session.scalars(query.order_by(Certificate.year, Certificate.serial).limit(limit)).all()


def only_outside(certificates: Iterable[Certificate]) -> list[Certificate]:
    """Those of the certificates that the log does not know."""
    every = list(certificates)
    query = select(LogLeaf.certificate_id).where(
        LogLeaf.certificate_id.in_([one.id for one in every]), LogLeaf.event == Event.ISSUED
    )
    known = set(db.session.scalars(query))
    return [one for one in every if one.id not in known]


def proofs_of(certificate_ids: Collection[int]) -> Sequence[CertificateProof]:
    """The proofs of those of these certificates that have one."""
    query = select(CertificateProof).where(CertificateProof.certificate_id.in_(certificate_ids))
    return db.session.scalars(query).all()


def find_leaf(certificate: Certificate) -> LogLeaf | None:
    """The entry of the certificate's issue."""
    return db.session.scalar(
        select(LogLeaf).where(LogLeaf.certificate_id == certificate.id, LogLeaf.event == Event.ISSUED)
    )


def find_published(sha256: str) -> LogPublication | None:
    """What was published in this very file, or from this very file of figures: the network's, if of many."""
    p = LogPublication
    query = select(p).where(or_(p.file_sha256 == sha256, p.facts_sha256 == sha256))
    return db.session.scalar(query.order_by(p.position).limit(1))


def list_leaves(start: int, end: int) -> list[str]:
    """The entries from position `start` up to, not with, `end`, as written."""
    query = select(LogLeaf.leaf).where(LogLeaf.position >= start, LogLeaf.position < end)
    return list(db.session.scalars(query.order_by(LogLeaf.position)))


def find_newest_head() -> LogHead | None:
    return db.session.scalar(select(LogHead).order_by(LogHead.number.desc()).limit(1))


def find_head_of(day: date, size: int) -> LogHead | None:
    """The head signed on a day over this many entries."""
    return db.session.scalar(select(LogHead).where(LogHead.signed_on == day, LogHead.size == size))


def has_head_of(day: date, *, under_lock: bool = False) -> bool:
    """Whether a head was signed on a day; with the log's row taken first, the answer holds to the end."""
    if under_lock:
        queries.take_log()
    return db.session.scalar(select(LogHead.id).where(LogHead.signed_on == day).limit(1)) is not None


def get_head(size: int, day: str | None = None) -> LogHead:
    """The newest head over this many entries, or that of a day, written 2026-11-21."""
    query = select(LogHead).where(LogHead.size == size).order_by(LogHead.number.desc()).limit(1)
    try:
        query = query if day is None else query.where(LogHead.signed_on == date.fromisoformat(day))
    except ValueError as error:
        raise RecordNotFound from error
    head = db.session.scalar(query)
    if head is None:
        raise RecordNotFound
    return head


def list_heads() -> Select[Any]:
    """Every head, to be paged in HEAD_ORDER, newest first."""
    return select(LogHead)


def list_witnesses() -> Sequence[LogWitness]:
    """Everyone who receives the heads now."""
    query = select(LogWitness).where(LogWitness.ended_at.is_(None))
    return db.session.scalars(query.order_by(LogWitness.id)).all()


def count_witnesses() -> int:
    """How many receive the heads now."""
    query = select(func.count(LogWitness.id)).where(LogWitness.ended_at.is_(None))
    return db.session.scalar(query) or 0


def list_witnesses_of(institution: Institution) -> Sequence[LogWitness]:
    """The witnesses of an institution."""
    query = select(LogWitness).where(
        LogWitness.institution_id == institution.id, LogWitness.ended_at.is_(None)
    )
    return db.session.scalars(query.order_by(LogWitness.email)).all()


def statement_of_witnesses(viewer: Viewer) -> Select[Any]:
    """The witnesses the viewer may see, those of now, to be paged in WITNESS_ORDER."""
    return (
        select(LogWitness)
        .where(LogWitness.ended_at.is_(None), within(viewer, LogWitness.institution_id))
        .options(joinedload(LogWitness.institution))
    )


def get_witness(viewer: Viewer, witness_id: int) -> LogWitness:
    witness = db.session.scalar(
        select(LogWitness)
        .where(LogWitness.id == witness_id, within(viewer, LogWitness.institution_id))
        .options(joinedload(LogWitness.institution))
    )
    if witness is None:
        raise RecordNotFound
    return witness


def get_witness_by_token(token: str) -> LogWitness:
    """The witness whose mails carry this link; whoever holds it may end them."""
    witness = db.session.scalar(select(LogWitness).where(LogWitness.stop_token == token))
    if witness is None:
        raise RecordNotFound
    return witness


def find_bundle(bundle_id: int) -> LogBundle | None:
    return db.session.get(LogBundle, bundle_id, options=[joinedload(LogBundle.head)])


def find_newest_bundle() -> LogBundle | None:
    """The newest bundle that can be downloaded."""
    query = select(LogBundle).where(LogBundle.file_key.is_not(None)).options(joinedload(LogBundle.head))
    return db.session.scalar(query.order_by(LogBundle.id.desc()).limit(1))


def list_bundles_before(bundle: LogBundle, kept: int) -> Sequence[LogBundle]:
    """The bundles that still have a file, made before one and not among the newest `kept` of them."""
    query = select(LogBundle).where(LogBundle.id < bundle.id, LogBundle.file_key.is_not(None))
    return db.session.scalars(query.order_by(LogBundle.id.desc()).offset(kept)).all()
