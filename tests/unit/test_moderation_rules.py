"""Marking twice: whatever markers do in whatever order, a mark stands only as the rules say."""

from decimal import Decimal
from types import SimpleNamespace

from hypothesis import given
from hypothesis import strategies as st

from gdt.exams.moderation import (
    STANDING,
    Given,
    MarkingState,
    MarkRefused,
    Why,
    agree,
    decide,
    mark,
    middle,
)

MARKS = st.decimals(0, 100, places=2)
ACTS = st.lists(st.tuples(st.sampled_from(["mark", "decide"]), st.integers(1, 4), MARKS), max_size=12)
RULES = st.builds(
    lambda tolerance, pass_mark: SimpleNamespace(mark_tolerance=tolerance, pass_mark=pass_mark),
    st.decimals(0, 20, places=2),
    st.decimals(1, 100, places=2),
)
RULE = SimpleNamespace(mark_tolerance=Decimal(5), pass_mark=Decimal(60))
NEXT = {
    None: {MarkingState.ONCE},
    MarkingState.ONCE: {MarkingState.ONCE, MarkingState.AGREED, MarkingState.DIFFERING},
    MarkingState.DIFFERING: {MarkingState.DECIDED},
    MarkingState.AGREED: set(),
    MarkingState.DECIDED: set(),
}


def act(marking, what, by, value, rule):
    if what == "mark":
        return mark(marking, Given(by, value), rule)
    return marking if marking is None else decide(marking, Given(by, value))


@given(ACTS, RULES)
def test_no_path_leaves_the_allowed_states_and_nobody_has_two_voices(acts, rule):
    marking = None
    for what, by, value in acts:
        try:
            after = act(marking, what, by, value, rule)
        except MarkRefused:
            continue
        if after is not marking:
            assert after.state in NEXT[marking and marking.state]
        marking = after
        if marking is None:
            continue
        voices = [one.by for one in (marking.first, marking.second, marking.decided) if one]
        assert len(set(voices)) == len(voices)
        assert (marking.standing is not None) == (marking.state in STANDING)
        assert (marking.state is MarkingState.ONCE) == (marking.second is None)
        assert (marking.state is MarkingState.DECIDED) == (marking.decided is not None)
        if marking.state is MarkingState.AGREED:
            assert agree(marking.first.mark, marking.second.mark, rule)


@given(MARKS, MARKS, RULES)
def test_two_who_agree_pass_or_fail_together_and_their_mean_with_them(one, other, rule):
    if agree(one, other, rule):
        mean = middle(one, other)
        assert (one >= rule.pass_mark) == (other >= rule.pass_mark) == (mean >= rule.pass_mark)
        assert min(one, other) <= mean <= max(one, other)
    assert agree(one, other, rule) == agree(other, one, rule)


def test_a_small_difference_over_the_pass_mark_goes_to_a_third():
    once = mark(None, Given(1, Decimal(59)), RULE)
    assert mark(once, Given(2, Decimal(61)), RULE).state is MarkingState.DIFFERING
    assert mark(once, Given(2, Decimal(56)), RULE).standing == Decimal("57.50")


def test_each_refusal_says_why():
    def why(function, *args):
        try:
            function(*args)
        except MarkRefused as refused:
            return refused.why
        return None

    once = mark(None, Given(1, Decimal(40)), RULE)
    two = mark(once, Given(2, Decimal(80)), RULE)
    stands = decide(two, Given(3, Decimal(70)))
    assert why(decide, once, Given(3, Decimal(70))) is Why.NOTHING_TO_DECIDE
    assert why(decide, two, Given(2, Decimal(70))) is Why.MARKED_IT
    assert why(mark, two, Given(3, Decimal(70)), RULE) is Why.DIFFERS
    assert why(mark, stands, Given(3, Decimal(70)), RULE) is Why.STANDS
    assert why(decide, stands, Given(4, Decimal(70))) is Why.STANDS
    assert mark(once, Given(1, Decimal(50)), RULE).first.mark == 50
