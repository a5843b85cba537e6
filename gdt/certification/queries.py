"""Reading certificates, and taking the rows that issuing holds on to."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import joinedload, selectinload

from gdt.access import Viewer, within
from gdt.certification.eligibility import Finding
from gdt.certification.keys import KeyFacts
from gdt.certification.models import Certificate, CertificateCounter, CertificateProof, CertificationKey
from gdt.database import db, now
from gdt.errors import RecordNotFound
from gdt.partners.models import Institution
from gdt.people.models import Person
from gdt.training.models import Cohort, Course

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


def find_last_serial(year: int) -> int:
    """The last number given in a year, as of now; only `take_counter` holds on to it."""
    query = select(CertificateCounter.last_serial).where(CertificateCounter.year == year)
    return db.session.scalar(query) or 0


def list_cohorts(cohort_ids: Collection[int]) -> dict[int, Cohort]:
    """The cohorts with their modules, by id."""
    query = select(Cohort).where(Cohort.id.in_(cohort_ids)).options(selectinload(Cohort.modules))
    return {cohort.id: cohort for cohort in db.session.scalars(query)}


def list_courses(course_ids: Collection[int]) -> dict[int, Course]:
    """The courses with their modules, by id."""
    query = select(Course).where(Course.id.in_(course_ids)).options(selectinload(Course.modules))
    return {course.id: course for course in db.session.scalars(query)}


def count_serials(year: int, after: int) -> int:
    """How many certificates of a year have a number after this one."""
    query = select(func.count(Certificate.id)).where(Certificate.year == year, Certificate.serial > after)
    return db.session.scalar(query) or 0


def list_institutions_of(findings: Iterable[Finding]) -> dict[int, Institution]:
    """The institutions of the candidates, by id."""
    wanted = {finding.candidate.institution_id for finding in findings}
    found = db.session.scalars(select(Institution).where(Institution.id.in_(wanted)))
    return {institution.id: institution for institution in found}


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
    """The certificate whose file has this hash; whoever holds the file may see what it prints."""
    return _find(Certificate.file_sha256 == sha256)


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
