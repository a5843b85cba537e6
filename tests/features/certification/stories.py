"""Cohorts and teachers in which everyone is ready to be certified, until a test spoils something."""

from datetime import timedelta

from sqlalchemy import insert

from gdt.access import OFFICE, Role
from gdt.accounts.models import User
from gdt.certification.delivery.services import mail_holders_of
from gdt.certification.issuing.services import issue_for_cohort, order_batch
from gdt.certification.keys import orders as key_orders
from gdt.certification.keys import queries as key_queries
from gdt.certification.models import Certificate
from gdt.database import db, unit_of_work
from gdt.exams.models import Result, ResultOutcome
from gdt.people.models import Person
from gdt.training.models import Cohort, Enrolment, EnrolmentState
from tests.factories import (
    TODAY,
    make_affiliation,
    make_agreement,
    make_cohort,
    make_course,
    make_enrolment,
    make_institution,
    make_module,
    make_person,
    make_qualification,
    make_user,
)


def make_ready_institution(**columns):
    institution = make_institution(**columns)
    make_agreement(institution)
    return institution


def make_teacher(institution, modules, name="Dr Lim Mei Ling", **terms):
    teacher = make_person(printed_name=name)
    for module in modules:
        make_qualification(teacher, module, institution, **terms)
    return teacher


def make_ready_cohort(students=3, *, institution=None, names=(), **columns):
    """A cohort of an institution in force, taught by a qualified teacher, all students completed."""
    institution = institution or make_ready_institution()
    course = columns.pop("course", None) or make_course(modules=[make_module(), make_module()])
    teacher = make_teacher(institution, course.modules)
    cohort = make_cohort(institution, course=course, teachers=[teacher], **columns)
    for n in range(students):
        add_student(cohort, printed_name=f"Student {n:03d}")
    for name in names:
        add_student(cohort, printed_name=name)
    return cohort


def order_many(count):
    """The id of a batch of so many, each with an address that is mailed; every other name in two scripts."""
    cohort_id = make_ready_cohort(0).id
    with unit_of_work():
        ids = db.session.scalars(insert(Person).returning(Person.id), [_one_of_many(n) for n in range(count)])
        done = {"cohort_id": cohort_id, "state": EnrolmentState.COMPLETED, "completed_on": TODAY}
        db.session.execute(insert(Enrolment), [done | {"person_id": key} for key in ids.all()])
    with unit_of_work():
        batch = order_batch(actor=OFFICE, cohort=db.session.get(Cohort, cohort_id), issued_on=TODAY)
        mail_holders_of(batch)
        return batch.id


def _one_of_many(n):
    first = ("Siti", "Ahmad", "Tran", "Maria", "Kofi", "Abebe", "Aigerim", "Wei")[n % 8]
    return {
        "printed_name": f"{first} {n:05d}",
        "native_name": "陈美玲" if n % 2 else None,
        "email": f"s{n}@students.example",
    }


def add_student(cohort, *, state=EnrolmentState.COMPLETED, **columns):
    student = make_person(**columns)
    make_affiliation(student, cohort.institution)
    completed_on = TODAY if state is EnrolmentState.COMPLETED else None
    make_enrolment(cohort, student, state=state, completed_on=completed_on)
    return student


def give_result(sitting, student, mark):
    outcome = ResultOutcome.PASSED if mark >= sitting.exam.pass_mark else ResultOutcome.FAILED
    result = Result(sitting_id=sitting.id, exam_id=sitting.exam_id, person_id=student.id, attempt=1)
    result.mark, result.outcome = mark, outcome
    db.session.add(result)
    db.session.commit()


def certified_cohort(students=3, **columns):
    cohort = make_ready_cohort(students, **columns)
    outcome = issue_for_cohort(cohort, actor=OFFICE, issued_on=TODAY)
    assert outcome["refused"] == []
    return cohort


def all_certificates():
    """Every certificate as it is stored now, by number."""
    db.session.rollback()
    return db.session.query(Certificate).order_by(Certificate.year, Certificate.serial).all()


def yesterday(days=1):
    return TODAY - timedelta(days=days)


def change_keys(app):
    """Change to a new pair of keys, with the yes of two administrators."""
    with unit_of_work():
        orders = [order.id for order in key_orders.prepare_rotation(actor=OFFICE)]
    agree(orders)


def declare_stolen(name, day):
    """Declare a key stolen from a day on, with the yes of two administrators."""
    with unit_of_work():
        key = key_queries.get_key(name)
        order = key_orders.prepare_retirement(actor=OFFICE, key=key, compromised_from=day)
        order_id = order.id
    agree([order_id])


def agree(order_ids):
    administrators = [make_user(role=Role.ADMINISTRATOR).id for _ in range(2)]
    for order_id in order_ids:
        for administrator in administrators:
            with unit_of_work():
                actor, order = db.session.get(User, administrator), key_queries.get_order(order_id)
                key_orders.approve_order(actor=actor, order=order)
