"""Reading the curriculum and the cohorts: what is taught, where, by whom, and who is in it."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, contains_eager, selectinload

from gdt.access import Viewer, within
from gdt.database import db, now
from gdt.errors import RecordNotFound
from gdt.partners.models import Institution
from gdt.people.matching import Known, find_known, one_of
from gdt.people.models import Affiliation, AffiliationRole, Person
from gdt.training.models import Cohort, CohortModule, CohortTeacher, Course, Enrolment, EnrolmentState, Module

DOUBLE_CLICK = timedelta(minutes=1)


@dataclass(frozen=True)
class CohortFilter:
    """What the list of cohorts is narrowed to; empty means all the viewer may see."""

    search: str = ""
    institution_code: str = ""
    course_code: str = ""
    year: int | None = None
    state: str = ""


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


def get_cohort_by_id(viewer: Viewer, cohort_id: int) -> Cohort:
    cohort = db.session.scalar(
        select(Cohort).where(Cohort.id == cohort_id, within(viewer, Cohort.institution_id))
    )
    if cohort is None:
        raise RecordNotFound
    return cohort


def lock_cohort(cohort_id: int) -> Cohort:
    """The cohort, held until the transaction ends, so that two lists are not kept into it at once."""
    return db.session.execute(
        select(Cohort).where(Cohort.id == cohort_id).with_for_update(of=Cohort)
    ).scalar_one()


def lock_institution(institution: Institution) -> None:
    """Hold an institution until the transaction ends, so that no two cohorts take the same code."""
    db.session.execute(select(Institution.id).where(Institution.id == institution.id).with_for_update())


def cohorts(viewer: Viewer, wanted: CohortFilter) -> Select[Cohort]:
    """The cohorts of a list, before it is sorted and cut into pages."""
    conditions = [within(viewer, Cohort.institution_id), *_cohort_conditions(wanted)]
    return (
        select(Cohort)
        .join(Institution, Institution.id == Cohort.institution_id)
        .join(Course, Course.id == Cohort.course_id)
        .where(*conditions)
        .options(selectinload(Cohort.teachers))
    )


def _cohort_conditions(wanted: CohortFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.institution_code:
        conditions.append(Institution.code == wanted.institution_code)
    if wanted.course_code:
        conditions.append(Course.code == wanted.course_code)
    if wanted.year:
        conditions.append(Cohort.starts_on.between(date(wanted.year, 1, 1), date(wanted.year, 12, 31)))
    if wanted.state:
        conditions.append(_in_state(wanted.state))
    if wanted.search:
        words = wanted.search.strip()
        columns = (Cohort.code, Cohort.term, Course.title, Institution.name)
        conditions.append(or_(*(column.icontains(words, autoescape=True) for column in columns)))
    return conditions


def _in_state(state: str) -> ColumnElement[bool]:
    today = now().date()
    if state == "upcoming":
        return Cohort.starts_on > today
    if state == "ended":
        return Cohort.ends_on < today
    return and_(Cohort.starts_on <= today, Cohort.ends_on >= today)


def count_cohorts_by(
    viewer: Viewer, code: InstrumentedAttribute[str], name: InstrumentedAttribute[str]
) -> list[tuple[str, str, int]]:
    """How many cohorts stand under each institution or course: (code, name, count), by name."""
    rows = db.session.execute(
        select(code, name, func.count())
        .select_from(Cohort)
        .join(Institution, Institution.id == Cohort.institution_id)
        .join(Course, Course.id == Cohort.course_id)
        .where(within(viewer, Cohort.institution_id))
        .group_by(code, name)
        .order_by(name)
    )
    return [(value, label, count) for value, label, count in rows]


def list_cohort_years(viewer: Viewer) -> list[int]:
    """Each year in which a cohort began, the latest first."""
    first, last = db.session.execute(
        select(func.min(Cohort.starts_on), func.max(Cohort.starts_on)).where(
            within(viewer, Cohort.institution_id)
        )
    ).one()
    return list(range(last.year, first.year - 1, -1)) if first else []


def count_students(cohort_ids: Collection[int]) -> dict[int, dict[EnrolmentState, int]]:
    """For each cohort how many students stand in each state."""
    counts: dict[int, dict[EnrolmentState, int]] = defaultdict(dict)
    rows = db.session.execute(
        select(Enrolment.cohort_id, Enrolment.state, func.count())
        .where(Enrolment.cohort_id.in_(cohort_ids))
        .group_by(Enrolment.cohort_id, Enrolment.state)
    )
    for cohort_id, state, count in rows:
        counts[cohort_id][state] = count
    return counts


def list_courses() -> Sequence[Course]:
    return db.session.scalars(
        select(Course).order_by(Course.title).options(selectinload(Course.modules))
    ).all()


def find_course(code: str) -> Course | None:
    return db.session.scalar(select(Course).where(func.lower(Course.code) == code.strip().lower()))


def list_modules() -> Sequence[Module]:
    return db.session.scalars(select(Module).order_by(Module.id)).all()


def list_teachers(institution_id: int) -> Sequence[Person]:
    """The teachers an institution has now or will have, by name."""
    return db.session.scalars(
        select(Person)
        .join(Affiliation, Affiliation.person_id == Person.id)
        .where(
            Affiliation.institution_id == institution_id,
            Affiliation.role == AffiliationRole.TEACHER,
            or_(Affiliation.until_on.is_(None), Affiliation.until_on >= now().date()),
            Person.merged_into_id.is_(None),
        )
        .order_by(Person.printed_name)
    ).all()


def list_cohort_codes(institution_id: int, beginning: str) -> Sequence[str]:
    return db.session.scalars(
        select(Cohort.code).where(
            Cohort.institution_id == institution_id, Cohort.code.startswith(beginning, autoescape=True)
        )
    ).all()


def list_fresh_cohorts(institution_id: int) -> Sequence[Cohort]:
    """The cohorts opened a moment ago: a second click on the same button finds its own among them."""
    since: datetime = now() - DOUBLE_CLICK
    return db.session.scalars(
        select(Cohort).where(Cohort.institution_id == institution_id, Cohort.created_at >= since)
    ).all()


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


def list_cohorts_relying(person_id: int, module_id: int, first: date, last: date) -> Sequence[Cohort]:
    """The cohorts a person teaches with this module that begin between two days."""
    return db.session.scalars(
        select(Cohort)
        .join(CohortTeacher, CohortTeacher.cohort_id == Cohort.id)
        .join(CohortModule, CohortModule.cohort_id == Cohort.id)
        .where(
            CohortTeacher.person_id == person_id,
            CohortModule.module_id == module_id,
            Cohort.starts_on.between(first, last),
        )
        .order_by(Cohort.starts_on)
    ).all()


def list_enrolments_of(viewer: Viewer, person: Person) -> Sequence[Enrolment]:
    """Where a person learned, as far as the viewer may know it, the latest first."""
    return db.session.scalars(
        select(Enrolment)
        .join(Cohort, Cohort.id == Enrolment.cohort_id)
        .where(Enrolment.person_id == person.id, within(viewer, Cohort.institution_id))
        .options(contains_eager(Enrolment.cohort))
        .order_by(Cohort.starts_on.desc(), Cohort.id.desc())
    ).all()


def list_cohorts_taught(viewer: Viewer, person: Person) -> Sequence[Cohort]:
    """The cohorts a person teaches or taught, as far as the viewer may know it, the latest first."""
    return db.session.scalars(
        select(Cohort)
        .join(CohortTeacher, CohortTeacher.cohort_id == Cohort.id)
        .where(CohortTeacher.person_id == person.id, within(viewer, Cohort.institution_id))
        .order_by(Cohort.starts_on.desc(), Cohort.id.desc())
    ).all()
