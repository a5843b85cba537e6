"""Reading the curriculum, teacher training, qualifications and cohorts."""

from sqlalchemy import select

from gdt.access import Viewer, within
from gdt.database import db
from gdt.errors import RecordNotFound
from gdt.training.models import Cohort


def find_cohort(viewer: Viewer, code: str) -> Cohort | None:
    """The cohort with this code, whatever the case it was typed in."""
    return db.session.scalar(
        select(Cohort).where(Cohort.code == code.strip().lower(), within(viewer, Cohort.institution_id))
    )


def get_cohort(viewer: Viewer, code: str) -> Cohort:
    cohort = find_cohort(viewer, code)
    if cohort is None:
        raise RecordNotFound
    return cohort
