"""Marking twice: what two markers and a third decision do to a mark, and when it stands. No database.

marked once → agreed, or differing → decided. What stands is changed by nothing here, and whatever is not
written here is refused.
"""

from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Protocol

CENT = Decimal("0.01")


class MarkingState(StrEnum):
    ONCE = "marked once"
    DIFFERING = "differing"
    AGREED = "agreed"
    DECIDED = "decided"


STANDING = frozenset({MarkingState.AGREED, MarkingState.DECIDED})
WAITING = frozenset(MarkingState) - STANDING


class Why(StrEnum):
    """Why an act is refused."""

    STANDS = "it stands"
    DIFFERS = "two marks differ"
    NOTHING_TO_DECIDE = "nothing to decide"
    MARKED_IT = "whoever marked it does not decide"


class MarkRefused(Exception):
    """The act does not fit the state, or whoever acts."""

    def __init__(self, why: Why) -> None:
        super().__init__(why.value)
        self.why = why


class Rule(Protocol):
    """What says whether two marks agree: how far apart they may be, and where one passes."""

    @property
    def mark_tolerance(self) -> Decimal: ...
    @property
    def pass_mark(self) -> Decimal: ...


@dataclass(frozen=True)
class Given:
    """A mark, and whose it is."""

    by: int
    mark: Decimal


@dataclass(frozen=True)
class Marking:
    """The marks one person was given in one sitting."""

    state: MarkingState
    first: Given
    second: Given | None = None
    decided: Given | None = None

    @property
    def markers(self) -> set[int]:
        return {given.by for given in (self.first, self.second) if given}

    @property
    def standing(self) -> Decimal | None:
        """The mark that counts; None while it does not stand."""
        if self.decided:
            return self.decided.mark
        if self.state is MarkingState.AGREED and self.second:
            return middle(self.first.mark, self.second.mark)
        return None


def agree(one: Decimal, other: Decimal, rule: Rule) -> bool:
    """Two marks within the tolerance, of which not one passes and the other fails."""
    is_near = abs(one - other) <= rule.mark_tolerance
    return is_near and (one >= rule.pass_mark) == (other >= rule.pass_mark)


def middle(one: Decimal, other: Decimal) -> Decimal:
    """The mean of two marks with two decimals; what lies between goes up."""
    return ((one + other) / 2).quantize(CENT, ROUND_HALF_UP)


def mark(marking: Marking | None, given: Given, rule: Rule) -> Marking:
    """Give a mark: the first, one's own first anew while nobody else marked, or the second.

    Raises MarkRefused once there are two.
    """
    if marking is None or (marking.state is MarkingState.ONCE and marking.first.by == given.by):
        return Marking(MarkingState.ONCE, given)
    if marking.state is not MarkingState.ONCE:
        raise MarkRefused(Why.DIFFERS if marking.state is MarkingState.DIFFERING else Why.STANDS)
    is_agreed = agree(marking.first.mark, given.mark, rule)
    return replace(marking, state=MarkingState.AGREED if is_agreed else MarkingState.DIFFERING, second=given)


def decide(marking: Marking, given: Given) -> Marking:
    """Settle two marks that differ, by somebody who gave neither. Raises MarkRefused."""
    if marking.state is not MarkingState.DIFFERING:
        raise MarkRefused(Why.STANDS if marking.state in STANDING else Why.NOTHING_TO_DECIDE)
    if given.by in marking.markers:
        raise MarkRefused(Why.MARKED_IT)
    return replace(marking, state=MarkingState.DECIDED, decided=given)
