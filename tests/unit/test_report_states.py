"""A report's states: whatever anybody tries, it stays on the paths that are written down."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdt.reporting.states import STEPS, Act, ReportState, StepRefused, after, is_held, is_possible
from gdt.reporting.timing import Timing, rate, timing

DAY = date(2026, 3, 31)
PATHS = {  # written by hand, beside the code's own table
    ReportState.OPEN: {ReportState.SUBMITTED},
    ReportState.SUBMITTED: {ReportState.QUERIED, ReportState.APPROVED},
    ReportState.QUERIED: {ReportState.SUBMITTED},
    ReportState.APPROVED: {ReportState.CORRECTING},
    ReportState.CORRECTING: {ReportState.SUBMITTED, ReportState.APPROVED},
}


@given(st.lists(st.sampled_from(list(Act)), max_size=30))
def test_no_path_of_acts_leaves_the_allowed_states(acts):
    state, was_submitted = ReportState.OPEN, False
    for act in acts:
        try:
            newer = after(state, act)
        except StepRefused:
            assert not is_possible(state, act)
            continue
        assert newer in PATHS[state]
        if newer is ReportState.APPROVED:
            assert was_submitted, "nothing is approved that was never sent"
        was_submitted = was_submitted or newer is ReportState.SUBMITTED
        state = newer
        if not was_submitted:
            assert state is ReportState.OPEN


def test_every_state_is_reached_and_none_is_a_dead_end():
    reached, seen = {ReportState.OPEN}, set()
    while reached - seen:
        state = (reached - seen).pop()
        seen.add(state)
        steps = {newer for (before, _act), newer in STEPS.items() if before is state}
        assert steps == PATHS[state]
        reached |= steps
    assert seen == set(ReportState)


@pytest.mark.parametrize("state", list(ReportState))
def test_rows_are_locked_once_approved_and_again_after_the_last_day_of_a_correction(state):
    held = {
        ahead: is_held(state, DAY if state is ReportState.CORRECTING else None, DAY + timedelta(days=ahead))
        for ahead in (-1, 0, 1)
    }
    expected = {
        ReportState.APPROVED: {-1: True, 0: True, 1: True},
        ReportState.CORRECTING: {-1: False, 0: False, 1: True},
    }
    assert held == expected.get(state, {-1: False, 0: False, 1: False})


@pytest.mark.parametrize(
    ("sent", "today", "expected"),
    [
        (DAY, DAY + timedelta(days=90), Timing.IN_TIME),
        (DAY + timedelta(days=1), DAY + timedelta(days=1), Timing.LATE),
        (None, DAY, Timing.AWAITED),
        (None, DAY + timedelta(days=1), Timing.OVERDUE),
    ],
)
def test_a_report_is_in_time_until_the_end_of_its_due_day(sent, today, expected):
    assert timing(sent, DAY, today) is expected


def test_the_rate_counts_what_was_missed_and_leaves_out_what_is_not_due():
    found = rate([Timing.IN_TIME, Timing.LATE, Timing.OVERDUE, Timing.OVERDUE, Timing.AWAITED])
    assert (found.in_time, found.of, found.share) == (1, 4, 0.25)
    assert rate([Timing.AWAITED]).share is None
