"""The facts behind each measure, as rows: what opens a number selects them here.

The totals are kept from the same facts as `words` reads them; `gdt impact check` and the tests hold the two
against each other.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    FromClause,
    Integer,
    Select,
    and_,
    cast,
    column,
    exists,
    extract,
    func,
    join,
    null,
    or_,
    outerjoin,
    select,
    union,
    values,
)
from sqlalchemy.orm import aliased

from gdt.certification.models import Certificate, CertificateKind
from gdt.exams.models import Result, ResultOutcome, Sitting
from gdt.impact.counted_models import CountedTeaching
from gdt.impact.genders import NOT_GIVEN
from gdt.impact.words import kin_of_merged, merged_people
from gdt.partners.models import Agreement
from gdt.people.models import Gender, Person
from gdt.training.models import Cohort, CohortModule, CourseModule, Enrolment, Headcount

FIRST_YEAR = 2000  # nothing of the programme is older


@dataclass(frozen=True)
class Fact:
    """Where facts of a kind are read: the record that is the fact, whom it counts, when and where.

    `source` joins the record with what its filters need; `person_id` is the record's own, `keys` what is
    counted once beside the person.
    """

    source: FromClause
    row_id: Any
    person_id: Any
    keys: Sequence[Any]
    dated_on: Any
    institution_id: Any
    conditions: Sequence[ColumnElement[bool]]
    cohort_id: Any
    course_id: Any = None
    order: Sequence[Any] = ()

    def newest_first(self) -> list[Any]:
        """Where an index has another column after the day, in its order, so that a page is read from it."""
        return [column.desc() for column in (self.dated_on, *(self.order or [self.row_id]))]

    def within(self, institution_ids: Sequence[int] | None, module_id: int | None = None) -> Select[Any]:
        """The facts of some institutions and one module (None: of all); the caller adds the columns."""
        return self._filtered(select().select_from(self.source), institution_ids, module_id)

    def of_gender(
        self, gender: str | None, institution_ids: Sequence[int] | None, module_id: int | None
    ) -> Select[Any]:
        """The same of the people who gave a gender (None: of all), as the record that stays says it.

        A certificate of an institution is of nobody who could say.
        """
        if gender is None:
            return self.within(institution_ids, module_id)
        merged, counted = merged_people(), aliased(Person)
        source = outerjoin(self.source, merged, merged.c.id == self.person_id)
        source = outerjoin(source, counted, counted.id == func.coalesce(merged.c.root, self.person_id))
        given = None if gender == NOT_GIVEN else Gender(gender)
        said = counted.gender.is_(None) if given is None else counted.gender == given
        return self._filtered(select().select_from(source).where(said), institution_ids, module_id)

    def is_first(self, others: Select[Any], *, by_day: bool) -> list[ColumnElement[bool]]:
        """That none of the others is of the same person (merged records are one) and key, and before it.

        Asked of one row at a time, so that a page is found without reading who stands on the others. `by_day`
        puts the oldest day first, else the first recorded.
        """
        columns = [self.row_id.label("row_id"), self.person_id.label("person_id"), self.dated_on.label("day")]
        keys = [key.label(f"key_{n}") for n, key in enumerate(self.keys)]
        before, kin = others.add_columns(*columns, *keys).subquery("before"), kin_of_merged()
        is_before = before.c.row_id < self.row_id
        if by_day:
            is_before = or_(before.c.day < self.dated_on, and_(before.c.day == self.dated_on, is_before))
        same = [before.c[key.name] == key.element for key in keys]
        of_herself = exists().where(before.c.person_id == self.person_id, is_before, *same)
        of_kin = exists().where(
            kin.c.id == self.person_id, before.c.person_id == kin.c.other, is_before, *same
        )
        return [~of_herself, or_(self.person_id.not_in(select(kin.c.id)), ~of_kin)]

    def within_days(self, statement: Select[Any], days: tuple[date, date] | None) -> Select[Any]:
        """The facts from one day to another; None: of all days."""
        return statement if days is None else statement.where(self.dated_on.between(*days))

    def _filtered(
        self, statement: Select[Any], institution_ids: Sequence[int] | None, module_id: int | None
    ) -> Select[Any]:
        statement = statement.where(*self.conditions)
        if institution_ids is not None:
            statement = statement.where(self.institution_id.in_(institution_ids))
        if module_id is not None:
            statement = statement.where(self._teaches(module_id))
        return statement

    def _teaches(self, module_id: int) -> ColumnElement[bool]:
        cohorts = select(CohortModule.cohort_id).where(CohortModule.module_id == module_id)
        in_cohort: ColumnElement[bool] = self.cohort_id.in_(cohorts)
        if self.course_id is None:
            return in_cohort
        courses = select(CourseModule.course_id).where(CourseModule.module_id == module_id)
        return or_(in_cohort, and_(self.cohort_id.is_(None), self.course_id.in_(courses)))


def completions() -> Fact:
    return Fact(
        source=join(Enrolment, Cohort, Enrolment.cohort_id == Cohort.id),
        row_id=Enrolment.id,
        person_id=Enrolment.person_id,
        keys=(),
        dated_on=Enrolment.completed_on,
        institution_id=Cohort.institution_id,
        conditions=[Enrolment.completed_on.is_not(None)],
        cohort_id=Enrolment.cohort_id,
        order=(Enrolment.cohort_id, Enrolment.person_id),
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
        person_id=Result.person_id,
        keys=(Result.exam_id,),
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
        person_id=Certificate.person_id,
        keys=(),
        dated_on=Certificate.issued_on,
        institution_id=Certificate.institution_id,
        conditions=[Certificate.edition == 1, Certificate.id.not_in(_no_longer_standing())],
        cohort_id=Certificate.cohort_id,
        course_id=Certificate.course_id,
    )


def teacher_certificates() -> Fact:
    every = certificates()
    is_of_teacher = Certificate.kind == CertificateKind.TEACHER
    return replace(every, conditions=[is_of_teacher, *every.conditions])


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
    """Module 0 says that something was taught, whatever its module."""
    module = func.nullif(CountedTeaching.module_id, 0).label("module_id")
    return select(years.c.year, CountedTeaching.institution_id, module).join(
        CountedTeaching,
        and_(
            CountedTeaching.first_year <= years.c.year,
            CountedTeaching.last_year >= years.c.year,
            CountedTeaching.first_on <= today,
        ),
    )


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
