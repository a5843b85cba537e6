"""What of training belongs to a person, and what two of a kind become when two entries are one."""

from collections.abc import Callable, Collection, Sequence
from typing import Any, cast

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import Select, Table, select

from gdt.database import db
from gdt.people.belongings import Belonging, Journal, Row, objection, register
from gdt.people.merge_models import Merge, MergeStep, moved_ids
from gdt.training.meetings.models import MeetingAttendance
from gdt.training.models import (
    Cohort,
    CohortTeacher,
    Course,
    Enrolment,
    EnrolmentState,
    Module,
    Outcome,
    Qualification,
    TeacherTraining,
    TrainingOutcome,
    TrainingParticipant,
)
from gdt.training.taking_part.models import TrainingApplication
from gdt.training.taking_part.states import PartState

ENROLMENTS = cast("Table", Enrolment.__table__)
TEACHERS = cast("Table", CohortTeacher.__table__)
PARTICIPANTS = cast("Table", TrainingParticipant.__table__)
OUTCOMES = cast("Table", TrainingOutcome.__table__)
ATTENDANCES = cast("Table", MeetingAttendance.__table__)
APPLICATIONS = cast("Table", TrainingApplication.__table__)
QUALIFICATIONS = cast("Table", Qualification.__table__)
_FURTHEST = (EnrolmentState.COMPLETED, EnrolmentState.ENROLLED, EnrolmentState.WITHDREW)
_BEST = (Outcome.PASSED, Outcome.ASKED_TO_REPEAT, Outcome.FAILED, Outcome.WITHDREW)


def _settle_enrolments(journal: Journal, hers: Row, others: Row) -> str:
    """She was in it once: the further state, the earlier completion and the higher attendance stay."""
    state = min(hers["state"], others["state"], key=_FURTHEST.index)
    days = [row["completed_on"] for row in (hers, others) if row["completed_on"]]
    marks = [row["attendance_percent"] for row in (hers, others) if row["attendance_percent"] is not None]
    journal.keep(ENROLMENTS, hers)
    journal.remove(ENROLMENTS, others)
    journal.change(
        ENROLMENTS,
        hers,
        state=state,
        completed_on=min(days) if days else None,
        attendance_percent=max(marks) if marks else None,
    )
    return _(
        "Both are in %(cohort)s. One enrolment stays, with the further state and the higher attendance.",
        cohort=_cohorts([hers])[hers["id"]],
    )


def _settle_teaching(journal: Journal, hers: Row, others: Row) -> str:
    journal.keep(TEACHERS, hers)
    journal.remove(TEACHERS, others)
    return _("Both teach %(cohort)s. One stays as its teacher.", cohort=_cohorts([hers])[hers["id"]])


def _settle_participants(journal: Journal, hers: Row, others: Row) -> str:
    """She took part once: of each module the better outcome stays."""
    journal.keep(PARTICIPANTS, hers)
    known = {row["module_id"]: row for row in journal.rows(OUTCOMES, "participant_id", hers["id"])}
    for row in journal.rows(OUTCOMES, "participant_id", others["id"]):
        if row["module_id"] in known:
            _settle_outcomes(journal, known[row["module_id"]], row)
        else:
            journal.change(OUTCOMES, row, participant_id=hers["id"])
    _settle_attendance(journal, hers, others)
    journal.remove(PARTICIPANTS, others)
    return _(
        "Both took part in %(training)s. One stays, with the better outcome of each module.",
        training=_trainings([hers])[hers["id"]],
    )


def _settle_attendance(journal: Journal, hers: Row, others: Row) -> None:
    """She was there if either entry says so."""
    known = {row["meeting_id"]: row for row in journal.rows(ATTENDANCES, "participant_id", hers["id"])}
    for row in journal.rows(ATTENDANCES, "participant_id", others["id"]):
        mine = known.get(row["meeting_id"])
        if mine is None:
            journal.change(ATTENDANCES, row, participant_id=hers["id"])
            continue
        journal.remove(ATTENDANCES, row)
        if row["was_there"] and not mine["was_there"]:
            journal.change(ATTENDANCES, mine, was_there=True)


def _settle_applications(journal: Journal, hers: Row, others: Row) -> str:
    """She was named once: whatever came furthest stays."""
    furthest = (PartState.TAKES_PART, PartState.WAITING, PartState.NOT_REACHED, PartState.WITHDREW)
    state = min(hers["state"], others["state"], key=furthest.index)
    journal.keep(APPLICATIONS, hers)
    journal.remove(APPLICATIONS, others)
    said = hers["confirmed_at"] or others["confirmed_at"]
    first = min(hers["queued_at"], others["queued_at"])
    journal.change(APPLICATIONS, hers, state=state, queued_at=first, confirmed_at=said)
    return _("Both were named for %(training)s. One stays.", training=_trainings([hers])[hers["id"]])


def _settle_outcomes(journal: Journal, hers: Row, others: Row) -> None:
    journal.keep(OUTCOMES, hers)
    is_given = bool(journal.rows(QUALIFICATIONS, "outcome_id", hers["id"]))
    for qualification in journal.rows(QUALIFICATIONS, "outcome_id", others["id"]):
        journal.change(QUALIFICATIONS, qualification, outcome_id=None if is_given else hers["id"])
    journal.remove(OUTCOMES, others)
    best = min(hers["outcome"], others["outcome"], key=_BEST.index)
    journal.change(OUTCOMES, hers, outcome=best, attended=hers["attended"] or others["attended"])


def _settle_qualifications(journal: Journal, hers: Row, others: Row) -> str:
    journal.keep(QUALIFICATIONS, hers)
    journal.remove(QUALIFICATIONS, others)
    outcome_id = hers["outcome_id"] or others["outcome_id"]
    valid_until = max(hers["valid_until"], others["valid_until"])
    journal.change(QUALIFICATIONS, hers, valid_until=valid_until, outcome_id=outcome_id)
    return _(
        "Both are qualified in %(module)s from the same day. One qualification stays, until the later day.",
        module=_modules([hers])[hers["id"]],
    )


def _titles(column: str, query: Any) -> Callable[[Sequence[Row]], dict[int, str]]:
    """What rows are about: `query` names (id, words...) of what the column points to."""

    def tell(rows: Sequence[Row]) -> dict[int, str]:
        about = query.columns_clause_froms[0].c.id.in_({row[column] for row in rows})
        words = {found[0]: ", ".join(found[1:]) for found in db.session.execute(query.where(about))}
        return {row["id"]: words[row[column]] for row in rows}

    return tell


_cohorts = _titles("cohort_id", select(Cohort.id, Course.title, Cohort.term).join(Course))
_trainings = _titles("training_id", select(TeacherTraining.id, TeacherTraining.title))
_modules = _titles("module_id", select(Module.id, Module.title))


def _enrolled(rows: Sequence[Row]) -> dict[int, str]:
    cohorts = _cohorts(rows)
    return {row["id"]: f"{cohorts[row['id']]}: {_state(row['state'])}" for row in rows}


def _state(state: EnrolmentState) -> str:
    return {
        EnrolmentState.ENROLLED: _("enrolled"),
        EnrolmentState.COMPLETED: _("completed"),
        EnrolmentState.WITHDREW: _("withdrew"),
    }[state]


def _of_cohorts(model: Any) -> Callable[[Collection[int]], Select[Any]]:
    def places(person_ids: Collection[int]) -> Select[Any]:
        there = select(Cohort.institution_id).join(model, model.cohort_id == Cohort.id)
        return there.where(model.person_id.in_(person_ids))

    return places


def _own(model: Any) -> Callable[[Collection[int]], Select[Any]]:
    return lambda person_ids: select(model.institution_id).where(model.person_id.in_(person_ids))


register(
    Belonging(
        position=1,
        table=ENROLMENTS,
        title=lambda: _("Enrolments"),
        counted=lambda n: ngettext("%(num)s enrolment", "%(num)s enrolments", n),
        tell=_enrolled,
        places=_of_cohorts(Enrolment),
        same=("cohort_id",),
        settle=_settle_enrolments,
    )
)
register(
    Belonging(
        position=2,
        table=TEACHERS,
        title=lambda: _("Cohorts taught"),
        counted=lambda n: ngettext("%(num)s cohort taught", "%(num)s cohorts taught", n),
        tell=_cohorts,
        places=_of_cohorts(CohortTeacher),
        same=("cohort_id",),
        settle=_settle_teaching,
    )
)
register(
    Belonging(
        position=3,
        table=PARTICIPANTS,
        title=lambda: _("Teacher trainings"),
        counted=lambda n: ngettext("%(num)s teacher training", "%(num)s teacher trainings", n),
        tell=_trainings,
        places=_own(TrainingParticipant),
        same=("training_id",),
        settle=_settle_participants,
    )
)
register(
    Belonging(
        position=3,
        table=APPLICATIONS,
        title=lambda: _("Named for trainings"),
        counted=lambda n: ngettext("named for %(num)s training", "named for %(num)s trainings", n),
        tell=_trainings,
        places=_own(TrainingApplication),
        same=("training_id",),
        settle=_settle_applications,
    )
)
register(
    Belonging(
        position=4,
        table=QUALIFICATIONS,
        title=lambda: _("Qualifications"),
        counted=lambda n: ngettext("%(num)s qualification", "%(num)s qualifications", n),
        tell=_modules,
        places=_own(Qualification),
        same=("module_id", "valid_from"),
        settle=_settle_qualifications,
    )
)


@objection
def a_qualification_was_given_since(merge: Merge, steps: Sequence[MergeStep]) -> str | None:
    """A qualification by a training that would go back without it."""
    known = {step.row_id for step in steps if step.table_name == "qualifications"}
    found = db.session.scalars(
        select(Qualification)
        .join(TrainingOutcome, TrainingOutcome.id == Qualification.outcome_id)
        .where(
            Qualification.person_id == merge.survivor_id,
            TrainingOutcome.participant_id.in_(moved_ids(steps, "training_participants")),
        )
        .order_by(Qualification.id)
    )
    given = next((one for one in found if one.id not in known), None)
    if given is None:
        return None
    return _(
        "The qualification in %(module)s was given since, by a training that would go back to %(name)s.",
        module=given.module.title,
        name=merge.merged_name,
    )
