"""The stages of a year’s awards and the states of a nomination, with every step between them: no database.

nominated → given or passed over; what was decided can be taken back while no certificate stands. Whatever is
not written in STEPS is refused.
"""

from datetime import date
from enum import StrEnum


class Stage(StrEnum):
    """Where a year’s awards are on a day; it follows from the dates of the call."""

    COMING = "coming"
    OPEN = "open"
    JUDGING = "judging"


class NominationState(StrEnum):
    NOMINATED = "nominated"
    WITHDRAWN = "withdrawn"
    GIVEN = "given"
    PASSED_OVER = "passed over"


class Act(StrEnum):
    """What somebody does to a nomination."""

    WITHDRAW = "withdraw"
    GIVE = "give"
    PASS_OVER = "pass over"  # noqa: S105  (an act, not a secret)
    TAKE_BACK = "take back"


class StepRefused(Exception):
    """The act is not one of this state, or not one of this stage."""


STEPS: dict[tuple[NominationState, Act], NominationState] = {
    (NominationState.NOMINATED, Act.WITHDRAW): NominationState.WITHDRAWN,
    (NominationState.NOMINATED, Act.GIVE): NominationState.GIVEN,
    (NominationState.NOMINATED, Act.PASS_OVER): NominationState.PASSED_OVER,
    (NominationState.GIVEN, Act.TAKE_BACK): NominationState.NOMINATED,
    (NominationState.PASSED_OVER, Act.TAKE_BACK): NominationState.NOMINATED,
}
DECIDED = frozenset({NominationState.GIVEN, NominationState.PASSED_OVER})
_WHEN = {
    Act.WITHDRAW: (Stage.OPEN, Stage.JUDGING),
    Act.GIVE: (Stage.JUDGING,),
    Act.PASS_OVER: (Stage.JUDGING,),
    Act.TAKE_BACK: (Stage.JUDGING,),
}


def stage_on(day: date, opens_on: date, closes_on: date) -> Stage:
    """Nominations are taken from the first day to the last, both included; judging begins the day after."""
    if day < opens_on:
        return Stage.COMING
    return Stage.OPEN if day <= closes_on else Stage.JUDGING


def after(state: NominationState, act: Act, stage: Stage) -> NominationState:
    """The state an act leads to; raises StepRefused where it is none of this state and stage."""
    if (state, act) not in STEPS or stage not in _WHEN[act]:
        raise StepRefused(f"{act.value} in {state.value}, {stage.value}")
    return STEPS[state, act]


def is_possible(state: NominationState, act: Act, stage: Stage) -> bool:
    return (state, act) in STEPS and stage in _WHEN[act]
