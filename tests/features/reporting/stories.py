"""An institution that taught, and the round in which it reports."""

from datetime import date, timedelta

from gdt.access import OFFICE
from gdt.database import db, unit_of_work
from gdt.impact.periods import whole_year
from gdt.partners.models import Institution
from gdt.reporting.models import InstitutionReport
from gdt.reporting.rounds import open_round
from gdt.reporting.services import approve_report, submit_report
from gdt.training.models import EnrolmentState, Headcount, HeadcountMeasure
from tests.factories import (
    TODAY,
    make_agreement,
    make_cohort,
    make_enrolment,
    make_institution,
    make_person,
)

YEAR = TODAY.year - 1
DAY = date(YEAR, 6, 30)


def teaching_school(students=3, **columns):
    """An institution with a cohort of last year, all of whose students but one completed it."""
    school = make_institution(**columns)
    make_agreement(school, starts_on=date(YEAR - 2, 1, 1), signed_on=date(YEAR - 2, 1, 1))
    cohort = make_cohort(school, starts_on=date(YEAR, 2, 1), ends_on=DAY, term=f"Spring {YEAR}")
    for _n in range(students):
        make_enrolment(cohort, make_person(), state=EnrolmentState.COMPLETED, completed_on=DAY)
    make_enrolment(cohort, make_person())
    return school, cohort


def opened(due_in=30):
    with unit_of_work():
        open_round(actor=OFFICE, period=whole_year(YEAR), due_on=TODAY + timedelta(days=due_in))


def report_of(school) -> InstitutionReport:
    return db.session.query(InstitutionReport).filter_by(institution_id=school.id, year=YEAR).one()


def approved(school, *, actor=OFFICE):
    with unit_of_work():
        submit_report(actor=actor, report=report_of(school))
    with unit_of_work():
        approve_report(actor=OFFICE, report=report_of(school))


def claim(school: Institution, cohort, people, **columns):
    headcount = Headcount(
        institution=db.session.merge(school),
        module=db.session.merge(cohort.modules[0]),
        year=YEAR,
        measure=HeadcountMeasure.STUDENTS_TRAINED,
        people=people,
        evidence="The signed list",
        **columns,
    )
    db.session.add(headcount)
    db.session.commit()
    return headcount
