"""Reading archives, and the certificates that go into one, a few hundred at a time."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, select, tuple_
from sqlalchemy.orm import defer, selectinload

from gdt.access import OFFICE, Viewer, within
from gdt.certification.archives.models import CertificateArchive
from gdt.certification.batches.models import BatchRowState, CertificateBatch, CertificateBatchRow
from gdt.certification.models import Certificate
from gdt.certification.queries import NUMBER_ORDER
from gdt.database import db, reading
from gdt.errors import RecordNotFound
from gdt.training.models import Cohort

AT_A_TIME = 500
HAS_ITS_FILE = Certificate.file_key != ""  # whoever was erased has none any more


def get_archive(viewer: Viewer, archive_id: int) -> CertificateArchive:
    """The archive with this id; one of a batch over many institutions is the office's alone."""
    query = select(CertificateArchive).outerjoin(Cohort, Cohort.id == CertificateArchive.cohort_id)
    archive = db.session.scalar(
        query.where(CertificateArchive.id == archive_id, within(viewer, Cohort.institution_id))
    )
    if archive is None:
        raise RecordNotFound
    return archive


def list_archives(viewer: Viewer, subject: Cohort | CertificateBatch) -> Sequence[CertificateArchive]:
    """The files made of a cohort or a batch, latest first."""
    query = select(CertificateArchive).outerjoin(Cohort, Cohort.id == CertificateArchive.cohort_id)
    mine = query.where(_of(subject), within(viewer, Cohort.institution_id))
    return db.session.scalars(mine.order_by(CertificateArchive.id.desc()).limit(4)).all()


def count_for_archive(viewer: Viewer, subject: Cohort | CertificateBatch) -> int:
    """How many certificates an archive of a cohort or a batch would hold."""
    query = select(func.count(Certificate.id)).where(
        _holds(subject), HAS_ITS_FILE, within(viewer, Certificate.institution_id)
    )
    return db.session.scalar(query) or 0


def every_certificate(archive: CertificateArchive) -> Iterator[Certificate]:
    """The certificates of an archive by number; no transaction stays open while one is worked on."""
    condition, last = _holds_archive(archive), (0, 0)
    while True:
        with reading():
            found = db.session.scalars(_following(condition, last)).all()
            db.session.expunge_all()
        yield from found
        if len(found) < AT_A_TIME:
            return
        last = (found[-1].year, found[-1].serial)


def _following(condition: ColumnElement[bool], last: tuple[int, int]) -> Select[Any]:
    """The next ones after a year and a serial, with what tells their state."""
    query = select(Certificate).where(
        condition, HAS_ITS_FILE, within(OFFICE, Certificate.institution_id), tuple_(*NUMBER_ORDER) > last
    )
    loaded = query.options(selectinload(Certificate.replaced_by).options(defer(Certificate.facts)))
    return loaded.order_by(*NUMBER_ORDER).limit(AT_A_TIME)


def _of(subject: Cohort | CertificateBatch) -> ColumnElement[bool]:
    if isinstance(subject, Cohort):
        return CertificateArchive.cohort_id == subject.id
    return CertificateArchive.batch_id == subject.id


def _holds(subject: Cohort | CertificateBatch) -> ColumnElement[bool]:
    if isinstance(subject, Cohort):
        return Certificate.cohort_id == subject.id
    return _issued_in(subject.id)


def _holds_archive(archive: CertificateArchive) -> ColumnElement[bool]:
    if archive.batch_id is None:
        return Certificate.cohort_id == archive.cohort_id
    return _issued_in(archive.batch_id)


def _issued_in(batch_id: int) -> ColumnElement[bool]:
    return exists().where(
        CertificateBatchRow.batch_id == batch_id,
        CertificateBatchRow.certificate_id == Certificate.id,
        CertificateBatchRow.state == BatchRowState.ISSUED,
    )
