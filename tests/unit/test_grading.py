"""The exam rule: outcomes, attempt numbers, resits, and marks as they are typed."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import pytest
from flask import Flask
from flask_babel import Babel
from hypothesis import given
from hypothesis import strategies as st

from gdt.exams.grading import (
    ABSENT,
    Attempt,
    next_number,
    outcome_of,
    refusal,
    understand_mark,
    written,
)
from gdt.exams.models import ResultOutcome


@dataclass
class Rule:
    pass_mark: Decimal = Decimal(60)
    maximum_mark: Decimal = Decimal(100)
    attempts_allowed: int = 3
    resit_after_days: int = 14


DAY = date(2026, 11, 21)
MARKS = st.decimals(0, 100, places=2)
ATTEMPTS = st.lists(
    st.builds(Attempt, st.integers(1, 9), st.dates(date(2026, 1, 1)), st.sampled_from(list(ResultOutcome)))
)


@pytest.fixture(autouse=True, scope="module")
def sentences():
    """Sentences need a language, and that an application; no database."""
    app = Flask("sentences")
    Babel(app)
    with app.test_request_context():
        yield


def sat(days_ago, outcome=ResultOutcome.FAILED, number=1):
    return Attempt(number, DAY - timedelta(days=days_ago), outcome)


@pytest.mark.parametrize(
    ("mark", "outcome"),
    [
        (None, ResultOutcome.ABSENT),
        (Decimal("59.99"), ResultOutcome.FAILED),
        (Decimal(60), ResultOutcome.PASSED),
        (Decimal(100), ResultOutcome.PASSED),
        (Decimal(0), ResultOutcome.FAILED),
    ],
)
def test_the_pass_mark_itself_passes_and_no_mark_is_an_absence(mark, outcome):
    assert outcome_of(mark, Rule()) is outcome


@given(MARKS, MARKS)
def test_a_higher_mark_never_has_a_worse_outcome(one, other):
    low, high = sorted((one, other))
    if outcome_of(low, Rule()) is ResultOutcome.PASSED:
        assert outcome_of(high, Rule()) is ResultOutcome.PASSED


@given(ATTEMPTS)
def test_a_number_is_never_given_twice(earlier):
    assert next_number(earlier) not in {attempt.number for attempt in earlier}


def test_the_first_line_is_number_one():
    assert next_number([]) == 1


def test_an_absence_uses_up_no_attempt_and_asks_for_no_wait():
    absences = [sat(1, ResultOutcome.ABSENT, number) for number in range(1, 9)]
    assert refusal(absences, DAY, Rule(attempts_allowed=1)) is None


def test_all_attempts_used_is_told():
    used = [sat(days) for days in (100, 200, 300)]
    assert refusal(used, DAY, Rule()) == "Has used all 3 attempts this exam allows."
    assert refusal(used[:1], DAY, Rule(attempts_allowed=1)) == "Has used the one attempt this exam allows."


@pytest.mark.parametrize(
    ("days", "is_free"), [(13, False), (14, True), (-13, False), (-14, True), (0, False)]
)
def test_a_resit_waits_whichever_sitting_is_recorded_first(days, is_free):
    assert (refusal([sat(days)], DAY, Rule()) is None) == is_free


def test_a_resit_that_is_too_early_says_from_when_it_counts():
    told = refusal([sat(4)], DAY, Rule())
    assert told == "Sat this exam on 17 Nov 2026. A resit counts from 1 Dec 2026 on."


@given(ATTEMPTS, st.integers(1, 5), st.integers(0, 60))
def test_more_attempts_and_a_shorter_wait_never_refuse_anybody_else(earlier, attempts, days):
    strict = Rule(attempts_allowed=attempts, resit_after_days=days)
    kind = Rule(attempts_allowed=attempts + 1, resit_after_days=0)
    if refusal(earlier, DAY, strict) is None:
        assert refusal(earlier, DAY, kind) is None


@given(MARKS)
def test_a_mark_as_it_is_written_reads_back_as_itself(mark):
    assert understand_mark(written(mark), Rule()) == (mark, None)


def test_absent_reads_back_as_absent():
    assert understand_mark(written(None), Rule()) == (None, None)
    assert written(None) == ABSENT


@given(st.text(max_size=40))
def test_whatever_is_typed_is_a_mark_within_the_exam_an_absence_or_a_sentence(text):
    mark, problem = understand_mark(text, Rule())
    assert problem is None or (mark is None and problem.endswith((".", "”.")))
    assert mark is None or (0 <= mark <= 100 and mark == round(mark, 2))
