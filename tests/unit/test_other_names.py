"""When two names cannot be one person's, and when they are only written in two ways."""

import pytest

from gdt.people.other_names import is_somebody_else, is_somebody_else_in_this_script


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ng Suet Wen", "Completely Different"),
        ("Ng Suet Wen", "Ng Mei Ling"),
        ("Anna", "Susanna Berg"),
        ("Смирнова Анна", "Петров Илья"),
        ("陈美玲", "吴雪雯"),
        ("สมชาย ใจดี", "มาลี ศรีสุข"),
    ],
)
def test_wholly_different_names_are_two_people(one, other):
    assert is_somebody_else([one, None], [other])
    assert is_somebody_else([other], [one])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Tan M. L.", "Tan Mei Ling"),
        ("TAN, Wei-Ling", "Wei Ling Tan"),
        ("Tan Wei Ling", "Weiling"),
        ("Nguyễn Thị Lan", "Nguyen Thi Lan"),
        ("Maria Garcia", "Maria Garcia Lopez"),
        ("Somchai Jaidee", "Somchay Chaidee"),
        ("Ng Suet Wen", "Ng Suet Wem"),
        ("Анна Ли", "Anna Li"),
        ("Suharto", "Suharto"),
    ],
)
def test_spellings_of_one_name_are_not(one, other):
    assert not is_somebody_else([one, None], [other])
    assert not is_somebody_else([other], [one])


def test_a_name_in_own_script_is_enough_and_no_name_says_nothing():
    assert not is_somebody_else(["Ng Suet Wen", "吴雪雯"], ["Wu Xuewen", "吴雪雯"])
    assert not is_somebody_else(["Ng Suet Wen"], [None, ""])


def test_how_a_name_is_read_in_another_script_is_not_held_against_it():
    assert is_somebody_else(["Ng Suet Wen"], ["吴雪雯"])
    assert not is_somebody_else_in_this_script(["Ng Suet Wen", None], "吴雪雯")
    assert is_somebody_else_in_this_script(["Ng Suet Wen", "吴雪雯"], "陈美玲")
