"""What looks unusual in the marks of a sitting: plain rules, numbers in, reasons for a look out.

A flag is no accusation, and nothing is held up by one.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from gdt.imports.scales import plain


class FlagRule(StrEnum):
    SAME_MARK = "same mark"
    JUMP = "jump"
    FAR_ABOVE = "far above"
    AT_PASS_MARK = "at the pass mark"  # noqa: S105  (no secret)


@dataclass(frozen=True)
class Thresholds:
    """When marks are unusual. Points are of a hundred, whatever the exam's marks are out of."""

    same_at_least: int = 5  # marks, all of them equal
    few: int = 8  # marks below which means say little
    before: int = 20  # marks of the institution before that make its history
    network: int = 50  # marks of others that make the network
    jump_points: int = 20
    above_points: int = 20
    at_pass_at_least: int = 5
    at_pass_percent: int = 30


THRESHOLDS = Thresholds()


@dataclass(frozen=True)
class Marks:
    """Some marks of an exam, as a count and a sum; absences are no marks."""

    count: int = 0
    total: Decimal = Decimal(0)

    def mean(self, maximum: Decimal) -> Decimal:
        """The mean in points of a hundred."""
        return Decimal(100) * self.total / (maximum * self.count)


@dataclass(frozen=True)
class SittingMarks(Marks):
    """The marks of one sitting: the lowest, the highest, and how many are exactly the pass mark."""

    lowest: Decimal = Decimal(0)
    highest: Decimal = Decimal(0)
    at_pass: int = 0


@dataclass(frozen=True)
class Evidence:
    """A sitting, beside the earlier ones of its institution and those of all others, of the same exam."""

    maximum: Decimal
    here: SittingMarks
    before: Marks = Marks()
    elsewhere: Marks = Marks()


@dataclass(frozen=True)
class Flag:
    """What a rule found, with the numbers it found."""

    rule: FlagRule
    facts: dict[str, Any]


def flags_in(evidence: Evidence, thresholds: Thresholds = THRESHOLDS) -> list[Flag]:
    """Every reason for a look, each rule once."""
    found = (
        *_same_mark(evidence, thresholds),
        *_higher(
            FlagRule.JUMP, evidence, evidence.before, thresholds.before, thresholds.jump_points, thresholds
        ),
        *_higher(
            FlagRule.FAR_ABOVE,
            evidence,
            evidence.elsewhere,
            thresholds.network,
            thresholds.above_points,
            thresholds,
        ),
        *_at_pass_mark(evidence.here, thresholds),
    )
    return list(found)


def _same_mark(evidence: Evidence, thresholds: Thresholds) -> Iterator[Flag]:
    here = evidence.here
    if here.count >= thresholds.same_at_least and here.lowest == here.highest:
        yield Flag(FlagRule.SAME_MARK, {"count": here.count, "mark": plain(here.lowest)})


def _higher(
    rule: FlagRule, evidence: Evidence, others: Marks, enough: int, points: int, thresholds: Thresholds
) -> Iterator[Flag]:
    """The mean lies so many points above that of the others, who are enough to compare with."""
    here, maximum = evidence.here, evidence.maximum
    if here.count < thresholds.few or others.count < enough:
        return
    mean, usual = here.mean(maximum), others.mean(maximum)
    if mean - usual >= points:
        yield Flag(
            rule,
            {"count": here.count, "mean": round(mean), "usual": round(usual), "others": others.count},
        )


def _at_pass_mark(here: SittingMarks, thresholds: Thresholds) -> Iterator[Flag]:
    if here.lowest == here.highest:
        return  # that is told by the other rule
    if here.at_pass >= thresholds.at_pass_at_least and 100 * here.at_pass >= (
        thresholds.at_pass_percent * here.count
    ):
        yield Flag(FlagRule.AT_PASS_MARK, {"count": here.count, "at_pass": here.at_pass})
