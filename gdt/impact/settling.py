"""Keeping the totals right: whatever a transaction changed is counted anew just before it commits.

Triggers mark what changed (`counting_triggers`); here the marked people are read again, and what they are
counted by now, less what they were counted by before, is added to the totals. One transaction settles at a
time, so what others committed meanwhile is seen and counted once.
"""

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from sqlalchemy import Select, String, bindparam, cast, delete, event, func, insert, null, select
from sqlalchemy.orm import Session

from gdt.certification.models import Certificate
from gdt.database import db
from gdt.impact.cells import KINDS
from gdt.impact.counted_models import (
    CountedPerson,
    CountedPlace,
    CountedTeaching,
    CountedTotal,
    CountingMark,
)
from gdt.impact.places import Places, stands_of
from gdt.impact.reckoning import Reckoning
from gdt.impact.spreading import EVERYTHING, marked, spread
from gdt.impact.teaching_years import settle_teaching
from gdt.impact.words import climb, members, members_of_roots, own_certificates, words_of
from gdt.partners.models import Institution
from gdt.people.models import Person

PORTION = 5_000
PEOPLE_A_PORTION = 50_000
ONE_AT_A_TIME = 20_260_500  # the number of PostgreSQL's advisory lock; SQLite has one writer anyway


@event.listens_for(db.session, "after_begin")
def _note_begin(session: Session, *_rest: object) -> None:
    session.info["has_begun"] = True


@event.listens_for(db.session, "before_commit")
def _settle_before_commit(session: Session) -> None:
    if session.in_nested_transaction():
        return
    session.flush()
    if session.info.pop("has_begun", False):
        settle()


def is_unsettled() -> bool:
    """Whether something was changed that the totals do not show yet."""
    return db.session.scalar(select(CountingMark.id).limit(1)) is not None


def settle() -> None:
    """Bring the totals up to what this transaction has changed; nothing changed, nothing done."""
    subjects = set(db.session.scalars(select(CountingMark.subject).distinct()))
    if not subjects:
        return
    if db.engine.dialect.name == "postgresql":
        db.session.execute(select(func.pg_advisory_xact_lock(ONE_AT_A_TIME)))
    if EVERYTHING in subjects:
        recount()
        return
    spread(subjects)
    last = db.session.scalar(select(func.max(CountingMark.id))) or 0
    places = Places.moved_by(marked("place")) if "place" in subjects else Places()
    for kind in sorted(subjects & set(KINDS)):
        for portion in _portions(last):
            _settle(kind, _readings_of_marks(kind), places, portion)
    places.keep()
    if "institution" in subjects:
        settle_teaching(marked("institution"))
    db.session.execute(delete(CountingMark).where(CountingMark.id <= last))


def recount() -> None:
    """Forget every total and count everything from the rows, in portions."""
    for model in (CountedPerson, CountedTotal, CountedPlace, CountedTeaching, CountingMark):
        db.session.execute(delete(model))
    columns = ["id", "country_id", "region_id"]
    db.session.execute(insert(CountedPlace).from_select(columns, stands_of(select(Institution.id))))
    for kind in KINDS:
        for asked in everyone():
            _settle(kind, readings(kind, asked, all_stay=True), Places())
    settle_teaching(select(Institution.id))


def everyone(portion: int = PEOPLE_A_PORTION) -> Iterator[Select[Any]]:
    """The people who are not merged into others, in portions; last the institutions, by negative ids."""
    last = db.session.scalar(select(func.max(Person.id))) or 0
    for first in range(1, last + 1, portion):
        yield select(Person.id).where(
            Person.id.between(first, first + portion - 1), Person.merged_into_id.is_(None)
        )
    yield select(-Certificate.institution_id).where(Certificate.person_id.is_(None)).distinct()


def _portions(last: int) -> Iterator[dict[str, int]]:
    """The first and last mark of each portion."""
    first = db.session.scalar(select(func.min(CountingMark.id))) or 0
    for begin in range(first, last + 1, PORTION):
        yield {"first_mark": begin, "last_mark": min(begin + PORTION - 1, last)}


@cache
def _readings_of_marks(kind: str) -> tuple[Select[Any], ...]:
    """The readings of one portion of marks, built once: building them takes longer than asking them."""
    within = CountingMark.id.between(bindparam("first_mark"), bindparam("last_mark"))
    return tuple(readings(kind, marked(kind).where(within).distinct()))


def _settle(
    kind: str, asked: Iterable[Select[Any]], places: Places, values: dict[str, int] | None = None
) -> None:
    """Count some people of a kind anew, and keep what has changed."""
    reckoning = Reckoning(kind, places)
    for statement in asked:
        reckoning.take(db.session.connection().execute(statement, values or {}).all())
    reckoning.keep()


def readings(kind: str, asked: Select[Any], *, all_stay: bool = False) -> Iterator[Select[Any]]:
    """(id, words counted by, words to be counted by, gender) of those asked about and their roots.

    `all_stay` says that nobody asked about is merged into another, which is read faster.
    """
    column = getattr(CountedPerson, kind)
    ids = asked.subquery()
    people = select(ids.c[0].label("id")).where(ids.c[0] > 0)
    every = people.cte("every") if all_stay else climb(people)
    now = words_of(kind, members_of_roots(every) if all_stay else members(every)).subquery()
    yield (
        select(every.c.id, column, now.c.words, cast(Person.gender, String).label("gender"))
        .select_from(every)
        .outerjoin(CountedPerson, CountedPerson.id == every.c.id)
        .outerjoin(now, now.c.id == every.c.id)
        .outerjoin(Person, Person.id == every.c.id)
        .where(every.c.id.is_not(None))
    )
    if kind == "certificates":
        own = select(ids.c[0].label("id")).where(ids.c[0] < 0).cte("own")
        now = own_certificates(select(-own.c.id)).subquery()
        yield (
            select(own.c.id, column, now.c.words, cast(null(), String).label("gender"))
            .select_from(own)
            .outerjoin(CountedPerson, CountedPerson.id == own.c.id)
            .outerjoin(now, now.c.id == own.c.id)
        )
