"""Reading what revocations of many need: the certificates a list names, an order, its lines."""

from collections.abc import Collection, Iterator, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select, true
from sqlalchemy.orm import aliased, joinedload, selectinload

from gdt.access import Viewer, sees_all, within
from gdt.certification.batches.models import BatchRowState, CertificateBatch, CertificateBatchRow
from gdt.certification.models import Certificate
from gdt.certification.revoking.lists import Entry
from gdt.certification.revoking.models import LineState, RevocationLine, RevocationOrder
from gdt.database import db
from gdt.errors import RecordNotFound

LINE_ORDER = (RevocationLine.position,)
_ASKED_AT_ONCE = 500
_LATER = aliased(Certificate)


def find_named(viewer: Viewer, entries: Sequence[Entry]) -> dict[str, tuple[int, LineState]]:
    """(id, state) of the certificates the entries name that the viewer may see, by number or code."""
    found: dict[str, tuple[int, LineState]] = {}
    for column, words in (
        (Certificate.number, {entry.number for entry in entries if entry.number}),
        (Certificate.code, {entry.code for entry in entries if entry.code}),
    ):
        remaining = iter(sorted(words))
        while some := list(islice(remaining, _ASKED_AT_ONCE)):
            query = _states(column).where(column.in_(some), within(viewer, Certificate.institution_id))
            for word, certificate_id, revoked_at, later_id in db.session.execute(query):
                found[word] = certificate_id, _state(revoked_at, later_id)
    return found


def list_numbers_of_batch(batch: CertificateBatch) -> Sequence[str]:
    """The numbers of the newest editions of everything a batch issued, in the order of its rows."""
    row, issued = CertificateBatchRow, aliased(Certificate)
    return db.session.scalars(
        select(Certificate.number)
        .join(issued, issued.thing_earned == Certificate.thing_earned)
        .join(row, row.certificate_id == issued.id)
        .outerjoin(_LATER, _LATER.replaces_id == Certificate.id)
        .where(row.batch_id == batch.id, row.state == BatchRowState.ISSUED, _LATER.id.is_(None))
        .order_by(row.position)
    ).all()


def hold_certificates(ids: Collection[int]) -> dict[int, Certificate]:
    """These certificates by id, held to the end of the transaction, always in the same order."""
    found = db.session.scalars(
        select(Certificate)
        .where(Certificate.id.in_(ids))
        .options(selectinload(Certificate.replaced_by), selectinload(Certificate.person))
        .order_by(Certificate.id)
        .with_for_update(of=Certificate, key_share=True)
        .execution_options(populate_existing=True)
    )
    return {certificate.id: certificate for certificate in found}


def visible_order(viewer: Viewer) -> ColumnElement[bool]:
    """An officer of some regions sees the lists of her own: others' may name what she does not see."""
    return true() if sees_all(viewer) else RevocationOrder.ordered_by_id == viewer.id


def get_order(viewer: Viewer, order_id: int) -> RevocationOrder:
    query = select(RevocationOrder).where(RevocationOrder.id == order_id, visible_order(viewer))
    order: RevocationOrder | None = db.session.scalar(query)
    if order is None:
        raise RecordNotFound
    return order


def list_orders(viewer: Viewer, limit: int = 10) -> Sequence[RevocationOrder]:
    """The latest orders, newest first."""
    query = select(RevocationOrder).where(visible_order(viewer)).order_by(RevocationOrder.id.desc())
    return db.session.scalars(query.limit(limit)).all()


def list_lines(order: RevocationOrder, state: LineState | None = None) -> Select[Any]:
    """The lines of an order, of one state or all, to be paged in LINE_ORDER."""
    statement = (
        select(RevocationLine)
        .where(RevocationLine.order_id == order.id)
        .options(joinedload(RevocationLine.certificate).joinedload(Certificate.replaced_by))
    )
    return statement if state is None else statement.where(RevocationLine.state == state)


def list_standing(order: RevocationOrder, limit: int) -> Sequence[RevocationLine]:
    """The next lines still to be carried out."""
    return db.session.scalars(
        select(RevocationLine)
        .where(RevocationLine.order_id == order.id, RevocationLine.state == LineState.STANDING)
        .order_by(RevocationLine.position)
        .limit(limit)
        .execution_options(populate_existing=True)
    ).all()


def every_line_left_out(order: RevocationOrder) -> Iterator[RevocationLine]:
    """The lines that were not revoked by this order, for its download."""
    statement = list_lines(order).where(RevocationLine.state != LineState.REVOKED).order_by(*LINE_ORDER)
    yield from db.session.scalars(statement.execution_options(yield_per=1000))


def count_lines(order: RevocationOrder) -> dict[LineState, int]:
    rows = db.session.execute(
        select(RevocationLine.state, func.count())
        .where(RevocationLine.order_id == order.id)
        .group_by(RevocationLine.state)
    )
    return dict.fromkeys(LineState, 0) | {row[0]: row[1] for row in rows}


def _states(word: Any) -> Select[Any]:
    return select(word, Certificate.id, Certificate.revoked_at, _LATER.id).outerjoin(
        _LATER, _LATER.replaces_id == Certificate.id
    )


def _state(revoked_at: Any, later_id: int | None) -> LineState:
    if revoked_at is not None:
        return LineState.BEFORE
    return LineState.STANDING if later_id is None else LineState.REPLACED
