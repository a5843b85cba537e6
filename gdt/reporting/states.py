"""The states of an institution's report of a period, and every step from one to another: no database.

open → submitted → approved; the office may query what was submitted, and may let what it approved be
corrected until a day. Whatever is not written in STEPS is refused.
"""

from datetime import date
from enum import StrEnum


class ReportState(StrEnum):
    OPEN = "open"
    SUBMITTED = "submitted"
    QUERIED = "queried"
    APPROVED = "approved"
    CORRECTING = "correcting"


class Act(StrEnum):
    """What somebody does to a report."""

    SUBMIT = "submit"
    QUERY = "query"
    APPROVE = "approve"
    LET_CORRECT = "let correct"
    LEAVE_AS_APPROVED = "leave as approved"


class StepRefused(Exception):
    """The act is not one of this state."""


STEPS: dict[tuple[ReportState, Act], ReportState] = {
    (ReportState.OPEN, Act.SUBMIT): ReportState.SUBMITTED,
    (ReportState.SUBMITTED, Act.QUERY): ReportState.QUERIED,
    (ReportState.SUBMITTED, Act.APPROVE): ReportState.APPROVED,
    (ReportState.QUERIED, Act.SUBMIT): ReportState.SUBMITTED,
    (ReportState.APPROVED, Act.LET_CORRECT): ReportState.CORRECTING,
    (ReportState.CORRECTING, Act.SUBMIT): ReportState.SUBMITTED,
    (ReportState.CORRECTING, Act.LEAVE_AS_APPROVED): ReportState.APPROVED,
}
WAITS_FOR_INSTITUTION = (ReportState.OPEN, ReportState.QUERIED, ReportState.CORRECTING)
WAS_APPROVED = (ReportState.APPROVED, ReportState.CORRECTING)


def after(state: ReportState, act: Act) -> ReportState:
    """The state an act leads to; raises StepRefused where it is none of this state."""
    try:
        return STEPS[state, act]
    except KeyError:
        raise StepRefused(f"{act.value} in {state.value}") from None


def is_possible(state: ReportState, act: Act) -> bool:
    return (state, act) in STEPS


def is_held(state: ReportState, correctable_until: date | None, today: date) -> bool:
    """Whether the institution's rows of these days are locked: the last day of a correction is still hers."""
    if state is ReportState.CORRECTING:
        return correctable_until is None or correctable_until < today
    return state is ReportState.APPROVED
