"""The states of a version of a module or course, and which version is taught on a day: no database.

draft → published → retired. A version that was taught is never changed and never goes back: what has to
change becomes the next version, taught from a later day. Whatever is not written in STEPS is refused.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from enum import StrEnum
from typing import Protocol, TypeVar


class VersionState(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    RETIRED = "retired"


class Act(StrEnum):
    """What the office does to a version; the next version retires the one before it."""

    PUBLISH = "publish"
    RETIRE = "retire"


class StepRefused(Exception):
    """The act is not one of this state."""


STEPS: dict[tuple[VersionState, Act], VersionState] = {
    (VersionState.DRAFT, Act.PUBLISH): VersionState.PUBLISHED,
    (VersionState.PUBLISHED, Act.RETIRE): VersionState.RETIRED,
}


def after(state: VersionState, act: Act) -> VersionState:
    """The state an act leads to; raises StepRefused where it is none of this state."""
    try:
        return STEPS[state, act]
    except KeyError:
        raise StepRefused(f"{act.value} in {state.value}") from None


class Term(Protocol):
    """From when until when a version is taught; a draft has no first day, an open end no last one."""

    @property
    def taught_from(self) -> date | None: ...
    @property
    def taught_until(self) -> date | None: ...


T = TypeVar("T", bound=Term)


def version_on(versions: Iterable[T], day: date) -> T | None:
    """The version taught to those who begin on a day; None where none was ever published.

    It is the latest that began by then. Before the first one it is the first: it describes what was taught
    before versions were kept.
    """
    begun = sorted(_begun(versions), key=lambda pair: pair[0])
    by_then = [version for first, version in begun if first <= day]
    return by_then[-1] if by_then else (begun[0][1] if begun else None)


def is_taught_on(versions: Iterable[T], day: date) -> bool:
    """Whether somebody can begin to learn it on a day: what is retired is not begun any more."""
    found = version_on(versions, day)
    return found is not None and (found.taught_until is None or day <= found.taught_until)


def earliest_start(versions: Iterable[Term], today: date) -> date:
    """The first day from which a further version may be taught.

    Where a version is taught already it is tomorrow, or the day after that version's own first day: those
    who began this morning are never taught something else in the afternoon.
    """
    started = [first for first, _version in _begun(versions)]
    return max(today, *started) + timedelta(days=1) if started else today


def _begun(versions: Iterable[T]) -> list[tuple[date, T]]:
    return [(version.taught_from, version) for version in versions if version.taught_from is not None]
