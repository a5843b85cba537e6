"""Reading qualifications: who may teach which module on a day, and what a teacher holds."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from gdt.database import db
from gdt.training.models import Qualification


def list_qualified_modules(person_ids: Collection[int], day: date) -> dict[int, set[int]]:
    """The module ids each of the persons may teach on a day."""
    found: dict[int, set[int]] = defaultdict(set)
    rows = db.session.execute(
        select(Qualification.person_id, Qualification.module_id).where(
            Qualification.person_id.in_(person_ids),
            Qualification.valid_from <= day,
            Qualification.valid_until >= day,
        )
    )
    for person_id, module_id in rows:
        found[person_id].add(module_id)
    return found


def list_qualifications(person_ids: Collection[int]) -> Sequence[Qualification]:
    """What these persons may teach or could once, the latest first."""
    return db.session.scalars(
        select(Qualification)
        .where(Qualification.person_id.in_(person_ids))
        .options(joinedload(Qualification.module))
        .order_by(Qualification.valid_until.desc(), Qualification.id.desc())
    ).all()


def is_qualified_without(held: Qualification, day: date) -> bool:
    """Whether another qualification lets the same person teach the same module on a day."""
    return bool(
        db.session.scalar(
            select(Qualification.id)
            .where(
                Qualification.id != held.id,
                Qualification.person_id == held.person_id,
                Qualification.module_id == held.module_id,
                Qualification.valid_from <= day,
                Qualification.valid_until >= day,
            )
            .limit(1)
        )
    )


def list_latest(person_ids: Collection[int]) -> dict[int, list[Qualification]]:
    """Each teacher's latest qualification in each module she was ever qualified for."""
    latest: dict[tuple[int, int], Qualification] = {}
    for qualification in list_qualifications(person_ids):
        latest.setdefault((qualification.person_id, qualification.module_id), qualification)
    found: dict[int, list[Qualification]] = defaultdict(list)
    for (person_id, _module_id), qualification in sorted(latest.items()):
        found[person_id].append(qualification)
    return found
