"""Who may teach what, and until when."""

from datetime import date

from gdt.training.teaching import find_shortfall, valid_until


def test_a_qualification_lasts_three_years_to_the_day_before():
    assert valid_until(date(2026, 3, 6)) == date(2029, 3, 5)
    assert valid_until(date(2024, 2, 29)) == date(2027, 2, 28)
    assert valid_until(date(2025, 3, 1)) == date(2028, 2, 29)


def test_a_teacher_who_may_teach_none_of_the_modules_is_named():
    gap = find_shortfall({1: "Ann", 2: "Bea"}, {7: "Retail", 8: "Logistics"}, {1: {7, 8}})
    assert gap is not None
    assert (gap.teacher, gap.modules) == ("Bea", "Retail, Logistics")


def test_a_module_nobody_may_teach_is_named():
    gap = find_shortfall({1: "Ann", 2: "Bea"}, {7: "Retail", 8: "Logistics"}, {1: {7}, 2: {7}})
    assert gap is not None
    assert (gap.teacher, gap.teachers, gap.modules) == ("", "Ann, Bea", "Logistics")


def test_teachers_may_share_the_modules():
    assert find_shortfall({1: "Ann", 2: "Bea"}, {7: "Retail", 8: "Logistics"}, {1: {7}, 2: {8}}) is None
