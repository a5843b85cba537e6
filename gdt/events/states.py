"""The life of an event and of a place at it: states, what may follow what, and who is next. No database.

An event is drafted, announced, and perhaps cancelled; that it is over is told by the clock. A place is taken
or waited for, may be given back, and asked for again.
"""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum


class EventState(StrEnum):
    DRAFT = "draft"
    ANNOUNCED = "announced"
    CANCELLED = "cancelled"


class Act(StrEnum):
    ANNOUNCE = "announce"
    CANCEL = "cancel"


class PlaceState(StrEnum):
    REGISTERED = "registered"
    WAITING = "waiting"
    WITHDRAWN = "withdrawn"


class Step(StrEnum):
    TAKE = "take a place"
    QUEUE = "join the waiting list"
    MOVE_UP = "move up"
    WITHDRAW = "withdraw"


class StepRefused(Exception):
    """The step is not one of this state."""


ACTS: dict[tuple[EventState, Act], EventState] = {
    (EventState.DRAFT, Act.ANNOUNCE): EventState.ANNOUNCED,
    (EventState.DRAFT, Act.CANCEL): EventState.CANCELLED,
    (EventState.ANNOUNCED, Act.CANCEL): EventState.CANCELLED,
}
STEPS: dict[tuple[PlaceState | None, Step], PlaceState] = {
    (None, Step.TAKE): PlaceState.REGISTERED,
    (None, Step.QUEUE): PlaceState.WAITING,
    (PlaceState.WITHDRAWN, Step.TAKE): PlaceState.REGISTERED,
    (PlaceState.WITHDRAWN, Step.QUEUE): PlaceState.WAITING,
    (PlaceState.WAITING, Step.MOVE_UP): PlaceState.REGISTERED,
    (PlaceState.WAITING, Step.WITHDRAW): PlaceState.WITHDRAWN,
    (PlaceState.REGISTERED, Step.WITHDRAW): PlaceState.WITHDRAWN,
}


def after(state: EventState, act: Act) -> EventState:
    """The state an act leads to; raises StepRefused where it is none of this state."""
    try:
        return ACTS[state, act]
    except KeyError:
        raise StepRefused(f"{act.value} in {state.value}") from None


def place_after(state: PlaceState | None, step: Step) -> PlaceState:
    """The state of a place after a step; None is somebody who never asked. Raises StepRefused."""
    try:
        return STEPS[state, step]
    except KeyError:
        raise StepRefused(f"{step.value} in {state}") from None


def step_for_newcomer(places: int | None, taken: int, waiting: int) -> Step:
    """Whether whoever asks now has a place, or stands behind those who asked before; None is no limit."""
    has_room = places is None or (taken < places and not waiting)
    return Step.TAKE if has_room else Step.QUEUE


def moving_up(places: int | None, taken: int, waiting: Sequence[int]) -> Sequence[int]:
    """Who of those waiting, in their order, has a place now."""
    return waiting if places is None else waiting[: max(places - taken, 0)]


def is_over(ends_at: datetime, moment: datetime) -> bool:
    return ends_at <= moment
