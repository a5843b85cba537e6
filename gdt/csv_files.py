"""Comma, semicolon, tab or bar separated text, read strictly: nothing guessed, nothing swallowed."""

import codecs
import csv
import io
import unicodedata
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Final

from flask_babel import gettext as _

from gdt.cell_text import BLANKS, restore, tidy
from gdt.sheet_limits import (
    HEADER_WITHIN,
    MAX_COLUMNS,
    MAX_LINE,
    MAX_LINES,
    Refused,
    Row,
    too_many_columns,
    too_many_rows,
)

DELIMITERS: Final = ",;\t|"
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_UTF32_MARKS: Final = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
_SAMPLE: Final = 4096


def decode(data: bytes) -> str:
    """Return the text of `data`: UTF-8, or UTF-16 with its byte order mark; `Refused` if it is neither."""
    encoding, length = "utf-8", 0
    for mark, name in _MARKS:
        if data.startswith(mark):
            encoding, length = name, len(mark)
            break
    # UTF-16 without its mark passes for UTF-8 full of NULs; one planted NUL is left to the row it stands in.
    sample = data[:_SAMPLE]
    is_wide = encoding == "utf-8" and sample.count(0) * 10 > len(sample)
    if is_wide or data.startswith(_UTF32_MARKS):
        raise _wrong_encoding()
    try:
        return data[length:].decode(encoding)
    except UnicodeDecodeError as error:
        raise _wrong_encoding(data[: length + error.start].count(b"\n") + 1) from error


def _wrong_encoding(line: int | None = None) -> Refused:
    where = f" (line {line} cannot be read)" if line else ""
    return Refused(
        _(
            "The letters of this file are not stored as UTF-8%(where)s, so names would come out "
            "wrong. In your spreadsheet program choose Save As, then “CSV UTF-8” or “Excel "
            "workbook (.xlsx)”, and upload that file.",
            where=where,
        )
    )


def _broken_quote(line: int) -> Refused:
    return Refused(
        _(
            'On line %(line)s a quotation mark (") is opened and not closed where the cell ends. '
            "Remove the mark, or save the table as .xlsx, and upload it again.",
            line=line,
        )
    )


def choose_delimiter(text: str, recognise: Callable[[list[str]], int]) -> str:
    """Return the one delimiter that reads the first rows as a table.

    `recognise` counts the known columns of a row; the delimiter under which a row has most of them
    wins, then the one with most columns. `Refused` if two fit equally well or a quote is broken.
    """
    first_line = next((line for line in io.StringIO(text) if line.strip(BLANKS)), "")
    fits: list[tuple[tuple[int, int], str]] = []
    broken: list[tuple[int, Refused]] = []
    for delimiter in DELIMITERS:
        try:
            sample = list(islice(rows(text, delimiter), HEADER_WITHIN))
        except Refused as refusal:
            broken.append((first_line.count(delimiter), refusal))
            continue
        if not sample:
            return delimiter
        known = max(recognise(row.cells) for row in sample)
        fits.append(((known, len(sample[0].cells)), delimiter))
    if broken:
        marks, likely = max(broken, key=lambda pair: pair[0])
        # Other delimiters may read a broken file as one wide column: the likely one has the word.
        if marks >= max((width for (_, width), _ in fits), default=0):
            raise likely
    best = max(fits)[0]
    chosen = [delimiter for fit, delimiter in fits if fit == best]
    if len(chosen) > 1 and best[1] > 1:
        raise Refused(
            _(
                "It is not clear which mark separates the columns of this file. Save it as .xlsx, or "
                "as CSV with commas only between the columns, and upload it again."
            )
        )
    return chosen[0]


def rows(text: str, delimiter: str) -> Iterator[Row]:
    """Yield the rows of `text` that are not empty, cells tidied; `line` is the line a row starts on.

    Raises `Refused`, naming the line, at a quotation mark that is not closed or that takes in other rows.
    """
    reader = csv.reader(_lines(text), delimiter=delimiter, strict=True)
    clean = _cleaner(text)
    is_all_quoted = text.startswith('"') and text[: text.find("\n")].rstrip("\r").endswith('"')
    widest = 0
    while True:
        line = reader.line_num + 1
        try:
            raw = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise (_too_long(line) if "field limit" in str(error) else _broken_quote(line)) from error
        if len(raw) > MAX_COLUMNS:
            raise too_many_columns()
        if reader.line_num > line and not is_all_quoted and _takes_in_rows(raw, delimiter, widest):
            raise _broken_quote(line)
        widest = max(widest, len(raw))
        cells = clean(raw)
        if any(cells) and not (line == 1 and cells[0].lower().startswith("sep=")):
            yield Row(line, cells)


def _lines(text: str) -> Iterator[str]:
    """Yield the lines of `text` with their ends; `Refused` if they are more or longer than a table needs."""
    for number, line in enumerate(io.StringIO(text, newline=""), start=1):
        if number > MAX_LINES:
            raise too_many_rows()
        if len(line) > MAX_LINE:
            raise _too_long(number)
        yield line


def _too_long(line: int) -> Refused:
    return Refused(
        _(
            "Line %(line)s holds far more text than a row of a table. Look there for text that "
            "does not belong to the table, remove it and upload the file again.",
            line=line,
        )
    )


def _cleaner(text: str) -> Callable[[list[str]], list[str]]:
    """Return the cheapest way to tidy the cells of `text`; most files are in form NFC as a whole."""
    if not unicodedata.is_normalized("NFC", text):
        return lambda cells: [restore(tidy(cell)) for cell in cells]
    if "'" not in text:
        return lambda cells: [cell.strip(BLANKS) for cell in cells]

    def clean(cells: list[str]) -> list[str]:
        stripped = [cell.strip(BLANKS) for cell in cells]
        return [restore(cell) if cell[:1] == "'" else cell for cell in stripped]

    return clean


def _takes_in_rows(cells: list[str], delimiter: str, widest: int) -> bool:
    """Tell whether a quoted cell over several lines holds as many delimiters as whole rows would."""
    if widest < 2:
        return False
    for cell in cells:
        breaks = len(cell.splitlines()) - 1
        if breaks > 0 and cell.count(delimiter) >= breaks * (widest - 1):
            return True
    return len(cells) > widest
