"""Certifying the demo's teachers and students year by year, through the office's own issuing path."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta

from gdt.certification.issuing.issuing import Orderer
from gdt.certification.issuing.job import carry_out
from gdt.certification.issuing.services import issue_for_cohort, issue_teacher_certificates
from gdt.certification.revoking.services import revoke_certificate
from gdt.database import db, now, unit_of_work
from gdt.demo import queries
from gdt.demo.cohorts import CERTIFIED_AFTER
from gdt.demo.network import LAST_YEAR
from gdt.training.models import Cohort, Course

STUDENTS_AFTER, TEACHERS_AFTER = timedelta(days=5), timedelta(days=9)
LAST_DAY = (12, 28)
NOT_YET = "-afr-renew-9-"  # the trainings whose teachers still wait in "Ready to certify"
REVOKED_IN, REVOKED_REASON = LAST_YEAR, "The exam was sat by somebody else in this student's name."


@dataclass(frozen=True)
class Order:
    """Certificates to issue on a day: of a cohort, or of a course to some teachers."""

    issued_on: date
    course_id: int | None
    cohort_id: int | None = None
    people: frozenset[int] = field(default=frozenset(), compare=False)

    @property
    def place(self) -> tuple[date, int, int]:
        return self.issued_on, self.course_id or 0, self.cohort_id or 0


def issue_certificates(officer: Orderer, until: date = date.max) -> None:
    """Issue what history issued up to a day, in its order, so that numbers rise; what is done is left."""
    with unit_of_work():
        interrupted = queries.list_interrupted_batches()
    for batch_id in interrupted:
        carry_out(batch_id)
    with unit_of_work():
        done = {Order(*row) for row in queries.list_finished_batches()}
        orders = sorted({*_student_orders(), *_teacher_orders()} - done, key=lambda order: order.place)
    for order in (one for one in orders if one.issued_on <= until):
        _carry_out(officer, order)


def revoke_one(officer: Orderer) -> None:
    """One student certificate of the past does not stand any more."""
    certificate = queries.get_first_student_certificate(REVOKED_IN)
    revoke_certificate(actor=officer, certificate=certificate, reason=REVOKED_REASON)


def _carry_out(officer: Orderer, order: Order) -> None:
    if order.cohort_id is not None:
        cohort = db.session.get_one(Cohort, order.cohort_id)
        issue_for_cohort(cohort, actor=officer, issued_on=order.issued_on)
    else:
        course = db.session.get_one(Course, order.course_id)
        issue_teacher_certificates(course, actor=officer, issued_on=order.issued_on, person_ids=order.people)


def _student_orders() -> list[Order]:
    """Each cohort of the past is certified some days after its last sitting."""
    return [
        Order(_within_year(held_on, STUDENTS_AFTER), course_id, cohort_id)
        for cohort_id, course_id, held_on in queries.list_last_sittings(now().date() - CERTIFIED_AFTER)
    ]


def _teacher_orders() -> list[Order]:
    """After each training: a certificate in each course all of whose modules the teacher now holds."""
    terms, courses = queries.qualification_terms(), queries.course_modules()
    people: dict[tuple[date, int], set[int]] = defaultdict(set)
    for ends_on, person_id, passed in queries.list_passed_in_trainings(not_in=NOT_YET):
        issued_on = _within_year(ends_on, TEACHERS_AFTER)
        for course_id, modules in courses.items():
            held = (terms[person_id, module_id] for module_id in modules)
            if passed in modules and all(_is_valid(some, issued_on) for some in held):
                people[issued_on, course_id].add(person_id)
    return [Order(*place, people=frozenset(who)) for place, who in people.items()]


def _is_valid(terms: list[queries.Term], day: date) -> bool:
    return any(valid_from <= day <= valid_until for valid_from, valid_until in terms)


def _within_year(day: date, wait: timedelta) -> date:
    """Some days later, and still in the year whose figures it belongs to."""
    return min(day + wait, date(day.year, *LAST_DAY))
