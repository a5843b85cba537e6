"""Reading what looks unusual: the sums of sittings, the flags of one, the office's queue."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, case, exists, func, or_, select
from sqlalchemy.orm import contains_eager

from gdt.access import Viewer, within
from gdt.database import db, one_of
from gdt.errors import RecordNotFound
from gdt.exams.flag_models import FlagState, SittingFlag, SittingTally
from gdt.exams.models import Exam, Result, Sitting
from gdt.exams.suspicion import FlagRule, Marks
from gdt.partners.models import Institution
from gdt.training.models import Cohort

ORDER = (SittingFlag.state.desc(), SittingFlag.id)  # "to look at", "something was wrong", "fine"
Sums = tuple[int, Decimal | None, Decimal | None, Decimal | None, int]


@dataclass(frozen=True, kw_only=True)
class WantedFlags:
    """What the queue is narrowed to; None and "" narrow nothing. `gone`: what is not found any more, too."""

    state: FlagState | None = None
    rule: FlagRule | None = None
    institution: str = ""
    gone: bool = False


def sum_marks(sitting_ids: Collection[int]) -> dict[int, Sums]:
    """Count, sum, lowest and highest of the marks of each sitting, and how many are the pass mark."""
    at_pass = func.count(case((Result.mark == Exam.pass_mark, 1)))
    rows = db.session.execute(
        select(
            Result.sitting_id,
            func.count(),
            func.sum(Result.mark),
            func.min(Result.mark),
            func.max(Result.mark),
            at_pass,
        )
        .join(Exam, Exam.id == Result.exam_id)
        .where(one_of(Result.sitting_id, sitting_ids), Result.mark.is_not(None))
        .group_by(Result.sitting_id)
    )
    return {row[0]: (row[1], row[2], row[3], row[4], row[5]) for row in rows}


def tallies_of(sitting_ids: Collection[int]) -> dict[int, SittingTally]:
    rows = db.session.scalars(select(SittingTally).where(one_of(SittingTally.sitting_id, sitting_ids)))
    return {row.sitting_id: row for row in rows}


def mark_stale(sitting: Sitting) -> None:
    tally = tallies_of([sitting.id]).get(sitting.id)
    if tally is not None:
        tally.is_stale = True


def list_unsummed(limit: int) -> Sequence[Sitting]:
    """Sittings whose marks were never summed up, or changed since."""
    is_new = SittingTally.id.is_(None) & exists().where(Result.sitting_id == Sitting.id)
    return db.session.scalars(
        select(Sitting)
        .outerjoin(SittingTally, SittingTally.sitting_id == Sitting.id)
        .where(or_(SittingTally.is_stale, is_new))
        .order_by(Sitting.held_on, Sitting.id)
        .limit(limit)
    ).all()


def marks_beside(tally: SittingTally) -> tuple[Marks, Marks]:
    """The marks of the institution's earlier sittings of the exam, and of all other institutions'."""
    is_own = SittingTally.institution_id == tally.institution_id
    return (
        _marks(tally, is_own, SittingTally.held_on < tally.held_on),
        _marks(tally, SittingTally.institution_id != tally.institution_id),
    )


def _marks(tally: SittingTally, *conditions: ColumnElement[bool]) -> Marks:
    count, total = db.session.execute(
        select(func.coalesce(func.sum(SittingTally.marks), 0), func.sum(SittingTally.total)).where(
            SittingTally.exam_id == tally.exam_id, *conditions
        )
    ).one()
    return Marks(count, total or Decimal(0))


def flags_of(sitting: Sitting) -> Sequence[SittingFlag]:
    return db.session.scalars(
        select(SittingFlag).where(SittingFlag.sitting_id == sitting.id).order_by(SittingFlag.id)
    ).all()


def get_flag(viewer: Viewer, flag_id: int) -> SittingFlag:
    statement = _joined(viewer, WantedFlags(gone=True)).where(SittingFlag.id == flag_id)
    found: SittingFlag | None = db.session.scalar(statement)
    if found is None:
        raise RecordNotFound
    return found


def hold_flag(flag: SittingFlag) -> None:
    db.session.refresh(flag, ["state"], with_for_update={"of": SittingFlag})


def select_flags(viewer: Viewer, wanted: WantedFlags) -> Select[Any]:
    """To be paged in ORDER: what waits first, oldest first."""
    return _joined(viewer, wanted)


def count_by_state(viewer: Viewer, wanted: WantedFlags) -> dict[FlagState, int]:
    return _counted(viewer, replace(wanted, state=None), SittingFlag.state)


def count_by_rule(viewer: Viewer, wanted: WantedFlags) -> dict[FlagRule, int]:
    return _counted(viewer, replace(wanted, rule=None), SittingFlag.rule)


def count_by_institution(viewer: Viewer, wanted: WantedFlags) -> list[tuple[str, str, int]]:
    statement = _joined(viewer, replace(wanted, institution="")).with_only_columns(
        Institution.code, Institution.name, func.count()
    )
    grouped = statement.group_by(Institution.code, Institution.name).order_by(Institution.name)
    return [(code, name, count) for code, name, count in db.session.execute(grouped)]


def _counted(viewer: Viewer, wanted: WantedFlags, column: Any) -> dict[Any, int]:
    statement = _joined(viewer, wanted).with_only_columns(column, func.count()).group_by(column)
    return {row[0]: row[1] for row in db.session.execute(statement)}


def _joined(viewer: Viewer, wanted: WantedFlags) -> Select[Any]:
    conditions: list[ColumnElement[bool]] = [
        within(viewer, Cohort.institution_id),
    ]
    if not wanted.gone:
        conditions.append(SittingFlag.is_present.is_(True))
    if wanted.state is not None:
        conditions.append(SittingFlag.state == wanted.state)
    if wanted.rule is not None:
        conditions.append(SittingFlag.rule == wanted.rule)
    if wanted.institution:
        conditions.append(Institution.code == wanted.institution)
    return (
        select(SittingFlag)
        .join(SittingFlag.sitting)
        .join(Sitting.cohort)
        .join(Cohort.institution)
        .where(*conditions)
        .options(
            contains_eager(SittingFlag.sitting)
            .contains_eager(Sitting.cohort)
            .contains_eager(Cohort.institution)
        )
    )
