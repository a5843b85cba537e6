"""Cohorts and teachers in which everyone is ready to be certified, until a test spoils something."""

from datetime import timedelta

from gdt.access import OFFICE
from gdt.certification.models import Certificate
from gdt.certification.services import issue_for_cohort
from gdt.database import db
from gdt.exams.models import Result, ResultOutcome
from gdt.training.models import EnrolmentState
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
