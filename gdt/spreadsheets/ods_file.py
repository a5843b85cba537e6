"""The sheets of an .ods file, walked element by element in flat memory, within their limits."""

import io
import re
import xml.parsers.expat
import zipfile
from collections.abc import Iterator
from typing import Any, Final

from gdt.spreadsheets.cell_text import restore, text_of, tidy
from gdt.spreadsheets.limits import (
    MAX_COLUMNS,
    MAX_REACH_ROW,
    MAX_ROWS,
    MAX_SHEETS,
    MAX_TEXT,
    Row,
    Unreadable,
)
from gdt.spreadsheets.repeats import Repeats
from gdt.spreadsheets.sheet_marks import PERCENT, as_shown
from gdt.spreadsheets.xlsx_archive import damage_named, pieces, xml_parts
from gdt.spreadsheets.xml_walk import refuse_doctype

_HIDDEN: Final = {"collapse", "filter"}
_TIME: Final = re.compile(r"PT(\d+)H(\d+)M(\d+)(?:[.,]\d+)?S")
_CELLS: Final = {"table:table-cell", "table:covered-table-cell"}
_NOT_TEXT: Final = {"office:annotation", "draw:frame", "draw:custom-shape", "draw:control"}


class OdsBook:
    """A measured OpenDocument spreadsheet, its sheets read one at a time."""

    is_1904 = False
    parts: Final[list[str]] = []

    def __init__(self, data: bytes) -> None:
        with damage_named():
            self.archive = zipfile.ZipFile(io.BytesIO(data))
            parts = {part.filename: part for part in xml_parts(self.archive)}
            manifest = parts.get("META-INF/manifest.xml")
            if manifest and b"encryption-data" in b"".join(pieces(self.archive, manifest)):
                raise Unreadable("password")
            self.part = parts["content.xml"]
            walk = _Names()
            for piece in pieces(self.archive, self.part):
                walk.parser.Parse(piece, False)
        if not walk.sheets:
            raise Unreadable("not_a_workbook")
        self.sheets: list[dict[str, Any]] = [
            {"index": index, "name": name, "is_visible": style not in walk.hidden}
            for index, (name, style) in enumerate(walk.sheets[:MAX_SHEETS])
        ]

    def sheet(self, index: int) -> "OdsRows":
        """Return the rows of a sheet."""
        return OdsRows(self.archive, self.part, index)


class OdsRows:
    """The rows of one sheet that are not empty; the counts are right once all were read."""

    def __init__(self, archive: zipfile.ZipFile, part: zipfile.ZipInfo, index: int) -> None:
        self.archive, self.part = archive, part
        self.walk = _Rows(index)

    @property
    def merged(self) -> list[Any]:
        """Return the merged cells met so far."""
        return self.walk.merged

    def size(self) -> tuple[int, int]:
        """Return how many rows and columns the sheet reaches over; the rows not yet read are read for it."""
        for _row in self:
            continue
        return self.walk.last_row, self.walk.last_column

    def facts(self) -> dict[str, Any]:
        """Return what was met while the rows were read."""
        columns = {one for one in self.walk.hidden_columns if one <= self.walk.last_column}
        return {
            "hidden_rows": self.walk.hidden_rows,
            "hidden_columns": len(columns),
            "repeated": self.walk.repeated,
        }

    def __iter__(self) -> Iterator[Row]:
        self.walk = walk = _Rows(self.walk.wanted)
        with damage_named():
            for piece in pieces(self.archive, self.part):
                walk.parser.Parse(piece, False)
                yield from walk.rows
                walk.rows.clear()
                if walk.is_done:
                    return
            walk.parser.Parse(b"", True)


class _Names:
    """The names of the sheets, and the styles that hide a sheet."""

    def __init__(self) -> None:
        self.sheets: list[tuple[str, str]] = []
        self.hidden: set[str] = set()
        self.style = ""
        self.depth = 0
        self.parser = xml.parsers.expat.ParserCreate()
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.StartDoctypeDeclHandler = refuse_doctype

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "table:table":
            if not self.depth:
                self.sheets.append((attributes.get("table:name", ""), attributes.get("table:style-name", "")))
            self.depth += 1
        elif name == "style:style":
            self.style = attributes.get("style:name", "")
        elif name == "style:table-properties" and attributes.get("table:display") == "false":
            self.hidden.add(self.style)

    def end(self, name: str) -> None:
        self.depth -= name == "table:table"


class _Rows:
    """The rows of the sheet `wanted`, filled while the walk goes on."""

    def __init__(self, wanted: int) -> None:
        self.wanted, self.at, self.depth = wanted, -1, 0
        self.rows: list[Row] = []
        self.is_done = False
        self.line = self.column = self.columns_said = 0
        self.last_row = self.last_column = self.text_read = 0
        self.hidden_rows = self.repeated = self.kept = 0
        self.hidden_columns: set[int] = set()
        self.merged: list[tuple[tuple[int, int], tuple[int, int]]] = []
        self.repeats = Repeats()
        self.row: dict[str, str] = {}
        self.cell: dict[str, str] = {}
        self.cells: list[str] = []
        self.text: list[str] | None = None
        self.aside = 0
        self.parser = xml.parsers.expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.StartDoctypeDeclHandler = refuse_doctype

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "table:table":
            self.depth += 1
            self.at += self.depth == 1
        if self.at != self.wanted or self.depth != 1:
            return
        if name in _CELLS:
            self.cell, self.text = attributes, []
            self.parser.CharacterDataHandler = self.read
        elif name in _NOT_TEXT:
            self.aside += 1
        elif self.text is not None:
            self._within_text(name, attributes)
        elif name == "table:table-row":
            self.row, self.cells = attributes, []
        elif name == "table:table-column":
            self._say_column(attributes)

    def read(self, text: str) -> None:
        if not self.aside and self.text is not None:
            self.text.append(text)

    def _within_text(self, name: str, attributes: dict[str, str]) -> None:
        if self.aside or self.text is None:
            return
        if name == "text:p" and self.text:
            self.text.append("\n")
        elif name == "text:s":
            self.text.append(" " * min(int(attributes.get("text:c", 1)), 100))
        elif name == "text:tab":
            self.text.append("\t")
        elif name == "text:line-break":
            self.text.append("\n")

    def _say_column(self, attributes: dict[str, str]) -> None:
        count = min(int(attributes.get("table:number-columns-repeated", 1)), MAX_COLUMNS)
        if attributes.get("table:visibility") in _HIDDEN:
            self.hidden_columns.update(range(self.columns_said + 1, self.columns_said + count + 1))
        self.columns_said += count

    def end(self, name: str) -> None:
        if self.at == self.wanted and self.depth == 1:
            if name in _CELLS:
                self._end_cell()
            elif name in _NOT_TEXT:
                self.aside -= 1
            elif name == "table:table-row":
                self._end_row()
            elif name == "table:table":
                self.is_done = True
        self.depth -= name == "table:table"

    def _end_cell(self) -> None:
        text = self._value() if self.text or len(self.cell) > 1 else ""
        self.text, self.parser.CharacterDataHandler = None, None
        count = int(self.cell.get("table:number-columns-repeated", 1))
        if text:
            if len(self.cells) + count > MAX_COLUMNS:
                raise Unreadable("too_many_columns")
            self._merge()
        self.cells.extend([text] * min(count, MAX_COLUMNS - len(self.cells)))

    def _merge(self) -> None:
        down = int(self.cell.get("table:number-rows-spanned", 1))
        across = int(self.cell.get("table:number-columns-spanned", 1))
        if down > 1 or across > 1:
            top, left = self.line, len(self.cells)
            self.merged.append(((top, left), (top + down - 1, left + across - 1)))
            self.repeats.add(top, left, top + down - 1)

    def _value(self) -> str:
        text = "".join(self.text or ())
        self.text_read += len(text)
        if self.text_read > MAX_TEXT:
            raise Unreadable("unpacks_too_far")
        if self.cell.get("office:value-type", "string") != "string":
            return _as_read(self.cell, text)
        text = tidy(text or self.cell.get("office:string-value", ""))
        return restore(text) if text[:1] == "'" else text

    def _end_row(self) -> None:
        count = int(self.row.get("table:number-rows-repeated", 1))
        if not any(self.cells):
            self.line += count
            return
        width = max(index for index, cell in enumerate(self.cells) if cell) + 1
        self.last_column = max(self.last_column, width)
        if self.line + count > MAX_REACH_ROW:
            raise Unreadable("far_cell", row=self.line + count, column=width)
        padded = self.cells + [""] * (self.last_column - len(self.cells))
        for _ in range(count):
            cells = padded[: self.last_column]
            self.repeated += self.repeats.fill(self.line, cells)
            self.line += 1
            self.kept += 1
            if self.kept > MAX_ROWS + 100:
                raise Unreadable("too_many_rows")
            self.hidden_rows += self.row.get("table:visibility") in _HIDDEN
            self.rows.append(Row(self.line, cells))
        self.last_row = self.line


def _as_read(cell: dict[str, str], text: str) -> str:
    """Return the value of a cell that is no text, as a person sees it but exact; `text` is what it shows."""
    kind, value = cell["office:value-type"], cell.get("office:value")
    if kind == "percentage" and value is not None:
        return as_shown(float(value), PERCENT)
    if kind in {"float", "currency"} and value is not None:
        shown = text_of(float(value))
        return text if text.isdecimal() and text.lstrip("0") == shown else shown
    if kind == "time" and (found := _TIME.fullmatch(cell.get("office:time-value", ""))):
        return ":".join(found.groups())
    if kind == "boolean":
        return cell.get("office:boolean-value", "").upper()
    return tidy(cell.get("office:date-value", text).replace("T", " ").removesuffix(" 00:00:00"))
