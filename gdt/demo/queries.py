"""Reading what the demo network needs to know of itself: what is there, what to certify, what to try."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import TypeVar

from sqlalchemy import Row, Select, exists, func, select

from gdt.accounts.models import User
from gdt.audit import AuditEvent
from gdt.certification.batches.models import CertificateBatch
from gdt.certification.batches.stages import BatchStage
from gdt.certification.models import Certificate, CertificateKind
from gdt.database import db
from gdt.errors import RecordNotFound
from gdt.exams.models import Result, Sitting
from gdt.partners.models import Institution
from gdt.people.models import Affiliation, AffiliationRole, Person
from gdt.training.models import (
    Cohort,
    Course,
    CourseModule,
    Enrolment,
    EnrolmentState,
    Qualification,
    TeacherTraining,
    TrainingOutcome,
)

Term = tuple[date, date]
_Record = TypeVar("_Record", Cohort, Sitting)


def is_recorded(action: str) -> bool:
    """Whether the trail knows of this action."""
    return db.session.scalar(select(exists().where(AuditEvent.action == action))) is True


def has_other_data() -> bool:
    """Whether anybody has begun to work in this database."""
    return any(db.session.scalar(select(model.id).limit(1)) for model in (Institution, Person, Course))


def list_users(emails: Sequence[str]) -> Sequence[User]:
    return db.session.scalars(select(User).where(User.email.in_(emails)).order_by(User.id)).all()


def list_last_sittings(until: date) -> Sequence[Row[int, int, date]]:
    """Cohorts that ended by a day: id, course and the day of the last sitting."""
    return db.session.execute(
        select(Cohort.id, Cohort.course_id, func.max(Sitting.held_on))
        .join(Sitting, Sitting.cohort_id == Cohort.id)
        .where(Cohort.ends_on <= until)
        .group_by(Cohort.id, Cohort.course_id)
    ).all()


def list_passed_in_trainings(not_in: str) -> Sequence[Row[date, int, int]]:
    """The last day of a training, the teacher and the module, for what gave a qualification.

    Leaves out the trainings whose code contains `not_in`.
    """
    return db.session.execute(
        select(TeacherTraining.ends_on, Qualification.person_id, Qualification.module_id)
        .join(TrainingOutcome, TrainingOutcome.id == Qualification.outcome_id)
        .join(TeacherTraining, TeacherTraining.id == TrainingOutcome.training_id)
        .where(TeacherTraining.code.not_like(f"%{not_in}%"))
    ).all()


def qualification_terms() -> dict[tuple[int, int], list[Term]]:
    """Every term by person and module."""
    q = Qualification
    terms: dict[tuple[int, int], list[Term]] = defaultdict(list)
    for row in db.session.execute(select(q.person_id, q.module_id, q.valid_from, q.valid_until)):
        terms[row.person_id, row.module_id].append((row.valid_from, row.valid_until))
    return terms


def course_modules() -> dict[int, set[int]]:
    modules: dict[int, set[int]] = defaultdict(set)
    for course_id, module_id in db.session.execute(select(CourseModule.course_id, CourseModule.module_id)):
        modules[course_id].add(module_id)
    return modules


def list_finished_batches() -> Sequence[Row[date, int | None, int | None]]:
    """What was ordered and carried out: the day of issue, the course, and the cohort if it was one."""
    b = CertificateBatch
    return db.session.execute(
        select(b.issued_on, b.course_id, b.cohort_id).where(
            b.stage == BatchStage.ISSUED, b.course_id.is_not(None)
        )
    ).all()


def list_interrupted_batches() -> Sequence[int]:
    unfinished = CertificateBatch.is_to_be_done()
    return db.session.scalars(
        select(CertificateBatch.id).where(unfinished).order_by(CertificateBatch.id)
    ).all()


def get_first_student_certificate(year: int) -> Certificate:
    return db.session.scalars(
        select(Certificate)
        .where(Certificate.kind == CertificateKind.STUDENT, Certificate.year == year)
        .order_by(Certificate.id)
        .limit(1)
    ).one()


def get_running_cohort(institution_code: str) -> Cohort:
    """The institution's newest cohort, of those in which somebody is still learning if there is one."""
    learning = exists().where(Enrolment.cohort_id == Cohort.id, Enrolment.state == EnrolmentState.ENROLLED)
    return _first(
        select(Cohort)
        .join(Institution)
        .where(Institution.code == institution_code)
        .order_by(~learning, Cohort.starts_on.desc(), Cohort.id)
    )


def get_waiting_sitting(institution_code: str) -> Sitting:
    """The institution's newest sitting, of those without a result if there is one."""
    return _first(
        select(Sitting)
        .join(Cohort, Cohort.id == Sitting.cohort_id)
        .join(Institution)
        .where(Institution.code == institution_code)
        .order_by(exists().where(Result.sitting_id == Sitting.id), Sitting.held_on.desc(), Sitting.id)
    )


def _first(statement: Select[_Record]) -> _Record:
    found = db.session.scalars(statement.limit(1)).first()
    if found is None:
        raise RecordNotFound
    return found


def list_completed(cohort: Cohort) -> Sequence[Row[str | None, str]]:
    """Own number and name of everyone who completed the cohort, by number."""
    return db.session.execute(
        select(Affiliation.own_number, Person.printed_name)
        .join(Person, Person.id == Affiliation.person_id)
        .join(Enrolment, Enrolment.person_id == Person.id)
        .where(
            Enrolment.cohort_id == cohort.id,
            Enrolment.state == EnrolmentState.COMPLETED,
            Affiliation.institution_id == cohort.institution_id,
            Affiliation.role == AffiliationRole.STUDENT,
        )
        .order_by(Affiliation.own_number)
    ).all()
