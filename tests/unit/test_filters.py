"""Dates, numbers and names as the reader writes them."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from flask import Flask
from flask_babel import Babel, force_locale

from gdt import filters

NBSP = "\N{NO-BREAK SPACE}"


@pytest.fixture
def reader():
    app = Flask(__name__)
    Babel(app)
    filters.init_app(app)
    with app.test_request_context("/list?sort=name&state=a&state=b&after=xyz"):
        yield app


def test_a_day_is_written_the_programme_s_way(reader):
    assert filters.day(date(2026, 11, 21)) == "21 Nov 2026"
    assert filters.day(None) == "not given"


def test_a_moment_is_in_utc_wherever_it_came_from(reader):
    in_kuala_lumpur = datetime(2026, 11, 21, 22, 5, tzinfo=timezone(timedelta(hours=8)))
    assert filters.moment(in_kuala_lumpur) == "21 Nov 2026, 14:05 UTC"
    assert (
        filters.moment(datetime(2026, 11, 21, 14, 5, tzinfo=UTC).replace(tzinfo=None))
        == "21 Nov 2026, 14:05 UTC"
    )


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "written"),
    [
        (date(2026, 2, 1), date(2026, 6, 30), "1 Feb – 30 Jun 2026"),
        (date(2025, 9, 1), date(2026, 1, 31), "1 Sep 2025 – 31 Jan 2026"),
        (date(2026, 2, 1), date(2026, 2, 1), "1 Feb 2026"),
        (date(2026, 2, 1), None, "from 1 Feb 2026"),
        (None, date(2026, 2, 1), "until 1 Feb 2026"),
        (None, None, "not given"),
    ],
)
def test_a_period(reader, starts_on, ends_on, written):
    assert filters.period(starts_on, ends_on) == written


def test_a_number_keeps_every_digit(reader):
    assert filters.number(1234567) == "1,234,567"
    assert filters.number(Decimal("1234.56789")) == "1,234.56789"
    assert filters.number(0) == "0"
    assert filters.number(None) == "–"


def test_a_count_in_a_sentence_is_grouped_as_well(reader):
    page = reader.jinja_env.from_string(
        '{{ ngettext("%(num)s row of %(file)s", "%(num)s rows of %(file)s", n, file="a.csv") }}'
    )
    assert page.render(n=1) == "1 row of a.csv"
    assert page.render(n=5351) == "5,351 rows of a.csv"


def test_numbers_and_names_follow_the_reader(reader):
    with force_locale("es_MX"):
        assert filters.country_name("KZ") == "Kazajistán"
        assert filters.day(date(2026, 11, 21)) == "21 nov 2026"
    with force_locale("vi"):
        assert filters.number(1234567) == "1.234.567"


def test_a_share_is_written_in_percent(reader):
    assert filters.percent(0.256) == f"26{NBSP}%"
    assert filters.percent(0.256, 1) == f"25.6{NBSP}%"
    assert filters.percent(None) == "–"


def test_a_code_that_nobody_knows_stands_for_itself(reader):
    assert filters.country_name("QX") == "QX"
    assert filters.country_name("my") == "Malaysia"
    assert filters.country_name(None) == "not given"
    assert filters.language_name("zh-Hans") == "Simplified Chinese"
    assert filters.language_name("es_XX") == "Spanish"
    assert filters.language_name("qqq") == "qqq"


@pytest.mark.parametrize(
    ("size", "written"),
    [(0, "0 B"), (1023, "1,023 B"), (1024, "1 KB"), (63000, "62 KB"), (1480000, "1.4 MB")],
)
def test_a_file_s_size(reader, size, written):
    assert filters.filesize(size) == written


def test_an_address_with_a_change_keeps_the_rest(reader):
    assert filters.url_with(sort="-name", after=None) == "/list?sort=-name&state=a&state=b"
    assert filters.url_with(sort=None, state=None, after=None) == "/list"


def test_an_address_never_takes_orders_from_its_query(reader):
    with reader.test_request_context("/list?_external=1&_scheme=javascript&endpoint=x"):
        assert filters.url_with(sort="name").startswith("/list?")


def test_the_page_says_its_language_and_direction(reader):
    assert (filters.page_language(), filters.page_direction()) == ("en", "ltr")
    with force_locale("ur_PK"):
        assert (filters.page_language(), filters.page_direction()) == ("ur-PK", "rtl")
