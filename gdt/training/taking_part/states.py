"""The states of an invitation and of taking part in a training, and every step between them: no database.

Whatever is not written in the tables is refused.
"""

from enum import StrEnum


class InvitationState(StrEnum):
    INVITED = "invited"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class Answer(StrEnum):
    """What is done to an invitation: the first two by the institution, the others by the office."""

    ACCEPT = "accept"
    DECLINE = "decline"
    WITHDRAW = "withdraw"
    INVITE_AGAIN = "invite again"


class PartState(StrEnum):
    NAMED = "named"  # nobody is ever kept in it: naming ends with a place, or on the waiting list
    TAKES_PART = "takes part"
    WAITING = "waiting"
    WITHDREW = "withdrew"
    NOT_REACHED = "not reached"


class Act(StrEnum):
    """What happens to a teacher who was named."""

    TAKE_PLACE = "take place"
    QUEUE = "queue"
    WITHDRAW = "withdraw"
    CLOSE = "close"
    NAME_AGAIN = "name again"


class StepRefused(Exception):
    """The act is not one of this state."""


ANSWERS: dict[tuple[InvitationState, Answer], InvitationState] = {
    (InvitationState.INVITED, Answer.ACCEPT): InvitationState.ACCEPTED,
    (InvitationState.INVITED, Answer.DECLINE): InvitationState.DECLINED,
    (InvitationState.INVITED, Answer.WITHDRAW): InvitationState.WITHDRAWN,
    (InvitationState.ACCEPTED, Answer.DECLINE): InvitationState.DECLINED,
    (InvitationState.DECLINED, Answer.ACCEPT): InvitationState.ACCEPTED,
    (InvitationState.DECLINED, Answer.INVITE_AGAIN): InvitationState.INVITED,
    (InvitationState.WITHDRAWN, Answer.INVITE_AGAIN): InvitationState.INVITED,
}
STEPS: dict[tuple[PartState, Act], PartState] = {
    (PartState.NAMED, Act.TAKE_PLACE): PartState.TAKES_PART,
    (PartState.NAMED, Act.QUEUE): PartState.WAITING,
    (PartState.WAITING, Act.TAKE_PLACE): PartState.TAKES_PART,
    (PartState.WAITING, Act.WITHDRAW): PartState.WITHDREW,
    (PartState.WAITING, Act.CLOSE): PartState.NOT_REACHED,
    (PartState.TAKES_PART, Act.WITHDRAW): PartState.WITHDREW,
    (PartState.WITHDREW, Act.NAME_AGAIN): PartState.NAMED,
}
KEEPING = frozenset({InvitationState.INVITED, InvitationState.ACCEPTED})  # whose places are kept


def answered(state: InvitationState, answer: Answer) -> InvitationState:
    """The state an answer leads to; raises StepRefused where it is none of this state."""
    try:
        return ANSWERS[state, answer]
    except KeyError:
        raise StepRefused(f"{answer.value} in {state.value}") from None


def after(state: PartState, act: Act) -> PartState:
    """The state an act leads to; raises StepRefused where it is none of this state."""
    try:
        return STEPS[state, act]
    except KeyError:
        raise StepRefused(f"{act.value} in {state.value}") from None
