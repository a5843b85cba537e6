"""Marks that two people give, in every state, and sittings whose marks are worth a look."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from sqlalchemy import Select, func, select

from gdt.accounts.models import User
from gdt.database import db
from gdt.demo.network import Network, moment
from gdt.demo.present_day import STORY, WAITING
from gdt.exams.flag_models import FlagState, SittingFlag
from gdt.exams.flagging import judge_flag, look_through
from gdt.exams.models import Result, ResultOutcome, Sitting
from gdt.exams.moderation import Given, Marking, decide, mark
from gdt.exams.moderation_models import DoubleMark
from gdt.exams.suspicion import FlagRule
from gdt.training.models import Cohort

SCHOOL = "inti"
# First mark, second mark, the office's; nobody passes, so that the figures stay the announced ones.
MARKS: Final = ((52, None, None), (47, None, None), (48, 63, None), (50, 53, None), (44, 58, 55))
TOLERANCE, RESIT_AFTER = Decimal(5), timedelta(days=40)
REASON = "The second part was counted twice; it is worth 11 points, not 14."
LOOKED = "The first part alone is worth 60 points. Ten papers were read again, and the marks are right."
FEW_PASSED, EXACTLY = 12, 2  # every other one has exactly the pass mark


def add_second_marks(network: Network) -> None:
    """A resit of a partner that two people are marking; what stands became results."""
    first = _user(f"coordinator@{SCHOOL}.example")
    second = _user(f"exams@{SCHOOL}.example")
    failed = _sitting_with_failures(network.partners[SCHOOL].id, network.today)
    if failed is None:
        return
    resit = _resit(failed, network.today - timedelta(days=6))
    for person_id, marks in zip(_who_failed(failed), MARKS, strict=False):
        _add_marks(resit, person_id, marks, (first, second, network.officer))


def add_flags(network: Network) -> None:
    """Two sittings of other partners: one that nobody has looked at yet, and one that was fine."""
    own = {network.partners[code].id for code in (STORY, WAITING, SCHOOL)}
    sittings = _large_sittings(own)
    for sitting in sittings:
        for result in _passed(sitting)[::EXACTLY]:
            result.mark = sitting.exam.pass_mark
    look_through(sittings)
    _new, fine = sittings
    for flag in db.session.scalars(
        select(SittingFlag).where(
            SittingFlag.sitting_id == fine.id, SittingFlag.rule == FlagRule.AT_PASS_MARK
        )
    ):
        judge_flag(actor=network.officer, flag=flag, state=FlagState.FINE, note=LOOKED)


def _resit(failed: Sitting, held_on: date) -> Sitting:
    failed.exam.mark_tolerance = TOLERANCE
    count = db.session.scalar(select(func.count(Sitting.id)).where(Sitting.cohort_id == failed.cohort_id))
    resit = Sitting(
        code=f"{failed.cohort.code}-e{(count or 0) + 1}",
        exam_id=failed.exam_id,
        cohort_id=failed.cohort_id,
        course_id=failed.course_id,
        held_on=held_on,
        platform="Paper",
        is_marked_twice=True,
    )
    db.session.add(resit)
    db.session.flush()
    return resit


def _add_marks(
    resit: Sitting, person_id: int, marks: tuple[int, int | None, int | None], markers: tuple[User, ...]
) -> None:
    """Give the marks by the rules of the pages; the day after each other."""
    marking: Marking | None = None
    row = DoubleMark(sitting_id=resit.id, person_id=person_id)
    parts = zip(("first", "second", "decided"), marks, markers, strict=True)
    for day, (part, given, marker) in enumerate(parts, 1):
        if given is None:
            continue
        by = Given(marker.id, Decimal(given))
        marking = (
            mark(marking, by, resit.exam) if part != "decided" or marking is None else decide(marking, by)
        )
        row.state = marking.state
        at = moment(resit.held_on + timedelta(days=day))
        for name, value in (("mark", by.mark), ("by_id", by.by), ("by_name", marker.name), ("at", at)):
            setattr(row, f"{part}_{name}", value)
    row.reason = REASON if row.decided_mark is not None else None
    db.session.add(row)
    if marking and marking.standing is not None:
        db.session.add(_result(resit, person_id, marking.standing))


def _result(resit: Sitting, person_id: int, standing: Decimal) -> Result:
    before = select(func.max(Result.attempt)).where(
        Result.exam_id == resit.exam_id, Result.person_id == person_id
    )
    return Result(
        sitting_id=resit.id,
        exam_id=resit.exam_id,
        person_id=person_id,
        attempt=(db.session.scalar(before) or 0) + 1,
        mark=standing,
        outcome=ResultOutcome.FAILED,
        recorded_at=moment(resit.held_on + timedelta(days=3)),
    )


def _sitting_with_failures(institution_id: int, today: date) -> Sitting | None:
    """The latest sitting, some weeks ago, in which enough failed."""
    found = (
        select(Result.sitting_id)
        .join(Sitting, Sitting.id == Result.sitting_id)
        .join(Cohort, Cohort.id == Sitting.cohort_id)
        .where(
            Cohort.institution_id == institution_id,
            Sitting.held_on < today - RESIT_AFTER,
            Result.outcome == ResultOutcome.FAILED,
            Result.person_id.not_in(_has_more()),
        )
        .group_by(Result.sitting_id, Sitting.held_on)
        .having(func.count() >= len(MARKS))
        .order_by(Sitting.held_on.desc())
        .limit(1)
    )
    return db.session.scalar(select(Sitting).where(Sitting.id.in_(found)))


def _has_more() -> Select[int]:
    """Who sat an exam again: those have no attempt left to tell of."""
    return select(Result.person_id).where(Result.attempt > 1)


def _who_failed(sitting: Sitting) -> list[int]:
    failed = Result.sitting_id == sitting.id, Result.outcome == ResultOutcome.FAILED
    once = Result.person_id.not_in(_has_more())
    return list(db.session.scalars(select(Result.person_id).where(*failed, once).order_by(Result.id)))


def _large_sittings(without: set[int]) -> tuple[Sitting, Sitting]:
    """The latest sittings of two partners in which many passed."""
    counted = (
        select(Result.sitting_id)
        .where(Result.outcome == ResultOutcome.PASSED)
        .group_by(Result.sitting_id)
        .having(func.count() >= FEW_PASSED)
    )
    rows = db.session.scalars(
        select(Sitting)
        .join(Cohort, Cohort.id == Sitting.cohort_id)
        .where(Sitting.id.in_(counted), Cohort.institution_id.not_in(without))
        .order_by(Sitting.held_on.desc(), Sitting.id)
        .limit(200)
    ).all()
    first = rows[0]
    other = next(one for one in rows if one.cohort.institution_id != first.cohort.institution_id)
    return first, other


def _passed(sitting: Sitting) -> list[Result]:
    passed = Result.sitting_id == sitting.id, Result.outcome == ResultOutcome.PASSED
    return list(db.session.scalars(select(Result).where(*passed).order_by(Result.id)))


def _user(email: str) -> User:
    return db.session.query(User).filter_by(email=email).one()
