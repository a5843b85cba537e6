"""What the tests of merging share: merging in one transaction, and all the rows that persons have."""

from sqlalchemy import select

from gdt.access import OFFICE
from gdt.database import Model, db, unit_of_work
from gdt.people.belongings import every_belonging
from gdt.people.merge_models import Merge
from gdt.people.merging import merge_persons
from gdt.people.models import Person
from gdt.people.unmerging import unmerge_persons

NOT_OF_THE_REGISTER = {
    *("audit_events", "audit_seals", "person_merges", "person_merge_steps", "person_keys", "probable_pairs"),
    # The totals, which are settled by whoever comes next and have a check of their own.
    *("counting_marks", "counted_people", "counted_totals", "counted_places", "counted_teaching"),
}
NOT_OF_THE_PERSON = {"compared_at"}


def merge(survivor, other, actor=OFFICE, **choices) -> int:
    with unit_of_work():
        one, two = (db.session.get_one(Person, person.id) for person in (survivor, other))
        made = merge_persons(actor=actor, survivor=one, other=two, choices=choices)
        db.session.flush()
        return made.id


def unmerge(merge_id: int, actor=OFFICE) -> None:
    with unit_of_work():
        unmerge_persons(actor=actor, merge=db.session.get_one(Merge, merge_id))


def dump() -> dict[str, list[dict]]:
    """Every row of every table but those that tell what happened."""
    db.session.rollback()
    return {
        table.name: [
            {name: value for name, value in row.items() if name not in NOT_OF_THE_PERSON}
            for row in db.session.execute(select(table).order_by(table.c.id)).mappings()
        ]
        for table in Model.metadata.sorted_tables
        if table.name not in NOT_OF_THE_REGISTER
    }


def rows_of(person) -> dict[str, int]:
    """How many rows of each kind point at a person."""
    db.session.rollback()
    found = {}
    for belonging in every_belonging():
        rows = db.session.execute(
            select(belonging.table).where(belonging.table.c.person_id == person.id)
        ).all()
        if rows:
            found[belonging.table.name] = len(rows)
    return found
