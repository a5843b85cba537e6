"""The exam rule: what a mark means, how attempts are numbered, and when somebody may sit again."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple, Protocol

from flask_babel import gettext as _
from flask_babel import ngettext

from gdt.exams.models import ResultOutcome
from gdt.exams.results_sheet import ABSENT as ABSENT
from gdt.exams.results_sheet import read_mark
from gdt.filters import day
from gdt.imports.scales import plain

DECIMALS = 2


class ExamRule(Protocol):
    """What of an exam decides: marks from 0 to the maximum, passed from the pass mark on."""

    pass_mark: Decimal
    maximum_mark: Decimal
    attempts_allowed: int
    resit_after_days: int


class Attempt(NamedTuple):
    """One earlier line of a person in an exam. An absence has a number, but uses up no attempt."""

    number: int
    held_on: date
    outcome: ResultOutcome


def outcome_of(mark: Decimal | None, rule: ExamRule) -> ResultOutcome:
    """No mark is an absence; the pass mark itself passes."""
    if mark is None:
        return ResultOutcome.ABSENT
    return ResultOutcome.PASSED if mark >= rule.pass_mark else ResultOutcome.FAILED


def next_number(earlier: Sequence[Attempt]) -> int:
    """Lines are numbered as they are recorded, absences among them, so no number is given twice."""
    return max((attempt.number for attempt in earlier), default=0) + 1


def taken(earlier: Sequence[Attempt]) -> list[Attempt]:
    """The attempts that count against the number allowed."""
    return [attempt for attempt in earlier if attempt.outcome is not ResultOutcome.ABSENT]


def refusal(earlier: Sequence[Attempt], held_on: date, rule: ExamRule) -> str | None:
    """Why somebody who sat on this day may not have a mark for it; None if she may."""
    used = taken(earlier)
    if len(used) >= rule.attempts_allowed:
        return str(
            ngettext(
                "Has used the one attempt this exam allows.",
                "Has used all %(num)s attempts this exam allows.",
                rule.attempts_allowed,
            )
        )
    wait = timedelta(days=rule.resit_after_days)
    too_near = [attempt.held_on for attempt in used if abs(held_on - attempt.held_on) < wait]
    if not too_near:
        return None
    return str(
        _(
            "Sat this exam on %(last)s. A resit counts from %(first)s on.",
            last=day(max(too_near)),
            first=day(max(too_near) + wait),
        )
    )


def understand_mark(text: str, rule: ExamRule) -> tuple[Decimal | None, str | None]:
    """The mark typed and what is wrong with it; no mark and nothing wrong means absent."""
    mark, problem = read_mark(text, rule.maximum_mark)
    return (None, problem) if problem else (mark, decimals_problem(mark))


def decimals_problem(mark: Decimal | None) -> str | None:
    """A mark is kept with two decimals; rounding somebody's mark silently is not ours to do."""
    if mark is None or mark == round(mark, DECIMALS):
        return None
    return str(
        _("The mark %(mark)s has more than two decimals. Round it as your rules say.", mark=plain(mark))
    )


def written(mark: Decimal | None) -> str:
    """A recorded mark as it is shown and typed: 71, 71.5, or absent."""
    return ABSENT if mark is None else plain(mark)
