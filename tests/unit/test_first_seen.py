"""Keys and their first lines, in the same memory however long the file."""

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from gdt.people.first_seen import _LARGE, _SMALL, FirstSeen

keys = st.integers(min_value=-(2**63), max_value=2**63 - 1) | st.integers(-3, 3)


@settings(max_examples=200)
@given(st.lists(st.lists(keys, max_size=6), max_size=12))
def test_keys_are_taken_together_or_not_at_all_as_a_dict_would_say(groups):
    seen, told = FirstSeen(), {}
    for line, group in enumerate(groups, start=1):
        plain = [key or 1 for key in group]
        are_new = len(set(plain)) == len(plain) and not told.keys() & plain
        assert seen.put_new(group, [line] * len(group)) is are_new
        if are_new:
            told |= dict.fromkeys(plain, line)
    for key in {one for group in groups for one in group}:
        assert seen.get(key) == told.get(key or 1, 0)


@settings(max_examples=100)
@given(st.lists(st.integers(1, 5), max_size=30))
def test_each_key_is_told_how_often_it_came_before(counted):
    before = Counter()
    expected = []
    for key in counted:
        expected.append(before[key])
        before[key] += 1
    seen = FirstSeen()
    assert seen.count_all(counted[:7]) + seen.count_all(counted[7:]) == expected


def test_many_keys_are_found_and_take_the_room_of_a_large_file_once():
    seen = FirstSeen()
    wanted = {
        key * 2_654_435_761: key + 1 for key in range(_SMALL)
    }  # neighbours far apart, and one of them 0
    for key, line in list(wanted.items())[: _SMALL // 2]:
        seen.put(key, line)
    assert len(seen._keys) == _SMALL
    rest = dict(list(wanted.items())[_SMALL // 2 :])
    assert seen.put_new(list(rest), list(rest.values()))
    assert len(seen._keys) == _LARGE
    assert all(seen.get(key) == line for key, line in wanted.items())
    assert seen.get(5) == 0
    assert not seen.put_new([5, 2_654_435_761], [7, 7])
    assert seen.get(5) == 0
