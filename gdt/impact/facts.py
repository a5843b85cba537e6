"""The facts behind each measure: one selection of each kind, which both the totals and the rows read."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    CTE,
    BigInteger,
    ColumnElement,
    FromClause,
    Integer,
    Select,
    String,
    and_,
    cast,
    column,
    exists,
    extract,
    func,
    join,
    null,
    or_,
    select,
    union,
    values,
)
from sqlalchemy.orm import aliased

from gdt.certification.models import Certificate, CertificateKind
from gdt.exams.models import Result, ResultOutcome, Sitting
from gdt.partners.models import Agreement
from gdt.training.models import Cohort, CohortModule, CourseModule, Enrolment, Headcount

FIRST_YEAR = 2000  # nothing of the programme is older
PAIRS = 2**32  # two ids in one number


@dataclass(frozen=True)
class Fact:
    """Where facts of a kind are read: the record that is the fact, whom it counts, when and where."""

    source: FromClause
    row_id: Any
    key: Any
    dated_on: Any
    institution_id: Any
    conditions: Sequence[ColumnElement[bool]]
    cohort_id: Any
    course_id: Any = None

    def within(self, institution_ids: Sequence[int] | None, module_id: int | None = None) -> Select[Any]:
        """The facts of some institutions and one module (None: of all); the caller adds the columns."""
        statement = select().select_from(self.source).where(*self.conditions)
        if institution_ids is not None:
            statement = statement.where(self.institution_id.in_(institution_ids))
        if module_id is not None:
            statement = statement.where(self._teaches(module_id))
        return statement

    def in_year(self, statement: Select[Any], year: int | None) -> Select[Any]:
        if year is None:
            return statement
        return statement.where(self.dated_on.between(date(year, 1, 1), date(year, 12, 31)))

    def signatures(self, institution_ids: Sequence[int] | None) -> Select[Any]:
        """Each set of grains "year:institution:modules" that some key has facts in, and how many keys."""
        lessons = self._lessons()
        words = (
            func.substr(cast(self.dated_on, String), 1, 4)
            + ":"
            + cast(self.institution_id, String)
            + ":"
            + lessons.words
        )
        facts = self.within(institution_ids).add_columns(func.aggregate_strings(words, " ").label("grains"))
        for table, condition in lessons.joins:
            facts = facts.join(table, condition, isouter=self.course_id is not None)
        grains = facts.group_by(self.key).subquery()
        return select(grains.c.grains, func.count()).group_by(grains.c.grains)

    def _lessons(self) -> "_Lessons":
        """The modules taught, as words: a cohort's own, or where there is no cohort the course's."""
        cohort = _modules_of(CohortModule.cohort_id, Cohort.id, "cohort_lessons")
        joins = [(cohort, cohort.c.id == self.cohort_id)]
        if self.course_id is None:
            return _Lessons(cohort.c.words, joins)
        course = _modules_of(CourseModule.course_id, CourseModule.course_id, "course_lessons")
        joins.append((course, course.c.id == self.course_id))
        return _Lessons(func.coalesce(cohort.c.words, course.c.words, ""), joins)

    def _teaches(self, module_id: int) -> ColumnElement[bool]:
        cohorts = select(CohortModule.cohort_id).where(CohortModule.module_id == module_id)
        in_cohort: ColumnElement[bool] = self.cohort_id.in_(cohorts)
        if self.course_id is None:
            return in_cohort
        courses = select(CourseModule.course_id).where(CourseModule.module_id == module_id)
        return or_(in_cohort, and_(self.cohort_id.is_(None), self.course_id.in_(courses)))


@dataclass(frozen=True)
class _Lessons:
    words: Any
    joins: list[tuple[CTE, ColumnElement[bool]]]


def _modules_of(owner: Any, every: Any, name: str) -> CTE:
    """The modules of each cohort or course as "3.7"; a cohort without any has none, but is there."""
    words = func.coalesce(func.aggregate_strings(cast(_module_of(owner), String), "."), "")
    statement = select(every.label("id"), words.label("words")).group_by(every)
    if every is not owner:
        statement = statement.outerjoin(CohortModule, owner == every)
    return statement.cte(name)


def _module_of(owner: Any) -> Any:
    return owner.class_.module_id


def completions() -> Fact:
    return Fact(
        source=join(Enrolment, Cohort, Enrolment.cohort_id == Cohort.id),
        row_id=Enrolment.id,
        key=Enrolment.person_id,
        dated_on=Enrolment.completed_on,
        institution_id=Cohort.institution_id,
        conditions=[Enrolment.completed_on.is_not(None)],
        cohort_id=Enrolment.cohort_id,
    )


def exams_taken() -> Fact:
    return _results([ResultOutcome.PASSED, ResultOutcome.FAILED])


def exams_passed() -> Fact:
    return _results([ResultOutcome.PASSED])


def _results(outcomes: list[ResultOutcome]) -> Fact:
    """Results count for the institution of the cohort that sat the exam."""
    sat = join(Result, Sitting, Result.sitting_id == Sitting.id)
    return Fact(
        source=join(sat, Cohort, Sitting.cohort_id == Cohort.id),
        row_id=Result.id,
        key=cast(Sitting.exam_id, BigInteger) * PAIRS + Result.person_id,
        dated_on=Sitting.held_on,
        institution_id=Cohort.institution_id,
        conditions=[Result.outcome.in_(outcomes)],
        cohort_id=Sitting.cohort_id,
    )


def certificates() -> Fact:
    """The first edition of each thing earned; its date stays when a replacement corrects the paper."""
    return Fact(
        source=Certificate.__table__,
        row_id=Certificate.id,
        key=Certificate.id,
        dated_on=Certificate.issued_on,
        institution_id=Certificate.institution_id,
        conditions=[Certificate.edition == 1, Certificate.id.not_in(_no_longer_standing())],
        cohort_id=Certificate.cohort_id,
        course_id=Certificate.course_id,
    )


def teacher_certificates() -> Fact:
    every = certificates()
    return Fact(
        **{name: getattr(every, name) for name in ("source", "row_id", "dated_on", "institution_id")},
        key=Certificate.person_id,
        conditions=[Certificate.kind == CertificateKind.TEACHER, *every.conditions],
        cohort_id=Certificate.cohort_id,
        course_id=Certificate.course_id,
    )


def _no_longer_standing() -> Select[Any]:
    """The first editions of what was revoked and not replaced since."""
    revoked, later, first = aliased(Certificate), aliased(Certificate), aliased(Certificate)
    return (
        select(first.id)
        .join(revoked, and_(revoked.thing_earned == first.thing_earned, first.edition == 1))
        .where(revoked.revoked_at.is_not(None), ~exists().where(later.replaces_id == revoked.id))
    )


def presence(
    today: date, institution_ids: Sequence[int] | None, *, of_modules: bool
) -> Select[int, int, int]:
    """Where the programme was: (year, institution, module), the module null where an agreement says so.

    `of_modules` leaves the agreements out, which name no module.
    """
    years = _years(today)
    parts = [_cohorts_running(years, today), _headcounts_verified()]
    if not of_modules:
        parts.insert(0, _agreements_in_force(years, today))
    found = union(*parts).subquery()
    statement = select(found.c.year, found.c.institution_id, found.c.module_id)
    if institution_ids is not None:
        statement = statement.where(found.c.institution_id.in_(institution_ids))
    return statement


def _years(today: date) -> CTE:
    every = range(FIRST_YEAR, today.year + 1)
    return values(column("year", Integer)).data([(year,) for year in every]).cte("years")


def _overlaps(record: Any, years: CTE, today: date) -> ColumnElement[bool]:
    return and_(
        extract("year", record.starts_on) <= years.c.year,
        extract("year", record.ends_on) >= years.c.year,
        record.starts_on <= today,
    )


def _agreements_in_force(years: CTE, today: date) -> Select[Any]:
    module = cast(null(), Integer)
    statement = select(years.c.year.label("year"), Agreement.institution_id, module.label("module_id"))
    return statement.join(Agreement, _overlaps(Agreement, years, today))


def _cohorts_running(years: CTE, today: date) -> Select[Any]:
    statement = select(years.c.year, Cohort.institution_id, CohortModule.module_id)
    joined = statement.join(Cohort, _overlaps(Cohort, years, today))
    return joined.outerjoin(CohortModule, CohortModule.cohort_id == Cohort.id)


def _headcounts_verified() -> Select[int, int, int]:
    return select(Headcount.year, Headcount.institution_id, Headcount.module_id).where(
        Headcount.verified_at.is_not(None)
    )


FACTS: dict[str, Callable[[], Fact]] = {
    "completions": completions,
    "exams_taken": exams_taken,
    "exams_passed": exams_passed,
    "certificates": certificates,
    "teacher_certificates": teacher_certificates,
}
