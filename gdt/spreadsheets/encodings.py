"""Which encoding the letters of a text file are stored in: certain, or refused."""

import codecs
from typing import Final, NamedTuple

from gdt.spreadsheets.limits import Unreadable

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_UTF32_MARKS: Final = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
_SAMPLE: Final = 4096


class Encoding(NamedTuple):
    """The name Python knows an encoding by, and the byte at which the text starts."""

    name: str
    start: int


def decide_encoding(data: bytes) -> Encoding:
    """Return the encoding of `data`, under which every byte of it can be read; `Unreadable` if unsure."""
    if data.startswith(_UTF32_MARKS):
        raise Unreadable("wrong_encoding")
    for mark, name in _MARKS:
        if data.startswith(mark):
            return _checked(data, Encoding(name, len(mark)))
    sample = data[:_SAMPLE]
    if sample.count(0) * 10 > len(sample):
        raise Unreadable("wrong_encoding")
    return _checked(data, Encoding("utf-8", 0))


def _checked(data: bytes, encoding: Encoding) -> Encoding:
    try:
        data[encoding.start :].decode(encoding.name)
    except UnicodeDecodeError as error:
        line = data[: encoding.start + error.start].count(b"\n") + 1
        raise Unreadable("wrong_encoding", line=line) from error
    return encoding
