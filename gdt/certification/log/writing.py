"""Writing the log: whatever happens to a certificate becomes an entry in the transaction that does it.

Locks are taken in one order by everybody: rows of certificates and courses, the year's counter, then the
log's row, which is held to the end of the transaction. So entries have no gaps, and time never runs back.
"""

import json
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import insert, select

from certificates.badges import badge_digest
from certificates.log import SALT_BYTES, Entry, Event, commit_to_facts, encode_entry
from certificates.merkle import leaf_hash
from gdt.certification import queries
from gdt.certification.badges import statuses
from gdt.certification.keys import queries as key_queries
from gdt.certification.keys import signing_keys
from gdt.certification.log import queries as log_queries
from gdt.certification.log.models import CertificateSeal, LogLeaf
from gdt.certification.log.publication_models import LogPublication
from gdt.certification.log.tree import add_to_tree
from gdt.certification.models import Certificate, RegisterLog
from gdt.database import db, now

Happening = tuple[Certificate, str | None]


def record_issued(certificates: Sequence[Certificate]) -> None:
    """Write that these were issued, in their order, and give their badges' bits away. They are flushed."""
    if not certificates:
        return
    queries.take_log()
    salts = [{"certificate_id": one.id, "salt": secrets.token_hex(SALT_BYTES)} for one in certificates]
    db.session.execute(insert(CertificateSeal), salts)
    statuses.occupy(log_queries.proofs_of([one.id for one in certificates]))
    _write(Event.ISSUED, [(certificate, None) for certificate in certificates])


def record_revoked(*certificates: Certificate) -> None:
    """Write that these were revoked, and set their badges' bits in the status list."""
    _enter(log_queries.only_outside(certificates))
    _write(Event.REVOKED, [(certificate, None) for certificate in certificates])
    statuses.withdraw(certificates)


def record_replaced(old: Certificate, new: Certificate) -> None:
    """Write that `new`, which is in the log already, took the place of `old`; set the old badge's bit."""
    _enter(log_queries.only_outside([old]))
    _write(Event.REPLACED, [(old, new.number)])
    statuses.withdraw([old])


def adopt(limit: int) -> int:
    """Enter the next certificates that were issued before there was a log, and what happened to them since.

    Returns how many; call it again until that is 0.
    """
    queries.take_log()
    found = log_queries.list_outside(limit)
    _enter(found)
    record_revoked(*(one for one in found if one.revoked_at is not None))
    for one in found:
        if one.replaced_by is not None:
            record_replaced(one, one.replaced_by)
    return len(found)


def record_published(publication: LogPublication) -> None:
    """Seal a document and the file of its facts; the publication is flushed here, with its position."""
    log = queries.take_log()
    key = signing_keys.current()
    key_queries.remember_keys(key.facts)
    log.last_at = max(now().replace(microsecond=0), log.last_at)
    entry = Entry(
        event=Event.PUBLISHED,
        number=publication.number,
        file=publication.file_sha256,
        commitment=publication.facts_sha256,
        design=publication.design,
        key=key.badge.multikey,
        at=log.last_at,
    )
    publication.position = log.size
    db.session.add(publication)
    _append(log, [(None, Event.PUBLISHED, encode_entry(entry))])


def destroy_salt(certificate_ids: Iterable[int]) -> None:
    """Make the commitments to these certificates' facts meaningless: what erasing a person calls."""
    seals = select(CertificateSeal).where(CertificateSeal.certificate_id.in_(list(certificate_ids)))
    for seal in db.session.scalars(seals):
        seal.salt = None
    db.session.flush()


def _enter(certificates: Sequence[Certificate]) -> None:
    """Enter certificates from before the log, in the order of their numbers."""
    for proof in log_queries.proofs_of([certificate.id for certificate in certificates]):
        proof.badge_digest = proof.badge_digest or badge_digest(json.loads(proof.badge))
    db.session.flush()
    record_issued(certificates)


def _write(event: Event, happenings: Sequence[Happening]) -> None:
    if not happenings:
        return
    log = queries.take_log()
    log.last_at = max(now().replace(microsecond=0), log.last_at)
    leaves = _leaves(event, happenings, log.last_at)
    ids = [certificate.id for certificate, _successor in happenings]
    _append(log, [(number, event, leaf) for number, leaf in zip(ids, leaves, strict=True)])


def _append(log: RegisterLog, entries: Sequence[tuple[int | None, Event, bytes]]) -> None:
    """Write entries (certificate, event, leaf) behind the last; the log's row is held."""
    start = log.size
    rows = [
        {"position": start + place, "certificate_id": certificate_id, "event": event, "leaf": leaf.decode()}
        for place, (certificate_id, event, leaf) in enumerate(entries)
    ]
    add_to_tree(start, [leaf_hash(leaf) for _certificate, _event, leaf in entries])
    db.session.execute(insert(LogLeaf), rows)
    log.size += len(rows)
    db.session.flush()


def _leaves(event: Event, happenings: Sequence[Happening], at: datetime) -> list[bytes]:
    ids = [certificate.id for certificate, _successor in happenings]
    if event is Event.ISSUED:
        origins = log_queries.origins_of(ids)
        return [encode_entry(_first(certificate, at, origins)) for certificate, _none in happenings]
    issued = log_queries.entries_of(ids)
    return [
        encode_entry(replace(issued[certificate.id], event=event, at=at, successor=successor))
        for certificate, successor in happenings
    ]


def _first(certificate: Certificate, at: datetime, origins: dict[int, log_queries.Origin]) -> Entry:
    """The entry of an issued certificate; one from before badges names the key that signs the log today."""
    origin = origins[certificate.id]
    return Entry(
        event=Event.ISSUED,
        number=certificate.number,
        file=certificate.file_sha256,
        commitment=commit_to_facts(certificate.facts, bytes.fromhex(origin.salt or "")),
        design=certificate.design,
        key=origin.badge_key or signing_keys.current().badge.multikey,
        at=at,
        badge=origin.badge_digest,
        signer=origin.signature_key,
    )
