"""What makes a sitting worth a look: each rule at its edge, whatever the exam's marks are out of."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdt.exams.suspicion import Evidence, FlagRule, Marks, SittingMarks, flags_in

NONE = Marks()


def sat(*marks, pass_mark=60):
    marks = [Decimal(str(mark)) for mark in marks]
    return SittingMarks(
        len(marks), sum(marks, Decimal(0)), min(marks), max(marks), marks.count(Decimal(pass_mark))
    )


def rules(here, before=NONE, elsewhere=NONE, maximum=100):
    return {flag.rule for flag in flags_in(Evidence(Decimal(maximum), here, before, elsewhere))}


SPREAD = (41, 52, 58, 60, 66, 71, 75, 83)


@pytest.mark.parametrize(
    ("here", "beside", "found"),
    [
        (sat(*SPREAD), {}, set()),
        (sat(*[72] * 5), {}, {FlagRule.SAME_MARK}),
        (sat(*[72] * 4), {}, set()),
        (sat(*[60] * 6), {}, {FlagRule.SAME_MARK}),
        (sat(60, 60, 60, 60, 60, 48, 71, 90), {}, {FlagRule.AT_PASS_MARK}),
        (sat(60, 60, 60, 60, 48, 71, 90), {}, set()),
        (sat(*[85, 87] * 4), {"before": Marks(20, Decimal(20 * 66))}, {FlagRule.JUMP}),
        (sat(*[85, 87] * 4), {"before": Marks(20, Decimal(20 * 67))}, set()),
        (sat(*[85, 87] * 4), {"before": Marks(19, Decimal(19 * 50))}, set()),
        (sat(*[85, 87] * 3), {"before": Marks(90, Decimal(90 * 50))}, set()),
        (sat(*[85, 87] * 4), {"elsewhere": Marks(50, Decimal(50 * 60))}, {FlagRule.FAR_ABOVE}),
        (sat(*[85, 87] * 4), {"elsewhere": Marks(49, Decimal(49 * 60))}, set()),
    ],
)
def test_a_sitting_is_flagged_for_what_is_unusual_and_for_nothing_else(here, beside, found):
    assert rules(here, **beside) == found


@given(st.lists(st.integers(0, 100), min_size=1, max_size=40), st.integers(1, 100), st.integers(20, 80))
def test_a_scale_changes_nothing(marks, usual, others):
    beside, doubled = Marks(others, Decimal(usual * others)), Marks(others, Decimal(2 * usual * others))
    here, twice = sat(*marks), sat(*(2 * mark for mark in marks), pass_mark=120)
    assert rules(here, beside, beside) == rules(twice, doubled, doubled, maximum=200)
