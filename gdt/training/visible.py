"""Which cohorts a viewer sees: a teacher those she is named in, while she teaches at the institution."""

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.orm import aliased

from gdt.access import Viewer, within
from gdt.database import now
from gdt.people.models import Affiliation, AffiliationRole
from gdt.training.models import Cohort, CohortTeacher


def visible_cohort(viewer: Viewer) -> ColumnElement[bool]:
    """The condition on cohorts that everything about a cohort, its students and its exams is read by."""
    if not viewer.role.is_of_one_person:
        return within(viewer, Cohort.institution_id)
    named = aliased(CohortTeacher)  # the statement around may read the same table for something else
    is_named = exists().where(named.cohort_id == Cohort.id, named.person_id == viewer.person_id)
    return and_(Cohort.institution_id == viewer.institution_id, is_named, still_teaches(viewer))


def still_teaches(viewer: Viewer) -> ColumnElement[bool]:
    """Whether the institution of a teacher's account has her as a teacher today, read at each request."""
    return _teaches(viewer.person_id, viewer.institution_id)


def teaches_at(person_id: int | None, institution_id: int | None) -> Select[bool]:
    """Whether somebody is a teacher of an institution today."""
    return select(_teaches(person_id, institution_id))


def _teaches(person_id: int | None, institution_id: int | None) -> ColumnElement[bool]:
    place = aliased(Affiliation)
    return exists().where(
        place.person_id == person_id,
        place.institution_id == institution_id,
        place.role == AffiliationRole.TEACHER,
        or_(place.until_on.is_(None), place.until_on >= now().date()),
    )


def visible_cohort_ids(viewer: Viewer) -> Select[int]:
    """The ids of the cohorts the viewer sees, for conditions on what belongs to a cohort."""
    return select(Cohort.id).where(visible_cohort(viewer))
