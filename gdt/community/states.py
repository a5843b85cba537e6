"""The states of a community project, and every step from one to another: no database.

draft → claimed → counted; the office may ask back or decline what was claimed, and take out again what it
counted. Whatever is not written in STEPS is refused.
"""

from enum import StrEnum


class ProjectState(StrEnum):
    DRAFT = "draft"
    CLAIMED = "claimed"
    ASKED_BACK = "asked back"
    DECLINED = "declined"
    COUNTED = "counted"


class Act(StrEnum):
    """What somebody does to a project."""

    SEND = "send"
    TAKE_BACK = "take back"
    ASK = "ask"
    DECLINE = "decline"
    COUNT = "count"
    TAKE_OUT = "take out"


class StepRefused(Exception):
    """The act is not one of this state."""


STEPS: dict[tuple[ProjectState, Act], ProjectState] = {
    (ProjectState.DRAFT, Act.SEND): ProjectState.CLAIMED,
    (ProjectState.CLAIMED, Act.TAKE_BACK): ProjectState.DRAFT,
    (ProjectState.CLAIMED, Act.ASK): ProjectState.ASKED_BACK,
    (ProjectState.CLAIMED, Act.DECLINE): ProjectState.DECLINED,
    (ProjectState.CLAIMED, Act.COUNT): ProjectState.COUNTED,
    (ProjectState.ASKED_BACK, Act.SEND): ProjectState.CLAIMED,
    (ProjectState.DECLINED, Act.TAKE_BACK): ProjectState.DRAFT,
    (ProjectState.COUNTED, Act.TAKE_OUT): ProjectState.DECLINED,
}
OF_THE_OFFICE = frozenset({Act.ASK, Act.DECLINE, Act.COUNT, Act.TAKE_OUT})
BEING_WRITTEN = frozenset({ProjectState.DRAFT, ProjectState.ASKED_BACK})
WAITING = frozenset({ProjectState.CLAIMED, ProjectState.ASKED_BACK})  # reported, and not yet decided


def after(state: ProjectState, act: Act) -> ProjectState:
    """The state an act leads to; raises StepRefused where it is none of this state."""
    try:
        return STEPS[state, act]
    except KeyError:
        raise StepRefused(f"{act.value} in {state.value}") from None


def is_possible(state: ProjectState, act: Act) -> bool:
    return (state, act) in STEPS
