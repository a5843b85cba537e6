"""The cohorts with somebody to certify: narrowed down, counted, and chosen for one order over many."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, select

from gdt.access import Viewer, within
from gdt.certification.models import Certificate, CertificateKind
from gdt.database import db, one_of
from gdt.partners.models import Country, Institution
from gdt.training.models import Cohort, Course, Enrolment

ORDER = (Cohort.ends_on.desc(), Cohort.id.desc())


@dataclass(frozen=True)
class CohortsWanted:
    """What the cohorts are narrowed to, `among` those with somebody to certify; "" narrows nothing."""

    among: Collection[int]
    institution: str = ""
    country: str = ""
    term: str = ""
    course: str = ""


def find_cohorts_to_certify(viewer: Viewer) -> Sequence[int]:
    """The ids of the cohorts in which somebody completed and holds no certificate of the course.

    Asked once for a page, which counts them in five ways. Nearly everybody who completed was certified in
    the same cohort (whose number a student’s certificate alone bears), so that is asked first, of one index
    in its order; the few left are asked the rest.
    """
    certified_here = exists().where(
        Certificate.cohort_id == Enrolment.cohort_id, Certificate.person_id == Enrolment.person_id
    )
    left = (
        select(Enrolment.cohort_id, Enrolment.person_id)
        .where(Enrolment.completed_on.is_not(None), ~certified_here)
        .cte("left_open")
        .prefix_with("MATERIALIZED")
    )
    certified = (  # whatever was printed since, what is held began with a first edition
        exists()
        .where(
            Certificate.person_id == left.c.person_id,
            Certificate.course_id == Cohort.course_id,
            Certificate.kind == CertificateKind.STUDENT,
            Certificate.edition == 1,
        )
        .correlate(left, Cohort)
    )
    query = select(left.c.cohort_id).join(Cohort, Cohort.id == left.c.cohort_id).distinct()
    return db.session.scalars(query.where(~certified, within(viewer, Cohort.institution_id))).all()


def list_cohorts_to_certify(wanted: CohortsWanted) -> Select[Any]:
    """These cohorts, to be paged in ORDER."""
    return select(Cohort).where(*_conditions(wanted))


def list_chosen(wanted: CohortsWanted, ticked: Collection[int] | None) -> Sequence[int]:
    """The ids of these cohorts, or of those ticked among them, in the order they will be numbered."""
    query = (
        select(Cohort.id)
        .join(Institution, Institution.id == Cohort.institution_id)
        .where(*_conditions(wanted))
        .order_by(Institution.name, Cohort.code)
    )
    if ticked is not None:
        query = query.where(Cohort.id.in_(ticked))
    return db.session.scalars(query).all()


def count_cohorts(wanted: CohortsWanted) -> int:
    return db.session.scalar(select(func.count(Cohort.id)).where(*_conditions(wanted))) or 0


def count_by_institution(wanted: CohortsWanted) -> list[tuple[str, str, int]]:
    """(code, name, cohorts to certify) by name."""
    return _count(replace(wanted, institution=""), Institution.code, Institution.name)


def count_by_country(wanted: CohortsWanted) -> list[tuple[str, str, int]]:
    """(code, code, cohorts to certify) by code."""
    return _count(replace(wanted, country=""), Country.code, Country.code)


def count_by_term(wanted: CohortsWanted) -> list[tuple[str, str, int]]:
    return _count(replace(wanted, term=""), Cohort.term, Cohort.term)


def count_by_course(wanted: CohortsWanted) -> list[tuple[str, str, int]]:
    """(code, title, cohorts to certify) by title."""
    return _count(replace(wanted, course=""), Course.code, Course.title)


def _count(wanted: CohortsWanted, value: Any, label: Any) -> list[tuple[str, str, int]]:
    query = (
        select(value, label, func.count(Cohort.id))
        .select_from(Cohort)
        .join(Institution, Institution.id == Cohort.institution_id)
        .join(Country, Country.id == Institution.country_id)
        .join(Course, Course.id == Cohort.course_id)
        .where(*_conditions(wanted))
        .group_by(value, label)
        .order_by(label)
    )
    return [(key, words, count) for key, words, count in db.session.execute(query)]


def _conditions(wanted: CohortsWanted) -> list[ColumnElement[bool]]:
    conditions = [one_of(Cohort.id, wanted.among)]
    if wanted.institution:
        mine = select(Institution.id).where(Institution.code == wanted.institution)
        conditions.append(Cohort.institution_id.in_(mine))
    if wanted.country:
        there = select(Institution.id).join(Country).where(Country.code == wanted.country.upper())
        conditions.append(Cohort.institution_id.in_(there))
    if wanted.term:
        conditions.append(Cohort.term == wanted.term)
    if wanted.course:
        conditions.append(Cohort.course_id.in_(select(Course.id).where(Course.code == wanted.course)))
    return conditions
