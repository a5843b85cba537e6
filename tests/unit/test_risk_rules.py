"""What looks unusual in a year's numbers, at the edge of each threshold."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdt.reporting.risk_rules import (
    THRESHOLDS,
    Class,
    Evidence,
    Finding,
    Reported,
    Rule,
    Shared,
    findings_in,
    is_sampled,
)

CALM = Evidence(2025, {"students_trained": {2022: 100, 2023: 110, 2024: 120, 2025: 130}})
PAIR = Shared("utar-1", "utar-2", 18, 20, 20, is_same_course=True, is_same_institution=True)


def rules(evidence):
    return [(finding.rule, finding.subject) for finding in findings_in(evidence)]


def students(**years):
    return replace(CALM, totals={"students_trained": {int(y[1:]): n for y, n in years.items()}})


def test_an_ordinary_year_has_no_finding():
    assert findings_in(CALM) == []


@pytest.mark.parametrize(
    ("now", "is_found"), [(299, False), (300, True), (34, False), (33, True), (0, True), (100, False)]
)
def test_a_jump_is_three_times_the_usual_year_or_a_third_of_it(now, is_found):
    evidence = students(y2022=100, y2023=100, y2024=100, y2025=now)
    assert (rules(evidence) == [(Rule.JUMP, "students_trained")]) is is_found


def test_a_jump_among_few_or_without_any_year_before_is_none():
    assert rules(students(y2024=9, y2025=38)) == []
    assert rules(students(y2024=9, y2025=39)) == [(Rule.JUMP, "students_trained")]
    assert rules(students(y2025=1_900)) == []


def test_years_without_anything_are_not_the_usual_year():
    evidence = students(y2022=100, y2023=0, y2024=0, y2025=110)
    assert rules(evidence) == []


@pytest.mark.parametrize(("people", "is_found"), [(100, True), (150, True), (99, False), (50, False)])
def test_a_headcount_is_round_from_a_hundred(people, is_found):
    evidence = replace(CALM, headcounts=[Reported(7, "students trained", "New Retail", people)])
    assert (rules(evidence) == [(Rule.ROUND_NUMBER, "headcount 7")]) is is_found


def test_nearly_the_same_list_in_two_cohorts_is_found_once_from_both_sides():
    other_side = replace(PAIR, cohort="utar-2", other="utar-1")
    assert rules(replace(CALM, shared=[PAIR, other_side])) == [(Rule.SAME_PEOPLE, "utar-1 utar-2")]
    assert rules(replace(CALM, shared=[replace(PAIR, people=17)])) == []
    assert rules(replace(CALM, shared=[replace(PAIR, of_other=21)])) == []
    few = replace(PAIR, people=4, of_cohort=4, of_other=4)
    assert rules(replace(CALM, shared=[few])) == []


def test_who_goes_on_to_the_next_course_is_no_surprise_but_the_same_list_elsewhere_is():
    onward = replace(PAIR, is_same_course=False)
    assert rules(replace(CALM, shared=[onward])) == []
    elsewhere = replace(onward, is_same_institution=False)
    assert rules(replace(CALM, shared=[elsewhere])) == [(Rule.SAME_PEOPLE, "utar-1 utar-2")]


def test_very_many_in_a_cohort_or_a_year():
    most = THRESHOLDS.many["students_trained"]
    assert rules(students(y2024=most, y2025=most)) == []
    assert rules(students(y2024=most, y2025=most + 1)) == [(Rule.VERY_MANY, "students_trained")]
    large = [Class("a", "A", 300), Class("b", "B", 301)]
    assert rules(replace(CALM, cohorts=large)) == [(Rule.VERY_MANY, "cohort b")]


@given(st.text(min_size=1, max_size=20))
def test_the_sample_is_the_same_at_every_run_and_takes_all_of_the_heavy_rules(report):
    for rule in (Rule.JUMP, Rule.SAME_PEOPLE, Rule.VERY_MANY):
        assert is_sampled(report, Finding(rule, "a", {}))
    light = Finding(Rule.ROUND_NUMBER, "headcount 1", {"people": 100})
    assert is_sampled(report, light) == is_sampled(report, replace(light, facts={"people": 150}))


def test_about_one_in_three_round_numbers_is_sampled():
    taken = sum(is_sampled("utar/2025", Finding(Rule.ROUND_NUMBER, f"headcount {n}", {})) for n in range(900))
    assert 250 < taken < 350
