"""The guard before an .xls file is read: its records walked, its cells measured, its marks kept."""

import struct
from collections.abc import Callable, Iterator
from typing import Final

from gdt.spreadsheets.limits import MAX_AREA, MAX_COLUMNS, MAX_REACH_ROW, MAX_TEXT, Unreadable
from gdt.spreadsheets.measured import Measured
from gdt.spreadsheets.ole_file import OleFile
from gdt.spreadsheets.sheet_marks import PERCENT, SheetMarks, shown_as

_ENCRYPTED: Final = "EncryptedPackage"
_BIFF8: Final = 0x0600
_MAX_RECORDS: Final = 6_000_000
_ERRORS: Final = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
}
_BUILT_IN_PERCENT: Final = {9, 10}
_BOF, _FILEPASS, _SHEET, _XF, _FORMAT = 0x0809, 0x002F, 0x0085, 0x00E0, 0x041E
_ROW, _COLUMNS, _DATES, _TEXTS = 0x0208, 0x007D, 0x0022, 0x00FC
_NUMBER, _RK, _ROW_OF_RK, _TEXT, _SHARED, _RICH, _ERROR, _FORMULA = (
    0x0203,
    0x027E,
    0x00BD,
    0x0204,
    0x00FD,
    0x00D6,
    0x0205,
    0x0006,
)
_CELLS: Final = {_NUMBER, _RK, _ROW_OF_RK, _TEXT, _SHARED, _RICH, _ERROR, _FORMULA}


def measure_xls(data: bytes) -> Measured:
    """Return what an .xls file holds; `Unreadable` if it is broken, protected, older, or reaches too far."""
    try:
        file = OleFile(data)
        if _ENCRYPTED in file.names or _ENCRYPTED.encode("utf-16-le") in data:
            raise Unreadable("password")
        if "Workbook" not in file.names:
            raise Unreadable("old_workbook")
        return _Walk(file.stream("Workbook")).walk()
    except (struct.error, IndexError, UnicodeDecodeError) as error:
        raise Unreadable("damaged") from error


class _Walk:
    """A walk over the records of a workbook, of its globals first and then of each sheet."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.measured = Measured(len(content))
        self.formats: dict[int, str] = {}
        self.shown: dict[int, str] = {}
        self.places: list[int] = []
        self.styles = self.references = self.longest = 0
        self.marks = SheetMarks()
        self.last_row = self.last_column = 0
        self.on: dict[int, Callable[[bytes], None]] = {
            _FORMAT: self._format,
            _XF: self._style,
            _ROW: self._row,
            _COLUMNS: self._columns,
            _ERROR: self._error,
        }

    def walk(self) -> Measured:
        self._globals()
        for place in self.places:
            self.marks, self.last_row, self.last_column = SheetMarks(), 0, 0
            for kind, body in self._records(place):
                if kind in _CELLS:
                    self._cell(kind, body)
                if kind in self.on:
                    self.on[kind](body)
            self.measured.marks.append(self.marks)
        return self.measured

    def _records(self, start: int) -> Iterator[tuple[int, bytes]]:
        """Yield the records from `start` to the end of that part, charts within it passed over."""
        depth, count = 0, 0
        while start + 4 <= len(self.content):
            kind, length = struct.unpack_from("<HH", self.content, start)
            depth += (kind == _BOF) - (kind == 0x000A)
            if depth == 1:
                yield kind, self.content[start + 4 : start + 4 + length]
            start, count = start + 4 + length, count + 1
            if depth <= 0 or count > _MAX_RECORDS:
                return

    def _globals(self) -> None:
        for kind, body in self._records(0):
            self._refuse(kind, body)
            if kind == _SHEET:
                self.places.append(struct.unpack_from("<I", body)[0])
            elif kind == _DATES:
                self.measured.is_1904 = body[:1] == b"\1"
            elif kind in {_FORMAT, _XF}:
                self.on[kind](body)
        if not self.places:
            raise Unreadable("damaged")

    def _refuse(self, kind: int, body: bytes) -> None:
        if kind == _BOF and struct.unpack_from("<H", body)[0] != _BIFF8:
            raise Unreadable("old_workbook")
        if kind == _FILEPASS:
            raise Unreadable("password")
        # A reader makes room for all the texts a file promises; the shortest takes three bytes.
        if kind == _TEXTS and struct.unpack_from("<I", body, 4)[0] * 3 > len(self.content):
            raise Unreadable("damaged")

    def _format(self, body: bytes) -> None:
        number, length, is_wide = struct.unpack_from("<HHB", body)
        text = body[5:].decode("utf-16-le" if is_wide & 1 else "latin-1", "replace")
        self.formats[number] = text[:length]

    def _style(self, body: bytes) -> None:
        number = struct.unpack_from("<H", body, 2)[0]
        kind = PERCENT if number in _BUILT_IN_PERCENT else shown_as(self.formats.get(number, ""))
        if kind:
            self.shown[self.styles] = kind
        self.styles += 1

    def _row(self, body: bytes) -> None:
        if struct.unpack_from("<H", body, 12)[0] & 0x20:
            self.marks.hidden_rows.add(struct.unpack_from("<H", body)[0] + 1)

    def _columns(self, body: bytes) -> None:
        first, last, _width, _style, options = struct.unpack_from("<5H", body)
        if options & 1:
            self.marks.hidden_columns.update(range(first + 1, min(last, MAX_COLUMNS) + 2))

    def _error(self, body: bytes) -> None:
        row, column, _style, value, is_error = struct.unpack_from("<HHHBB", body)
        if is_error:
            self.marks.add(row + 1, column + 1, _ERRORS.get(value, "#N/A"))

    def _cell(self, kind: int, body: bytes) -> None:
        row, column, style = struct.unpack_from("<HHH", body)
        last = struct.unpack_from("<H", body, len(body) - 2)[0] if kind == _ROW_OF_RK else column
        self.measured.cells += last - column + 1
        self.references += kind == _SHARED
        if row >= self.last_row or last > self.last_column:
            self._reach(row + 1, last + 1)
        if kind == _ROW_OF_RK:
            for place, at in enumerate(range(4, len(body) - 7, 6)):
                self._mark(row, column + place, struct.unpack_from("<H", body, at)[0])
        elif kind in {_NUMBER, _RK}:
            self._mark(row, column, style)
        elif kind == _FORMULA:
            self._formula(row, column, style, body)

    def _mark(self, row: int, column: int, style: int) -> None:
        if shown := self.shown.get(style):
            self.marks.add(row + 1, column + 1, shown)

    def _formula(self, row: int, column: int, style: int, body: bytes) -> None:
        """A formula's result is a number, or stands behind FFFF as text, yes or no, or error."""
        if body[12:14] != b"\xff\xff":
            self._mark(row, column, style)
        elif body[6] == 2:
            self.marks.add(row + 1, column + 1, _ERRORS.get(body[8], "#N/A"))

    def _reach(self, row: int, column: int) -> None:
        self.last_row, self.last_column = max(self.last_row, row), max(self.last_column, column)
        is_far = self.last_row > MAX_REACH_ROW or self.last_column > MAX_COLUMNS
        if is_far or self.last_row * self.last_column > MAX_AREA:
            raise Unreadable("far_cell", row=self.last_row, column=self.last_column)
        if self.references > MAX_TEXT:
            raise Unreadable("unpacks_too_far")
