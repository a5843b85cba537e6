"""When somebody's Monday morning is, wherever she works."""

from datetime import UTC, datetime, timedelta
from itertools import groupby

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdt.impact.mondays import week_begun, zone_of

MONDAY = datetime(2026, 11, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    ("country", "hour"),
    [("MY", -1), ("SG", -1), ("RW", 5), ("MX", 13), ("BO", 11), (None, 7), ("XX", 7)],
)
def test_monday_begins_at_seven_where_the_person_works(country, hour):
    moment = MONDAY + timedelta(hours=hour)
    assert week_begun(moment, zone_of(country)) == "2026-W48"
    assert week_begun(moment - timedelta(minutes=1), zone_of(country)) is None


@given(
    st.sampled_from(["MY", "MX", "RW", "KZ", "AU", "PK", None]),
    st.integers(min_value=-20_000, max_value=20_000),
)
def test_every_week_comes_once_however_often_it_is_asked(country, hours):
    zone, start = zone_of(country), MONDAY + timedelta(hours=hours)
    asked = [week_begun(start + timedelta(hours=hour), zone) for hour in range(24 * 15)]
    told = [week for week, _same in groupby(asked) if week is not None]
    assert len(told) == len(set(told)) and 2 <= len(told) <= 3
