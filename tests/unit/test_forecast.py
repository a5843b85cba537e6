"""Where a year will end, drawn from the months of earlier years; and whose targets hold."""

from datetime import date

import pytest

from gdt.impact.cells import COUNTRY, INSTITUTION, NETWORK
from gdt.impact.forecast import forecast, share_by
from gdt.impact.goals import Goal, Goals, Source
from gdt.impact.scopes import InstitutionPlace, Network, RegionName, Scope
from gdt.partners.models import Agreement

EVEN = [10] * 12
LATE = [0] * 10 + [60, 60]
DAY = date(2026, 6, 30)


def test_the_share_of_a_year_is_counted_month_by_month_and_within_a_month_by_its_days():
    assert share_by(EVEN, DAY) == pytest.approx(0.5)
    assert share_by(EVEN, date(2026, 4, 15)) == pytest.approx(3.5 / 12)
    assert share_by(LATE, DAY) == 0
    assert share_by([1] + [0] * 11, DAY) is None


def test_a_forecast_shows_the_middle_and_the_range_of_years_like_the_earlier_ones():
    early = [20] * 3 + [10] * 3 + [5] * 6
    found = forecast(300, 0, {2023: EVEN, 2024: early, 2025: EVEN}, DAY)
    assert (found.low, found.likely, found.high) == (400, 600, 600)
    assert found.years == (2023, 2024, 2025)


def test_verified_headcounts_are_added_as_they_are():
    assert forecast(100, 1000, {2023: EVEN, 2024: EVEN, 2025: EVEN}, DAY).likely == 1200


@pytest.mark.parametrize(
    ("recorded", "earlier", "day"),
    [
        (100, {}, DAY),
        (100, {2025: EVEN}, DAY),
        (100, {2024: EVEN, 2025: EVEN}, DAY),
        (33, {2023: EVEN, 2024: EVEN, 2025: [2] * 12}, DAY),
        (100, {2018: EVEN, 2019: EVEN, 2020: EVEN}, DAY),
        (100, {2023: EVEN, 2024: EVEN, 2025: EVEN}, date(2026, 1, 20)),
        (100, {2023: EVEN, 2024: LATE, 2025: EVEN}, DAY),
        (0, {2023: EVEN, 2024: EVEN, 2025: EVEN}, DAY),
    ],
)
def test_there_is_no_forecast_where_earlier_years_say_too_little(recorded, earlier, day):
    assert forecast(recorded, 0, earlier, day) is None


def test_a_year_that_is_over_would_end_where_it_stands():
    found = forecast(480, 20, {2023: EVEN, 2024: EVEN, 2025: LATE}, date(2026, 12, 31))
    assert (found.low, found.likely, found.high) == (500, 500, 500)


def place(n, code, country, country_id):
    return InstitutionPlace(n, code, code.upper(), None, country, "asia", country_id, 1)


NETWORK_OF_THREE = Network(
    {1: place(1, "a", "MY", 1), 2: place(2, "b", "MY", 1), 3: place(3, "c", "TH", 2)},
    {},
    [RegionName("asia", "Asia")],
)


def goals(typed):
    agreed = {
        n: [
            Agreement(
                starts_on=date(2025, 1, 1), ends_on=date(2026, 6, 30), teachers_target=n, students_target=0
            )
        ]
        for n in (1, 2)
    }
    return Goals(NETWORK_OF_THREE, typed, agreed)


def test_what_the_office_set_goes_before_agreements_and_the_sum_of_those_within():
    found = goals({(2026, INSTITUTION, 3): (30, None), (2026, COUNTRY, 1): (None, 70)})
    assert found.of("teachers_certified", Scope(2026, institution="a")) == Goal(1, Source.AGREEMENT)
    assert found.of("teachers_certified", Scope(2026, country="MY")) == Goal(3, Source.SUM)
    assert found.of("teachers_certified", Scope(2026)) == Goal(33, Source.SUM)
    assert found.of("students_trained", Scope(2026, country="MY")) == Goal(70, Source.OFFICE)
    assert found.of("students_trained", Scope(2026)) == Goal(70, Source.SUM)
    assert found.of("teachers_certified", Scope(2026, region="asia")) == Goal(33, Source.SUM)
    whole = goals({(2026, NETWORK, 0): (400, 10_000)})
    assert whole.of("students_trained", Scope(2026)) == Goal(10_000, Source.OFFICE)
    assert whole.without(Scope(2026)).of("teachers_certified", Scope(2026)) == Goal(3, Source.SUM)


def test_no_target_holds_for_a_module_another_measure_or_a_year_nobody_spoke_of():
    found = goals({})
    assert found.of("teachers_certified", Scope(2026, module="retail")) is None
    assert found.of("exams_passed", Scope(2026)) is None
    assert found.of("teachers_certified", Scope(2027)) is None
    assert found.of("teachers_certified", Scope(2026, institution="c")) is None
