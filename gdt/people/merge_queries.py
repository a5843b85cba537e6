"""Reading merges: those a viewer may know of, whom they touched, and what happened to their rows since."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Select, func, select, union
from sqlalchemy.orm import joinedload

from gdt.access import Viewer, within
from gdt.database import db
from gdt.errors import RecordNotFound
from gdt.partners.models import Institution
from gdt.people.belongings import every_belonging
from gdt.people.merge_models import Deed, Merge, MergeStep
from gdt.people.models import Person


def merges(viewer: Viewer) -> Select[Merge]:
    """The merges of a list, before it is sorted and cut into pages."""
    return (
        select(Merge)
        .where(within(viewer, Merge.institution_id))
        .options(joinedload(Merge.survivor), joinedload(Merge.merged))
    )


def list_seen(viewer: Viewer, institution_ids: Collection[int]) -> Sequence[int]:
    """Those of the institutions that the viewer sees."""
    mine = (Institution.id.in_(institution_ids), within(viewer, Institution.id))
    return db.session.scalars(select(Institution.id).where(*mine)).all()


def count_merges(viewer: Viewer) -> int:
    query = select(func.count(Merge.id)).where(within(viewer, Merge.institution_id))
    return db.session.scalar(query) or 0


def get_merge(viewer: Viewer, merge_id: int) -> Merge:
    merge: Merge | None = db.session.scalar(merges(viewer).where(Merge.id == merge_id))
    if merge is None:
        raise RecordNotFound
    return merge


def list_merges_into(viewer: Viewer, person: Person) -> Sequence[Merge]:
    """The standing merges that made this person what she is, newest first; also those she came by chains."""
    return db.session.scalars(
        merges(viewer)
        .join(Person, Person.id == Merge.merged_id)
        .where(Person.merged_into_id == person.id, Merge.undone_at.is_(None))
        .order_by(Merge.id.desc())
    ).all()


def list_steps(merge: Merge) -> Sequence[MergeStep]:
    return db.session.scalars(
        select(MergeStep).where(MergeStep.merge_id == merge.id).order_by(MergeStep.position)
    ).all()


def find_later_merge(merge: Merge) -> Merge | None:
    """The newest standing merge that touched a row this one touched."""
    mine = select(MergeStep.table_name, MergeStep.row_id).where(MergeStep.merge_id == merge.id).subquery()
    return db.session.scalar(
        select(Merge)
        .join(MergeStep, MergeStep.merge_id == Merge.id)
        .join(mine, (mine.c.table_name == MergeStep.table_name) & (mine.c.row_id == MergeStep.row_id))
        .where(Merge.id > merge.id, Merge.undone_at.is_(None))
        .order_by(Merge.id.desc())
        .limit(1)
    )


def list_institutions_of(person_ids: Collection[int]) -> set[int]:
    """Every institution that has a record of one of these persons."""
    places: list[Any] = [b.places(person_ids) for b in every_belonging() if b.places is not None]
    return set(db.session.scalars(union(*places)))


def list_institutions_by_id(institution_ids: Collection[int]) -> Sequence[Institution]:
    query = select(Institution).where(Institution.id.in_(institution_ids))
    return db.session.scalars(query.order_by(Institution.id)).all()


def lock_persons(*person_ids: int) -> dict[int, Person]:
    """The persons, held until the end of the transaction, in the order that no two ever cross."""
    query = select(Person).where(Person.id.in_(person_ids)).order_by(Person.id).with_for_update()
    found = db.session.scalars(query.execution_options(populate_existing=True))
    return {person.id: person for person in found}


def count_moved(steps: Sequence[MergeStep]) -> dict[str, int]:
    """How many rows of each table went from one person to the other."""
    found: dict[str, int] = {}
    for step in steps:
        if step.deed is Deed.CHANGED and "person_id" in step.after:
            found[step.table_name] = found.get(step.table_name, 0) + 1
    return found


def count_removed(steps: Sequence[MergeStep]) -> dict[str, int]:
    """How many rows of each table were set aside, because there was one of the same already."""
    found: dict[str, int] = {}
    for step in steps:
        if step.deed is Deed.REMOVED:
            found[step.table_name] = found.get(step.table_name, 0) + 1
    return found


def count_rows(person_id: int) -> int:
    """How many rows belong to a person."""
    counts = [
        select(func.count()).select_from(b.table).where(b.table.c.person_id == person_id).scalar_subquery()
        for b in every_belonging()
    ]
    return sum(db.session.execute(select(*counts)).one())
