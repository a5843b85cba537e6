"""The life of an agreement: its states, what may follow what, and which act is possible in which state."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

EXPIRING = timedelta(days=180)
GRACE = timedelta(days=90)


class AgreementState(StrEnum):
    """Derived from the days of an agreement, never typed."""

    DRAFT = "draft"
    WITHDRAWN = "withdrawn"
    SIGNED = "signed"
    IN_FORCE = "in force"
    EXPIRING = "expiring"
    IN_GRACE = "in grace"
    LAPSED = "lapsed"
    RENEWED = "renewed"
    TERMINATED = "terminated"


class Act(StrEnum):
    """What people do to an agreement; the rest is done by the days that pass."""

    WITHDRAW = "withdraw"
    SIGN = "sign"
    RENEW = "renew"
    TERMINATE = "terminate"


_S = AgreementState
MOVES: dict[AgreementState, frozenset[AgreementState]] = {
    _S.DRAFT: frozenset({_S.WITHDRAWN, _S.SIGNED, _S.IN_FORCE, _S.EXPIRING}),
    _S.WITHDRAWN: frozenset(),
    _S.SIGNED: frozenset({_S.IN_FORCE, _S.EXPIRING}),
    _S.IN_FORCE: frozenset({_S.EXPIRING, _S.RENEWED}),
    _S.EXPIRING: frozenset({_S.IN_FORCE, _S.IN_GRACE, _S.RENEWED, _S.TERMINATED}),
    _S.IN_GRACE: frozenset({_S.LAPSED, _S.RENEWED}),
    _S.LAPSED: frozenset({_S.RENEWED}),
    _S.RENEWED: frozenset(),
    _S.TERMINATED: frozenset(),
}
POSSIBLE: dict[Act, frozenset[AgreementState]] = {
    Act.WITHDRAW: frozenset({_S.DRAFT}),
    Act.SIGN: frozenset({_S.DRAFT}),
    Act.RENEW: frozenset({_S.SIGNED, _S.IN_FORCE, _S.EXPIRING, _S.IN_GRACE, _S.LAPSED}),
    Act.TERMINATE: frozenset({_S.SIGNED, _S.IN_FORCE, _S.EXPIRING}),
}


class NotPossible(ValueError):
    """The act does not fit the state, or its day does not fit the term."""


@dataclass(frozen=True, kw_only=True)
class Life:
    """The days that decide: the term, and for one that was terminated the last day it had been signed for.

    `renewed_from` is the first day of the term that extends it.
    """

    starts_on: date
    ends_on: date
    is_signed: bool = True
    is_withdrawn: bool = False
    agreed_until: date | None = None
    renewed_from: date | None = None


def state_on(life: Life, day: date) -> AgreementState:
    if not life.is_signed:
        return _S.WITHDRAWN if life.is_withdrawn else _S.DRAFT
    if day < life.starts_on:
        return _S.SIGNED
    if day <= life.ends_on:
        is_safe = life.renewed_from is not None or day <= life.ends_on - EXPIRING
        return _S.IN_FORCE if is_safe else _S.EXPIRING
    return _after_its_end(life, day)


def _after_its_end(life: Life, day: date) -> AgreementState:
    if life.agreed_until is not None:
        return _S.TERMINATED
    if life.renewed_from is not None:
        return _S.RENEWED
    return _S.IN_GRACE if day <= life.ends_on + GRACE else _S.LAPSED


def is_possible(act: Act, life: Life, day: date) -> bool:
    """Whether the state allows it; what was renewed or terminated already is neither again."""
    if state_on(life, day) not in POSSIBLE[act]:
        return False
    return act in {Act.SIGN, Act.WITHDRAW} or (life.agreed_until is None and life.renewed_from is None)


def act_on(life: Life, act: Act, day: date, *, given: date | None = None) -> Life:
    """The life after an act of a day. Raises NotPossible.

    `given` is the first day of the renewal, or the last day of what is terminated.
    """
    if not is_possible(act, life, day):
        raise NotPossible(act)
    if act is Act.WITHDRAW:
        return replace(life, is_withdrawn=True)
    if act is Act.SIGN:
        return _signed(life, day)
    return _renewed(life, given) if act is Act.RENEW else _terminated(life, day, given)


def _signed(life: Life, day: date) -> Life:
    if life.ends_on < day:
        raise NotPossible("a term that is over is not signed any more")
    return replace(life, is_signed=True)


def _renewed(life: Life, first_day: date | None) -> Life:
    if first_day is None or first_day <= life.ends_on:
        raise NotPossible("a renewal starts after the term it extends")
    return replace(life, renewed_from=first_day)


def _terminated(life: Life, day: date, last_day: date | None) -> Life:
    if last_day is None or not earliest_last_day(life, day) <= last_day < life.ends_on:
        raise NotPossible("a termination ends a term earlier, and on no day that is past")
    return replace(life, ends_on=last_day, agreed_until=life.ends_on)


def earliest_last_day(life: Life, day: date) -> date:
    """The first day a term can be ended on: today, or its first day where it has not begun."""
    return max(day, life.starts_on)
