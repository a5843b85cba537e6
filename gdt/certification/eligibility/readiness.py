"""What is ready to certify: cohorts with somebody to certify, teachers per course, and their counts."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from gdt.access import Viewer, sees_all, within
from gdt.certification.eligibility.assessing import Finding
from gdt.certification.eligibility.evidence import assess_students, assess_teachers
from gdt.database import db
from gdt.errors import RecordNotFound
from gdt.partners.models import Institution
from gdt.training.models import Cohort, Course


@dataclass(frozen=True)
class Sorted:
    """The findings of a cohort or a course: ready now, not ready, and certified before."""

    ready: list[Finding]
    refused: list[Finding]
    certified: list[Finding]


def sort_findings(findings: Sequence[Finding]) -> Sorted:
    return Sorted(
        ready=[finding for finding in findings if finding.is_eligible],
        refused=[finding for finding in findings if not finding.is_eligible and not finding.is_already],
        certified=[finding for finding in findings if finding.is_already],
    )


def sort_cohorts(cohorts: Sequence[Cohort], day: date) -> list[tuple[Cohort, Sorted]]:
    found = assess_students([cohort.id for cohort in cohorts], day)
    return [(cohort, sort_findings(found[cohort.id])) for cohort in cohorts]


def sort_courses(viewer: Viewer, day: date) -> list[tuple[Course, Sorted]]:
    """Every course with its teachers, as far as the viewer may see them."""
    courses = db.session.scalars(select(Course).order_by(Course.title)).all()
    found = assess_teachers([course.id for course in courses], day)
    return [(course, sort_findings(seen_by(viewer, found[course.id]))) for course in courses]


def seen_by(viewer: Viewer, findings: Sequence[Finding]) -> Sequence[Finding]:
    """Those of the findings that are about the viewer's institutions."""
    if sees_all(viewer) or not findings:
        return findings
    seen = set(db.session.scalars(select(Institution.id).where(within(viewer, Institution.id))))
    return [finding for finding in findings if finding.candidate.institution_id in seen]


def require_seen(viewer: Viewer, person_ids: Collection[int], found: Sorted) -> None:
    """Raise RecordNotFound when somebody was asked for whom the page did not show to a viewer of a part."""
    shown = {finding.candidate.person_id for part in vars(found).values() for finding in part}
    if not sees_all(viewer) and not shown.issuperset(person_ids):
        raise RecordNotFound


def get_course(code: str) -> Course:
    """The course with this code, whatever the case."""
    course = db.session.scalar(select(Course).where(func.lower(Course.code) == code.strip().lower()))
    if course is None:
        raise RecordNotFound
    return course


def names_of_institutions(findings: Sequence[Finding]) -> dict[int, tuple[str, str]]:
    """(code, name) of the institutions the findings belong to, by id."""
    wanted = {finding.candidate.institution_id for finding in findings}
    query = select(Institution.id, Institution.code, Institution.name).where(Institution.id.in_(wanted))
    return {row.id: (row.code, row.name) for row in db.session.execute(query.order_by(Institution.name))}
