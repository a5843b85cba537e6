"""What needs doing: steps with their days, gathered from every feature, for home pages and weekly mails."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from flask_babel import gettext as _

from gdt.access import Viewer
from gdt.filters import day


@dataclass(frozen=True)
class Step:
    """One thing to do: a sentence, where it is done, and by when, if there is a day.

    `due` is that day in words, as of today.
    """

    sentence: str
    url: str
    action: str
    kind: str = "attention"
    due_on: date | None = None
    due: str = ""


StepsOf = Callable[[Viewer, date], Iterable[Step]]
_others: list[StepsOf] = []


def home_steps(steps_of: StepsOf) -> StepsOf:
    """Register the steps of a feature that stands above this one."""
    _others.append(steps_of)
    return steps_of


def steps_of_others(viewer: Viewer, today: date) -> Iterator[Step]:
    for steps_of in _others:
        yield from steps_of(viewer, today)


def in_order(steps: Iterable[Step], today: date) -> list[Step]:
    """The late ones first, then by their days; what has no day follows as it comes."""
    dated = sorted(steps, key=lambda step: (step.due_on is None, step.due_on or today))
    return [_worded(step, today) for step in dated]


def _worded(step: Step, today: date) -> Step:
    if step.due_on is None:
        return step
    if step.due_on < today:
        return replace(step, kind="problem", due=_("Late: %(day)s", day=day(step.due_on)))
    if step.due_on == today:
        return replace(step, due=_("Today"))
    return replace(step, due=_("By %(day)s", day=day(step.due_on)))
