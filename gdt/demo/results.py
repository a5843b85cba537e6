"""Exam sittings of the cohorts and what people had in them, a resit two weeks later included."""

from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from gdt.demo.cohorts import Class
from gdt.demo.network import Network, moment
from gdt.demo.rows import Row, add_all, add_links
from gdt.exams.models import Result, ResultOutcome, Sitting

PLATFORM, PAPER = "GDT exam platform", "Paper"
PASS_MARK = 60
SITS_AFTER, RESITS_AFTER = timedelta(days=6), timedelta(days=21)
MISSES, RESITS, PASSES_RESIT = 0.018, 0.72, 0.62


class Try(NamedTuple):
    """An exam somebody sat, or missed when there is no mark."""

    person_id: int
    attempt: int
    mark: Decimal | None

    @property
    def outcome(self) -> ResultOutcome:
        if self.mark is None:
            return ResultOutcome.ABSENT
        return ResultOutcome.PASSED if self.mark >= PASS_MARK else ResultOutcome.FAILED


def add_results(network: Network, classes: list[Class]) -> None:
    """A first sitting for every cohort, and a resit where somebody failed and came again."""
    sittings: list[Row] = []
    tries: list[list[Try]] = []
    for one in classes:
        first = _first_tries(network, one)
        second = [_second_try(network, t) for t in first if _comes_again(network, t)]
        for serial, after, sat in ((1, SITS_AFTER, first), (2, RESITS_AFTER, second)):
            if sat:
                sittings.append(sitting_row(network, one, one.ends_on + after, serial))
                tries.append(sat)
    ids = add_all(Sitting, sittings)
    for sitting_id, sitting, sat in zip(ids, sittings, tries, strict=True):
        add_links(Result, [_result(sitting_id, sitting, one_try) for one_try in sat])


def sitting_row(network: Network, one: Class, held_on: date, serial: int = 1) -> Row:
    return {
        "code": f"{one.code}-e{serial}",
        "exam_id": one.course.exam_id,
        "cohort_id": one.id,
        "course_id": one.course.id,
        "held_on": held_on,
        "platform": network.rng.choices((PLATFORM, PAPER), (5, 1))[0],
    }


def _first_tries(network: Network, one: Class) -> list[Try]:
    """As many pass as the institution is good at it, whoever they are; a few do not come."""
    share = round(len(one.completed) * one.partner.ability)
    passing = set(network.rng.sample(one.completed, share))
    return [
        Try(person_id, 1, None if _misses(network) else _mark(network, passes=person_id in passing))
        for person_id in one.completed
    ]


def _misses(network: Network) -> bool:
    return network.rng.random() < MISSES


def _comes_again(network: Network, first: Try) -> bool:
    return first.outcome is ResultOutcome.FAILED and network.rng.random() < RESITS


def _second_try(network: Network, first: Try) -> Try:
    return Try(first.person_id, 2, _mark(network, passes=network.rng.random() < PASSES_RESIT))


def _mark(network: Network, *, passes: bool) -> Decimal:
    """Half marks around 76 for those who pass, and below 60 for the others."""
    drawn = network.rng.triangular(60, 99, 74) if passes else network.rng.triangular(24, 59.4, 52)
    return Decimal(int(drawn * 2)) / 2


def _result(sitting_id: int, sitting: Row, one_try: Try) -> Row:
    return {
        "sitting_id": sitting_id,
        "exam_id": sitting["exam_id"],
        "person_id": one_try.person_id,
        "attempt": one_try.attempt,
        "mark": one_try.mark,
        "outcome": one_try.outcome,
        "recorded_at": moment(sitting["held_on"] + timedelta(days=2), 4),
    }
