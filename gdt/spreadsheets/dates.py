"""The days in a column: read where they are certain, asked about where they can be read two ways."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date, timedelta
from enum import Enum
from typing import Final, NamedTuple

from gdt.spreadsheets.months import month_key, month_names

_BUDDHIST_FROM, _BUDDHIST_TO, _BUDDHIST = 2400, 2700, 543
_YEARS: Final = range(1900, 2201)
_TIME: Final = re.compile(r"[\sT]+\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?\s*(?:[AP]\.?M\.?|Z)?\Z", re.IGNORECASE)
_YEAR_FIRST: Final = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?\Z")
_YEAR_LAST: Final = re.compile(r"(\d{1,2})\s*([-/.])\s*(\d{1,2})\s*\2\s*(\d{4})\Z")
_TWO_DIGITS: Final = re.compile(r"\d{1,2}\s*[-/.]\s*\d{1,2}\s*[-/.]\s*\d{2}\Z")
_SERIAL: Final = re.compile(r"\d{5}\Z")
_PARTS: Final = re.compile(r"\d+|(?:[^\W\d_]|[\u0300-\u036f\u0900-\u0dff\u0e30-\u0e4e\u1780-\u17d3'’.-])+")
# Words that stand between the parts of a written date, and names of days, tell nothing.
_ETHIOPIAN: Final = re.compile(r"ዓ[./]?ም|\bE\.?C\b", re.IGNORECASE)
_ERAS: Final = re.compile(r"พ\.?\s*ศ\.?|ค\.?\s*ศ\.?|\bB\.?E\b\.?|\bA\.?D\b\.?|\bC\.?E\b\.?", re.IGNORECASE)
_NUMBERED_MONTH: Final = re.compile(r"(?:tháng|сарын|ខែទី)", re.IGNORECASE)
_MOST_EXAMPLES: Final = 3


class DayOrder(Enum):
    """Which of two numbers that could be either is the day."""

    DAY_FIRST = "day_first"
    MONTH_FIRST = "month_first"


class Reading(NamedTuple):
    """The day a text means; or the two days it can mean, day first and month first; or why it means none.

    `why` is "" where there is a day, else "two_digit_year", "ethiopian", "serial", "no_such_day" or
    "no_date".
    """

    day_first: date | None
    month_first: date | None
    why: str = ""

    @property
    def is_certain(self) -> bool:
        """Tell whether there is one day, however the file orders day and month."""
        return self.day_first is not None and self.day_first == self.month_first


class Dates(NamedTuple):
    """What the days of a file say about their order.

    `order` is None while nothing tells; `is_mixed` if some say one and some the other; `examples` are
    texts that can be read two ways, each with its two days.
    """

    order: DayOrder | None
    is_mixed: bool
    two_ways: int
    examples: list[tuple[str, date, date]]

    @property
    def must_ask(self) -> bool:
        """Tell whether a person has to say which number is the day."""
        return bool(self.two_ways) and (self.order is None or self.is_mixed)

    def read(self, text: str, order: DayOrder | None = None, *, is_1904: bool | None = None) -> date | None:
        """Return the day `text` means under `order`, or else under that of the file; None if not certain."""
        reading = read_date(text, is_1904=is_1904)
        if reading.is_certain:
            return reading.day_first
        chosen = order or (None if self.is_mixed else self.order)
        if chosen is None:
            return None
        return reading.day_first if chosen is DayOrder.DAY_FIRST else reading.month_first


def understand_dates(texts: Iterable[str], *, is_1904: bool | None = None) -> Dates:
    """Return what the days of a file, of one column or of several, say about their order; nothing guessed."""
    orders: set[DayOrder] = set()
    examples: list[tuple[str, date, date]] = []
    two_ways = 0
    for text in texts:
        reading = read_date(text, is_1904=is_1904)
        if reading.is_certain:
            continue
        if reading.day_first and reading.month_first:
            two_ways += 1
            if len(examples) < _MOST_EXAMPLES:
                examples.append((text, reading.day_first, reading.month_first))
        elif reading.day_first:
            orders.add(DayOrder.DAY_FIRST)
        elif reading.month_first:
            orders.add(DayOrder.MONTH_FIRST)
    order = next(iter(orders)) if len(orders) == 1 else None
    return Dates(order, len(orders) > 1, two_ways, examples)


def read_date(text: str, *, is_1904: bool | None = None) -> Reading:
    """Return what day a text means, in any of our languages, digits and calendars.

    A bare number of five digits is a day of Excel if `is_1904` says from when it counts. Years 2400 to
    2700 are Buddhist. Days of the Ethiopian calendar and years of two digits are not guessed.
    """
    plain = _with_plain_digits(text).strip()
    plain = _TIME.sub("", _ERAS.sub(" ", plain)).strip(" ,，")
    if found := _YEAR_FIRST.match(plain):
        return _one(found[1], found[2], found[3])
    if found := _YEAR_LAST.match(plain):
        return _two(found[4], found[1], found[3])
    if _SERIAL.match(plain):
        return _serial(int(plain), is_1904)
    return _written(plain)


def _with_plain_digits(text: str) -> str:
    """Return `text` with the digits of every script as 0 to 9."""
    normal = unicodedata.normalize("NFKC", text)
    return normal if normal.isascii() else "".join(_plain_digit(letter) for letter in normal)


def _plain_digit(letter: str) -> str:
    digit = unicodedata.decimal(letter, None)
    return letter if digit is None else str(digit)


def _serial(number: int, is_1904: bool | None) -> Reading:
    if is_1904 is None:
        return Reading(None, None, "serial")
    day = (date(1904, 1, 1) if is_1904 else date(1899, 12, 30)) + timedelta(number)
    return Reading(day, day) if day.year in _YEARS else Reading(None, None, "no_such_day")


def _written(text: str) -> Reading:
    """Read a date with the month in letters, or with words around numbers: "ngày 21 tháng 11 năm 2026"."""
    if _ETHIOPIAN.search(text) or _TWO_DIGITS.match(text):
        return Reading(None, None, "ethiopian" if _ETHIOPIAN.search(text) else "two_digit_year")
    names = month_names()
    parts = _PARTS.findall(text)
    numbers = [part for part in parts if part.isdigit()]
    months = {names[key] for part in parts if (key := month_key(part)) in names}
    if len(months) == 1 and len(numbers) == 2:
        return _with_month(str(months.pop()), numbers)
    if not months and len(numbers) == 3 and _NUMBERED_MONTH.search(text):
        year_first = len(numbers[0]) == 4
        return _one(*numbers) if year_first else _one(*reversed(numbers))
    return Reading(None, None, "no_date")


def _with_month(month: str, numbers: list[str]) -> Reading:
    years = [number for number in numbers if len(number) == 4]
    if len(years) != 1:
        return Reading(None, None, "two_digit_year")
    day = next(number for number in numbers if number != years[0])
    return _one(years[0], month, day)


def _one(year: str, month: str, day: str) -> Reading:
    found = _day(year, month, day)
    return Reading(found, found, "" if found else "no_such_day")


def _two(year: str, first: str, second: str) -> Reading:
    day_first, month_first = _day(year, second, first), _day(year, first, second)
    return Reading(day_first, month_first, "" if day_first or month_first else "no_such_day")


def _day(year: str, month: str, day: str) -> date | None:
    number = int(year)
    if _BUDDHIST_FROM <= number <= _BUDDHIST_TO:
        number -= _BUDDHIST
    try:
        return date(number, int(month), int(day)) if number in _YEARS else None
    except ValueError:
        return None
