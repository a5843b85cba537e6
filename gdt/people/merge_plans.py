"""What merging two entries would do, row by row: shown before it is done, done as shown, and kept to undo."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from sqlalchemy import Table, select

from gdt.database import db
from gdt.people.belongings import Belonging, Row, every_belonging
from gdt.people.merge_models import Deed
from gdt.people.models import Affiliation, Person
from gdt.people.name_keys import name_key
from gdt.people.row_values import Values, as_json, from_json

PERSONS = cast("Table", Person.__table__)
AFFILIATIONS = cast("Table", Affiliation.__table__)
FACTS = ("printed_name", "native_name", "email", "gender")
Choices = Mapping[str, bool]
"""Which facts the survivor takes from the other: by name, and her numbers as `number_<affiliation>`."""


@dataclass(frozen=True)
class Step:
    """One deed on one row, with the values as JSON holds them."""

    deed: Deed
    table: Table
    row_id: int
    before: Values
    after: Values

    @property
    def values_after(self) -> Values:
        """As the columns take them."""
        return from_json(self.table, self.after)


@dataclass
class Plan:
    """The steps in their order, how many rows of each kind move, and what two of a kind become, in words."""

    steps: list[Step] = field(default_factory=list)
    moved: list[tuple[Belonging, int]] = field(default_factory=list)
    settled: list[str] = field(default_factory=list)
    _known: dict[tuple[str, int], Row] = field(default_factory=dict)
    _removed: set[tuple[str, int]] = field(default_factory=set)

    def rows(self, table: Table, column: str, value: Any) -> list[Row]:
        """The rows that had this value before the plan, as they would be by now, in the order they came."""
        query = select(table).where(table.c[column] == value).order_by(table.c.id)
        found = [
            self._known.setdefault((table.name, row["id"]), dict(row))
            for row in db.session.execute(query).mappings()
        ]
        return [row for row in found if (table.name, row["id"]) not in self._removed]

    def change(self, table: Table, row: Row, **values: Any) -> None:
        changed = {name: value for name, value in values.items() if row[name] != value}
        if changed:
            before = {name: row[name] for name in changed}
            self.steps.append(Step(Deed.CHANGED, table, row["id"], as_json(before), as_json(changed)))
            row.update(changed)

    def remove(self, table: Table, row: Row) -> None:
        self.steps.append(Step(Deed.REMOVED, table, row["id"], as_json(row), {}))
        self._removed.add((table.name, row["id"]))

    def keep(self, table: Table, row: Row) -> None:
        self.steps.append(Step(Deed.KEPT, table, row["id"], {}, {}))

    @property
    def seal(self) -> str:
        """A mark of all it does: another one means that something changed since it was shown."""
        deeds = [[s.deed, s.table.name, s.row_id, s.before, s.after] for s in self.steps]
        return hashlib.sha256(json.dumps(deeds, sort_keys=True).encode()).hexdigest()[:32]


def plan_merge(survivor_id: int, other_id: int, choices: Choices) -> Plan:
    """Return what would become of all that belongs to the two; nothing is written."""
    plan = Plan()
    for belonging in every_belonging():
        _move(plan, belonging, survivor_id, other_id)
    _settle_numbers(plan, survivor_id, other_id, choices)
    for follower in plan.rows(PERSONS, "merged_into_id", other_id):
        plan.change(PERSONS, follower, merged_into_id=survivor_id)
    (hers,), (others,) = (plan.rows(PERSONS, "id", person_id) for person_id in (survivor_id, other_id))
    _choose_facts(plan, hers, others, choices)
    plan.change(PERSONS, others, merged_into_id=survivor_id)
    return plan


def _move(plan: Plan, belonging: Belonging, survivor_id: int, other_id: int) -> None:
    table = belonging.table
    hers = plan.rows(table, "person_id", survivor_id)
    known = {belonging.sameness(row): row for row in hers} if belonging.same is not None else {}
    moving = []
    for row in plan.rows(table, "person_id", other_id):
        twin = known.get(belonging.sameness(row))
        if twin is None:
            moving.append(row)
        elif belonging.settle is not None:
            plan.settled.append(belonging.settle(plan, twin, row))
    if belonging.after is not None and moving:
        belonging.after(plan, hers, moving)
    for row in moving:
        plan.change(table, row, person_id=survivor_id)
    if moving:
        plan.moved.append((belonging, len(moving)))


def _settle_numbers(plan: Plan, survivor_id: int, other_id: int, choices: Choices) -> None:
    """Of two numbers of one institution the chosen one is hers; the other one goes on leading to her."""
    for hers, others in number_pairs(plan, survivor_id, other_id):
        mine, theirs = hers["own_number"], others["own_number"]
        if theirs and mine != theirs and choices.get(f"number_{hers['id']}", mine is None):
            plan.change(AFFILIATIONS, others, own_number=None)
            plan.change(AFFILIATIONS, hers, own_number=theirs)
            plan.change(AFFILIATIONS, others, own_number=mine)
        ends = [row["until_on"] for row in (hers, others)]
        until_on = None if None in ends else max(ends)
        plan.change(AFFILIATIONS, hers, from_on=min(hers["from_on"], others["from_on"]), until_on=until_on)
        plan.keep(AFFILIATIONS, hers)
        plan.keep(AFFILIATIONS, others)


def number_pairs(plan: Plan, survivor_id: int, other_id: int) -> list[tuple[Row, Row]]:
    """Their places that are one, at the same institution in the same role: the survivor's, the other's."""
    places = [
        {(row["institution_id"], row["role"]): row for row in plan.rows(AFFILIATIONS, "person_id", person_id)}
        for person_id in (survivor_id, other_id)
    ]
    return [(row, places[1][place]) for place, row in places[0].items() if place in places[1]]


def _choose_facts(plan: Plan, hers: Row, others: Row, choices: Choices) -> None:
    """Her entry takes what was chosen; the address that was not goes on leading to her."""
    taken = {fact: others[fact] for fact in FACTS if others[fact] and choices.get(fact, hers[fact] is None)}
    if "printed_name" in taken:
        taken["name_key"] = name_key(taken["printed_name"])
    given_up = hers["email"]
    if taken.get("email"):
        plan.change(PERSONS, others, email=None)
    plan.change(PERSONS, hers, **taken)
    if taken.get("email"):
        plan.change(PERSONS, others, email=given_up)
