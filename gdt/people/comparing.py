"""Comparing everyone new or changed with those like them: durable work, portion by portion, each hour."""

from collections.abc import Collection, Iterable, Sequence
from itertools import combinations
from typing import Any, cast

from sqlalchemy import Table, delete, insert, or_, select, update
from sqlalchemy.orm import selectinload

from gdt import jobs
from gdt.database import db, now, unit_of_work
from gdt.jobs import JobState
from gdt.people.duplicate_models import Comparison, PersonKey, ProbablePair
from gdt.people.duplicate_queries import (
    count_to_compare,
    find_comparison,
    list_called_different,
    list_sharing,
    to_be_compared,
)
from gdt.people.likeness import Entry, Likeness, Place, Strength, keys_of, likeness
from gdt.people.matching import one_of
from gdt.people.models import Person
from gdt.routines import routine

PORTION = 1000
CROWD = 12  # a key that more people than this share tells nobody from anybody
FEW = 3  # a weak likeness counts only among so few


@routine
def compare_new_people() -> None:
    with unit_of_work():
        begin_comparing()


def begin_comparing(*, wait_seconds: float = 0.0) -> Comparison | None:
    """Start the work, unless it is at work or there is nobody to compare; answers its record."""
    record = find_comparison()
    waiting = count_to_compare()
    if record is None:
        record = Comparison(job_state=JobState.DONE)
        db.session.add(record)
    if waiting and record.is_finished:
        record.job_state, record.job_done, record.job_total = JobState.WAITING, 0, waiting
        record.job_run, record.began_at, record.ended_at = (record.job_run or 0) + 1, now(), None
        record.job_failure = None
        db.session.flush()
        jobs.start(record, wait_seconds=wait_seconds)
    return record


@jobs.job(Comparison)
def compare_portion(record: Comparison) -> None:
    """Compare the next people; only one portion at a time is at work, for the record is held."""
    ids = db.session.scalars(
        select(Person.id).where(to_be_compared()).order_by(Person.id).limit(PORTION)
    ).all()
    if ids:
        compare(ids)
        record.job_done += len(ids)
        record.job_total = max(record.job_total, record.job_done)
    if len(ids) < PORTION:
        record.job_state, record.ended_at = JobState.DONE, now()


def compare(person_ids: Collection[int]) -> None:
    """Write these people's keys, and the pairs of them that are probably one with somebody."""
    entries = load_entries(person_ids)
    keys = {entry.person_id: keys_of(entry) for entry in entries.values()}
    _write_keys(keys)
    blocks = list_sharing({key for found in keys.values() for key in found}, crowd=CROWD)
    entries |= load_entries({one for block in blocks for one in block} - entries.keys())
    found = {
        pair: like
        for pair, size in _candidates(blocks, entries, set(person_ids)).items()
        if (like := likeness(entries[pair[0]], entries[pair[1]]))
        and (size <= FEW or like.strength > Strength.POSSIBLE)
    }
    _write_pairs(person_ids, found, entries)
    db.session.execute(update(Person).where(one_of(Person.id, person_ids)).values(compared_at=now()))


def load_entries(person_ids: Collection[int]) -> dict[int, Entry]:
    """The persons that stand, as far as they are compared."""
    query = select(Person).where(
        one_of(Person.id, person_ids), Person.merged_into_id.is_(None), Person.erased_at.is_(None)
    )
    people = db.session.scalars(query.options(selectinload(Person.affiliations)))
    return {person.id: entry_of(person) for person in people}


def entry_of(person: Person) -> Entry:
    return Entry(
        person.id,
        person.printed_name,
        person.native_name,
        person.email,
        person.gender.value if person.gender else None,
        frozenset(Place(a.institution_id, a.role.value, a.own_number) for a in person.affiliations),
    )


def _write_keys(keys: dict[int, set[int]]) -> None:
    db.session.execute(delete(PersonKey).where(one_of(PersonKey.person_id, list(keys))))
    rows = [{"person_id": one, "key": key} for one, found in keys.items() for key in sorted(found)]
    if rows:
        db.session.connection().execute(insert(cast("Table", PersonKey.__table__)), rows)


def _candidates(
    blocks: Iterable[Sequence[int]], entries: dict[int, Entry], fresh: set[int]
) -> dict[tuple[int, int], int]:
    """The pairs that share a key and of whom one is new, each with the size of its smallest block."""
    sizes: dict[tuple[int, int], int] = {}
    for block in blocks:
        standing = sorted(one for one in block if one in entries)
        for pair in combinations(standing, 2):
            if not fresh.isdisjoint(pair):
                sizes[pair] = min(len(standing), sizes.get(pair, len(standing)))
    return sizes


def _write_pairs(
    person_ids: Collection[int], found: dict[tuple[int, int], Likeness], entries: dict[int, Entry]
) -> None:
    """Pairs anew, but those that somebody called different stay as they are and are not offered again."""
    involved = {one for pair in found for one in pair}
    called = {frozenset(pair) for pair in list_called_different(involved)}
    mine = or_(one_of(ProbablePair.first_id, person_ids), one_of(ProbablePair.second_id, person_ids))
    known = {(p.first_id, p.second_id): p for p in db.session.scalars(select(ProbablePair).where(mine))}
    for pair, record in known.items():
        if pair not in found and record.different_at is None and _is_standing(pair, entries, person_ids):
            db.session.delete(record)
    for pair, like in found.items():
        kept = known.get(pair)
        if kept is None and frozenset(pair) not in called:
            kept = ProbablePair(first_id=pair[0], second_id=pair[1])
            db.session.add(kept)
        if kept is not None:
            _describe(kept, like, entries[pair[0]], entries[pair[1]])
    db.session.flush()


def _is_standing(pair: tuple[int, int], entries: dict[int, Entry], person_ids: Collection[int]) -> bool:
    """A pair with a merged entry is only hidden: it is offered again when the merge is undone."""
    return all(one in entries or one not in person_ids for one in pair)


def _describe(record: ProbablePair, like: Likeness, one: Entry, other: Entry) -> None:
    places: set[Any] = {place.institution_id for entry in (one, other) for place in entry.places}
    record.reason, record.reasons = like.reasons[0], [reason.value for reason in like.reasons]
    record.strength = int(like.strength)
    record.institution_id = next(iter(places)) if len(places) == 1 else None
