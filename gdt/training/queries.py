"""Reading the curriculum and the cohorts: what is taught, where, by whom, and who is in it."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, selectinload

from gdt.access import Viewer
from gdt.database import any_contains, db, now
from gdt.errors import RecordNotFound
from gdt.partners.models import Institution
from gdt.people.models import Affiliation, AffiliationRole, Person
from gdt.training.curriculum.queries import was_published
from gdt.training.models import Cohort, CohortModule, CohortTeacher, Course, Enrolment, EnrolmentState, Module
from gdt.training.visible import visible_cohort

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
        select(Cohort).where(Cohort.code == code.strip().lower(), visible_cohort(viewer))
    )


def get_cohort(viewer: Viewer, code: str) -> Cohort:
    cohort = find_cohort(viewer, code)
    if cohort is None:
        raise RecordNotFound
    return cohort


def get_cohort_by_id(viewer: Viewer, cohort_id: int) -> Cohort:
    cohort = db.session.scalar(select(Cohort).where(Cohort.id == cohort_id, visible_cohort(viewer)))
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
    conditions = [visible_cohort(viewer), *_cohort_conditions(wanted)]
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
        conditions.append(any_contains(columns, words))
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
        .where(visible_cohort(viewer))
        .group_by(code, name)
        .order_by(name)
    )
    return [(value, label, count) for value, label, count in rows]


def list_cohort_years(viewer: Viewer) -> list[int]:
    """Each year in which a cohort began, the latest first."""
    first, last = db.session.execute(
        select(func.min(Cohort.starts_on), func.max(Cohort.starts_on)).where(visible_cohort(viewer))
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
    """The courses that were ever published, by title."""
    return db.session.scalars(
        select(Course)
        .where(was_published(Course))
        .order_by(Course.title)
        .options(selectinload(Course.modules))
    ).all()


def find_course(code: str) -> Course | None:
    """The published course with this code, whatever the case it was typed in."""
    return db.session.scalar(
        select(Course).where(func.lower(Course.code) == code.strip().lower(), was_published(Course))
    )


def list_modules() -> Sequence[Module]:
    """The modules that were ever published, in the order they were entered."""
    return db.session.scalars(select(Module).where(was_published(Module)).order_by(Module.id)).all()


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


def list_cohorts_taught(viewer: Viewer, person: Person) -> Sequence[Cohort]:
    """The cohorts a person teaches or taught, as far as the viewer may know it, the latest first."""
    return db.session.scalars(
        select(Cohort)
        .join(CohortTeacher, CohortTeacher.cohort_id == Cohort.id)
        .where(CohortTeacher.person_id == person.id, visible_cohort(viewer))
        .order_by(Cohort.starts_on.desc(), Cohort.id.desc())
    ).all()
