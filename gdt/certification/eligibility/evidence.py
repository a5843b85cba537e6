"""What is known about those who may be certified: a whole set gathered by a constant number of queries."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, select, true
from sqlalchemy.orm import selectinload

from gdt.certification.designs.printable import unprintable
from gdt.certification.eligibility.assessing import Candidate, Finding, HeldCertificate, assess
from gdt.certification.eligibility.things import thing_of
from gdt.certification.models import Certificate, CertificateKind, CertificateState
from gdt.database import db
from gdt.exams.models import Exam, Result, ResultOutcome
from gdt.partners.models import Institution, InstitutionStatus
from gdt.people.models import Person
from gdt.training.models import (
    Cohort,
    CohortModule,
    CohortTeacher,
    CourseModule,
    Enrolment,
    Module,
    Qualification,
)

Statement = Select[*tuple[Any, ...]]
Found = Row[*tuple[Any, ...]]
People = Collection[int] | None  # None means everyone
_PERSON = (
    Person.id,
    Person.printed_name,
    Person.native_name,
    Person.email,
    Person.merged_into_id,
    Person.erased_at,
)


def assess_students(
    cohort_ids: Collection[int], day: date, people: People = None
) -> dict[int, list[Finding]]:
    """What the rules say on `day` about everyone ever enrolled in the cohorts, by cohort and then name."""
    school = _School.of(cohort_ids, day, people)
    found: dict[int, list[Finding]] = {cohort_id: [] for cohort_id in cohort_ids}
    for row in db.session.execute(_enrolments(cohort_ids, people)):
        found[row.cohort_id].append(assess(school.candidate(row)))
    return found


def assess_teachers(
    course_ids: Collection[int], day: date, people: People = None
) -> dict[int, list[Finding]]:
    """What the rules say on `day` about everyone with a valid qualification in a module of the courses."""
    modules = _titles_by(CourseModule.course_id, CourseModule.module_id, course_ids)
    held = _held(CertificateKind.TEACHER, course_ids, _among(Certificate.person_id, people))
    valid = db.session.execute(_qualifications(modules, day, people)).all()
    statuses = _statuses({row.institution_id for row in valid}, day)
    found: dict[int, list[Finding]] = {}
    for course_id in course_ids:
        relevant = [row for row in valid if row.module_id in modules[course_id]]
        teachers = _grouped(relevant)
        found[course_id] = [
            assess(_teacher(course_id, modules[course_id], rows, statuses, held))
            for rows in teachers.values()
        ]
    return found


@dataclass(frozen=True)
class _School:
    """What the candidates of the cohorts have in common."""

    cohorts: dict[int, Found]
    statuses: dict[int, InstitutionStatus]
    modules: dict[int, dict[int, str]]
    taught: set[tuple[int, int]]
    exams: dict[int, dict[int, str]]
    passed: set[tuple[int, int]]
    held: dict[str, HeldCertificate]

    @classmethod
    def of(cls, cohort_ids: Collection[int], day: date, people: People) -> "_School":
        columns = (Cohort.id, Cohort.institution_id, Cohort.course_id)
        query: Statement = select(*columns).where(Cohort.id.in_(cohort_ids))
        cohorts = {cohort.id: cohort for cohort in db.session.execute(query)}
        courses = {cohort.course_id for cohort in cohorts.values()}
        enrolled = select(Enrolment.person_id).where(
            Enrolment.cohort_id.in_(cohort_ids), _among(Enrolment.person_id, people)
        )
        return cls(
            cohorts=cohorts,
            statuses=_statuses({cohort.institution_id for cohort in cohorts.values()}, day),
            modules=_titles_by(CohortModule.cohort_id, CohortModule.module_id, cohort_ids),
            taught=_taught(cohort_ids),
            exams=_exams(courses),
            passed=_passed(courses, enrolled),
            held=_held(CertificateKind.STUDENT, courses, Certificate.person_id.in_(enrolled)),
        )

    def candidate(self, row: Found) -> Candidate:
        cohort = self.cohorts[row.cohort_id]
        modules, exams = self.modules[row.cohort_id], self.exams[cohort.course_id]
        thing = student_thing(cohort.course_id, modules, row.id)
        return Candidate(
            **_of_person(row),
            institution_id=cohort.institution_id,
            thing_earned=thing,
            status=self.statuses[cohort.institution_id],
            held=self.held.get(thing),
            enrolment=row.state,
            missing_exams=tuple(title for exam, title in exams.items() if (exam, row.id) not in self.passed),
            untaught_modules=tuple(t for m, t in modules.items() if (row.cohort_id, m) not in self.taught),
        )


def student_thing(course_id: int, module_ids: Iterable[int], person_id: int) -> str:
    """What a student certificate is for: a person, a course, and the modules of it that were taught."""
    return f"student:{course_id}:{'+'.join(str(module) for module in sorted(module_ids))}:{person_id}"


def teacher_thing(course_id: int, person_id: int, valid_until: date) -> str:
    """What a teacher certificate is for: its term too, so that a renewed qualification is a new thing."""
    return f"teacher:{course_id}:{person_id}:{valid_until:%Y-%m-%d}"


def _teacher(
    course_id: int,
    modules: dict[int, str],
    rows: Sequence[Found],
    statuses: dict[int, InstitutionStatus],
    held: dict[str, HeldCertificate],
) -> Candidate:
    """One teacher by her qualifications in the course's modules; each module's longest term counts."""
    ends: dict[int, date] = {}
    for row in rows:
        ends[row.module_id] = max(row.valid_until, ends.get(row.module_id, row.valid_until))
    newest = max(rows, key=lambda row: (row.valid_from, row.institution_id))
    valid_until = min(ends.values())
    thing = teacher_thing(course_id, newest.id, valid_until)
    return Candidate(
        **_of_person(newest),
        institution_id=newest.institution_id,
        thing_earned=thing,
        status=statuses[newest.institution_id],
        held=held.get(thing),
        missing_modules=tuple(title for module, title in modules.items() if module not in ends),
        valid_until=valid_until,
    )


def _of_person(row: Found) -> dict[str, Any]:
    return {
        "person_id": row.id,
        "printed_name": row.printed_name,
        "native_name": row.native_name,
        "email": row.email,
        "is_merged": row.merged_into_id is not None,
        "is_erased": row.erased_at is not None,
        "unprintable": unprintable(row.printed_name, row.native_name),
    }


def _enrolments(cohort_ids: Collection[int], people: People) -> Statement:
    query: Statement = (
        select(*_PERSON, Enrolment.cohort_id, Enrolment.state)
        .join(Enrolment, Enrolment.person_id == Person.id)
        .where(Enrolment.cohort_id.in_(cohort_ids), _among(Enrolment.person_id, people))
        .order_by(Person.printed_name, Person.id)
    )
    return query


def _qualifications(modules: dict[int, dict[int, str]], day: date, people: People) -> Statement:
    wanted = {module for titles in modules.values() for module in titles}
    q = Qualification
    query: Statement = (
        select(*_PERSON, q.module_id, q.institution_id, q.valid_from, q.valid_until)
        .join(q, q.person_id == Person.id)
        .where(
            q.module_id.in_(wanted), q.valid_from <= day, q.valid_until >= day, _among(q.person_id, people)
        )
        .order_by(Person.printed_name, Person.id)
    )
    return query


def _grouped(rows: Sequence[Found]) -> dict[int, list[Found]]:
    by_person: dict[int, list[Found]] = defaultdict(list)
    for row in rows:
        by_person[row.id].append(row)
    return by_person


def _among(column: Any, people: People) -> ColumnElement[bool]:
    return true() if people is None else column.in_(people)


def _statuses(institution_ids: Collection[int], day: date) -> dict[int, InstitutionStatus]:
    query = select(Institution).where(Institution.id.in_(institution_ids))
    institutions = db.session.scalars(query.options(selectinload(Institution.agreements)))
    return {institution.id: institution.status(day) for institution in institutions}


def _titles_by(owner: Any, module: Any, owner_ids: Collection[int]) -> dict[int, dict[int, str]]:
    found: dict[int, dict[int, str]] = {owner_id: {} for owner_id in owner_ids}
    query = select(owner, Module.id, Module.title).join(Module, Module.id == module).order_by(Module.id)
    for owner_id, module_id, title in db.session.execute(query.where(owner.in_(owner_ids))):
        found[owner_id][module_id] = title
    return found


def _taught(cohort_ids: Collection[int]) -> set[tuple[int, int]]:
    """The modules of each cohort that one of its teachers was qualified for when it started."""
    query = (
        select(CohortModule.cohort_id, CohortModule.module_id)
        .join(Cohort, Cohort.id == CohortModule.cohort_id)
        .join(CohortTeacher, CohortTeacher.cohort_id == Cohort.id)
        .join(
            Qualification,
            (Qualification.person_id == CohortTeacher.person_id)
            & (Qualification.module_id == CohortModule.module_id)
            & (Qualification.valid_from <= Cohort.starts_on)
            & (Qualification.valid_until >= Cohort.starts_on),
        )
        .where(Cohort.id.in_(cohort_ids))
        .distinct()
    )
    return {(cohort_id, module_id) for cohort_id, module_id in db.session.execute(query)}


def _exams(course_ids: Collection[int]) -> dict[int, dict[int, str]]:
    found: dict[int, dict[int, str]] = {course_id: {} for course_id in course_ids}
    query = (
        select(Exam.course_id, Exam.id, Exam.title).where(Exam.course_id.in_(course_ids)).order_by(Exam.id)
    )
    for course_id, exam_id, title in db.session.execute(query):
        found[course_id][exam_id] = title
    return found


def _passed(course_ids: Collection[int], people: Statement) -> set[tuple[int, int]]:
    """Who has passed which exam of the courses, in whatever sitting."""
    query = (
        select(Result.exam_id, Result.person_id)
        .join(Exam, Exam.id == Result.exam_id)
        .where(
            Exam.course_id.in_(course_ids),
            Result.outcome == ResultOutcome.PASSED,
            Result.person_id.in_(people),
        )
    )
    return {(exam_id, person_id) for exam_id, person_id in db.session.execute(query)}


def _held(
    kind: CertificateKind, course_ids: Collection[int], people: ColumnElement[bool]
) -> dict[str, HeldCertificate]:
    """The latest edition of what was issued already, by the thing as its holder of today earned it.

    A holder of two merged entries may have two papers for one thing: one that stands is enough.
    """
    c = Certificate
    query = (
        select(c.id, c.number, c.thing_earned, c.revoked_at, c.person_id)
        .where(c.kind == kind, c.course_id.in_(course_ids), people)
        .order_by(c.edition)
    )
    latest = {row.thing_earned: row for row in db.session.execute(query)}
    revoked_first = sorted(latest.values(), key=lambda row: row.revoked_at is None)
    return {
        thing_of(row.thing_earned, row.person_id): HeldCertificate(
            row.id, row.number, CertificateState.REVOKED if row.revoked_at else CertificateState.VALID
        )
        for row in revoked_first
    }
