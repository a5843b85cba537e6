"""Reading what a portion of an order is issued from: cohorts, courses, institutions."""

from collections.abc import Collection, Iterable

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from gdt.certification.eligibility.assessing import Finding
from gdt.database import db
from gdt.partners.models import Institution
from gdt.training.models import Cohort, Course


def list_cohorts(cohort_ids: Collection[int]) -> dict[int, Cohort]:
    """The cohorts with their modules, by id."""
    query = select(Cohort).where(Cohort.id.in_(cohort_ids)).options(selectinload(Cohort.modules))
    return {cohort.id: cohort for cohort in db.session.scalars(query)}


def list_courses(course_ids: Collection[int]) -> dict[int, Course]:
    """The courses with their modules, by id."""
    query = select(Course).where(Course.id.in_(course_ids)).options(selectinload(Course.modules))
    return {course.id: course for course in db.session.scalars(query)}


def list_institutions_of(findings: Iterable[Finding]) -> dict[int, Institution]:
    """The institutions of the candidates, by id."""
    wanted = {finding.candidate.institution_id for finding in findings}
    found = db.session.scalars(select(Institution).where(Institution.id.in_(wanted)))
    return {institution.id: institution for institution in found}
