"""Days as our countries write them: certain ones are read, the others are asked about, none is guessed."""

from datetime import date

import pytest
from babel.dates import format_date
from hypothesis import given
from hypothesis import strategies as st

from gdt.spreadsheets.dates import DayOrder, read_date, understand_dates
from gdt.spreadsheets.months import LANGUAGES, month_names

DAY = date(2026, 11, 21)
ANY_DAY = st.dates(date(1950, 1, 1), date(2099, 12, 31))


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-21",
        "2026/11/21",
        "2026.11.21",
        "2026-11-21 00:00:00",
        "2026-11-21T09:30",
        "21/11/2026",
        "21.11.2026",
        "21-11-2026 9:30 am",
        "11/21/2026",
        "2026年11月21日",
        "21 Nov 2026",
        "Nov 21, 2026",
        "Saturday, 21 November 2026",
        "21 NOVEMBER 2026",
        "21 de noviembre de 2026",
        "21 novembre 2026",
        "21 พฤศจิกายน 2569",
        "21 พ.ย. 2569",
        "21 พฤศจิกายน พ.ศ. 2569",
        "21/11/2569",
        "๒๑/๑๑/๒๕๖๙",
        "ngày 21 tháng 11 năm 2026",
        "٢١/١١/٢٠٢٦",
        "٢١ نوفمبر ٢٠٢٦",
        "21 نومبر 2026",
        "२१/११/२०२६",
        "21 ноября 2026 г.",
        "2026 ж. 21 қараша",
        "2026 оны 11 сарын 21",
        "21 ኖቬምበር 2026",
        "２０２６/１１/２１",
    ],
)
def test_a_day_that_can_be_read_one_way_is_read(text):
    assert understand_dates([text]).read(text, DayOrder.DAY_FIRST if text[:2] != "11" else None) == DAY
    reading = read_date(text)
    assert DAY in {reading.day_first, reading.month_first}
    assert {reading.day_first, reading.month_first} <= {DAY, None}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("21/11/26", "two_digit_year"),
        ("21 Nov 26", "two_digit_year"),
        ("46347", "serial"),
        ("31/02/2026", "no_such_day"),
        ("2026-13-01", "no_such_day"),
        ("12/03/2019 E.C.", "ethiopian"),
        ("12/03/2019 ዓ.ም", "ethiopian"),
        ("next Monday", "no_date"),
        ("2026", "no_date"),
        ("", "no_date"),
        ("01/01/1026", "no_such_day"),
        ("21 Nov Dec 2026", "no_date"),
    ],
)
def test_what_is_no_certain_day_says_why(text, why):
    assert read_date(text) == (None, None, why)


def test_days_of_excel_are_read_where_it_is_known_from_when_they_count():
    assert read_date("46347", is_1904=False).day_first == DAY
    assert read_date("44885", is_1904=True).day_first == DAY


class TestOrder:
    def test_one_day_above_twelve_tells_for_the_whole_file(self):
        dates = understand_dates(["03/04/2026", "21/11/2026", "05/06/2026"])
        assert (dates.order, dates.must_ask) == (DayOrder.DAY_FIRST, False)
        assert dates.read("03/04/2026") == date(2026, 4, 3)
        other = understand_dates(["03/04/2026", "11/21/2026"])
        assert (other.order, other.read("03/04/2026")) == (DayOrder.MONTH_FIRST, date(2026, 3, 4))

    def test_without_one_a_person_is_asked_with_examples(self):
        dates = understand_dates(["03/04/2026", "05/06/2569", "2026-01-02", "07/07/2026"])
        assert dates.must_ask
        assert dates.examples == [
            ("03/04/2026", date(2026, 4, 3), date(2026, 3, 4)),
            ("05/06/2569", date(2026, 6, 5), date(2026, 5, 6)),
        ]
        assert dates.read("03/04/2026") is None
        assert dates.read("03/04/2026", DayOrder.MONTH_FIRST) == date(2026, 3, 4)
        assert dates.read("2026-01-02") == date(2026, 1, 2)

    def test_the_same_number_twice_needs_no_question(self):
        dates = understand_dates(["07/07/2026"])
        assert (dates.must_ask, dates.read("07/07/2026")) == (False, date(2026, 7, 7))

    def test_a_file_that_says_both_is_asked_about(self):
        dates = understand_dates(["21/11/2026", "11/21/2026", "03/04/2026"])
        assert (dates.is_mixed, dates.must_ask, dates.read("03/04/2026")) == (True, True, None)

    def test_a_file_without_doubt_is_not_asked_about(self):
        assert not understand_dates(["2026-11-21", "21 Nov 2026", "", "x"]).must_ask


@pytest.mark.parametrize("language", LANGUAGES)
@given(day=ANY_DAY)
def test_a_long_date_of_each_language_is_its_day_or_none(language, day):
    text = format_date(day, "long", locale=language)
    reading = read_date(text)
    assert reading.day_first in {day, None}
    assert reading.month_first in {day, None}


@pytest.mark.parametrize("language", [one for one in LANGUAGES if one not in {"km", "mn", "rw", "ta", "ur"}])
def test_a_long_date_of_most_languages_is_read(language):
    days = [date(2026, month, 21) for month in range(1, 13)]
    read = [read_date(format_date(day, "long", locale=language)).day_first for day in days]
    assert read == days


@given(day=ANY_DAY)
def test_no_order_ever_gives_a_third_day(day):
    reading = read_date(f"{day:%d/%m/%Y}")
    assert reading.day_first == day
    assert reading.month_first in {None, day} or reading.month_first == date(day.year, day.day, day.month)


@given(text=st.text(max_size=30))
def test_any_text_is_a_day_or_none(text):
    reading = read_date(text)
    assert bool(reading.why) == (reading.day_first is None and reading.month_first is None)


def test_no_name_stands_for_two_months():
    assert {month_names()[name] for name in ("november", "พฤศจิกายน", "ноября", "noviembre", "نوفمبر")} == {11}
