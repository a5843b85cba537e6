"""How nominations stand: means of the judges’ sums, shared places, and who was not judged comes last."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from gdt.recognition.standing import Judged, standings

SCORES = st.dictionaries(st.sampled_from([1, 2]), st.integers(0, 10), min_size=2, max_size=2)
JUDGED = st.lists(st.builds(Judged, st.integers(1, 5), SCORES), max_size=15)


def test_the_mean_is_of_the_judges_sums_and_equals_share_a_place():
    judged = [
        Judged(1, {1: 8, 2: 6}),
        Judged(1, {1: 9, 2: 8}),
        Judged(2, {1: 10, 2: 9}),
        Judged(3, {1: 9, 2: 10}),
        Judged(4, {}),  # a judge who stood aside
    ]
    lines = standings([1, 2, 3, 4], judged)
    assert [(line.nomination_id, line.place, line.mean, line.judges) for line in lines] == [
        (2, 1, Fraction(19), 1),
        (3, 1, Fraction(19), 1),
        (1, 3, Fraction(31, 2), 2),
        (4, None, None, 0),
    ]
    assert lines[2].by_criterion == {1: Fraction(17, 2), 2: Fraction(7)}


@given(JUDGED)
def test_everyone_stands_once_in_falling_order_and_the_unjudged_come_last(judged):
    lines = standings([1, 2, 3, 4, 5], judged)
    assert sorted(line.nomination_id for line in lines) == [1, 2, 3, 4, 5]
    means = [line.mean for line in lines if line.mean is not None]
    assert means == sorted(means, reverse=True)
    assert [line.mean is None for line in lines] == sorted(line.mean is None for line in lines)
    for line in lines:
        sums = [sum(one.scores.values()) for one in judged if one.nomination_id == line.nomination_id]
        assert line.mean == (Fraction(sum(sums), len(sums)) if sums else None)
        assert line.place == (1 + sum(mean > line.mean for mean in means) if sums else None)
