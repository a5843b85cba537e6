"""Reads an uploaded .csv or .xlsx file into a header and rows, or says in words why it cannot."""

import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import PurePath
from typing import Final

from flask_babel import gettext as _
from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from gdt import csv_files
from gdt.cell_text import restore, text_of, tidy
from gdt.sheet_limits import (
    HEADER_WITHIN,
    MAX_BYTES,
    MAX_COLUMNS,
    MAX_ROWS,
    Refused,
    Row,
    too_many_columns,
    too_many_rows,
)
from gdt.xlsx_archive import clean_copy

__all__ = ["MAX_BYTES", "MAX_COLUMNS", "MAX_ROWS", "Recognise", "Refused", "Row", "Table", "read_table"]

Recognise = Callable[[list[str]], int]

_ZIP: Final = b"PK\x03\x04"
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
_OTHER_FILES: Final = (
    (b"%PDF", "a PDF document"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"{\\rtf", "a text document"),
    (b"PK\x05\x06", "an empty archive"),
    (b"\x1f\x8b", "a compressed file"),
    (b"Rar!", "a compressed file"),
    (b"7z\xbc\xaf", "a compressed file"),
)
_WEB_PAGE: Final = (b"<!doctype", b"<html", b"<table", b"<?xml", b"<head", b"<meta")
_SAVE_AS: Final = (
    "Open it in your spreadsheet program, save it as “Excel workbook (.xlsx)” and upload that file."
)


@dataclass(frozen=True)
class Table:
    """A header and the rows under it; `rows` is read once and may raise `Refused` while it is read."""

    header: list[str]
    rows: Iterable[Row]
    header_line: int


def read_table(data: bytes, filename: str, recognise: Recognise | None = None) -> Table:
    """Return the table in `data`, a file its owner calls `filename`.

    `recognise` counts the known columns in the cells of a row, 0 if a needed one is missing: of the
    first 30 rows the one with most is the header, titles above it are passed over. Without it the
    first row is the header. Cells are NFC and trimmed, whole numbers without ".0", dates ISO; empty
    rows are left out. Raises `Refused`, here or while the rows are read.
    """
    if len(data) > MAX_BYTES:
        raise Refused(
            _(
                "The file is larger than %(size)s MB. Split it into smaller files and upload each.",
                size=MAX_BYTES // 1024**2,
            )
        )
    if not data.strip(b"\0 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise _empty()
    known = recognise or (lambda cells: 0)
    if _kind(data, filename) == "xlsx":
        return _read_workbook(data, known)
    text = csv_files.decode(data)
    delimiter = csv_files.choose_delimiter(text, known)
    table = _with_header(csv_files.rows(text, delimiter), known)
    if table is None:
        raise _empty()
    return table


def _empty() -> Refused:
    return Refused(
        _("The file is empty. Put a header row and one row per person into it and upload it again.")
    )


def _kind(data: bytes, filename: str) -> str:
    """Return "csv" or "xlsx", decided by the content; `Refused` if the name says something else."""
    ending = PurePath(filename.strip()).suffix.lower()
    kind = "csv"
    if data.startswith(_OLE):
        raise _refuse_ole(data)
    if data.startswith(_ZIP):
        kind = "xlsx"
    else:
        _refuse_other_files(data)
    if ending not in {".csv", ".xlsx"}:
        raise Refused(
            _(
                "Files ending in “%(found)s” cannot be read here. %(save_as)s",
                found=ending or filename,
                save_as=_SAVE_AS,
            )
        )
    if ending != f".{kind}":
        what = "an Excel workbook" if kind == "xlsx" else "a text file"
        raise Refused(
            _(
                "The name of this file ends in %(ending)s, but it is %(what)s. Rename it to end in "
                ".%(kind)s and upload it again.",
                ending=ending,
                what=what,
                kind=kind,
            )
        )
    return kind


def _refuse_ole(data: bytes) -> Refused:
    if _ENCRYPTED in data:
        return Refused(
            _("This workbook is protected with a password. Save it without the password and upload it again.")
        )
    return Refused(
        _("This is an old Excel file (.xls) or another old document. %(save_as)s", save_as=_SAVE_AS)
    )


def _refuse_other_files(data: bytes) -> None:
    for start, what in _OTHER_FILES:
        if data.startswith(start):
            raise Refused(
                _("This is %(what)s, not a spreadsheet. Upload the table as .xlsx or .csv.", what=what)
            )
    if data[:200].lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_WEB_PAGE):
        raise Refused(
            _("This is a web page, not a spreadsheet, whatever its name says. %(save_as)s", save_as=_SAVE_AS)
        )


def _read_workbook(data: bytes, known: Recognise) -> Table:
    copy = clean_copy(data)
    fallback: Table | None = None
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(copy)) as workbook:
            for sheet in workbook.sheets_metadata:
                if sheet.visible is not SheetVisibleEnum.Visible or sheet.typ is not SheetTypeEnum.WorkSheet:
                    continue
                table = _with_header(_sheet_rows(workbook, sheet.name), known)
                if table and known(table.header):
                    return table
                fallback = fallback or table
    except CalamineError as error:
        raise _not_a_workbook() from error
    if fallback is None:
        raise _empty()
    return fallback


def _not_a_workbook() -> Refused:
    return Refused(
        _("This file is not an Excel workbook (.xlsx), or it is damaged. %(save_as)s", save_as=_SAVE_AS)
    )


def _sheet_rows(workbook: CalamineWorkbook, name: str) -> Iterator[Row]:
    sheet = workbook.get_sheet_by_name(name)
    for line, values in enumerate(sheet.iter_rows(), start=1):
        if len(values) > MAX_COLUMNS:
            raise too_many_columns()
        cells = [_cell(value) if value != "" else "" for value in values]
        if any(cells):
            yield Row(line, cells)


def _cell(value: object) -> str:
    text = tidy(value if isinstance(value, str) else text_of(value))
    return restore(text) if text[:1] == "'" else text


def _with_header(rows: Iterator[Row], known: Recognise) -> Table | None:
    """Return the table under the best header among the first rows; None if there is no row at all."""
    first = list(islice(rows, HEADER_WITHIN))
    if not first:
        return None
    scores = [known(row.cells) for row in first]
    at = scores.index(max(scores))
    header = first[at]
    return Table(header.cells, _counted(chain(first[at + 1 :], rows)), header.line)


def _counted(rows: Iterable[Row]) -> Iterator[Row]:
    for count, row in enumerate(rows, start=1):
        if count > MAX_ROWS:
            raise too_many_rows()
        yield row
