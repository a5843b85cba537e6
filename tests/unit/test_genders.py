"""A split by gender that anybody may read tells of no small group, nor does the difference of two."""

from hypothesis import given
from hypothesis import strategies as st

from gdt.impact.genders import CHOICES, FOLDED, folded, is_safe, tell

THREE = ("female", "male", FOLDED)
SPLITS = st.fixed_dictionaries({choice: st.sampled_from((0, 0, 1, 3, 5, 6, 9, 40)) for choice in CHOICES})


def split(female, male, other, not_given):
    return dict(zip(CHOICES, (female, male, other, not_given), strict=True))


def test_a_split_of_large_groups_is_told_whole_and_an_empty_group_may_stand_in_it():
    assert tell(split(5, 9, 0, 30)).shown == split(5, 9, 0, 30)


def test_a_small_other_group_is_told_together_with_those_who_said_nothing():
    assert tell(split(50, 40, 1, 9)).shown == {"female": 50, "male": 40, FOLDED: 10}


def test_a_split_with_few_women_is_not_told():
    assert tell(split(4, 40, 0, 9)).shown is None
    assert tell(split(40, 40, 1, 3)).shown is None


def test_neither_a_country_nor_the_network_tells_what_its_one_silent_institution_hides():
    large, small = tell(split(50, 50, 0, 50)), tell(split(2, 30, 0, 8))
    country = tell(split(52, 80, 0, 58), [large, small])
    assert (large.shown, small.shown, country.shown) == (split(50, 50, 0, 50), None, None)
    assert tell(split(52, 80, 0, 58), [country]).shown is None
    assert tell(split(92, 120, 0, 98), [country, tell(split(40, 40, 0, 40))]).shown is None


@given(st.lists(st.lists(SPLITS, min_size=1, max_size=3), min_size=1, max_size=3))
def test_whatever_is_told_of_the_network_countries_and_institutions_leaves_no_small_rest(network):
    """Everything told of any places that do not overlap, taken from what is told of a place around them."""
    institutions = [[tell(one) for one in inside] for inside in network]
    countries = [tell(added(inside), of) for inside, of in zip(network, institutions, strict=True)]
    whole = tell(added([one for inside in network for one in inside]), countries)
    groups = [*zip(countries, institutions, strict=True), (whole, countries)]
    groups.append((whole, [one for inside in institutions for one in inside]))
    for around, within in groups:
        assert around.shown is None or is_safe(around.shown.values())
        told = [one.shown for one in within if one.shown is not None]
        if around.shown is None or len(told) == len(within):
            continue
        rest = (folded_of(around.shown)[c] - sum(folded_of(one)[c] for one in told) for c in THREE)
        assert is_safe(rest)


def added(splits):
    return {choice: sum(one[choice] for one in splits) for choice in CHOICES}


def folded_of(shown):
    return shown if FOLDED in shown else folded(shown)


def test_folding_keeps_everybody():
    assert sum(folded(split(1, 2, 3, 4)).values()) == 10
