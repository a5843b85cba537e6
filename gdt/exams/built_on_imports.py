"""What of exams is built on an imported list: the results of those whom it enrolled."""

from collections.abc import Sequence

from sqlalchemy import select

from gdt.database import db, one_of
from gdt.exams.models import Result, Sitting
from gdt.imports.undoing import depends_on
from gdt.training.models import Enrolment


@depends_on("enrolments", "results")
def people_with_results(enrolment_ids: list[int]) -> Sequence[int]:
    """Who of these enrolments has a result in a sitting of the same cohort, once for each."""
    return db.session.scalars(
        select(Result.person_id)
        .join(Sitting, Sitting.id == Result.sitting_id)
        .join(
            Enrolment,
            (Enrolment.person_id == Result.person_id) & (Enrolment.cohort_id == Sitting.cohort_id),
        )
        .where(one_of(Enrolment.id, enrolment_ids))
    ).all()
