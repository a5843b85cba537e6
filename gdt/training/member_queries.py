"""Who is in a cohort, or at an institution in a role, among many people at once."""

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import select

from gdt.database import db, one_of
from gdt.people.matching import Known, find_known
from gdt.people.models import Affiliation, AffiliationRole, Person
from gdt.training.models import Cohort, Enrolment


def list_member_ids(cohort: Cohort, person_ids: Collection[int]) -> set[int]:
    """Those of the persons who are in the cohort."""
    if not person_ids:
        return set()
    return set(
        db.session.scalars(
            select(Enrolment.person_id).where(
                Enrolment.cohort_id == cohort.id, one_of(Enrolment.person_id, person_ids)
            )
        )
    )


def list_members_named(cohort: Cohort, names: Collection[str]) -> dict[tuple[str, str], list[Known]]:
    """The people of a cohort who carry one of the names, by printed and native name, in order of entry."""
    found: dict[tuple[str, str], list[Known]] = defaultdict(list)
    if not names:
        return found
    rows = db.session.execute(
        select(Person.id, Person.printed_name, Person.native_name, Person.email, Person.gender)
        .join(Enrolment, Enrolment.person_id == Person.id)
        .where(Enrolment.cohort_id == cohort.id, one_of(Person.printed_name, names))
        .order_by(Person.id)
    )
    for row in rows:
        found[(row.printed_name, row.native_name or "")].append(Known(*row, None, None))
    return found


def list_affiliated_ids(institution_id: int, role: AffiliationRole, person_ids: Collection[int]) -> set[int]:
    """Those of the persons who are or were at the institution in this role."""
    return set(
        db.session.scalars(
            select(Affiliation.person_id).where(
                Affiliation.institution_id == institution_id,
                Affiliation.role == role,
                one_of(Affiliation.person_id, person_ids),
            )
        )
    )


def list_affiliated_named(institution_id: int, role: AffiliationRole, names: Collection[str]) -> list[Known]:
    """Those at the institution in this role who carry one of the names, in order of entry."""
    here = (Affiliation.institution_id == institution_id, Affiliation.role == role)
    ids = db.session.scalars(
        select(Person.id)
        .join(Affiliation, Affiliation.person_id == Person.id)
        .where(*here, one_of(Person.printed_name, names), Person.merged_into_id.is_(None))
    )
    known = find_known(institution_id, role, set(ids)) if names else {}
    return [known[person_id] for person_id in sorted(known)]
