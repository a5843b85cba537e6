"""Targets and the pace of a year."""

from datetime import date

import pytest

from gdt.impact.goals import agreement_of
from gdt.impact.measures import BY_KEY
from gdt.impact.tallies import Figure
from gdt.impact.targets import Pace, share_gone
from gdt.partners.models import Agreement

STUDENTS = BY_KEY["students_trained"]


def test_the_share_of_a_year_gone_counts_its_days():
    assert share_gone(2023, date(2024, 5, 1)) == 1
    assert share_gone(2025, date(2024, 5, 1)) == 0
    assert share_gone(2024, date(2024, 12, 31)) == 1
    assert share_gone(2023, date(2023, 1, 1)) == pytest.approx(1 / 365)


@pytest.mark.parametrize(
    ("reached", "target", "gone", "state"),
    [
        (100, 100, 0.5, "reached"),
        (50, 100, 0.5, "on pace"),
        (49, 100, 0.5, "behind"),
        (99, 100, 1.0, "missed"),
        (3, 0, 0.5, "no target"),
    ],
)
def test_the_pace_is_judged_by_the_share_of_the_year_gone(reached, target, gone, state):
    assert Pace(STUDENTS, Figure(reached), target, gone).state == state


def test_claimed_people_do_not_reach_a_target():
    assert Pace(STUDENTS, Figure(1, 0, 99), 100, 0.5).state == "behind"


def test_of_two_agreements_in_a_year_the_later_one_sets_the_targets():
    first = Agreement(starts_on=date(2020, 1, 1), ends_on=date(2022, 6, 30))
    second = Agreement(starts_on=date(2022, 7, 1), ends_on=date(2024, 6, 30))
    assert agreement_of([first, second], 2022) is second
    assert agreement_of([first, second], 2021) is first
    assert agreement_of([first, second], 2025) is None
