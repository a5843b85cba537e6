"""What other features put on the home pages: each registers the steps it has for whoever looks."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from gdt.access import Viewer


@dataclass(frozen=True)
class Step:
    """One thing to do: a sentence, and where it is done."""

    sentence: str
    url: str
    action: str
    kind: str = "attention"


StepsOf = Callable[[Viewer, date], Iterable[Step]]
_others: list[StepsOf] = []


def home_steps(steps_of: StepsOf) -> StepsOf:
    """Register the steps of a feature that stands above this one."""
    _others.append(steps_of)
    return steps_of


def steps_of_others(viewer: Viewer, today: date) -> Iterator[Step]:
    for steps_of in _others:
        yield from steps_of(viewer, today)
