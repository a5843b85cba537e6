"""What of certification is built on imported rows: papers for what was completed and passed in a cohort."""

from collections.abc import Sequence

from sqlalchemy import select

from gdt.certification.models import Certificate
from gdt.database import db, one_of
from gdt.exams.models import Result, Sitting
from gdt.imports.undoing import depends_on
from gdt.training.models import Enrolment


@depends_on("enrolments", "certificates", changed_too=True)
def people_certified_in_cohorts(enrolment_ids: list[int]) -> Sequence[int]:
    """Who of these enrolments holds a certificate of the same cohort, once for each paper."""
    is_same = (Enrolment.person_id == Certificate.person_id) & (Enrolment.cohort_id == Certificate.cohort_id)
    statement = select(Certificate.person_id).join(Enrolment, is_same)
    return _people(db.session.scalars(statement.where(one_of(Enrolment.id, enrolment_ids))))


@depends_on("results", "certificates", changed_too=True)
def people_certified_after_sittings(result_ids: list[int]) -> Sequence[int]:
    """Who of these results holds a certificate of the sitting's cohort, once for each paper."""
    statement = (
        select(Certificate.person_id)
        .join(Sitting, Sitting.cohort_id == Certificate.cohort_id)
        .join(Result, (Result.sitting_id == Sitting.id) & (Result.person_id == Certificate.person_id))
    )
    return _people(db.session.scalars(statement.where(one_of(Result.id, result_ids))))


def _people(found: object) -> list[int]:
    return [person_id for person_id in found if person_id is not None]  # type: ignore[attr-defined]
