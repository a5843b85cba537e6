"""Who is in a cohort, and who is known at its institution: read for pages, lists and imports."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import timedelta

from sqlalchemy import Select, exists, or_, select
from sqlalchemy.orm import contains_eager, selectinload

from gdt.access import Viewer
from gdt.database import db
from gdt.people.matching import Known, find_known, one_of
from gdt.people.models import Affiliation, AffiliationRole, Person
from gdt.training.models import Cohort, Enrolment, EnrolmentState
from gdt.training.visible import visible_cohort

DOUBLE_CLICK = timedelta(minutes=1)


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


def has_members(cohort: Cohort) -> bool:
    """Whether anybody is in the cohort."""
    return bool(db.session.scalar(select(exists().where(Enrolment.cohort_id == cohort.id))))


def list_members_named(cohort: Cohort, names: Collection[str]) -> dict[tuple[str, str], list[Known]]:
    """The people of a cohort who carry one of the names, by printed and native name, in order of entry."""
    found: dict[tuple[str, str], list[Known]] = defaultdict(list)
    if not names:
        return found
    rows = db.session.execute(
        select(Person.id, Person.printed_name, Person.native_name)
        .join(Enrolment, Enrolment.person_id == Person.id)
        .where(Enrolment.cohort_id == cohort.id, one_of(Person.printed_name, names))
        .order_by(Person.id)
    )
    for row in rows:
        found[(row[1], row[2] or "")].append(Known(row[0], None, row[1], row[2], None, None, None))
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


def students(cohort: Cohort, *, search: str = "", state: EnrolmentState | None = None) -> Select[Enrolment]:
    """The enrolments of a cohort by name, number or state, before they are sorted and cut into pages."""
    statement = (
        select(Enrolment)
        .join(Person, Person.id == Enrolment.person_id)
        .where(Enrolment.cohort_id == cohort.id)
        .options(contains_eager(Enrolment.person))
    )
    if state is not None:
        statement = statement.where(Enrolment.state == state)
    if words := search.strip():
        number = exists().where(
            Affiliation.person_id == Person.id,
            Affiliation.institution_id == cohort.institution_id,
            Affiliation.own_number.istartswith(words, autoescape=True),
        )
        names = (Person.printed_name, Person.native_name)
        statement = statement.where(or_(number, *(name.icontains(words, autoescape=True) for name in names)))
    return statement


def list_own_numbers(
    institution_id: int, role: AffiliationRole, person_ids: Collection[int]
) -> dict[int, str]:
    """The institution's own number of each person who has one."""
    rows = db.session.execute(
        select(Affiliation.person_id, Affiliation.own_number).where(
            Affiliation.institution_id == institution_id,
            Affiliation.role == role,
            Affiliation.person_id.in_(person_ids),
            Affiliation.own_number.is_not(None),
        )
    )
    return {person_id: number or "" for person_id, number in rows}


def list_enrolments(cohort: Cohort, enrolment_ids: Collection[int]) -> Sequence[Enrolment]:
    """These enrolments of the cohort, held until the transaction ends."""
    return db.session.scalars(
        select(Enrolment)
        .where(Enrolment.cohort_id == cohort.id, Enrolment.id.in_(enrolment_ids))
        .options(selectinload(Enrolment.person))
        .with_for_update(of=Enrolment)
    ).all()


def list_enrolments_of(viewer: Viewer, person: Person) -> Sequence[Enrolment]:
    """Where a person learned, as far as the viewer may know it, the latest first."""
    return db.session.scalars(
        select(Enrolment)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .where(Enrolment.person_id == person.id, visible_cohort(viewer))
        .options(contains_eager(Enrolment.cohort))
        .order_by(Cohort.starts_on.desc(), Cohort.id.desc())
    ).all()
