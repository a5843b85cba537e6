"""Reading certificates, and taking the rows that issuing holds on to."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import joinedload, selectinload

from gdt.access import Viewer, within
from gdt.certification.models import Certificate, CertificateCounter, CertificateProof, RegisterLog
from gdt.database import db
from gdt.errors import RecordNotFound
from gdt.people.models import Person
from gdt.training.models import Cohort, Course

_BEFORE_ALL = datetime(1970, 1, 1, tzinfo=UTC)
_INSERT: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
NUMBER_ORDER = (Certificate.year, Certificate.serial)


def take_course(*course_ids: int) -> None:
    """Wait for, and hold to the end of the transaction, the right to issue for these courses."""
    wanted = select(Course.id).where(Course.id.in_(course_ids)).order_by(Course.id)
    db.session.execute(wanted.with_for_update(key_share=True))


def take_counter(year: int) -> CertificateCounter:
    """The year's counter, held to the end of the transaction; made when the year begins."""
    insert = _INSERT[db.engine.dialect.name]
    db.session.execute(
        insert(CertificateCounter).values(year=year, last_serial=0).on_conflict_do_nothing(),
        execution_options={"synchronize_session": False},
    )
    query = select(CertificateCounter).where(CertificateCounter.year == year)
    return db.session.scalars(query.with_for_update().execution_options(populate_existing=True)).one()


def take_log() -> RegisterLog:
    """The log's row, held to the end of the transaction; made at its first use."""
    insert = _INSERT[db.engine.dialect.name]
    db.session.execute(
        insert(RegisterLog).values(id=1, size=0, last_at=_BEFORE_ALL).on_conflict_do_nothing(),
        execution_options={"synchronize_session": False},
    )
    query = select(RegisterLog).where(RegisterLog.id == 1)
    return db.session.scalars(query.with_for_update().execution_options(populate_existing=True)).one()


def find_last_serial(year: int) -> int:
    """The last number given in a year, as of now; only `take_counter` holds on to it."""
    query = select(CertificateCounter.last_serial).where(CertificateCounter.year == year)
    return db.session.scalar(query) or 0


def count_serials(year: int, after: int) -> int:
    """How many certificates of a year have a number after this one."""
    query = select(func.count(Certificate.id)).where(Certificate.year == year, Certificate.serial > after)
    return db.session.scalar(query) or 0


def get_certificate(viewer: Viewer, number: str) -> Certificate:
    """The certificate with this number, with all its page shows."""
    certificate = db.session.scalar(
        select(Certificate)
        .where(Certificate.number == number.strip().upper(), within(viewer, Certificate.institution_id))
        .options(
            joinedload(Certificate.person),
            joinedload(Certificate.institution),
            joinedload(Certificate.replaces),
            joinedload(Certificate.replaced_by),
            joinedload(Certificate.proof),
        )
    )
    if certificate is None:
        raise RecordNotFound
    return certificate


def find_by_code(code: str) -> Certificate | None:
    """The certificate with this code; anyone who holds the code may see what it prints."""
    return _find(Certificate.code == code)


def find_by_file(sha256: str) -> Certificate | None:
    """The certificate whose file has this hash; whoever holds the file may see what it prints.

    None for one whose holder was forgotten so that it stops verifying.
    """
    found = _find(Certificate.file_sha256 == sha256)
    return None if found is not None and found.stopped_verifying else found


def is_issued_badge(digest: str) -> bool:
    """Whether we issued a badge that says exactly this, or cannot tell: one from before the log is left."""
    column = CertificateProof.badge_digest
    query = select(CertificateProof.id).where((column == digest) | column.is_(None))
    return db.session.scalar(query.limit(1)) is not None


def _find(condition: ColumnElement[bool]) -> Certificate | None:
    return db.session.scalar(
        select(Certificate)
        .where(condition)
        .options(
            joinedload(Certificate.replaces),
            joinedload(Certificate.replaced_by),
            joinedload(Certificate.proof),
        )
    )


def statement_of_cohort(viewer: Viewer, cohort: Cohort) -> Select[Any]:
    """Every certificate of a cohort, to be paged in NUMBER_ORDER."""
    return (
        select(Certificate)
        .where(Certificate.cohort_id == cohort.id, within(viewer, Certificate.institution_id))
        .options(selectinload(Certificate.replaced_by))
    )


def count_of_cohort(viewer: Viewer, cohort: Cohort) -> int:
    query = select(func.count(Certificate.id)).where(
        Certificate.cohort_id == cohort.id, within(viewer, Certificate.institution_id)
    )
    return db.session.scalar(query) or 0


def list_of_person(viewer: Viewer, person: Person) -> Sequence[Certificate]:
    """Every certificate of a person the viewer may see, newest first."""
    return db.session.scalars(
        select(Certificate)
        .where(Certificate.person_id == person.id, within(viewer, Certificate.institution_id))
        .options(selectinload(Certificate.replaced_by), joinedload(Certificate.institution))
        .order_by(Certificate.issued_on.desc(), Certificate.id.desc())
    ).all()
