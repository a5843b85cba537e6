"""Reading pairs that are probably one person: those a viewer may know of, and may decide."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Select,
    and_,
    exists,
    func,
    literal,
    or_,
    select,
    true,
)
from sqlalchemy.orm import aliased, contains_eager, selectinload

from gdt.access import Viewer, sees, sees_all, within
from gdt.database import any_contains, db
from gdt.errors import RecordNotFound
from gdt.people.duplicate_models import Comparison, PersonKey, ProbablePair
from gdt.people.likeness import Reason
from gdt.people.matching import chunks, one_of
from gdt.people.models import Affiliation, Person
from gdt.row_security import everything

FIRST, SECOND = aliased(Person), aliased(Person)


@dataclass(frozen=True)
class WantedPairs:
    """What the list is narrowed to; empty means every open pair the viewer may decide."""

    search: str = ""
    institution_code: str = ""
    reason: str = ""


def pairs(viewer: Viewer, wanted: WantedPairs) -> Select[ProbablePair]:
    """The open pairs of a list, before it is sorted and cut into pages."""
    return (
        _joined(viewer)
        .where(ProbablePair.different_at.is_(None), *_conditions(wanted))
        .options(
            contains_eager(ProbablePair.first.of_type(FIRST)),
            contains_eager(ProbablePair.second.of_type(SECOND)),
        )
    )


def count_pairs(viewer: Viewer, wanted: WantedPairs) -> int:
    statement = _joined(viewer).where(ProbablePair.different_at.is_(None), *_conditions(wanted))
    counted = statement.with_only_columns(func.count(ProbablePair.id), maintain_column_froms=True)
    return db.session.scalar(counted) or 0


@everything()
def get_pair(viewer: Viewer, pair_id: int) -> ProbablePair:
    """A pair the viewer may decide, also one that was called different."""
    pair: ProbablePair | None = db.session.scalar(_joined(viewer).where(ProbablePair.id == pair_id))
    if pair is None:
        raise RecordNotFound
    return pair


def _joined(viewer: Viewer) -> Select[ProbablePair]:
    """Pairs of two entries that stand; a partner's people know of those who are at their place alone."""
    return (
        select(ProbablePair)
        .join(FIRST, FIRST.id == ProbablePair.first_id)
        .join(SECOND, SECOND.id == ProbablePair.second_id)
        .where(_stands(FIRST), _stands(SECOND), _may_decide(viewer))
    )


def _stands(person: type[Person]) -> ColumnElement[bool]:
    return and_(person.merged_into_id.is_(None), person.erased_at.is_(None))


def _may_decide(viewer: Viewer) -> ColumnElement[bool]:
    """What a merge moves must all be the viewer's; the place kept with the pair narrows, this decides."""
    if sees_all(viewer):
        return true()
    here = within(viewer, Affiliation.institution_id)
    conditions: list[ColumnElement[bool]] = []
    if viewer.role.is_of_one_institution:
        conditions.append(within(viewer, ProbablePair.institution_id))
    for person_id in (ProbablePair.first_id, ProbablePair.second_id):
        conditions.append(exists().where(Affiliation.person_id == person_id, here))
        conditions.append(~exists().where(Affiliation.person_id == person_id, ~here))
    return and_(*conditions)


def _conditions(wanted: WantedPairs) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.reason in {reason.value for reason in Reason}:
        conditions.append(ProbablePair.reason == Reason(wanted.reason))
    if wanted.institution_code:
        either = Affiliation.person_id.in_([ProbablePair.first_id, ProbablePair.second_id])
        conditions.append(exists().where(either, Affiliation.institution.has(code=wanted.institution_code)))
    if words := wanted.search.strip():
        columns = (FIRST.printed_name, SECOND.printed_name, FIRST.native_name, SECOND.native_name)
        conditions.append(any_contains(columns, words))
    return conditions


def list_places(viewer: Viewer, person_ids: Collection[int]) -> dict[int, list[Affiliation]]:
    """Where each of these persons belongs, as far as the viewer may know it."""
    found: dict[int, list[Affiliation]] = {person_id: [] for person_id in person_ids}
    query = select(Affiliation).where(Affiliation.person_id.in_(person_ids)).order_by(Affiliation.id)
    for place in db.session.scalars(query.options(selectinload(Affiliation.institution))):
        if sees(viewer, place.institution):
            found[place.person_id].append(place)
    return found


def to_be_compared() -> ColumnElement[bool]:
    return and_(Person.compared_at.is_(None), _stands(Person))


def count_to_compare() -> int:
    """How many are new or changed since everyone was compared."""
    return db.session.scalar(select(func.count(Person.id)).where(to_be_compared())) or 0


def find_comparison() -> Comparison | None:
    return db.session.scalar(select(Comparison).order_by(Comparison.id).limit(1))


def list_called_different(person_ids: Collection[int]) -> Sequence[tuple[int, int]]:
    """(one, other) of those called different of whom one is, or has become part of, these persons."""
    one, other = (func.coalesce(person.merged_into_id, person.id) for person in (FIRST, SECOND))
    query = (
        select(one, other)
        .select_from(ProbablePair)
        .join(FIRST, FIRST.id == ProbablePair.first_id)
        .join(SECOND, SECOND.id == ProbablePair.second_id)
        .where(
            ProbablePair.different_at.is_not(None),
            or_(
                one_of(FIRST.id, person_ids),
                one_of(SECOND.id, person_ids),
                one_of(FIRST.merged_into_id, person_ids),
                one_of(SECOND.merged_into_id, person_ids),
            ),
        )
    )
    return [(row[0], row[1]) for row in db.session.execute(query)]


def list_sharing(keys: Collection[int], *, crowd: int) -> list[list[int]]:
    """The persons under each key that a few share; how many share the others is not even counted."""
    blocks: dict[int, list[int]] = {}
    for portion in chunks(sorted(keys)):
        for key, person_id in db.session.execute(_sharing(portion, crowd)):
            blocks.setdefault(key, []).append(person_id)
    return [block for block in blocks.values() if len(block) > 1]


def _sharing(keys: Collection[int], crowd: int) -> Select[int, int]:
    """(key, person) for those keys under which there are at most `crowd` persons: one look at each key."""
    asked: Any = _listed(keys)
    crowded = aliased(PersonKey)
    beyond = (
        select(crowded.person_id)
        .where(crowded.key == asked)
        .order_by(crowded.person_id)
        .offset(crowd)
        .limit(1)
        .scalar_subquery()
    )
    return select(PersonKey.key, PersonKey.person_id).where(PersonKey.key == asked, beyond.is_(None))


def _listed(keys: Collection[int]) -> Any:
    """Many values as the rows of one parameter."""
    if db.engine.dialect.name == "postgresql":
        return func.unnest(literal(list(keys), ARRAY(BigInteger))).column_valued("asked")
    return func.json_each(json.dumps(list(keys))).table_valued("value", name="asked").c.value
