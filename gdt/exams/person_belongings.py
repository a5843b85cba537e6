"""Results as what belongs to a person: two of one sitting become one, and attempts are counted anew."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from decimal import Decimal
from typing import Any, cast

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import Select, Table, select

from gdt.database import db
from gdt.exams.grading import written
from gdt.exams.models import Exam, Result, ResultCorrection, Sitting
from gdt.exams.moderation import STANDING, WAITING
from gdt.exams.moderation_models import DoubleMark
from gdt.filters import day
from gdt.people.belongings import Belonging, Journal, Row, objection, register
from gdt.people.merge_models import Merge, MergeStep, moved_ids
from gdt.training.models import Cohort, Enrolment

RESULTS = cast("Table", Result.__table__)
CORRECTIONS = cast("Table", ResultCorrection.__table__)
DOUBLES = cast("Table", DoubleMark.__table__)
PARKED = 10_000  # attempts on their way to their new number: two may never have one
_ABSENT = Decimal(-1)


def _settle_results(journal: Journal, hers: Row, others: Row) -> str:
    """A person sits once: the higher mark stays, whoever it was entered for."""
    for correction in journal.rows(CORRECTIONS, "result_id", others["id"]):
        journal.remove(CORRECTIONS, correction)
    journal.keep(RESULTS, hers)
    journal.remove(RESULTS, others)
    better = max(hers, others, key=_mark)  # hers, if they are equal
    journal.change(
        RESULTS, hers, mark=better["mark"], outcome=better["outcome"], recorded_at=better["recorded_at"]
    )
    return _(
        "Both have a result in %(sitting)s. The higher mark stays.", sitting=_sittings([hers])[hers["id"]]
    )


def _mark(row: Row) -> Decimal:
    return cast("Decimal | None", row["mark"]) or (_ABSENT if row["mark"] is None else Decimal(0))


def _count_attempts(journal: Journal, hers: Sequence[Row], moving: Sequence[Row]) -> None:
    """All attempts at an exam in the order of their days."""
    days = _days([*hers, *moving])
    exams: dict[int, list[Row]] = defaultdict(list)
    for row in [*hers, *moving]:
        exams[row["exam_id"]].append(row)
    for exam_id in {row["exam_id"] for row in moving}:
        ordered = sorted(exams[exam_id], key=lambda row: (days[row["sitting_id"]], row["id"]))
        wrong = [(n, row) for n, row in enumerate(ordered, 1) if row["attempt"] != n]
        for n, row in wrong:
            journal.change(RESULTS, row, attempt=PARKED + n)
        for n, row in wrong:
            journal.change(RESULTS, row, attempt=n)
        for row in ordered:
            journal.keep(RESULTS, row)


def _days(rows: Sequence[Row]) -> dict[int, Any]:
    ids = {row["sitting_id"] for row in rows}
    return dict(db.session.execute(select(Sitting.id, Sitting.held_on).where(Sitting.id.in_(ids))).all())


def _sittings(rows: Sequence[Row]) -> dict[int, str]:
    ids = {row["sitting_id"] for row in rows}
    query = select(Sitting.id, Exam.title, Sitting.held_on).join(Exam, Exam.id == Sitting.exam_id)
    words = {
        s: f"{title}, {day(held)}" for s, title, held in db.session.execute(query.where(Sitting.id.in_(ids)))
    }
    return {row["id"]: words[row["sitting_id"]] for row in rows}


def _tell(rows: Sequence[Row]) -> dict[int, str]:
    sittings = _sittings(rows)
    return {row["id"]: f"{sittings[row['id']]}: {_told_mark(row)}" for row in rows}


def _told_mark(row: Row) -> str:
    if row["mark"] is None:
        return _("absent")
    return _("%(mark)s, attempt %(attempt)s", mark=written(row["mark"]), attempt=row["attempt"])


def _places(person_ids: Collection[int]) -> Select[Any]:
    return (
        select(Cohort.institution_id)
        .join(Sitting, Sitting.cohort_id == Cohort.id)
        .join(Result, Result.sitting_id == Sitting.id)
        .where(Result.person_id.in_(person_ids))
    )


register(
    Belonging(
        position=5,
        table=RESULTS,
        title=lambda: _("Results"),
        counted=lambda n: ngettext("%(num)s result", "%(num)s results", n),
        tell=_tell,
        places=_places,
        same=("sitting_id",),
        settle=_settle_results,
        after=_count_attempts,
    )
)


def _settle_doubles(journal: Journal, hers: Row, others: Row) -> str:
    """Two markers gave one person their marks: what stands stays, else what is hers."""
    keeps_other = others["state"] in STANDING and hers["state"] in WAITING
    journal.remove(DOUBLES, hers if keeps_other else others)
    if keeps_other:
        journal.change(DOUBLES, others, person_id=hers["person_id"])
    else:
        journal.keep(DOUBLES, hers)
    return _("Both were marked by two people in one sitting. The marks of one of them stay.")


def _tell_doubles(rows: Sequence[Row]) -> dict[int, str]:
    pairs = {row["id"]: (row["first_mark"], row["second_mark"]) for row in rows}
    return {key: ", ".join(written(mark) for mark in pair if mark is not None) for key, pair in pairs.items()}


register(
    Belonging(
        position=5,
        table=DOUBLES,
        title=lambda: _("Marks given by two people"),
        counted=lambda n: ngettext("%(num)s mark given twice", "%(num)s marks given twice", n),
        tell=_tell_doubles,
        same=("sitting_id",),
        settle=_settle_doubles,
    )
)


@objection
def a_result_was_entered_since(merge: Merge, steps: Sequence[MergeStep]) -> str | None:
    """A result of a cohort that would go back without it."""
    enrolments = moved_ids(steps, "enrolments")
    known = {step.row_id for step in steps if step.table_name == "results"}
    cohorts = select(Enrolment.cohort_id).where(Enrolment.id.in_(enrolments))
    found = db.session.scalars(
        select(Result)
        .join(Sitting, Sitting.id == Result.sitting_id)
        .where(
            Result.person_id == merge.survivor_id,
            Result.recorded_at >= merge.merged_at,
            Sitting.cohort_id.in_(cohorts),
        )
        .order_by(Result.id)
    )
    result = next((one for one in found if one.id not in known), None)
    if result is None:
        return None
    return _(
        "The result in %(sitting)s was entered since, for a cohort that would go back to %(name)s.",
        sitting=result.sitting,
        name=merge.merged_name,
    )
