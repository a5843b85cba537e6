"""Reading the status lists: one, all of them, and which bits are set."""

from collections.abc import Sequence

from sqlalchemy import select

from gdt.certification.badges.models import StatusEntry, StatusList
from gdt.database import db
from gdt.errors import RecordNotFound


def get_status_list(number: int) -> StatusList:
    found = db.session.scalar(select(StatusList).where(StatusList.number == number))
    if found is None:
        raise RecordNotFound
    return found


def list_status_lists() -> Sequence[StatusList]:
    return db.session.scalars(select(StatusList).order_by(StatusList.number)).all()


def list_set_bits(status_list: StatusList) -> Sequence[int]:
    """The bits of a list that are set."""
    query = select(StatusEntry.bit).where(StatusEntry.list_id == status_list.id, StatusEntry.is_set)
    return db.session.scalars(query.order_by(StatusEntry.bit)).all()
