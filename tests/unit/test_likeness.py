"""Who is probably one person: by mailbox, number, and names across scripts, spellings and slips."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdt.people.likeness import Entry, Place, Reason, Strength, bare_number, keys_of, likeness, mailbox
from gdt.people.sounding import is_one_slip_apart, romanised


def entry(name, native=None, *, number=None, at=1, role="student", **facts):
    places = frozenset({Place(at, role, number)}) if at else frozenset()
    return Entry(0, name, native, places=places, **facts)


ALIKE = [
    (("Tan Wei Ling",), ("TAN, Wei-Ling",), Reason.NAME),
    (("Tan Weiling",), ("Tan Wei Ling",), Reason.NAME),
    (("Nguyễn Thị Hương",), ("Huong Nguyen Thi",), Reason.NAME),
    (("Chen Meiling", "陈美玲"), ("Carol Chen", "陈美玲"), Reason.NATIVE),
    (("Chen Meiling",), ("陈美玲",), Reason.SCRIPT),
    (("曾志明",), ("Zeng Zhiming",), Reason.SCRIPT),
    (("Muhammad Ali Khan",), ("محمد علي خان",), Reason.SCRIPT),
    (("Somchai Jaidee",), ("S. Jaidee", "สมชาย ใจดี"), Reason.SCRIPT),
    (("Nurlan Alimov",), ("Нұрлан Әлімов",), Reason.SCRIPT),
    (("Abebe Bikila",), ("አበበ ቢቂላ",), Reason.SCRIPT),
    (("Mohammed Hassan",), ("Muhammad Hasan",), Reason.SOUND),
    (("Mohamed bin Yusof",), ("Muhammad Bin Yusuf",), Reason.SOUND),
    (("Siti Nurhaliza",), ("Siti Nurhalixa",), Reason.SOUND),
    (("Rodrigo Mamani",), ("Rodrigo Mamami",), Reason.SLIP),
    (("Rodrigo Mamani",), ("Rodirgo Mamani",), Reason.SOUND),
    (("Aigerim Bekova",), ("Aigerim Bekolva",), Reason.SLIP),
]


@pytest.mark.parametrize(("one", "other", "reason"), ALIKE)
def test_two_ways_to_write_one_name_are_found_and_said_why(one, other, reason):
    a, b = entry(*one), entry(*other)
    found = likeness(a, b)
    assert found is not None
    assert found.reasons[0] is reason
    assert found == likeness(b, a)
    assert keys_of(a) & keys_of(b)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("Chen Meiling", "陈美玲"), ("Chen Meiling", "陈美林子")),
        (("Ana Quispe",), ("Ana Quiroga",)),
        (("Li Na",), ("Lin A",)),
        (("Tan Wei Ling",), ("Tan Mei Ling Goh",)),
        (("...",), ("---",)),
    ],
)
def test_different_names_are_not_offered(one, other):
    assert likeness(entry(*one), entry(*other)) is None


def test_father_and_son_are_two_people_and_two_numbers_are_never_likely_one():
    assert likeness(entry("Balan a/l Nathan"), entry("Nathan a/l Balan")) is None
    assert likeness(entry("Hajar binti Hisham"), entry("binti Hisham, Hajar")).strength is Strength.LIKELY
    assert likeness(entry("Ali bin Yusof"), entry("Ali Yusof")) is None
    both = entry("Chan Chiew Yan", "陈秋燕", number="1"), entry("Chin Chiew Yan", "陈秋燕", number="2")
    assert likeness(*both).strength is Strength.POSSIBLE
    near = entry("Vo Thi Hanh", "Võ Thị Hạnh"), entry("Vu Thi Hanh", "Vũ Thị Hạnh")
    assert likeness(*near).strength is Strength.POSSIBLE


def test_anagrams_are_different_names():
    found = likeness(entry("Marina Lesto"), entry("Lamina Restor"))
    assert found is None


def test_the_same_number_written_differently_is_a_reason_whatever_the_names():
    a, b = entry("Sok Dara", number="021-ab 07"), entry("Sok Dara", number="21AB7")
    assert likeness(a, b).reasons[0] is Reason.NUMBER
    assert likeness(a, b).strength is Strength.VERY_LIKELY
    assert keys_of(a) & keys_of(b)
    stranger = entry("Completely Other", number="21AB7")
    assert likeness(a, stranger).strength is Strength.POSSIBLE
    assert likeness(a, entry("Completely Other", number="21AB7", at=2)) is None
    assert likeness(a, entry("Completely Other", number="21AB7", role="teacher")) is None


def test_the_same_mailbox_written_differently_is_a_reason():
    a, b = entry("Sok Dara", email="sok.dara+gdt@gmail.com"), entry("Dara", email="sokdara@googlemail.com")
    assert likeness(a, b).reasons == (Reason.EMAIL,)
    assert keys_of(a) & keys_of(b)


def test_two_numbers_of_one_institution_speak_against_and_slips_are_then_not_offered():
    same = (entry("Sok Dara", number="1"), entry("Dara Sok", number="2"))
    assert likeness(*same).strength is Strength.POSSIBLE
    assert likeness(entry("Rodrigo Mamani", number="1"), entry("Rodrigo Mamami", number="2")) is None


def test_a_name_weighs_less_across_institutions_and_with_another_gender():
    assert likeness(entry("Tan Wei Ling"), entry("Wei Ling Tan")).strength is Strength.LIKELY
    assert likeness(entry("Tan Wei Ling"), entry("Wei Ling Tan", at=2)).strength is Strength.POSSIBLE
    apart = entry("Tan Wei Ling", gender="female"), entry("Wei Ling Tan", at=2, gender="male")
    assert likeness(*apart) is None
    assert likeness(entry("Rodrigo Mamani"), entry("Rodrigo Mamami", at=2)) is None


def test_numbers_and_mailboxes_lose_only_how_they_are_written():
    assert bare_number(" 0021-ab/007 ") == "21AB7"
    assert bare_number("100") == "100"
    assert bare_number("00") == "0"
    assert mailbox("A.B+x@Uni.example") == "a.b@uni.example"


def test_a_family_name_is_read_as_a_family_name():
    assert romanised("曾美玲") == "Zeng Mei Ling"


@given(st.text("abcd", min_size=1, max_size=9), st.integers(0, 8), st.sampled_from("abcdz"))
def test_one_change_is_one_slip_and_two_names_are_compared_alike_both_ways(name, at, letter):
    at = min(at, len(name) - 1)
    changes = {
        name[:at] + letter + name[at + 1 :],
        name[:at] + letter + name[at:],
        name[:at] + name[at + 1 :],
        name[:at] + name[at : at + 2][::-1] + name[at + 2 :],
    }
    for changed in changes - {name}:
        assert is_one_slip_apart(name, changed)
        assert is_one_slip_apart(changed, name)


@given(st.text("ab", max_size=7), st.text("ab", max_size=7))
def test_a_slip_is_never_more_than_one_change(one, other):
    if is_one_slip_apart(one, other):
        near = {one[:n] + c + one[n + 1 :] for n in range(len(one)) for c in "ab"}
        near |= {one[:n] + c + one[n:] for n in range(len(one) + 1) for c in "ab"}
        near |= {one[:n] + one[n + 1 :] for n in range(len(one))}
        near |= {one[:n] + one[n + 1] + one[n] + one[n + 2 :] for n in range(len(one) - 1)}
        assert other in near
