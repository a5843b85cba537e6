"""How dates, numbers and names are written in the reader's language, as Jinja filters."""

from datetime import UTC, date, datetime
from decimal import Decimal
from urllib.parse import urlencode

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal, format_percent
from flask import Flask, request
from flask_babel import get_domain, get_locale, gettext, lazy_gettext

DAY = "d MMM y"
UNITS = ("B", "KB", "MB", "GB")
NOT_GIVEN = lazy_gettext("not given")


def reading_locale() -> Locale:
    """Return the locale of the page, English outside a request."""
    return get_locale() or Locale("en")


def day(value: date | None) -> str:
    """Write a date as 21 Nov 2026."""
    return str(NOT_GIVEN) if value is None else format_date(value, DAY, locale=reading_locale())


def moment(value: datetime | None) -> str:
    """Write a UTC moment as 21 Nov 2026, 14:05 UTC; a naive one is taken as UTC."""
    if value is None:
        return str(NOT_GIVEN)
    utc = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    return format_datetime(utc, f"{DAY}, HH:mm 'UTC'", locale=reading_locale())


def period(starts_on: date | None, ends_on: date | None) -> str:
    """Write 1 Feb – 30 Jun 2026; the year stands once when both ends share it."""
    if starts_on is None or ends_on is None or starts_on == ends_on:
        return _half_open(starts_on, ends_on)
    pattern = "d MMM" if starts_on.year == ends_on.year else DAY
    return f"{format_date(starts_on, pattern, locale=reading_locale())} – {day(ends_on)}"


def _half_open(starts_on: date | None, ends_on: date | None) -> str:
    if starts_on is None and ends_on is None:
        return str(NOT_GIVEN)
    if ends_on is None:
        return str(gettext("from %(day)s", day=day(starts_on)))
    return str(gettext("until %(day)s", day=day(ends_on))) if starts_on is None else day(ends_on)


def number(value: int | float | Decimal | None) -> str:
    """Write every digit of a number, grouped as the reader groups."""
    if value is None:
        return "–"
    return format_decimal(value, locale=reading_locale(), decimal_quantization=False)


def ngettext(singular: str, plural: str, num: int, **values: object) -> str:
    """Write a sentence about a number of things, with `%(num)s` grouped as the reader groups."""
    words = get_domain().get_translations().ngettext(singular, plural, num)
    return str(words % {"num": number(num), **values})


def percent(value: float | Decimal | None, digits: int = 0) -> str:
    """Write a share of one (0.25) as 25 %."""
    if value is None:
        return "–"
    pattern = "#,##0" + ("." + "0" * digits if digits else "") + "\N{NO-BREAK SPACE}%"
    return format_percent(value, pattern, locale=reading_locale())


def country_name(code: str | None) -> str:
    """Return the CLDR name of an ISO 3166-1 alpha-2 code, or the code itself."""
    return str(reading_locale().territories.get((code or "").upper(), code or NOT_GIVEN))


def language_name(code: str | None) -> str:
    """Return the CLDR name of a language code such as `zh_Hans`, or the code itself."""
    known = reading_locale().languages
    tag = (code or "").replace("-", "_")
    return known.get(tag) or known.get(tag.split("_")[0]) or code or str(NOT_GIVEN)


def filesize(size: int) -> str:
    """Write a number of bytes as 62 KB or 1.4 MB (1 KB is 1,024 bytes)."""
    amount = float(size)
    unit = 0
    while amount >= 1024 and unit < len(UNITS) - 1:
        amount /= 1024
        unit += 1
    pattern = "#,##0.#" if unit > 1 else "#,##0"
    return f"{format_decimal(amount, pattern, locale=reading_locale())} {UNITS[unit]}"


def url_with(**changes: object) -> str:
    """Return this page's own address with some query values changed; None takes one off."""
    query = {**request.args.to_dict(flat=False), **changes}
    kept = {name: value for name, value in query.items() if value is not None}
    address = request.script_root + request.path
    return f"{address}?{urlencode(kept, doseq=True)}" if kept else address


def with_query(address: str) -> str:
    """Return another address with this page's own query, whatever somebody wrote into it."""
    query = urlencode(request.args.to_dict(flat=False), doseq=True)
    return f"{address}?{query}" if query else address


def page_language() -> str:
    """Return the page's language tag, for `lang`."""
    return str(reading_locale()).replace("_", "-")


def page_direction() -> str:
    """Return `ltr` or `rtl`, for `dir`."""
    return str(reading_locale().text_direction)


def init_app(app: Flask) -> None:
    filters = (day, moment, period, number, percent, country_name, language_name, filesize)
    app.jinja_env.filters.update({function.__name__: function for function in filters})
    app.jinja_env.globals.update(
        ngettext=ngettext,
        url_with=url_with,
        with_query=with_query,
        page_language=page_language,
        page_direction=page_direction,
    )
