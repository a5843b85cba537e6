"""When somebody's Monday morning is, wherever she works."""

from datetime import UTC, datetime, timedelta
from itertools import groupby

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdt.impact.mondays import week_begun, zone_of
from gdt.partners.models import Country, Institution

MONDAY = datetime(2026, 11, 23, tzinfo=UTC)


def place(country, time_zone=None):
    return country and Institution(country=Country(code=country), time_zone=time_zone)


@pytest.mark.parametrize(
    ("country", "zone", "hour"),
    [
        *(("MY", None, -1), ("SG", None, -1), ("RW", None, 5), ("MX", None, 13), ("BO", None, 11)),
        *((None, None, 7), ("XX", None, 7), ("AU", None, -4), ("AU", "Australia/Perth", -1)),
    ],
)
def test_monday_begins_at_seven_where_the_person_works(country, zone, hour):
    moment, there = MONDAY + timedelta(hours=hour), zone_of(place(country, zone))
    assert week_begun(moment, there) == "2026-W48"
    assert week_begun(moment - timedelta(minutes=1), there) is None


@given(
    st.sampled_from(["MY", "MX", "RW", "KZ", "AU", "PK", None]),
    st.integers(min_value=-20_000, max_value=20_000),
)
def test_every_week_comes_once_however_often_it_is_asked(country, hours):
    zone, start = zone_of(place(country)), MONDAY + timedelta(hours=hours)
    asked = [week_begun(start + timedelta(hours=hour), zone) for hour in range(24 * 15)]
    told = [week for week, _same in groupby(asked) if week is not None]
    assert len(told) == len(set(told)) and 2 <= len(told) <= 3
