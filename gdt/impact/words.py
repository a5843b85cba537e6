"""The words people are counted by, selected from the rows of any set of people at once; see `cells`.

What does not count has no word, rather than being filtered, and joins are outer ones, whose order stays: a
condition on a joined table's own columns makes SQLite read all of that table into a Bloom filter first, and
another order all enrolments of a cohort. Settling would grow with the rows.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Select,
    String,
    and_,
    case,
    cast,
    exists,
    func,
    literal,
    outerjoin,
    select,
    union,
)
from sqlalchemy.orm import aliased

from gdt.certification.models import Certificate, CertificateKind
from gdt.exams.models import Result, ResultOutcome, Sitting
from gdt.people.models import Person
from gdt.training.models import Cohort, CohortModule, CourseModule, Enrolment


def climb(asked: Select[Any]) -> CTE:
    """Those asked about and everyone they were merged into, each once, as `id`; at the end a NULL."""
    start = asked.cte("climb", recursive=True)
    return start.union(select(Person.merged_into_id).join(start, Person.id == start.c.id))


def members(climbed: CTE) -> CTE:
    """(root, person): the records that stay, each with itself and everyone merged into it."""
    stay = select(Person.id.label("root"), Person.id.label("person_id"))
    start = (
        stay.join(climbed, Person.id == climbed.c.id)
        .where(func.coalesce(Person.merged_into_id, climbed.c.id) == climbed.c.id)  # merged into nobody
        .cte("members", recursive=True)
    )
    below = select(start.c.root, Person.id).join(start, Person.merged_into_id == start.c.person_id)
    return start.union_all(below)


@cache
def merged_people() -> CTE:
    """(id, root) of everyone merged into somebody: the record that stays in the end.

    The table is named once: a policy is worked out for each naming, and SQLite would rather read everybody.
    """
    is_merged = Person.merged_into_id.is_not(None)
    into = select(Person.id, Person.merged_into_id.label("root")).where(is_merged).cte("merged_into")
    above = select(into.c.id, into.c.root).cte("above", recursive=True)
    above = above.union(select(above.c.id, into.c.root).join(into, into.c.id == above.c.root))
    ends = select(above.c.id, above.c.root).outerjoin(into, into.c.id == above.c.root)
    return ends.where(into.c.id.is_(None)).cte("merged")


def kin_of_merged() -> CTE:
    """(id, other) of records that stand for one person, both ways; who was never merged has none."""
    merged = merged_people()
    roots = select(merged.c.root.label("id"), merged.c.root)
    every = union(select(merged.c.id, merged.c.root), roots).cte("every_merged")
    one, other = every.alias("one"), every.alias("other")
    pairs = select(one.c.id, other.c.id.label("other")).join(other, other.c.root == one.c.root)
    return pairs.where(one.c.id != other.c.id).cte("kin")


def themselves(people: CTE) -> CTE:
    """The same as `members` for people with whom nobody was ever merged."""
    return select(people.c.id.label("root"), people.c.id.label("person_id")).cte("members")


def words_of(kind: str, people: CTE) -> Select[Any]:
    """(root, words): everything of a kind the people of `members` are counted by, joined by blanks."""
    found = WORDS[kind](people).subquery()
    words = func.aggregate_strings(found.c.word, " ").label("words")
    return select(found.c.root.label("id"), words).group_by(found.c.root)


def _completions(people: CTE) -> Select[Any]:
    mine = people.c.person_id == Enrolment.person_id
    taught = _taught(select(Enrolment.cohort_id).select_from(people).outerjoin(Enrolment, mine))
    word = year_of(Enrolment.completed_on) + ":" + taught.c.word + ":"
    return (
        select(people.c.root, word.label("word"))
        .select_from(people)
        .outerjoin(Enrolment, mine)
        .outerjoin(taught, taught.c.id == Enrolment.cohort_id)
    )


def _results(people: CTE) -> Select[Any]:
    mine = people.c.person_id == Result.person_id
    sat = outerjoin(outerjoin(people, Result, mine), Sitting, Sitting.id == Result.sitting_id)
    cohorts = select(Sitting.cohort_id).select_from(sat)
    taught = _taught(cohorts)
    passed, failed = Result.outcome == ResultOutcome.PASSED, Result.outcome == ResultOutcome.FAILED
    outcome = case((passed, "p"), (failed, "f"))
    mark = cast(Result.exam_id, String) + outcome
    return (
        select(people.c.root, (year_of(Sitting.held_on) + ":" + taught.c.word + ":" + mark).label("word"))
        .select_from(sat)
        .outerjoin(taught, taught.c.id == Sitting.cohort_id)
    )


def _certificates(people: CTE) -> Select[Any]:
    counts = and_(Certificate.edition == 1, stands(Certificate))
    return (
        select(people.c.root, case((counts, _certificate_word())).label("word"))
        .select_from(people)
        .outerjoin(Certificate, people.c.person_id == Certificate.person_id)
    )


def own_certificates(institutions: Select[Any]) -> Select[int, str]:
    """(id, words) of the certificates of institutions themselves, under their ids made negative."""
    word = _certificate_word()
    owner = (-Certificate.institution_id).label("id")
    return (
        select(owner, func.aggregate_strings(word, " ").label("words"))
        .where(
            Certificate.person_id.is_(None),
            Certificate.edition == 1,
            Certificate.institution_id.in_(institutions),
            stands(Certificate),
        )
        .group_by(Certificate.institution_id)
    )


def certificate_modules(of_cohort: Any) -> Any:
    """The modules of its cohort, or where there is none those of the course."""
    of_course = modules_of(CourseModule.course_id, Certificate.course_id)
    modules = case((Certificate.cohort_id.is_not(None), of_cohort), else_=of_course)
    return func.coalesce(modules, literal(""))


def _certificate_word() -> Any:
    modules = certificate_modules(modules_of(CohortModule.cohort_id, Certificate.cohort_id))
    mark = case((Certificate.kind == CertificateKind.TEACHER, "t"), else_="o")
    place = year_of(Certificate.issued_on) + ":" + cast(Certificate.institution_id, String) + ":"
    return place + modules + ":" + mark


def stands(first: Any) -> ColumnElement[bool]:
    """Whether what a first edition certifies still stands: it was not revoked, or replaced since."""
    revoked, later = aliased(Certificate), aliased(Certificate)
    return ~exists().where(
        revoked.thing_earned == first.thing_earned,
        revoked.revoked_at.is_not(None),
        ~exists().where(later.replaces_id == revoked.id),
    )


def _taught(cohorts: Select[Any]) -> CTE:
    """Each cohort's place as "institution:modules"; one without modules has none, but is there."""
    modules = func.coalesce(modules_of(CohortModule.cohort_id, Cohort.id), "")
    place = cast(Cohort.institution_id, String) + ":" + modules
    wanted = cohorts.distinct().subquery()
    statement = select(Cohort.id, place.label("word")).select_from(wanted)
    placed = statement.outerjoin(Cohort, Cohort.id == wanted.c.cohort_id)
    return placed.cte("taught").prefix_with("MATERIALIZED")


def modules_of(owner: Any, owner_id: Any) -> Any:
    """The modules of a cohort or course as "3.7"."""
    listed = func.aggregate_strings(cast(owner.class_.module_id, String), ".")
    return select(listed).where(owner == owner_id).scalar_subquery()


def year_of(day: Any) -> Any:
    return func.substr(cast(day, String), 1, 4)


WORDS: dict[str, Callable[[CTE], Select[Any]]] = {
    "completions": _completions,
    "results": _results,
    "certificates": _certificates,
}
