"""A list of people compared with the register in one question, where there is nothing to decide."""

import json
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    TableValuedAlias,
    Text,
    and_,
    bindparam,
    exists,
    func,
    or_,
    select,
)

from gdt.database import db
from gdt.people.models import Affiliation, Person
from gdt.people.roster import Listed
from gdt.training.models import Enrolment
from gdt.training.places import Place

_COLUMNS: Final = Listed._fields[:5]  # what the register says of a person


def stand_as_listed(place: Place, people: Sequence[Sequence[Any]]) -> bool:
    """Whether each of these is in the place under her number, and nothing the list says of her is new.

    Only lists in which everybody has a number are told so: numbers of one place are different people.
    """
    if not all(person[2] for person in people):
        return False
    listed, told = _as_table(people)
    here = and_(
        Affiliation.institution_id == place.institution_id,
        Affiliation.role == place.role,
        Affiliation.own_number == told["own_number"],
    )
    says_the_same = [
        or_(told[name].is_(None), told[name] == getattr(Person, name))
        for name in ("native_name", "email", "gender")
    ]
    same = and_(
        Person.id == Affiliation.person_id, Person.printed_name == told["printed_name"], *says_the_same
    )
    stands = select(Affiliation.id).join(Person, same).where(here, Person.merged_into_id.is_(None))
    if place.cohort is not None:
        is_member = and_(Enrolment.cohort_id == place.cohort.id, Enrolment.person_id == Person.id)
        stands = stands.where(exists().where(is_member))
    # Asked row by row of the list: free to choose, a database may begin at the other end.
    return db.session.scalar(select(func.count()).select_from(listed).where(stands.exists())) == len(people)


def _as_table(people: Sequence[Sequence[Any]]) -> tuple[TableValuedAlias, dict[str, ColumnElement[Any]]]:
    """A list as the rows of a statement, and its columns; it travels as one parameter or one a column."""
    if db.engine.dialect.name == "postgresql":
        columns = [bindparam(None, list(told), ARRAY(Text)) for told in [*zip(*people, strict=True)][:5]]
        listed = func.unnest(*columns).table_valued(*_COLUMNS, name="listed").render_derived()
        return listed, {name: listed.c[name] for name in _COLUMNS}
    listed = func.json_each(json.dumps(people)).table_valued("value")
    return listed, {n: func.json_extract(listed.c.value, f"$[{i}]") for i, n in enumerate(_COLUMNS)}
