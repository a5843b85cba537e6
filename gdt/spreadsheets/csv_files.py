"""Text with delimiters, read strictly: nothing guessed, nothing swallowed."""

import csv
import io
from collections import deque
from collections.abc import Iterator
from itertools import chain, islice
from typing import Any, Final

from gdt.spreadsheets.cell_text import BLANKS, are_plain, are_trimmed, restore, tidy
from gdt.spreadsheets.limits import (
    HEADER_WITHIN,
    MAX_COLUMNS,
    MAX_LINE,
    MAX_LINES,
    Row,
    Unreadable,
)
from gdt.spreadsheets.portions import AT_ONCE, Portion, as_row

# Those of spreadsheet programs, and those that only count where known columns stand between them.
USUAL: Final = ",;\t|"
DELIMITERS: Final = USUAL + "^~¦:，；،؛、"


class TextTable:
    """A text in a known encoding, from its byte `start`; each pass decodes it anew, in flat memory."""

    def __init__(self, data: bytes, encoding: str, start: int) -> None:
        self.data, self.encoding, self.start = data, encoding, start

    def blocks(self) -> Iterator[list[str]]:
        """Yield the lines with their ends, some at a time; `Unreadable` if they are too many or too long."""
        stream = io.BytesIO(self.data)
        stream.seek(self.start)
        text = io.TextIOWrapper(stream, self.encoding, errors="strict", newline="")
        number, size = 0, HEADER_WITHIN + 1
        while lines := list(islice(text, size)):
            if max(map(len, lines)) > MAX_LINE:
                place = next(n for n, line in enumerate(lines, start=1) if len(line) > MAX_LINE)
                raise Unreadable("long_line", line=number + place)
            number, size = number + len(lines), AT_ONCE
            yield lines
            if number >= MAX_LINES:
                raise Unreadable("too_many_rows")

    def lines(self) -> Iterator[str]:
        """Yield the lines with their ends."""
        return chain.from_iterable(self.blocks())

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
        parts = self._parts(delimiter)
        return chain.from_iterable(part.rows if isinstance(part, Portion) else part for part in parts)

    def portions(self, delimiter: str) -> Iterator[Portion]:
        """Yield the same rows, some hundred at a time."""
        for part in self._parts(delimiter):
            portion = part if isinstance(part, Portion) else Portion.of(list(part))
            if len(portion):
                yield portion

    def _parts(self, delimiter: str) -> Iterator[Portion | Iterator[Row]]:
        """Yield the rows of some lines at a time: where none holds a quotation mark, each is a row."""
        reading, blocks = _Reading(delimiter, is_all_quoted=self._is_all_quoted()), self.blocks()
        for block in blocks:
            text = "".join(block)
            yield reading.quoted(block, text, blocks) if '"' in text else reading.unquoted(block, text)


class _Reading:
    """One pass over the lines of a text: `line` is the last one that was read, `widest` its widest row."""

    def __init__(self, delimiter: str, *, is_all_quoted: bool) -> None:
        self.delimiter, self.is_all_quoted = delimiter, is_all_quoted
        self.line = self.widest = 0

    def unquoted(self, lines: list[str], text: str) -> Portion | Iterator[Row]:
        """Return the rows of lines that are a row each; `text` is all of them."""
        first = self.line + 1
        try:
            raw = list(csv.reader(lines, delimiter=self.delimiter, strict=True))
        except csv.Error:
            return self.quoted(lines, text, iter(()))  # names the line
        self.line += len(lines)
        self._note_width(max(map(len, raw)))
        if not are_plain(text):
            raw = [[_clean(cell) for cell in cells] for cells in raw]
        elif not are_trimmed(text, self.delimiter):
            raw = [[cell.strip(BLANKS) for cell in cells] for cells in raw]
        if first > 1 and len(set(map(len, raw))) == 1 and raw[0]:
            columns = list(map(list, zip(*raw, strict=True)))
            if all(columns[0]):
                return Portion(list(range(first, first + len(raw))), columns, None)
        return self._not_empty(raw, first)

    def _not_empty(self, raw: list[list[str]], first: int) -> Iterator[Row]:
        if first == 1:
            yield from self._without_mark(raw[0])
            raw, first = raw[1:], 2
        yield from map(as_row, [row for row in enumerate(raw, start=first) if any(row[1])])

    def quoted(self, lines: list[str], text: str, more: Iterator[list[str]]) -> Iterator[Row]:
        """Yield the rows of lines, whose cells may go on in `more` of them."""
        left, begun, is_plain = deque(lines), self.line, are_plain(text)
        reader = csv.reader(_taken(left, more), delimiter=self.delimiter, strict=True)
        while left:
            self.line = begun + reader.line_num + 1
            try:
                raw = next(reader)
            except csv.Error as error:
                code = "long_line" if "field limit" in str(error) else "broken_quote"
                raise Unreadable(code, line=self.line) from error
            is_over_lines = begun + reader.line_num > self.line and not self.is_all_quoted
            if is_over_lines and _takes_in_rows(raw, self.delimiter, self.widest):
                raise Unreadable("broken_quote", line=self.line)
            self._note_width(len(raw))
            is_seen = is_plain and reader.line_num <= len(lines)
            cells = [cell.strip(BLANKS) if is_seen else _clean(cell) for cell in raw]
            if self.line == 1:
                yield from self._without_mark(cells)
            elif any(cells):
                yield Row(self.line, cells)
        self.line = begun + reader.line_num

    def _without_mark(self, cells: list[str]) -> Iterator[Row]:
        """Yield the first row, unless it is the mark of Excel that says how the others are parted."""
        if any(cells) and not _marked(cells[0] + self.delimiter):
            yield Row(1, cells)

    def _note_width(self, width: int) -> None:
        if width > MAX_COLUMNS:
            raise Unreadable("too_many_columns")
        self.widest = max(self.widest, width)


def _taken(left: deque[str], more: Iterator[list[str]]) -> Iterator[str]:
    """Yield the lines that are left, and more of them as long as somebody asks."""
    while True:
        if not left:
            left.extend(next(more, ()))
        if not left:
            return
        yield left.popleft()


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
