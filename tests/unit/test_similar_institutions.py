"""Which two institutions of a country are probably one."""

import pytest

from gdt.partners.similar_names import are_probably_one


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Thep Nakhon Univ.", "Thep Nakhon University"),
        ("Universiti Malaya", "University of Malaya"),
        ("Universiti Thep Nakhon", "Thep Nakhon University"),
        ("Inst. of Technology Hue", "Institute of Technology, Hué"),
        ("Tunku Abdul Rahmann University", "Tunku Abdul Rahman University"),
    ],
)
def test_one_name_in_two_spellings(one, other):
    assert are_probably_one(one, "", other, "")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("University of Malaya", "University of Malaysia"),
        ("Thep Nakhon University", "Thep Nakhon College"),
        ("Universidad de Lima", "Universidad de Piura"),
        ("Hanoi University", "Hanoi University of Technology"),
    ],
)
def test_two_names(one, other):
    assert not are_probably_one(one, "", other, "")


def test_the_same_native_name_is_enough_and_none_says_nothing():
    assert are_probably_one("TNU", "มหาวิทยาลัยเทพนคร", "Thep Nakhon", "มหาวิทยาลัยเทพนคร")
    assert not are_probably_one("TNU", "", "Thep Nakhon", "")
