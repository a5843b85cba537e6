"""Reading the keys, what each signed, and the orders about them."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import joinedload

from gdt.certification.keys.models import KeyOrder, KeyOrderState
from gdt.certification.keys.signing_keys import KeyFacts
from gdt.certification.models import Certificate, CertificateProof, CertificationKey, KeyKind
from gdt.database import db, now
from gdt.errors import RecordNotFound

_INSERT: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


class Use(NamedTuple):
    """What a key signed: how many certificates, the first and the last of them."""

    certificates: int
    first_at: datetime | None
    last_at: datetime | None


def every_key() -> Sequence[CertificationKey]:
    """Every key, those that wait for approval too, oldest first."""
    return db.session.scalars(select(CertificationKey).order_by(CertificationKey.id)).all()


def get_key(name: str) -> CertificationKey:
    key = db.session.scalar(select(CertificationKey).where(CertificationKey.name == name))
    if key is None:
        raise RecordNotFound
    return key


def find_in_use(kind: KeyKind) -> CertificationKey | None:
    query = select(CertificationKey).where(CertificationKey.kind == kind)
    query = query.where(CertificationKey.began_at.is_not(None), CertificationKey.ended_at.is_(None))
    return db.session.scalar(query)


def uses() -> dict[int, Use]:
    """What each key signed, by the key's id."""
    found = {}
    for column in (CertificateProof.signature_key_id, CertificateProof.badge_key_id):
        ends = select(
            column.label("key_id"),
            func.count().label("count"),
            func.min(CertificateProof.certificate_id).label("first"),
            func.max(CertificateProof.certificate_id).label("last"),
        )
        counted = ends.group_by(column).subquery()
        for key_id, count, first, last in db.session.execute(select(counted)).all():
            found[key_id] = Use(count, _issued_at(first), _issued_at(last))
    return found


def _issued_at(certificate_id: int) -> datetime | None:
    return db.session.scalar(select(Certificate.issued_at).where(Certificate.id == certificate_id))


def list_orders(state: KeyOrderState) -> Sequence[KeyOrder]:
    """The orders about keys in a state, newest first."""
    query = select(KeyOrder).where(KeyOrder.state == state).options(joinedload(KeyOrder.key))
    return db.session.scalars(query.order_by(KeyOrder.id.desc())).all()


def get_order(order_id: int) -> KeyOrder:
    order = db.session.get(KeyOrder, order_id)
    if order is None:
        raise RecordNotFound
    return order


def hold_order(order: KeyOrder) -> None:
    """See the order as it is now, and hold it to the end of the transaction."""
    db.session.refresh(order, with_for_update={"of": KeyOrder})


def remember_keys(facts: Iterable[KeyFacts]) -> list[int]:
    """The ids of the public halves of these keys, written down at their first use, in the same order.

    The log's row is held, and each key is the one in use or the very first of its kind.
    """
    insert, ids = _INSERT[db.engine.dialect.name], []
    for key in facts:
        known = select(CertificationKey.id).where(CertificationKey.name == key.name)
        key_id = db.session.scalar(known)
        if key_id is None:
            row = {column: getattr(key, column) for column in ("kind", "name", "public", "is_development")}
            db.session.execute(
                insert(CertificationKey)
                .values(first_used_at=now(), began_at=now(), **row)
                .on_conflict_do_nothing(),
                execution_options={"synchronize_session": False},
            )
            key_id = db.session.scalars(known).one()
        ids.append(key_id)
    return ids


def list_keys() -> Sequence[CertificationKey]:
    """Every key that ever was in use, oldest first; one that waits for approval is nobody's yet."""
    query = select(CertificationKey).where(CertificationKey.began_at.is_not(None))
    return db.session.scalars(query.order_by(CertificationKey.id)).all()
