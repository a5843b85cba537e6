"""Keeping the totals right: whatever a transaction changed is counted anew just before it commits.

Triggers mark what changed (`counting_triggers`); here the marked people are read again, and what they are
counted by now, less what they were counted by before, is added to the totals. One transaction settles at a
time, so what others committed meanwhile is seen and counted once.
"""

from collections.abc import Iterator, Sequence
from functools import cache
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import (
    Select,
    String,
    bindparam,
    cast,
    delete,
    event,
    exists,
    false,
    func,
    insert,
    null,
    or_,
    select,
    true,
)
from sqlalchemy.orm import Session, aliased

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
from gdt.impact.everyone import ranges, take_room, words_in
from gdt.impact.places import Places, stands_of
from gdt.impact.reckoning import Reckoning
from gdt.impact.spreading import EVERYTHING, marked, spread
from gdt.impact.teaching_years import settle_teaching
from gdt.impact.words import climb, members, own_certificates, themselves, words_of
from gdt.partners.models import Institution
from gdt.people.models import Person

PORTION = 5_000
PEOPLE_A_PORTION = 100_000
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
            _settle(kind, places, portion)
    places.keep()
    if "institution" in subjects:
        settle_teaching(marked("institution"))
    db.session.execute(delete(CountingMark).where(CountingMark.id <= last))


def recount() -> None:
    """Forget every total and count everything from the rows, in portions."""
    take_room()
    for model in (CountedPerson, CountedTotal, CountedPlace, CountedTeaching, CountingMark):
        db.session.execute(delete(model))
    columns = ["id", "country_id", "region_id"]
    db.session.execute(insert(CountedPlace).from_select(columns, stands_of(select(Institution.id))))
    places, connection = Places(), db.session.connection()
    for within in ranges(PEOPLE_A_PORTION):
        rows = connection.execute(words_in(within), within).all()
        for n, kind in enumerate(KINDS):
            _keep(kind, places, [(row[0], None, row[2 * n + 2], row[-1], False) for row in rows])
    _keep("certificates", places, connection.execute(readings_of_own(every_own())).all())
    settle_teaching(select(Institution.id))


def every_own() -> Select[Any]:
    """The institutions that have certificates of their own, by negative ids."""
    return select(-Certificate.institution_id).where(Certificate.person_id.is_(None)).distinct()


def _portions(last: int) -> Iterator[dict[str, int]]:
    """The first and last mark of each portion."""
    first = db.session.scalar(select(func.min(CountingMark.id))) or 0
    for begin in range(first, last + 1, PORTION):
        yield {"first_mark": begin, "last_mark": min(begin + PORTION - 1, last)}


def _settle(kind: str, places: Places, portion: dict[str, int]) -> None:
    """Count the people of some marks anew; where anybody was ever merged, with those above and below them."""
    connection, asked = db.session.connection(), _readings_of_marks(kind)
    rows = connection.execute(asked.plain, portion).all()
    if any(map(itemgetter(-1), rows)):
        rows = connection.execute(asked.merged, portion).all()
    if asked.own is not None:
        rows = [*rows, *connection.execute(asked.own, portion).all()]
    _keep(kind, places, rows)


def _keep(kind: str, places: Places, rows: Sequence[Any]) -> None:
    """Keep what has changed of some people."""
    reckoning = Reckoning(kind, places)
    reckoning.take(rows)
    reckoning.keep()


class Readings(NamedTuple):
    """What reads (id, words counted by, words to be counted by, gender, is_merged) of some people."""

    plain: Select[Any]
    merged: Select[Any]
    own: Select[Any] | None


@cache
def _readings_of_marks(kind: str) -> Readings:
    """The readings of one portion of marks, built once: building them takes longer than asking them."""
    within = CountingMark.id.between(bindparam("first_mark"), bindparam("last_mark"))
    return readings(kind, marked(kind).where(within).distinct())


def readings(kind: str, asked: Select[Any]) -> Readings:
    """Of those asked about by id; negative ids ask about institutions' own certificates."""
    own = readings_of_own(asked) if kind == "certificates" else None
    return Readings(_readings_of_plain(kind, asked), _readings_of_merged(kind, asked), own)


def _readings_of_plain(kind: str, asked: Select[Any]) -> Select[Any]:
    """As if nobody were merged; `is_merged` says who is, or has somebody below her."""
    every = _people(asked).cte("every")
    now = words_of(kind, themselves(every)).subquery()
    below = aliased(Person)
    has_below = exists().where(below.merged_into_id == now.c.id)
    return (
        select(now.c.id, getattr(CountedPerson, kind), now.c.words, cast(Person.gender, String))
        .add_columns(or_(Person.merged_into_id.is_not(None), has_below).label("is_merged"))
        .select_from(now)
        .outerjoin(CountedPerson, CountedPerson.id == now.c.id)
        .outerjoin(Person, Person.id == now.c.id)
    )


def _readings_of_merged(kind: str, asked: Select[Any]) -> Select[Any]:
    """Those asked about and their roots, with everything of who was merged into them."""
    every = climb(_people(asked))
    now = words_of(kind, members(every)).subquery()
    return (
        select(every.c.id, getattr(CountedPerson, kind), now.c.words, cast(Person.gender, String), true())
        .select_from(every)
        .outerjoin(CountedPerson, CountedPerson.id == every.c.id)
        .outerjoin(now, now.c.id == every.c.id)
        .outerjoin(Person, Person.id == every.c.id)
        .where(every.c.id.is_not(None))
    )


def _people(asked: Select[Any]) -> Select[Any]:
    ids = asked.subquery()
    return select(ids.c[0].label("id")).where(ids.c[0] > 0)


def readings_of_own(asked: Select[Any]) -> Select[Any]:
    """The same of institutions' own certificates, asked about by negative ids."""
    ids = asked.subquery()
    own = select(ids.c[0].label("id")).where(ids.c[0] < 0).cte("own")
    now = own_certificates(select(-own.c.id)).subquery()
    return (
        select(own.c.id, CountedPerson.certificates, now.c.words, cast(null(), String), false())
        .select_from(own)
        .outerjoin(CountedPerson, CountedPerson.id == own.c.id)
        .outerjoin(now, now.c.id == own.c.id)
    )
