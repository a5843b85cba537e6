"""The rows of .xlsx and .xls sheets, as a person sees them: marks applied, merged cells repeated."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import IO, Any

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from gdt.spreadsheets.cell_text import BLANKS, are_plain, are_trimmed, restore, text_of, tidy
from gdt.spreadsheets.limits import MAX_COLUMNS, MAX_SHEETS, Row, Unreadable
from gdt.spreadsheets.measured import Measured
from gdt.spreadsheets.portions import AT_ONCE, BETWEEN
from gdt.spreadsheets.repeats import Repeats
from gdt.spreadsheets.sheet_marks import SheetMarks, as_shown


class CalamineBook:
    """A measured workbook, its sheets read one at a time; `is_1904` tells from when its days count."""

    def __init__(self, file: IO[bytes], measured: Measured) -> None:
        self.file = file
        try:
            # By its descriptor, because the file has no name, and read from there rather than from memory.
            self.book = CalamineWorkbook.from_path(f"/dev/fd/{file.fileno()}")
        except (CalamineError, OSError) as error:
            raise Unreadable("not_a_workbook") from error
        self.marks, self.parts, self.is_1904 = measured.marks, measured.parts, measured.is_1904
        self.sheets: list[dict[str, Any]] = [
            {
                "index": index,
                "name": sheet.name,
                "is_visible": sheet.visible is SheetVisibleEnum.Visible,
            }
            for index, sheet in enumerate(self.book.sheets_metadata[:MAX_SHEETS])
            if sheet.typ is SheetTypeEnum.WorkSheet
        ]
        self._open: tuple[int, CalamineSheet] | None = None

    def sheet(self, index: int) -> "SheetRows":
        """Return the rows of a sheet; the last one asked for is at hand."""
        if self._open is None or self._open[0] != index:
            self._open = None
            try:
                self._open = (index, self.book.get_sheet_by_index(index))
            except CalamineError as error:
                raise Unreadable("not_a_workbook") from error
        marks = self.marks[index] if index < len(self.marks) else SheetMarks()
        return SheetRows(self._open[1], marks)


class SheetRows:
    """The rows of one sheet that are not empty; the counts are right once all were read."""

    def __init__(self, sheet: CalamineSheet, marks: SheetMarks) -> None:
        self.sheet, self.marks = sheet, marks
        self.merged = [one for one in sheet.merged_cell_ranges or [] if one[0] != one[1]]
        self.hidden_rows = self.repeated = 0
        self.hidden_columns = len([one for one in marks.hidden_columns if one <= self.size()[1]])

    def size(self) -> tuple[int, int]:
        """Return how many rows and columns the sheet reaches over."""
        row, column = self.sheet.end or (-1, -1)
        return row + 1, column + 1

    def facts(self) -> dict[str, Any]:
        """Return what was met while the rows were read."""
        return {
            "hidden_rows": self.hidden_rows,
            "hidden_columns": self.hidden_columns,
            "repeated": self.repeated,
        }

    def __iter__(self) -> Iterator[Row]:
        marks = self.marks.by_row()
        marked_line, marked = next(marks, (0, []))
        repeats = Repeats()
        for (top, left), (bottom, _right) in self.merged:
            repeats.add(top, left, bottom)
        for line, (values, cells) in enumerate(self._read(), start=1):
            if line == marked_line:
                for column, kind in marked:
                    if column <= len(cells):
                        cells[column - 1] = tidy(as_shown(values[column - 1], kind))
                marked_line, marked = next(marks, (0, []))
            if any(cells):
                self.repeated += repeats.fill(line - 1, cells) if self.merged else 0
                self.hidden_rows += line in self.marks.hidden_rows
                yield Row(line, cells)

    def _read(self) -> Iterator[tuple[list[Any], list[str]]]:
        """Yield the values of each row and the texts of its cells; some hundred are looked at at a time."""
        # Calamine leaves out the empty columns before the first filled one.
        before: list[Any] = [""] * (self.sheet.start or (0, 0))[1]
        rows = iter(self.sheet.iter_rows())
        while values := [before + filled for filled in islice(rows, AT_ONCE)]:
            if len(values[0]) > MAX_COLUMNS:
                raise Unreadable("too_many_columns")
            columns = map(_texts, zip(*values, strict=True))
            yield from zip(values, map(list, zip(*columns, strict=True)), strict=True)


def _texts(values: Sequence[Any]) -> Sequence[str]:
    """Return the texts of the cells of a column; nothing is done to those that stand as they should."""
    if set(map(type, values)) != {str}:
        return list(map(_cell, values))
    text = BETWEEN.join(values)
    is_one_line = "\n" not in text and "\r" not in text
    is_good = is_one_line and are_plain(text) and are_trimmed(BETWEEN + text, BETWEEN)
    return values if is_good else list(map(_cell, values))


def _cell(value: object) -> str:
    if value == "":
        return ""
    text = value if isinstance(value, str) else text_of(value)
    text = text.strip(BLANKS) if text.isascii() else tidy(text)
    return restore(text) if text[:1] == "'" else text
