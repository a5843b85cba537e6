"""Writes tables as .csv and .xlsx files that no spreadsheet program runs and that read back exactly."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Final

import xlsxwriter

from gdt.spreadsheets.cell_text import neutralise, restore, text_of

Value = str | int | float | Decimal | date | datetime | time | None

_MAX_CELL: Final = 32_767
_NUMBERS: Final = (int, float)


def write_csv(header: Sequence[str], rows: Iterable[Sequence[Value]]) -> bytes:
    """Return a CSV file: UTF-8 with its mark, commas, every cell in quotation marks.

    Text that starts like a formula gets a leading apostrophe, which `read_table` takes off again.
    """
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow([neutralise(name) for name in header])
    for row in rows:
        writer.writerow([neutralise(cell) if isinstance(cell, str) else text_of(cell) for cell in row])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def write_xlsx(header: Sequence[str], rows: Iterable[Sequence[Value]], sheet: str) -> bytes:
    """Return an .xlsx file with one sheet named `sheet`; see `write_workbook`."""
    return write_workbook([(sheet, header, rows)])


def write_workbook(sheets: Iterable[tuple[str, Sequence[str], Iterable[Sequence[Value]]]]) -> bytes:
    """Return an .xlsx file with a sheet for each (name, header, rows), header in bold and held in view.

    Numbers stay numbers, dates are ISO text, text is never a formula or a link.
    Raises `ValueError` for a text longer than the 32,767 characters a cell can hold.
    """
    out = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as workbook:
        bold = workbook.add_format({"bold": True})
        for name, header, rows in sheets:
            worksheet = workbook.add_worksheet(sheet_name(name))
            worksheet.freeze_panes(1, 0)
            for column, title in enumerate(header):
                worksheet.write_string(0, column, _plain(title), bold)
            for number, row in enumerate(rows, start=1):
                _write_row(worksheet, number, row)
    return out.getvalue()


def _write_row(worksheet: Any, number: int, row: Sequence[Value]) -> None:
    for column, value in enumerate(row):
        if isinstance(value, _NUMBERS) and not isinstance(value, bool):
            worksheet.write_number(number, column, value)
        elif value not in (None, ""):
            worksheet.write_string(number, column, _plain(value))


def sheet_name(wanted: str) -> str:
    """Return `wanted` as a name that Excel accepts for a sheet: 31 characters, none of []:*?/\\."""
    name = re.sub(r"[\[\]:*?/\\]", " ", wanted).strip(" '")[:31].strip(" '")
    return "Sheet1" if not name or name.lower() == "history" else name


def _plain(value: Value) -> str:
    """Return the text for a cell; only text that reading would take an apostrophe from gets one more."""
    text = text_of(value)
    if len(text) > _MAX_CELL:
        raise ValueError(f"A cell holds at most {_MAX_CELL} characters, this text has {len(text)}.")
    return f"'{text}" if restore(text) != text else text
