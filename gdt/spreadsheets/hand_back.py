"""The process that makes the file with the refused rows: the same workbook, or the nearest to it."""

import base64
import csv
import io
import re
from collections.abc import Iterable
from typing import Any, Final

import xlsxwriter

from gdt.spreadsheets.cell_text import neutralise
from gdt.spreadsheets.child import begin
from gdt.spreadsheets.frames import Writable, write_frame
from gdt.spreadsheets.limits import Row, Unreadable
from gdt.spreadsheets.opened_files import Book, Text
from gdt.spreadsheets.returned_columns import our_columns, our_header
from gdt.spreadsheets.returned_ods import returned_ods
from gdt.spreadsheets.returned_rows import Request
from gdt.spreadsheets.returned_xlsx import returned_xlsx

_NUMBER: Final = re.compile(r"-?(?:0|[1-9]\d{0,13})(?:\.\d{1,10})?")
_AT_ONCE: Final = 3 * 1024 * 1024
_LONGEST: Final = 32_000


def main() -> None:
    """Read a file like the child that reads, and answer what is to be handed back of it."""
    begin(answer)


def answer(document: Text | Book, command: dict[str, Any], answers: Writable) -> None:
    """Answer a command; `{"ask": "return", ...}` with the file that is handed back."""
    if command.get("ask") != "return":
        document.answer(command, answers)
        return
    request = Request.from_command(command)
    ending, is_same = ".csv", True
    if isinstance(document, Text):
        content = returned_text(document, command["delimiter"], request)
    else:
        content, ending, is_same = _returned_book(document, command["sheet"], request)
    for start in range(0, len(content), _AT_ONCE):
        write_frame(answers, {"part": base64.b64encode(content[start : start + _AT_ONCE]).decode()})
    write_frame(answers, {"end": {"ending": ending, "is_same": is_same}})


def _returned_book(document: Book, index: int, request: Request) -> tuple[bytes, str, bool]:
    try:
        if document.kind == "ods":
            return returned_ods(document.data, index, request), ".ods", True
        if document.kind == "xlsx":
            return returned_xlsx(document.data, document.book.parts[index], request), ".xlsx", True
    except Unreadable as reason:
        if reason.code != "unusual":
            raise
    return returned_values(document, index, request), ".xlsx", False


def returned_text(document: Text, delimiter: str, request: Request) -> bytes:
    """Return the header and the refused rows with their old line and the reason: UTF-8 with its mark."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\r\n")
    last, kept = request.last_header_line, request.rows
    rows = [row for row in document.table.rows(delimiter) if row.line <= last or row.line in kept]
    width = max((len(row.cells) for row in rows if row.line >= request.header_line), default=0)
    ours = _ours(rows, request)
    for row in rows:
        cells = row.cells
        if row.line >= request.header_line:
            padded = cells + [""] * (width - len(cells))
            cells = [cell for place, cell in enumerate(padded) if place not in ours]
            cells += _added(row.line, request)
        writer.writerow([neutralise(cell) for cell in cells])
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8", "replace")


def _ours(rows: list[Row], request: Request) -> list[int]:
    """Return where our columns stand: their header says it, or each cell where there is no header."""
    if request.header_line:
        return [place for row in rows if row.line == request.header_line for place in our_columns(row.cells)]
    told = [our_columns(row.cells) for row in rows if row.line in request.rows]
    return sorted(set(told[0]).intersection(*told)) if told else []


def _added(line: int, request: Request) -> list[str]:
    if line == request.header_line:
        return [request.line_title, request.title]
    if not request.header_line and line <= request.last_header_line:
        return []
    said = request.rows[line].reason if line in request.rows else ""
    before = str(request.first_lines.get(line, line))
    return [before if request.header_line else our_header(before), said]


def returned_values(document: Book, index: int, request: Request) -> bytes:
    """Return an .xlsx workbook with the values of every sheet, and of this one the refused rows only."""
    out = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    with xlsxwriter.Workbook(out, options) as book:
        mark = book.add_format({"bg_color": "#FFE08A"})
        wrapped = book.add_format({"bg_color": "#FFE08A", "text_wrap": True, "valign": "top"})
        for sheet in document.book.sheets:
            target = book.add_worksheet(sheet["name"][:31])
            rows: Iterable[Row] = document.book.sheet(sheet["index"])
            if sheet["index"] != index:
                _write(target, rows)
                continue
            last, kept = request.last_header_line, request.rows
            _write(target, (row for row in rows if row.line <= last or row.line in kept))
            target.set_column(request.column, request.column, 60)
            if request.header_line:
                target.write_string(request.header_line - 1, request.column, request.title, wrapped)
            for line, complaint in request.rows.items():
                for column, reason in complaint.cells:
                    target.write_comment(line - 1, column, reason[:_LONGEST])
                    target.conditional_format(
                        line - 1, column, line - 1, column, {"type": "no_errors", "format": mark}
                    )
                target.write_string(line - 1, request.column, complaint.reason[:_LONGEST], wrapped)
            _hide_gaps(target, request)
    return out.getvalue()


def _write(target: Any, rows: Iterable[Row]) -> None:
    for row in rows:
        for column, cell in enumerate(row.cells):
            if _NUMBER.fullmatch(cell):
                target.write_number(row.line - 1, column, float(cell))
            elif cell:
                target.write_string(row.line - 1, column, cell[:_LONGEST])


def _hide_gaps(target: Any, request: Request) -> None:
    for line in range(request.last_header_line + 1, max(request.rows, default=0)):
        if line not in request.rows:
            target.set_row(line - 1, None, None, {"hidden": True})
