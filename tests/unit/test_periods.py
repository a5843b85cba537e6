"""Periods and rounds: whatever is opened, no institution reports a day twice."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdt.impact.periods import PARTS, Period, gaps_in, part_of, period_at, whole_year
from gdt.reporting.overlap import EVERY, asked_kinds, is_against, round_code
from gdt.reporting.states import Act, ReportState, after, is_held, is_possible

YEAR = 2024  # with a 29 February
DAYS = [date(YEAR, 1, 1) + timedelta(days=n) for n in range(366)]


@st.composite
def periods(draw):
    if draw(st.booleans()):
        return part_of(YEAR, draw(st.sampled_from(sorted(PARTS))))
    first = draw(st.integers(0, 365))
    return Period(DAYS[first], DAYS[draw(st.integers(first, 365))])


kinds = st.lists(st.sampled_from(EVERY), unique=True).map(asked_kinds)
steps = st.tuples(st.integers(0, 30), st.sampled_from(list(Act)))


@given(st.lists(st.tuples(periods(), kinds), max_size=12), st.lists(steps, max_size=40))
def test_a_day_is_in_one_report_of_a_kind_and_locked_while_that_is_approved(wanted, deeds):
    opened = []
    for period, asked in wanted:
        if not any(is_against(period, asked, other, of) for other, of in opened):
            opened.append((period, asked))
    assert len({round_code(*one) for one in opened}) == len(opened), "each has an address of its own"
    states = states_after(deeds, len(opened))
    for kind in EVERY:
        mine = [(one[0], states[n]) for n, one in enumerate(opened) if kind in (one[1] or EVERY)]
        gaps = gaps_in(YEAR, [period for period, _state in mine])
        for day in DAYS:
            holding = [state for period, state in mine if day in period]
            in_gaps = sum(day in gap for gap in gaps)
            assert len(holding) + in_gaps == 1, "a day is reported once, or in a gap"
            locked = [is_locked(state, day) for state in holding]
            assert locked == [state is ReportState.APPROVED for state in holding]


def states_after(deeds, many):
    """What becomes of so many open reports; deeds that are refused change nothing."""
    states = [ReportState.OPEN] * many
    for which, act in deeds:
        if which < many and is_possible(states[which], act):
            states[which] = after(states[which], act)
    return states


def is_locked(state, day):
    return is_held(state, day if state is ReportState.CORRECTING else None, day)


@given(periods(), periods())
def test_two_periods_overlap_if_they_share_a_day_and_only_then(one, other):
    shared = any(day in one and day in other for day in DAYS)
    assert one.overlaps(other) == other.overlaps(one) == shared


@given(periods())
def test_a_period_has_one_address_and_keeps_its_days_in_another_year(period):
    assert period_at(period.code) == period
    moved = period.in_year(2023)
    assert (moved.year, moved.ends_the_year) == (2023, period.ends_the_year)
    assert moved.part == period.part
    assert {moved.starts_on.month, moved.ends_on.month} == {period.starts_on.month, period.ends_on.month}


@pytest.mark.parametrize(
    "code",
    [
        "",
        "24",
        "2024-s3",
        "2024-t4",
        "2024-q5",
        "2024-0101-0630",
        "2024-0229-0228",
        "2023-0229-0301",
        "2024-",
    ],
)
def test_what_is_no_period_or_is_written_another_way_has_no_page(code):
    assert period_at(code) is None


def test_the_parts_of_a_year_make_the_year():
    for letter, many in (("s", 2), ("t", 3), ("q", 4)):
        parts = [part_of(YEAR, f"{letter}{n}") for n in range(1, many + 1)]
        assert gaps_in(YEAR, parts) == []
        assert [part.ends_the_year for part in parts] == [False] * (many - 1) + [True]
    assert gaps_in(YEAR, []) == [whole_year(YEAR)]
    with pytest.raises(ValueError, match="no part of a year"):
        Period(date(2023, 12, 1), date(2024, 1, 31))
