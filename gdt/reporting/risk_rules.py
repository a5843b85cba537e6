"""What looks unusual in the numbers of an institution's year: plain rules, evidence in, findings out.

A finding is no accusation: it is a reason to look once before a number is counted.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from statistics import median
from typing import Any


class Rule(StrEnum):
    JUMP = "jump"
    ROUND_NUMBER = "round number"
    SAME_PEOPLE = "same people"
    VERY_MANY = "very many"


@dataclass(frozen=True)
class Thresholds:
    """When a number is unusual. Shares are parts of one; `look_at_one_in` says how many are looked at."""

    jump_in: tuple[str, ...] = ("teachers_certified", "students_trained", "exams_taken")
    jump_times: float = 3.0  # as many as in the usual year, or that part of it
    jump_at_least: int = 30  # and the difference is worth a look
    jump_years: int = 3  # the years before that make the usual one
    round_to: int = 50  # a headcount that is a multiple of it
    round_from: int = 100
    same_share: float = 0.9  # of the larger of two cohorts
    same_at_least: int = 5
    many: Mapping[str, int] = field(
        default_factory=lambda: {
            "teachers_certified": 150,
            "students_trained": 2_000,
            "exams_taken": 5_000,
            "exams_passed": 4_000,
        }
    )
    many_in_a_cohort: int = 300
    look_at_one_in: Mapping[Rule, int] = field(
        default_factory=lambda: {
            Rule.JUMP: 1,
            Rule.ROUND_NUMBER: 3,
            Rule.SAME_PEOPLE: 1,
            Rule.VERY_MANY: 1,
        }
    )


THRESHOLDS = Thresholds()


@dataclass(frozen=True)
class Reported:
    """A headcount: a number without names."""

    id: int
    measure: str
    module: str
    people: int


@dataclass(frozen=True)
class Class:
    """A cohort and how many of its people were counted in the year."""

    code: str
    name: str
    people: int


@dataclass(frozen=True)
class Shared:
    """People who were counted in one cohort and are in another: how many, of how many in each."""

    cohort: str
    other: str
    people: int
    of_cohort: int
    of_other: int
    is_same_course: bool
    is_same_institution: bool


@dataclass(frozen=True)
class Evidence:
    """Everything the rules look at of one institution and year; `totals` are by measure, then by year."""

    year: int
    totals: Mapping[str, Mapping[int, int]]
    headcounts: Sequence[Reported] = ()
    cohorts: Sequence[Class] = ()
    shared: Sequence[Shared] = ()


@dataclass(frozen=True)
class Finding:
    """What a rule found; `subject` names the thing, the same at every run, `facts` the numbers."""

    rule: Rule
    subject: str
    facts: dict[str, Any]


def findings_in(evidence: Evidence, thresholds: Thresholds = THRESHOLDS) -> list[Finding]:
    """Everything unusual, each thing once, in the order of the rules."""
    return [
        *_jumps(evidence, thresholds),
        *_round_numbers(evidence, thresholds),
        *_same_people(evidence, thresholds),
        *_very_many(evidence, thresholds),
    ]


def is_sampled(report: str, finding: Finding, thresholds: Thresholds = THRESHOLDS) -> bool:
    """Whether a person must look at it: the same answer at every run, and not to be foreseen by hand."""
    one_in = thresholds.look_at_one_in[finding.rule]
    digest = hashlib.sha256(f"{report}/{finding.rule.value}/{finding.subject}".encode()).digest()
    return int.from_bytes(digest[:8]) % one_in == 0


def _jumps(evidence: Evidence, limits: Thresholds) -> Iterator[Finding]:
    """A total far from the usual one: the median of the years before, those without any left out."""
    for measure in limits.jump_in:
        totals = evidence.totals.get(measure, {})
        years = range(evidence.year - limits.jump_years, evidence.year)
        before = [totals[year] for year in years if totals.get(year)]
        if not before:
            continue
        usual, now = median(before), totals.get(evidence.year, 0)
        is_far = now >= usual * limits.jump_times or now * limits.jump_times <= usual
        if is_far and abs(now - usual) >= limits.jump_at_least:
            yield Finding(Rule.JUMP, measure, {"now": now, "usual": round(usual), "years": len(before)})


def _round_numbers(evidence: Evidence, limits: Thresholds) -> Iterator[Finding]:
    for one in evidence.headcounts:
        if one.people >= limits.round_from and one.people % limits.round_to == 0:
            facts = {"measure": one.measure, "module": one.module, "people": one.people}
            yield Finding(Rule.ROUND_NUMBER, f"headcount {one.id}", facts)


def _same_people(evidence: Evidence, limits: Thresholds) -> Iterator[Finding]:
    """Nearly the same list in two cohorts, of one course or of two institutions, each pair once.

    Who goes on to the next course at her own institution is no surprise.
    """
    found = {}
    for pair in evidence.shared:
        is_odd = pair.is_same_course or not pair.is_same_institution
        share = pair.people / max(pair.of_cohort, pair.of_other, 1)
        if is_odd and pair.people >= limits.same_at_least and share >= limits.same_share:
            first, second = pair.cohort, pair.other
            if pair.is_same_institution:  # which meets the pair twice, once from each side
                first, second = sorted((first, second))
            found[f"{first} {second}"] = {
                "cohort": first,
                "other": second,
                "people": pair.people,
                "of": max(pair.of_cohort, pair.of_other),
                "is_same_institution": pair.is_same_institution,
            }
    for subject, facts in found.items():
        yield Finding(Rule.SAME_PEOPLE, subject, facts)


def _very_many(evidence: Evidence, limits: Thresholds) -> Iterator[Finding]:
    for measure, most in limits.many.items():
        total = evidence.totals.get(measure, {}).get(evidence.year, 0)
        if total > most:
            yield Finding(Rule.VERY_MANY, measure, {"people": total, "most": most})
    for one in evidence.cohorts:
        if one.people > limits.many_in_a_cohort:
            facts = {"cohort": one.code, "people": one.people, "most": limits.many_in_a_cohort}
            yield Finding(Rule.VERY_MANY, f"cohort {one.code}", facts)
