"""The life of an application: its states, what may follow what, and the checklist before a decision."""

from enum import StrEnum


class ApplicationState(StrEnum):
    """`received` waits for the office, `asked` for the applicant; the others are final."""

    RECEIVED = "received"
    ASKED = "asked"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class Move(StrEnum):
    ASK_BACK = "ask back"
    ANSWER = "answer"
    ACCEPT = "accept"
    DECLINE = "decline"
    WITHDRAW = "withdraw"


class CheckItem(StrEnum):
    """What the office looks at; an institution is accepted when all of it is done."""

    EXISTS = "exists"
    LEAD = "lead"
    TEACHERS = "teachers"
    MODULES = "modules"
    PRIVACY = "privacy"


_S = ApplicationState
AFTER: dict[tuple[ApplicationState, Move], ApplicationState] = {
    (_S.RECEIVED, Move.ASK_BACK): _S.ASKED,
    (_S.ASKED, Move.ASK_BACK): _S.ASKED,
    (_S.ASKED, Move.ANSWER): _S.RECEIVED,
    (_S.RECEIVED, Move.ANSWER): _S.RECEIVED,
    (_S.RECEIVED, Move.ACCEPT): _S.ACCEPTED,
    (_S.RECEIVED, Move.DECLINE): _S.DECLINED,
    (_S.ASKED, Move.DECLINE): _S.DECLINED,
    (_S.RECEIVED, Move.WITHDRAW): _S.WITHDRAWN,
    (_S.ASKED, Move.WITHDRAW): _S.WITHDRAWN,
}
FINAL = frozenset({_S.ACCEPTED, _S.DECLINED, _S.WITHDRAWN})


class NotPossible(ValueError):
    """The move does not fit the state."""


def after(state: ApplicationState, move: Move) -> ApplicationState:
    """The state a move leads to. Raises NotPossible."""
    try:
        return AFTER[state, move]
    except KeyError as error:
        raise NotPossible(state, move) from error
