"""The facts behind each measure: one selection of each kind, which both the totals and the rows read."""

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


Placed = tuple[Select[Any], Any]
"""A selection of facts without columns, and the word that says where each was: year:institution:modules."""


@dataclass(frozen=True)
class Fact:
    """Where facts of a kind are read: the record that is the fact, whom it counts, when and where.

    `source` joins the record with what its filters need; `placed` joins it only with the word for where it
    was, which a scan of one index can follow.
    """

    source: FromClause
    placed: Callable[[Sequence[int] | None], Placed]
    row_id: Any
    keys: Sequence[Any]
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
        """Each set of places that some key has facts in, as words, and how many keys have it."""
        facts, word = self.placed(institution_ids)
        facts = facts.where(*self.conditions)
        if self.keys == (self.row_id,):  # each fact is its own key, and in one place
            return facts.add_columns(word, func.count()).group_by(word)
        sets = facts.add_columns(func.aggregate_strings(word, " ").label("words")).group_by(*self.keys)
        found = sets.subquery()
        return select(found.c.words, func.count()).group_by(found.c.words)

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
        placed=_placed_completions,
        row_id=Enrolment.id,
        keys=(Enrolment.person_id,),
        dated_on=Enrolment.completed_on,
        institution_id=Cohort.institution_id,
        conditions=[Enrolment.completed_on.is_not(None)],
        cohort_id=Enrolment.cohort_id,
    )


def _placed_completions(institution_ids: Sequence[int] | None) -> Placed:
    taught = _taught(institution_ids)
    # The outer join makes SQLite walk the index of people, where their facts stand together.
    is_outer = institution_ids is None
    facts = select().select_from(Enrolment).join(taught, taught.c.id == Enrolment.cohort_id, isouter=is_outer)
    return facts, _year(Enrolment.completed_on) + ":" + taught.c.word


def exams_taken() -> Fact:
    return _results([ResultOutcome.PASSED, ResultOutcome.FAILED])


def exams_passed() -> Fact:
    return _results([ResultOutcome.PASSED])


def _results(outcomes: list[ResultOutcome]) -> Fact:
    """Results count for the institution of the cohort that sat the exam."""
    sat = join(Result, Sitting, Result.sitting_id == Sitting.id)
    return Fact(
        source=join(sat, Cohort, Sitting.cohort_id == Cohort.id),
        placed=_placed_results,
        row_id=Result.id,
        keys=(Result.exam_id, Result.person_id),
        dated_on=Sitting.held_on,
        institution_id=Cohort.institution_id,
        conditions=[Result.outcome.in_(outcomes)],
        cohort_id=Sitting.cohort_id,
    )


def _placed_results(institution_ids: Sequence[int] | None) -> Placed:
    taught = _taught(institution_ids)
    sat = (
        select(Sitting.id, (_year(Sitting.held_on) + ":" + taught.c.word).label("word"))
        .join(taught, taught.c.id == Sitting.cohort_id)
        .cte("sat")
        .prefix_with("MATERIALIZED")
    )
    is_outer = institution_ids is None
    facts = select().select_from(Result).join(sat, sat.c.id == Result.sitting_id, isouter=is_outer)
    return facts, sat.c.word


def certificates() -> Fact:
    """The first edition of each thing earned; its date stays when a replacement corrects the paper."""
    return Fact(
        source=Certificate.__table__,
        placed=_placed_certificates,
        row_id=Certificate.id,
        keys=(Certificate.id,),
        dated_on=Certificate.issued_on,
        institution_id=Certificate.institution_id,
        conditions=[Certificate.edition == 1, Certificate.id.not_in(_no_longer_standing())],
        cohort_id=Certificate.cohort_id,
        course_id=Certificate.course_id,
    )


def teacher_certificates() -> Fact:
    every = certificates()
    is_of_teacher = Certificate.kind == CertificateKind.TEACHER
    return replace(every, keys=(Certificate.person_id,), conditions=[is_of_teacher, *every.conditions])


def _placed_certificates(institution_ids: Sequence[int] | None) -> Placed:
    """Modules are those of the cohort, or where there is none those of the course."""
    cohort, course = _modules_of(CohortModule.cohort_id), _modules_of(CourseModule.course_id)
    facts = (
        select()
        .select_from(Certificate)
        .outerjoin(cohort, cohort.c.id == Certificate.cohort_id)
        .outerjoin(course, and_(course.c.id == Certificate.course_id, Certificate.cohort_id.is_(None)))
    )
    if institution_ids is not None:
        facts = facts.where(Certificate.institution_id.in_(institution_ids))
    place = _year(Certificate.issued_on) + ":" + cast(Certificate.institution_id, String) + ":"
    return facts, place + func.coalesce(cohort.c.word, course.c.word, "")


def _taught(institution_ids: Sequence[int] | None) -> CTE:
    """Each cohort's place as "institution:modules"; one without modules has none, but is there."""
    modules = func.coalesce(_words(CohortModule.module_id), "")
    place = (cast(Cohort.institution_id, String) + ":" + modules).label("word")
    statement = select(Cohort.id, place).outerjoin(CohortModule, CohortModule.cohort_id == Cohort.id)
    if institution_ids is not None:
        statement = statement.where(Cohort.institution_id.in_(institution_ids))
    return statement.group_by(Cohort.id, Cohort.institution_id).cte("taught").prefix_with("MATERIALIZED")


def _modules_of(owner: Any) -> CTE:
    """The modules of each cohort or course as "3.7"."""
    words = _words(owner.class_.module_id).label("word")
    named = select(owner.label("id"), words).group_by(owner).cte(f"modules_by_{owner.key}")
    return named.prefix_with("MATERIALIZED")


def _words(module_id: Any) -> Any:
    return func.aggregate_strings(cast(module_id, String), ".")


def _year(day: Any) -> Any:
    return func.substr(cast(day, String), 1, 4)


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
