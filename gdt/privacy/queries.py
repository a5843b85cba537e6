"""Reading requests to be forgotten: the list, one, and those of a person."""

from collections.abc import Sequence

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from gdt.access import Viewer, within
from gdt.database import db
from gdt.errors import RecordNotFound
from gdt.people.models import Person
from gdt.privacy.models import ErasureRequest, RequestState
from gdt.privacy.retention_models import RetentionRun

ORDER = [ErasureRequest.id.desc()]
WAITING = (RequestState.OPEN, RequestState.ERASING)


def requests(viewer: Viewer, state: str = "") -> Select[ErasureRequest]:
    """The requests of a list, before it is cut into pages; those of several institutions are the office's."""
    query = select(ErasureRequest).where(within(viewer, ErasureRequest.institution_id))
    if state in list(RequestState):
        query = query.where(ErasureRequest.state == state)
    return query.options(joinedload(ErasureRequest.person), joinedload(ErasureRequest.institution))


def count_by_state(viewer: Viewer) -> dict[RequestState, int]:
    mine = within(viewer, ErasureRequest.institution_id)
    rows = db.session.execute(
        select(ErasureRequest.state, func.count()).where(mine).group_by(ErasureRequest.state)
    )
    return {row[0]: row[1] for row in rows}


def get_request(viewer: Viewer, request_id: int) -> ErasureRequest:
    found: ErasureRequest | None = db.session.scalar(requests(viewer).where(ErasureRequest.id == request_id))
    if found is None:
        raise RecordNotFound
    return found


def find_waiting(person: Person) -> ErasureRequest | None:
    query = select(ErasureRequest).where(
        ErasureRequest.person_id == person.id, ErasureRequest.state.in_(WAITING)
    )
    return db.session.scalar(query)


def list_of_person(person: Person) -> Sequence[ErasureRequest]:
    query = select(ErasureRequest).where(ErasureRequest.person_id == person.id)
    return db.session.scalars(query.order_by(ErasureRequest.id.desc())).all()


def list_retention_runs(*, limit: int = 50) -> Sequence[RetentionRun]:
    """What retention took away, newest first."""
    return db.session.scalars(select(RetentionRun).order_by(RetentionRun.id.desc()).limit(limit)).all()
