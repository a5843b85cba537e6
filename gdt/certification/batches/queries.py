"""Reading batches and their rows, and settling rows that will not be issued."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, exists, func, select, true, update
from sqlalchemy.orm import joinedload

from gdt.access import Viewer, sees_all, within
from gdt.certification.batches.models import BatchRowState, CertificateBatch, CertificateBatchRow
from gdt.certification.batches.stages import ENDED, BatchStage
from gdt.certification.models import CertificateKind
from gdt.database import db
from gdt.errors import RecordNotFound
from gdt.jobs import JobState
from gdt.people.models import Person

_OPEN = (JobState.WAITING, JobState.RUNNING)


def list_waiting_rows(batch: CertificateBatch, limit: int, after: int = 0) -> Sequence[CertificateBatchRow]:
    """The rows still to be settled that stand after a position, first ones first."""
    return db.session.scalars(
        select(CertificateBatchRow)
        .where(
            CertificateBatchRow.batch_id == batch.id,
            CertificateBatchRow.state == BatchRowState.WAITING,
            CertificateBatchRow.position > after,
        )
        .order_by(CertificateBatchRow.position)
        .limit(limit)
        .execution_options(populate_existing=True)
    ).all()


def find_open_batch(
    kind: CertificateKind, course_id: int, cohort_id: int | None, people: Collection[int]
) -> CertificateBatch | None:
    """A batch still at work that will certify all of these people."""
    batches = db.session.scalars(
        select(CertificateBatch)
        .where(
            CertificateBatch.kind == kind,
            CertificateBatch.course_id == course_id,
            CertificateBatch.cohort_id == cohort_id,
            CertificateBatch.job_state.in_(_OPEN),
            CertificateBatch.stage.not_in(ENDED),
        )
        .order_by(CertificateBatch.id.desc())
    )
    return next((batch for batch in batches if set(people) <= set(_people_of(batch))), None)


def find_last_batch(kind: CertificateKind, course_id: int, cohort_id: int | None) -> CertificateBatch | None:
    return db.session.scalar(
        select(CertificateBatch)
        .where(
            CertificateBatch.kind == kind,
            CertificateBatch.course_id == course_id,
            CertificateBatch.cohort_id == cohort_id,
        )
        .order_by(CertificateBatch.id.desc())
        .limit(1)
    )


def _people_of(batch: CertificateBatch) -> Sequence[int]:
    return db.session.scalars(
        select(CertificateBatchRow.person_id).where(CertificateBatchRow.batch_id == batch.id)
    ).all()


def find_batch(batch_id: int) -> CertificateBatch | None:
    return db.session.get(CertificateBatch, batch_id)


def visible_batch(viewer: Viewer) -> ColumnElement[bool]:
    """A batch is for whoever sees every row of it: one row elsewhere and it is not hers to steer."""
    if sees_all(viewer):
        return true()
    row = CertificateBatchRow
    return ~exists().where(row.batch_id == CertificateBatch.id, ~within(viewer, row.institution_id))


def list_open_batches(viewer: Viewer) -> Sequence[CertificateBatch]:
    """The orders that have not ended, latest first."""
    query = select(CertificateBatch).where(CertificateBatch.stage.not_in(ENDED), visible_batch(viewer))
    loaded = query.options(joinedload(CertificateBatch.cohort), joinedload(CertificateBatch.course))
    return db.session.scalars(loaded.order_by(CertificateBatch.id.desc()).limit(10)).all()


def cancel_waiting_rows(batch: CertificateBatch) -> int:
    """Settle what is still waiting as cancelled; returns how many rows that were."""
    row = CertificateBatchRow
    waiting = update(row).where(row.batch_id == batch.id, row.state == BatchRowState.WAITING)
    done: Any = db.session.execute(
        waiting.values(state=BatchRowState.CANCELLED), execution_options={"synchronize_session": False}
    )
    return int(done.rowcount)


def is_alone(batch: CertificateBatch) -> bool:
    """Whether no other batch is being issued, so that the next numbers will be this one's."""
    other = exists().where(
        CertificateBatch.id != batch.id,
        CertificateBatch.stage == BatchStage.ISSUING,
        CertificateBatch.job_state.in_(_OPEN),
    )
    return not db.session.scalar(select(other))


def get_batch(viewer: Viewer, batch_id: int) -> CertificateBatch:
    query = select(CertificateBatch).where(CertificateBatch.id == batch_id, visible_batch(viewer))
    batch: CertificateBatch | None = db.session.scalar(query)
    if batch is None:
        raise RecordNotFound
    return batch


def is_visible(viewer: Viewer, batch: CertificateBatch) -> bool:
    return bool(db.session.scalar(select(visible_batch(viewer)).where(CertificateBatch.id == batch.id)))


def count_rows(batch: CertificateBatch) -> dict[BatchRowState, int]:
    """How many rows of a batch are in each state."""
    rows = db.session.execute(
        select(CertificateBatchRow.state, func.count())
        .where(CertificateBatchRow.batch_id == batch.id)
        .group_by(CertificateBatchRow.state)
    )
    return dict.fromkeys(BatchRowState, 0) | {row[0]: row[1] for row in rows}


def list_refused(batch: CertificateBatch) -> list[tuple[str, str]]:
    """Who was refused and why, in order."""
    rows = db.session.execute(
        select(Person.printed_name, CertificateBatchRow.reason)
        .join(Person, Person.id == CertificateBatchRow.person_id)
        .where(
            CertificateBatchRow.batch_id == batch.id,
            CertificateBatchRow.state == BatchRowState.REFUSED,
        )
        .order_by(CertificateBatchRow.position)
    )
    return [(name, reason or "") for name, reason in rows]
