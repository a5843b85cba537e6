"""The rows behind a number: read from the same facts as the total, so there are as many as it says."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Select, extract, false, func, select
from sqlalchemy.orm import Bundle, aliased, contains_eager

from gdt.access import Viewer, within
from gdt.certification.models import Certificate
from gdt.community.models import Project
from gdt.community.states import WAITING, ProjectState
from gdt.database import db, one_of
from gdt.exams.models import Exam, Result, Sitting
from gdt.impact.facts import FACTS, Fact, presence
from gdt.impact.genders import NOT_GIVEN
from gdt.impact.measures import Measure
from gdt.impact.queries import institution_ids, today
from gdt.impact.scopes import Network, Scope
from gdt.paging import Page, page_of
from gdt.partners.models import Country, Institution, Region
from gdt.people.models import Person
from gdt.training.models import Cohort, Course, Enrolment, Headcount, Module

PAGE_ROWS = 25  # a page of rows with their links stays under 20 KB
CSV_PORTION = 2000


def list_rows(
    viewer: Viewer, network: Network, measure: Measure, scope: Scope, after: str | None
) -> Page[Any]:
    """One page of what a measure counts by name in a scope, newest first (places: by name)."""
    return _page(viewer, network, measure, scope, after, PAGE_ROWS)


def count_rows(viewer: Viewer, network: Network, measure: Measure, scope: Scope) -> int:
    """How many there are of a measure that counts facts or people."""
    chosen = _chosen(viewer, network, measure, scope, FACTS[measure.fact]()).subquery()
    return db.session.scalar(select(func.count()).select_from(chosen)) or 0


def iterate_rows(viewer: Viewer, network: Network, measure: Measure, scope: Scope) -> Iterator[Any]:
    """Every row, read page by page so that any number fits in memory."""
    after: str | None = None
    while True:
        page = _page(viewer, network, measure, scope, after, CSV_PORTION)
        yield from page.items
        after = page.next_cursor
        if after is None:
            return


def list_headcounts(
    viewer: Viewer, _network: Network, measure: Measure, scope: Scope, after: str | None
) -> Page[Headcount]:
    """One page of the headcounts reported for a measure in a scope, claimed and verified, newest first."""
    statement = _headcounts(viewer, measure, scope)
    return page_of(db.session, statement, order=_NEWEST_HEADCOUNTS, after=after, size=PAGE_ROWS)


# Where the rows of a number come from, by the word in the address.
LISTS = {"names": list_rows, "headcounts": list_headcounts}


def iterate_headcounts(viewer: Viewer, measure: Measure, scope: Scope) -> Iterator[Headcount]:
    if measure.headcount is not None:
        yield from _iterate(_headcounts(viewer, measure, scope), _NEWEST_HEADCOUNTS)


def _iterate(statement: Select[Any], order: Sequence[Any]) -> Iterator[Any]:
    after: str | None = None
    while True:
        page = page_of(db.session, statement, order=order, after=after, size=CSV_PORTION)
        yield from page.items
        after = page.next_cursor
        if after is None:
            return


def _page(
    viewer: Viewer, network: Network, measure: Measure, scope: Scope, after: str | None, size: int
) -> Page[Any]:
    """First which rows stand on the page, then what they say: names of rows on others are not looked up."""
    if measure.fact == "presence":
        statement, order = _places_of(viewer, network, measure, scope)
        return page_of(db.session, statement, order=order, after=after, size=size)
    fact = FACTS[measure.fact]()
    every = _chosen(viewer, network, measure, scope, fact)
    page = page_of(db.session, every, order=fact.newest_first(), after=after, size=size)
    told = db.session.scalars(_DETAILS[measure.fact](fact).where(one_of(fact.row_id, page.items)))
    by_id = {row.id: row for row in told}
    return replace(page, items=[by_id[key] for key in page.items if key in by_id])


def _places_of(
    viewer: Viewer, network: Network, measure: Measure, scope: Scope
) -> tuple[Select[Any], list[Any]]:
    ids = institution_ids(viewer, network, scope)
    if measure.told_by is not None:
        return _projects(scope, ids)
    return _places(measure, scope, ids, _module_id(network, scope))


def _chosen(viewer: Viewer, network: Network, measure: Measure, scope: Scope, fact: Fact) -> Select[Any]:
    """The ids of the rows: a person with several facts is one row.

    A newcomer is the first of all her facts, whatever the year; of the others the first recorded stands.
    Each row is asked whether another one stands for it, so that a page's rows are found without the rest.
    """
    place = institution_ids(viewer, network, scope), _module_id(network, scope)
    every = fact.within_days(fact.of_gender(scope.gender, *place), scope.days)
    every = every.add_columns(fact.row_id.label("id"))
    if measure.counts == "facts":
        return every
    others, by_day = fact.within(*place), measure.counts == "newcomers"
    others = others if by_day else fact.within_days(others, scope.days)
    return every.where(*fact.is_first(others, by_day=by_day))


def _module_id(network: Network, scope: Scope) -> int | None:
    return network.module(scope.module).id if scope.module else None


def _row(fact: Fact, what: Any, note: Any, reference: Any) -> Select[Any]:
    """The columns that every kind of row has; the caller joins the person and the institution."""
    return select(
        Bundle(
            "row",
            fact.row_id.label("id"),
            fact.dated_on.label("dated_on"),
            Person.id.label("person_id"),
            Person.printed_name,
            Person.native_name,
            Institution.code.label("institution_code"),
            Institution.name.label("institution_name"),
            what.label("what"),
            note.label("note"),
            reference.label("reference"),
        )
    )


def _completion_rows(fact: Fact) -> Select[Any]:
    return (
        _row(fact, Course.title, Cohort.term, Cohort.code)
        .select_from(Enrolment)
        .join(Cohort, Enrolment.cohort_id == Cohort.id)
        .join(Course, Cohort.course_id == Course.id)
        .join(Institution, Cohort.institution_id == Institution.id)
        .join(Person, Enrolment.person_id == Person.id)
    )


def _result_rows(fact: Fact) -> Select[Any]:
    return (
        _row(fact, Exam.title, Result.mark, Sitting.code)
        .select_from(Result)
        .join(Sitting, Result.sitting_id == Sitting.id)
        .join(Exam, Sitting.exam_id == Exam.id)
        .join(Cohort, Sitting.cohort_id == Cohort.id)
        .join(Institution, Cohort.institution_id == Institution.id)
        .join(Person, Result.person_id == Person.id)
    )


def _certificate_rows(fact: Fact) -> Select[Any]:
    """The number shown is the one that stands now, which a replacement may have given."""
    edition = aliased(Certificate)
    standing = (
        select(edition.number)
        .where(edition.thing_earned == Certificate.thing_earned)
        .order_by(edition.edition.desc())
        .limit(1)
        .scalar_subquery()
    )
    return (
        _row(fact, Course.title, Certificate.kind, standing)
        .select_from(Certificate)
        .join(Institution, Certificate.institution_id == Institution.id)
        .outerjoin(Course, Certificate.course_id == Course.id)
        .outerjoin(Person, Certificate.person_id == Person.id)
    )


_DETAILS = {
    "completions": _completion_rows,
    "exams_taken": _result_rows,
    "exams_passed": _result_rows,
    "certificates": _certificate_rows,
    "teacher_certificates": _certificate_rows,
}


def _projects(scope: Scope, ids: Sequence[int] | None) -> tuple[Select[Any], list[Any]]:
    """The projects that count and those that wait, the newest first; none where a module is chosen."""
    bundle: Bundle[Any] = Bundle(
        "row",
        Project.code,
        Project.title,
        Project.starts_on,
        Project.people_helped,
        Project.state,
        Institution.code.label("institution_code"),
        Institution.name.label("institution_name"),
    )
    statement = (
        select(bundle)
        .join(Institution, Institution.id == Project.institution_id)
        .where(Project.state.in_([ProjectState.COUNTED, *WAITING]))
    )
    if ids is not None:
        statement = statement.where(Project.institution_id.in_(ids))
    if scope.year is not None:
        statement = statement.where(extract("year", Project.starts_on) == scope.year)
    if scope.module is not None:
        statement = statement.where(false())
    return statement, [Project.starts_on.desc(), Project.id.desc()]


def _places(
    measure: Measure, scope: Scope, ids: Sequence[int] | None, module_id: int | None
) -> tuple[Select[Any], list[Any]]:
    found = presence(today(), ids, of_modules=module_id is not None).subquery()
    present = select(found.c.institution_id)
    if scope.year is not None:
        present = present.where(found.c.year == scope.year)
    if module_id is not None:
        present = present.where(found.c.module_id == module_id)
    if measure.key == "countries":
        countries = select(Institution.country_id).where(Institution.id.in_(present))
        return select(_country_row()).join(Region).where(Country.id.in_(countries)), [Country.code]
    statement = select(_institution_row()).join(Country, Institution.country_id == Country.id)
    return statement.where(Institution.id.in_(present)), [Institution.name, Institution.id]


def _country_row() -> Bundle[Any]:
    return Bundle("row", Country.code.label("country"), Region.name.label("region"))


def _institution_row() -> Bundle[Any]:
    return Bundle(
        "row",
        Institution.code.label("institution_code"),
        Institution.name.label("institution_name"),
        Institution.native_name,
        Institution.city,
        Country.code.label("country"),
    )


_NEWEST_HEADCOUNTS = [Headcount.year.desc(), Headcount.id.desc()]


def _headcounts(viewer: Viewer, measure: Measure, scope: Scope) -> Select[Any]:
    statement = (
        select(Headcount)
        .join(Institution, Headcount.institution_id == Institution.id)
        .join(Country, Institution.country_id == Country.id)
        .join(Region, Country.region_id == Region.id)
        .join(Module, Headcount.module_id == Module.id)
        .options(contains_eager(Headcount.institution), contains_eager(Headcount.module))
        .where(Headcount.measure == measure.headcount, within(viewer, Headcount.institution_id))
    )
    choices = (
        (scope.year, Headcount.year),
        (scope.region, Region.code),
        (scope.country, Country.code),
        (scope.institution, Institution.code),
        (scope.module, Module.code),
    )
    if scope.gender not in (None, NOT_GIVEN):
        statement = statement.where(false())  # nobody said a gender of people without names
    if scope.period is not None and not scope.period.ends_the_year:
        statement = statement.where(false())  # they are of the year, reported with its last term
    return statement.where(*(column == value for value, column in choices if value is not None))
