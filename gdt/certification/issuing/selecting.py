"""The cohorts with somebody to certify: narrowed down, counted, and chosen for one order over many."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, select

from gdt.access import OFFICE, Viewer, within
from gdt.certification.models import Certificate, CertificateKind
from gdt.database import db
from gdt.partners.models import Country, Institution
from gdt.training.models import Cohort, Course, Enrolment, EnrolmentState

ORDER = (Cohort.ends_on.desc(), Cohort.id.desc())


@dataclass(frozen=True)
class CohortsWanted:
    """What the cohorts are narrowed to; "" narrows nothing; `viewer` may see the rest."""

    institution: str = ""
    country: str = ""
    term: str = ""
    course: str = ""
    viewer: Viewer = OFFICE


def list_cohorts_to_certify(wanted: CohortsWanted) -> Select[Any]:
    """The cohorts in which somebody completed and holds no certificate of the course, to be paged."""
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
    conditions = [_has_somebody(), within(wanted.viewer, Cohort.institution_id)]
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


def _has_somebody() -> ColumnElement[bool]:
    held = exists().where(
        Certificate.person_id == Enrolment.person_id,
        Certificate.course_id == Cohort.course_id,
        Certificate.kind == CertificateKind.STUDENT,
    )
    return exists().where(
        Enrolment.cohort_id == Cohort.id, Enrolment.state == EnrolmentState.COMPLETED, ~held
    )
