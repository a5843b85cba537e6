"""Everybody's words at once, by ranges of ids: for the check, and where everything is counted anew.

One statement reads the facts of a range of people in the order of their ids, beside the words kept for them:
each row once, whatever the kind, and nothing of anybody else. `words` does the same for a few people.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    FromClause,
    Select,
    String,
    Subquery,
    and_,
    bindparam,
    case,
    cast,
    func,
    outerjoin,
    select,
    text,
    union_all,
)

from gdt.certification.models import Certificate, CertificateKind
from gdt.database import db
from gdt.exams.models import Result, ResultOutcome, Sitting
from gdt.impact.cells import KINDS
from gdt.impact.counted_models import CountedPerson
from gdt.impact.words import certificate_modules, merged_people, stands, year_of
from gdt.people.models import Person
from gdt.training.models import Cohort, CohortModule, Enrolment

Range = dict[str, int]  # the first and the last id
FIRST: Any = bindparam("first")
LAST: Any = bindparam("last")


@dataclass(frozen=True)
class _Facts:
    """Where the facts of a kind are read, and the word each is counted by."""

    source: FromClause
    person_id: Any
    word: Any
    conditions: tuple[ColumnElement[bool], ...]


def ranges(size: int) -> Iterator[Range]:
    """So many ids each, until everybody is in one."""
    last = db.session.scalar(select(func.max(Person.id))) or 0
    for first in range(1, last + 1, size):
        yield {"first": first, "last": first + size - 1}


def take_room() -> None:
    """Let PostgreSQL sort a range in memory (a few hundred megabytes at most) and plan for all of it.

    Without these three, together, single ranges of ten million people took up to ten minutes instead of
    seconds: the plan read cohorts anew, from a file, for each row. Which of them cures it was not told apart.
    """
    if db.engine.dialect.name == "postgresql":
        for setting in ("work_mem = '64MB'", "plan_cache_mode = force_custom_plan", "enable_nestloop = off"):
            db.session.execute(text(f"SET LOCAL {setting}"))


def words_in(within: Range) -> Select[Any]:
    """(id, of each kind the words kept and those to be counted by, gender) of who is merged into nobody."""
    return _words_in(with_merged=bool(db.session.scalar(_has_merged(), within)))


@cache
def _has_merged() -> Select[Any]:
    """Whether anybody was merged into one of these: a record that stays has one that was, right below it."""
    return select(Person.id).where(Person.merged_into_id.between(FIRST, LAST)).limit(1)


@cache
def _words_in(*, with_merged: bool) -> Select[Any]:
    taught, merged = _taught(), merged_people() if with_merged else None
    statement = select(Person.id.label("id"))
    of_range = CountedPerson.id.between(FIRST, LAST)  # or they are read from the first on
    source: Any = outerjoin(Person, CountedPerson, and_(CountedPerson.id == Person.id, of_range))
    for kind in KINDS:
        found = _words(FACTS[kind](taught), kind, merged)
        source = outerjoin(source, found, found.c.id == Person.id)
        kept = getattr(CountedPerson, kind)
        statement = statement.add_columns(kept.label(f"kept_{kind}"), found.c.words.label(f"now_{kind}"))
    return (
        statement.add_columns(cast(Person.gender, String).label("gender"))
        .select_from(source)
        .where(Person.id.between(FIRST, LAST), Person.merged_into_id.is_(None))
    )


def _words(facts: _Facts, kind: str, merged: CTE | None) -> Subquery:
    """(id, words) of a range of people, with everything of who is merged into them, if anybody is."""
    found: Any = (
        select(facts.person_id.label("id"), facts.word.label("word"))
        .select_from(facts.source)
        .where(facts.person_id.between(FIRST, LAST), *facts.conditions)
    )
    if merged is not None:
        below = (
            select(merged.c.root, facts.word)
            .select_from(facts.source)
            .join(merged, merged.c.id == facts.person_id)
            .where(merged.c.root.between(FIRST, LAST), *facts.conditions)
        )
        found = union_all(found, below)
    every = found.subquery()
    words = func.aggregate_strings(every.c.word, " ").label("words")
    return select(every.c.id, words).group_by(every.c.id).subquery(f"found_{kind}")


def _taught() -> CTE:
    """Each cohort with its modules as "3.7", and its place before them; all are read at once."""
    listed = func.aggregate_strings(cast(CohortModule.module_id, String), ".").label("modules")
    of_cohort = select(CohortModule.cohort_id, listed).group_by(CohortModule.cohort_id).subquery()
    modules = func.coalesce(of_cohort.c.modules, "")
    place = cast(Cohort.institution_id, String) + ":"
    statement = select(Cohort.id, modules.label("modules"), (place + modules).label("word"))
    placed = statement.outerjoin(of_cohort, of_cohort.c.cohort_id == Cohort.id)
    return placed.cte("taught").prefix_with("MATERIALIZED")


def _completions(taught: CTE) -> _Facts:
    return _Facts(
        source=outerjoin(Enrolment, taught, taught.c.id == Enrolment.cohort_id),
        person_id=Enrolment.person_id,
        word=year_of(Enrolment.completed_on) + ":" + taught.c.word + ":",
        conditions=(Enrolment.completed_on.is_not(None),),
    )


def _results(taught: CTE) -> _Facts:
    sat = outerjoin(Result, Sitting, Sitting.id == Result.sitting_id)
    outcome = case((Result.outcome == ResultOutcome.PASSED, "p"), else_="f")
    mark = cast(Result.exam_id, String) + outcome
    return _Facts(
        source=outerjoin(sat, taught, taught.c.id == Sitting.cohort_id),
        person_id=Result.person_id,
        word=year_of(Sitting.held_on) + ":" + taught.c.word + ":" + mark,
        conditions=(Result.outcome != ResultOutcome.ABSENT,),
    )


def _certificates(taught: CTE) -> _Facts:
    mark = case((Certificate.kind == CertificateKind.TEACHER, "t"), else_="o")
    place = year_of(Certificate.issued_on) + ":" + cast(Certificate.institution_id, String) + ":"
    return _Facts(
        source=outerjoin(Certificate, taught, taught.c.id == Certificate.cohort_id),
        person_id=Certificate.person_id,
        word=place + certificate_modules(taught.c.modules) + ":" + mark,
        conditions=(and_(Certificate.edition == 1, stands(Certificate)),),
    )


FACTS: dict[str, Callable[[CTE], _Facts]] = {
    "completions": _completions,
    "results": _results,
    "certificates": _certificates,
}
