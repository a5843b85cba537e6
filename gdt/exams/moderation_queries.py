"""Reading marks that are given twice: those of a sitting, and those that wait for somebody."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from gdt.access import Viewer
from gdt.database import db
from gdt.errors import RecordNotFound
from gdt.exams.models import Sitting
from gdt.exams.moderation import WAITING, MarkingState
from gdt.exams.moderation_models import DoubleMark
from gdt.people.models import Person
from gdt.training.models import Cohort
from gdt.training.visible import visible_cohort

SHOWN = 200  # sittings that wait; nobody has so many open at once


class Waiting(NamedTuple):
    """A sitting whose marks do not all stand: how many wait for a second mark, how many to be decided."""

    sitting: Sitting
    once: int
    differing: int


def double_marks_of(sitting: Sitting, person_ids: Collection[int]) -> dict[int, DoubleMark]:
    """What these people were given in the sitting, by person."""
    rows = db.session.scalars(
        select(DoubleMark).where(DoubleMark.sitting_id == sitting.id, DoubleMark.person_id.in_(person_ids))
    )
    return {row.person_id: row for row in rows}


def get_double_mark(viewer: Viewer, double_mark_id: int) -> DoubleMark:
    found = db.session.scalar(
        select(DoubleMark)
        .join(Sitting, Sitting.id == DoubleMark.sitting_id)
        .join(Cohort, Cohort.id == Sitting.cohort_id)
        .where(DoubleMark.id == double_mark_id, visible_cohort(viewer))
        .options(joinedload(DoubleMark.sitting), joinedload(DoubleMark.person))
    )
    if found is None:
        raise RecordNotFound
    return found


def hold_double_mark(row: DoubleMark) -> None:
    """Hold the row, so that two who decide go one after the other."""
    db.session.refresh(row, with_for_update={"of": DoubleMark})


def list_differing(sitting: Sitting) -> Sequence[DoubleMark]:
    """The marks of a sitting that wait for a third decision, by name."""
    return db.session.scalars(
        select(DoubleMark)
        .join(Person, Person.id == DoubleMark.person_id)
        .where(DoubleMark.sitting_id == sitting.id, DoubleMark.state == MarkingState.DIFFERING)
        .options(joinedload(DoubleMark.person))
        .order_by(Person.printed_name, Person.id)
    ).all()


def count_marks(sitting: Sitting) -> int:
    return (
        db.session.scalar(select(func.count(DoubleMark.id)).where(DoubleMark.sitting_id == sitting.id)) or 0
    )


def count_waiting(viewer: Viewer) -> tuple[int, int]:
    """How many marks wait for a second one, and how many for a decision."""
    rows = db.session.execute(
        select(DoubleMark.state, func.count())
        .join(Sitting, Sitting.id == DoubleMark.sitting_id)
        .join(Cohort, Cohort.id == Sitting.cohort_id)
        .where(DoubleMark.state.in_(WAITING), visible_cohort(viewer))
        .group_by(DoubleMark.state)
    )
    counts = {row[0]: row[1] for row in rows}
    return counts.get(MarkingState.ONCE, 0), counts.get(MarkingState.DIFFERING, 0)


def list_waiting(viewer: Viewer) -> list[Waiting]:
    """The sittings whose marks wait for somebody, the oldest first."""
    counted = (
        select(
            DoubleMark.sitting_id,
            func.count().filter(DoubleMark.state == MarkingState.ONCE).label("once"),
            func.count().filter(DoubleMark.state == MarkingState.DIFFERING).label("differing"),
        )
        .where(DoubleMark.state.in_(WAITING))
        .group_by(DoubleMark.sitting_id)
        .subquery()
    )
    rows = db.session.execute(
        select(Sitting, counted.c.once, counted.c.differing)
        .join(counted, counted.c.sitting_id == Sitting.id)
        .join(Cohort, Cohort.id == Sitting.cohort_id)
        .where(visible_cohort(viewer))
        .order_by(Sitting.held_on, Sitting.id)
        .limit(SHOWN)
    )
    return [Waiting(*row) for row in rows]
