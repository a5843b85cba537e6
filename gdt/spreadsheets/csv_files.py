"""Text with delimiters, read strictly: nothing guessed, nothing swallowed."""

import csv
import io
from collections.abc import Iterator
from itertools import islice
from typing import Any, Final
from unicodedata import is_normalized

from gdt.spreadsheets.cell_text import BLANKS, restore, tidy
from gdt.spreadsheets.limits import (
    HEADER_WITHIN,
    MAX_COLUMNS,
    MAX_LINE,
    MAX_LINES,
    Row,
    Unreadable,
)

# Those of spreadsheet programs, and those that only count where known columns stand between them.
USUAL: Final = ",;\t|"
DELIMITERS: Final = USUAL + "^~¦:，；،؛、"
LINES_TOGETHER: Final = 100  # looked at as one text, to see whether their cells need more than trimming


class TextTable:
    """A text in a known encoding, from its byte `start`; each pass decodes it anew, in flat memory."""

    def __init__(self, data: bytes, encoding: str, start: int) -> None:
        self.data, self.encoding, self.start = data, encoding, start

    def lines(self, row: "_RowSeen | None" = None) -> Iterator[str]:
        """Yield the lines with their ends; `Unreadable` if they are more or longer than a table needs."""
        stream = io.BytesIO(self.data)
        stream.seek(self.start)
        text = io.TextIOWrapper(stream, self.encoding, errors="strict", newline="")
        row = row or _RowSeen()
        number = 0
        while lines := list(islice(text, LINES_TOGETHER)):
            are_plain = _are_plain("".join(lines))
            for line in lines:
                number += 1
                if len(line) > MAX_LINE:
                    raise Unreadable("long_line", line=number)
                if not are_plain:
                    row.is_plain = False
                yield line
            if number >= MAX_LINES:
                raise Unreadable("too_many_rows")

    def readings(self) -> list[dict[str, Any]]:
        """Return the first rows under each delimiter that occurs, or why that delimiter reads none."""
        sample = list(islice(self.lines(), HEADER_WITHIN + 1))
        first = next((line for line in sample if line.strip(BLANKS)), "")
        marked = _marked(first)
        marks = [marked] if marked else [mark for mark in DELIMITERS if mark in USUAL or mark in first]
        return [self._reading(mark, first.count(mark)) for mark in marks]

    def _is_all_quoted(self) -> bool:
        """Tell whether the first line starts and ends with quotation marks, so that stray ones are seen."""
        first = next(self.lines(), "")
        return first.startswith('"') and first.rstrip("\r\n").endswith('"')

    def _reading(self, delimiter: str, count: int) -> dict[str, Any]:
        reading: dict[str, Any] = {"delimiter": delimiter, "count": count}
        try:
            return reading | {"rows": list(islice(self.rows(delimiter), HEADER_WITHIN))}
        except Unreadable as reason:
            return reading | {"unreadable": [reason.code, reason.facts]}

    def rows(self, delimiter: str) -> Iterator[Row]:
        """Yield the rows that are not empty, cells tidied; `line` is the line a row starts on.

        Raises `Unreadable`, naming the line, at a quotation mark that is not closed or takes in other rows.
        """
        seen, widest = _RowSeen(), 0
        reader = csv.reader(self.lines(seen), delimiter=delimiter, strict=True)
        is_all_quoted = self._is_all_quoted()
        while True:
            line = reader.line_num + 1
            seen.is_plain = True
            try:
                raw = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                code = "long_line" if "field limit" in str(error) else "broken_quote"
                raise Unreadable(code, line=line) from error
            if len(raw) > MAX_COLUMNS:
                raise Unreadable("too_many_columns")
            is_over_lines = reader.line_num > line and not is_all_quoted
            if is_over_lines and _takes_in_rows(raw, delimiter, widest):
                raise Unreadable("broken_quote", line=line)
            if len(raw) > widest:
                widest = len(raw)
            cells = [cell.strip(BLANKS) for cell in raw] if seen.is_plain else [_clean(cell) for cell in raw]
            if any(cells) and not (line == 1 and _marked(cells[0] + delimiter)):
                yield Row(line, cells)


class _RowSeen:
    """What the lines of a row told while they were read: `is_plain` if its cells need only trimming."""

    is_plain = True


def _are_plain(lines: str) -> bool:
    return "'" not in lines and (lines.isascii() or is_normalized("NFC", lines))


def _marked(first_line: str) -> str | None:
    """Return the delimiter that the line "sep=;" of Excel names, None of any other line."""
    text = first_line.strip("\r\n \ufeff\"'")
    return text[4] if len(text) == 5 and text[:4].lower() == "sep=" else None


def _clean(cell: str) -> str:
    text = tidy(cell)
    return restore(text) if text[:1] == "'" else text


def _takes_in_rows(cells: list[str], delimiter: str, widest: int) -> bool:
    """Tell whether a quoted cell over several lines holds as many delimiters as whole rows would."""
    if widest < 2:
        return False
    for cell in cells:
        breaks = len(cell.splitlines()) - 1
        if breaks > 0 and cell.count(delimiter) >= breaks * (widest - 1):
            return True
    return len(cells) > widest
