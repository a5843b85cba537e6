"""Reading which qualifications end soon and are not renewed, and who was reminded of it."""

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import aliased, joinedload

from gdt.access import Viewer, within
from gdt.database import db
from gdt.errors import RecordNotFound
from gdt.people.models import Affiliation, AffiliationRole, Person
from gdt.training.models import Qualification
from gdt.training.qualifying.models import QualificationReminder


def get_qualification(viewer: Viewer, qualification_id: int) -> Qualification:
    found = db.session.scalar(
        select(Qualification).where(
            Qualification.id == qualification_id, within(viewer, Qualification.institution_id)
        )
    )
    if found is None:
        raise RecordNotFound
    return found


def find_renewal(held: Qualification) -> Qualification | None:
    """The qualification of the same person for the same module that lasts longest beyond this one."""
    return db.session.scalar(
        select(Qualification)
        .where(
            Qualification.person_id == held.person_id,
            Qualification.module_id == held.module_id,
            Qualification.valid_until > held.valid_until,
        )
        .order_by(Qualification.valid_until.desc())
        .limit(1)
    )


def _ending(day: date, until: date) -> Select[Qualification]:
    """What ends by a day and is not renewed, of teachers who still teach at their institution."""
    later = aliased(Qualification)
    return (
        select(Qualification)
        .join(Person, Person.id == Qualification.person_id)
        .where(
            Qualification.valid_until.between(day, until),
            Person.merged_into_id.is_(None),
            Person.erased_at.is_(None),
            ~exists().where(
                later.person_id == Qualification.person_id,
                later.module_id == Qualification.module_id,
                later.valid_until > Qualification.valid_until,
            ),
            exists().where(
                Affiliation.person_id == Qualification.person_id,
                Affiliation.institution_id == Qualification.institution_id,
                Affiliation.role == AffiliationRole.TEACHER,
                Affiliation.until_on.is_(None) | (Affiliation.until_on >= day),
            ),
        )
    )


def list_institutions_with_ends(day: date, until: date) -> Sequence[int]:
    found = _ending(day, until).with_only_columns(Qualification.institution_id).distinct()
    return db.session.scalars(found.order_by(Qualification.institution_id)).all()


def list_ending_of(institution_id: int, day: date, until: date) -> Sequence[Qualification]:
    """What ends at an institution, the first to end first."""
    return db.session.scalars(
        _ending(day, until)
        .where(Qualification.institution_id == institution_id)
        .options(joinedload(Qualification.person), joinedload(Qualification.module))
        .order_by(Qualification.valid_until, Qualification.id)
    ).all()


def reminded(qualification_ids: Collection[int]) -> set[tuple[int, int]]:
    """The reminders that were sent: (qualification, months)."""
    rows = db.session.execute(
        select(QualificationReminder.qualification_id, QualificationReminder.months).where(
            QualificationReminder.qualification_id.in_(qualification_ids)
        )
    )
    return {(row[0], row[1]) for row in rows}
