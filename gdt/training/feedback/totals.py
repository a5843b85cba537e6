"""What answers come to, and from how many on they are shown: fewer would tell who said what."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

FEWEST = 5  # answers before any is shown


class Pace(StrEnum):
    TOO_SLOW = "too slow"
    RIGHT = "right"
    TOO_FAST = "too fast"


@dataclass(frozen=True)
class Answer:
    usefulness: int
    pace: Pace
    recommends: bool
    words: str


@dataclass(frozen=True)
class Totals:
    """Shares are of one; words stand in the order of the alphabet, not of answering."""

    answers: int
    usefulness: float
    recommending: float
    paces: dict[Pace, int]
    words: list[str]


def totals_of(answers: Sequence[Answer]) -> Totals | None:
    """What the answers come to; None while there are fewer than are shown."""
    if len(answers) < FEWEST:
        return None
    count, paces = len(answers), Counter(one.pace for one in answers)
    return Totals(
        answers=count,
        usefulness=sum(one.usefulness for one in answers) / count,
        recommending=sum(one.recommends for one in answers) / count,
        paces={pace: paces[pace] for pace in Pace},
        words=sorted(one.words for one in answers if one.words),
    )
