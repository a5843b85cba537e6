"""Undoing a merge, exactly and row by row, or saying in a sentence what speaks against it."""

from collections.abc import Collection, Sequence

from flask_babel import gettext as _
from sqlalchemy import insert, select, update

from gdt import audit
from gdt.access import Viewer
from gdt.database import Model, db, now
from gdt.errors import DomainError
from gdt.people.belongings import every_belonging, every_objection
from gdt.people.matching import mark_to_compare
from gdt.people.merge_models import Deed, Merge, MergeStep
from gdt.people.merge_queries import (
    find_later_merge,
    list_institutions_by_id,
    list_institutions_of,
    list_steps,
    lock_persons,
)
from gdt.people.models import Person
from gdt.people.row_values import as_json, from_json
from gdt.row_security import everything

TABLES = Model.metadata.tables


@everything()
def unmerge_persons(*, actor: Viewer, merge: Merge) -> Merge:
    """Give back to each entry what was its own before the merge.

    Raises DomainError that names what came since and depends on the merge.
    """
    lock_persons(merge.survivor_id, merge.merged_id)
    db.session.flush()
    db.session.refresh(merge, ["undone_at"])
    steps = list_steps(merge)
    if sentence := find_obstacle(merge, steps):
        raise DomainError(sentence)
    places = list_institutions_of([merge.survivor_id])
    _take_back(steps)
    merge.undone_at, merge.undone_by_id, merge.undone_by_name = now(), actor.id, actor.name
    mark_to_compare({merge.survivor_id, merge.merged_id})
    _tell_trail(actor, merge, places)
    return merge


def find_obstacle(merge: Merge, steps: Sequence[MergeStep]) -> str | None:
    """What speaks against undoing a merge, in a sentence; None if nothing does."""
    if merge.undone_at is not None:
        return _("This merge was undone already.")
    later = find_later_merge(merge)
    if later is not None:
        return _(
            "A later merge rests on this one: %(other)s into %(name)s. Undo that one first.",
            other=later.merged_name,
            name=later.survivor,
        )
    objections = (object_to(merge, steps) for object_to in every_objection())
    return _find_changed(steps) or next((sentence for sentence in objections if sentence), None)


def _find_changed(steps: Sequence[MergeStep]) -> str | None:
    """A row that is no longer as the merge left it."""
    left: dict[tuple[str, int], dict[str, object]] = {}
    for step in steps:
        if step.deed is Deed.CHANGED:
            left.setdefault((step.table_name, step.row_id), {}).update(step.after)
    for step in steps:
        if step.deed is Deed.REMOVED:
            left.pop((step.table_name, step.row_id), None)
    for (table_name, row_id), values in left.items():
        table = TABLES[table_name]
        query = select(*(table.c[name] for name in values)).where(table.c.id == row_id)
        row = db.session.execute(query).mappings().one_or_none()
        if row is None:
            return _("%(what)s was removed since the merge.", what=_kind_of(table_name))
        if as_json(row) != values:
            return _("%(what)s was changed since the merge.", what=_told(table_name, row_id))
    return None


def _kind_of(table_name: str) -> str:
    found = next((b for b in every_belonging() if b.table.name == table_name), None)
    return found.counted(1) if found else _("The entry")


def _told(table_name: str, row_id: int) -> str:
    found = next((b for b in every_belonging() if b.table.name == table_name), None)
    if found is None:
        return _("The entry itself")
    query = select(found.table).where(found.table.c.id == row_id)
    return found.tell([dict(row) for row in db.session.execute(query).mappings()])[row_id]


def _take_back(steps: Sequence[MergeStep]) -> None:
    """The deeds in reverse: each state on the way is one that was allowed before."""
    connection = db.session.connection()
    for step in reversed(steps):
        table = TABLES[step.table_name]
        values = from_json(table, step.before)
        if step.deed is Deed.CHANGED:
            connection.execute(update(table).where(table.c.id == step.row_id).values(values))
        elif step.deed is Deed.REMOVED:
            connection.execute(insert(table).values(values))
    db.session.expire_all()


def _tell_trail(actor: Viewer, merge: Merge, places: Collection[int]) -> None:
    survivor, other = (db.session.get_one(Person, one) for one in (merge.survivor_id, merge.merged_id))
    apart = _("%(other)s and %(name)s are two entries again.", other=other, name=survivor)
    hers = apart if merge.institution_id else _("The entry of %(name)s is two entries again.", name=survivor)
    acts: list[tuple[Model, str, int | None]] = [
        (survivor, hers, merge.institution_id),
        (other, apart, merge.institution_id),
    ]
    acts += [(place, hers, place.id) for place in list_institutions_by_id(places)]
    audit.record_all(actor, "unmerged", acts, merge=merge.id)
