"""Which encoding the letters of a text file are stored in: certain, or refused."""

import codecs
from typing import Final, NamedTuple

from gdt.spreadsheets.letters import Letters, all_letters, speaks_of_people
from gdt.spreadsheets.limits import Unreadable
from gdt.spreadsheets.plausible import cost, han_runs, only_possible

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_UTF32_MARKS: Final = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
_SAMPLE: Final = 4096
_FEWEST: Final = 4
_JUDGED: Final = 12_000
# A reading is certain if every other one costs so much more, and if a letter of it costs so little.
_MARGIN: Final = 4
_TIMES: Final = 1.25
_PER_LETTER: Final = 2.5
_PER_HAN: Final = 4


class Encoding(NamedTuple):
    """The name Python knows an encoding by, and the byte at which the text starts."""

    name: str
    start: int


class _Reading(NamedTuple):
    cost: int
    text: str
    letters: Letters


def decide_encoding(data: bytes) -> Encoding:
    """Return the encoding of `data`, under which every byte of it can be read; `Unreadable` if unsure."""
    if data.startswith(_UTF32_MARKS):
        raise Unreadable("wrong_encoding")
    for mark, name in _MARKS:
        if data.startswith(mark):
            return _checked(data, Encoding(name, len(mark)))
    empty = data[:_SAMPLE].count(0)
    # One planted NUL is left to the row it stands in.
    if empty >= _FEWEST and empty * 20 > len(data[:_SAMPLE]):
        return _wide(data)
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        return Encoding(_legacy(data, line).name, 0)
    return Encoding("utf-8", 0)


def _checked(data: bytes, encoding: Encoding) -> Encoding:
    try:
        data[encoding.start :].decode(encoding.name)
    except UnicodeDecodeError as error:
        line = data[: encoding.start + error.start].count(b"\n") + 1
        raise Unreadable("wrong_encoding", line=line) from error
    return encoding


def _wide(data: bytes) -> Encoding:
    """Return which UTF-16 a text without its mark is in: the empty halves of its letters tell."""
    sample = data[:_SAMPLE]
    halves = sample[0::2].count(0), sample[1::2].count(0)
    name = "utf-16-be" if halves[0] else "utf-16-le"
    if len(data) % 2 or min(halves) or "\0" in sample[: len(sample) // 2 * 2].decode(name, "replace"):
        raise Unreadable("wrong_encoding")
    return _checked(data, Encoding(name, 0))


def _legacy(data: bytes, line: int) -> Letters:
    """Return the one encoding under which `data` is plausible; `Unreadable` if there is none or a second."""
    sample = _telling_lines(data)
    readings = sorted(_readings(sample), key=lambda reading: reading.cost)
    if not readings:
        raise Unreadable("wrong_encoding", line=line)
    best = readings[0]
    if best.letters.name == "tcvn3" and _is_clear(best, readings):
        raise Unreadable("vietnamese_font")
    if not (best.letters.is_read and _is_clear(best, readings) and _is_likely(best)):
        raise Unreadable("wrong_encoding", line=line)
    try:
        whole = best.letters.decode(data)
    except UnicodeDecodeError as error:
        raise Unreadable("wrong_encoding", line=line) from error
    if not only_possible(whole, best.letters):
        raise Unreadable("wrong_encoding", line=line)
    return best.letters


def _telling_lines(data: bytes) -> bytes:
    """Return the different lines that hold more than ASCII, so many as are needed to judge."""
    lines: dict[bytes, None] = {}
    size = 0
    for line in data.split(b"\n"):
        if not line.isascii() and line not in lines:
            lines[line] = None
            size += len(line)
            if size > _JUDGED:
                break
    return b"\n".join(lines)[: _JUDGED * 4]


def _readings(sample: bytes) -> list[_Reading]:
    readings = []
    for letters in all_letters():
        try:
            text = letters.decode(sample)
        except UnicodeDecodeError:
            continue
        readings.append(_Reading(cost(text, letters), text, letters))
    return readings


def _is_clear(best: _Reading, readings: list[_Reading]) -> bool:
    """Tell whether every reading that gives another text is far less likely."""
    others = [reading.cost for reading in readings if reading.text != best.text]
    return all(other >= best.cost + _MARGIN and other >= best.cost * _TIMES for other in others)


def _is_likely(reading: _Reading) -> bool:
    """Tell whether a text, seen by itself, is what somebody wrote."""
    count = sum(letter >= "\x80" for letter in reading.text)
    if reading.letters.is_chinese:
        return reading.cost <= count * _PER_HAN and speaks_of_people(han_runs(reading.text))
    return reading.cost <= count * _PER_LETTER
