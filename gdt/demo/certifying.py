"""Certifying the demo's teachers and students year by year, through the office's own issuing path."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import Select, func, select

from gdt.certification.issuing import Orderer
from gdt.certification.models import CertificateBatch
from gdt.certification.services import issue_for_cohort, issue_teacher_certificates
from gdt.database import db, unit_of_work
from gdt.demo.network import LAST_YEAR
from gdt.exams.models import Sitting
from gdt.jobs import JobState
from gdt.training.models import (
    Cohort,
    Course,
    CourseModule,
    Qualification,
    TeacherTraining,
    TrainingOutcome,
)

STUDENTS_AFTER, TEACHERS_AFTER = timedelta(days=5), timedelta(days=9)
LAST_DAY = (12, 28)
NOT_YET = "-afr-renew-9-"  # the trainings whose teachers still wait in "Ready to certify"


@dataclass(frozen=True)
class Order:
    """Certificates to issue on a day: of a cohort, or of a course to some teachers."""

    issued_on: date
    course_id: int
    cohort_id: int | None = None
    people: frozenset[int] = field(default=frozenset(), compare=False)

    @property
    def place(self) -> tuple[date, int, int]:
        return self.issued_on, self.course_id, self.cohort_id or 0


def issue_certificates(officer: Orderer) -> None:
    """Issue what history issued, in its order, so that numbers rise with the days; what is done is left."""
    with unit_of_work():
        orders = sorted(
            {*_student_orders(), *_teacher_orders()} - _orders_done(), key=lambda order: order.place
        )
    for order in orders:
        _carry_out(officer, order)


def _carry_out(officer: Orderer, order: Order) -> None:
    if order.cohort_id is not None:
        cohort = db.session.get_one(Cohort, order.cohort_id)
        issue_for_cohort(cohort, actor=officer, issued_on=order.issued_on)
    else:
        course = db.session.get_one(Course, order.course_id)
        issue_teacher_certificates(course, actor=officer, issued_on=order.issued_on, person_ids=order.people)


def _orders_done() -> set[Order]:
    done = select(CertificateBatch.issued_on, CertificateBatch.course_id, CertificateBatch.cohort_id)
    finished = done.where(CertificateBatch.job_state == JobState.DONE)
    return {Order(*row) for row in db.session.execute(finished)}


def _student_orders() -> list[Order]:
    """Each cohort of the past is certified some days after its last sitting."""
    last_sitting = (
        select(Cohort.id, Cohort.course_id, func.max(Sitting.held_on))
        .join(Sitting, Sitting.cohort_id == Cohort.id)
        .where(Cohort.ends_on <= date(LAST_YEAR, 12, 31))
        .group_by(Cohort.id, Cohort.course_id)
    )
    return [
        Order(_within_year(held_on, STUDENTS_AFTER), course_id, cohort_id)
        for cohort_id, course_id, held_on in db.session.execute(last_sitting)
    ]


def _teacher_orders() -> list[Order]:
    """After each training: a certificate in each course all of whose modules the teacher now holds."""
    held = _Held()
    people: dict[tuple[date, int], set[int]] = defaultdict(set)
    for ends_on, person_id, module_id in db.session.execute(_passed_in_trainings()):
        issued_on = _within_year(ends_on, TEACHERS_AFTER)
        for course_id in held.courses_with(module_id):
            if held.has_all(person_id, course_id, issued_on):
                people[issued_on, course_id].add(person_id)
    return [Order(*place, people=frozenset(who)) for place, who in people.items()]


def _passed_in_trainings() -> Select[date, int, int]:
    return (
        select(TeacherTraining.ends_on, Qualification.person_id, Qualification.module_id)
        .join(TrainingOutcome, TrainingOutcome.id == Qualification.outcome_id)
        .join(TeacherTraining, TeacherTraining.id == TrainingOutcome.training_id)
        .where(TeacherTraining.code.not_like(f"%{NOT_YET}%"))
    )


class _Held:
    """Who holds which modules when, and the courses that consist of them."""

    def __init__(self) -> None:
        q = Qualification
        self._terms: dict[tuple[int, int], list[tuple[date, date]]] = defaultdict(list)
        for person_id, module_id, *term in db.session.execute(
            select(q.person_id, q.module_id, q.valid_from, q.valid_until)
        ):
            self._terms[person_id, module_id].append((term[0], term[1]))
        self._courses: dict[int, set[int]] = defaultdict(set)
        for course_id, module_id in db.session.execute(
            select(CourseModule.course_id, CourseModule.module_id)
        ):
            self._courses[course_id].add(module_id)

    def courses_with(self, module_id: int) -> list[int]:
        return [course_id for course_id, modules in self._courses.items() if module_id in modules]

    def has_all(self, person_id: int, course_id: int, day: date) -> bool:
        return all(
            any(first <= day <= last for first, last in self._terms[person_id, module_id])
            for module_id in self._courses[course_id]
        )


def _within_year(day: date, wait: timedelta) -> date:
    """Some days later, and still in the year whose figures it belongs to."""
    return min(day + wait, date(day.year, *LAST_DAY))
