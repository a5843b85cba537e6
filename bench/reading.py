"""Rows of a spreadsheet read in a process of its own, beside the bare parser in this one."""

import csv
import io
import resource
import statistics
import time
from collections.abc import Callable
from typing import Any

import xlsxwriter
from python_calamine import CalamineWorkbook

from gdt.spreadsheets.reading import read_table

ROWS, ROUNDS = 100_000, 5
HEADER = [
    "Full name",
    "Name in own script",
    "Student number",
    "E-mail",
    "Gender",
    "Faculty",
    "Intake",
    "Note",
]


def cases() -> list[dict[str, Any]]:
    """Return the figures, each {name, value, unit, peer, peer_value, ratio}; CPU time of both processes.

    The peers only parse: `csv.reader` over decoded text, calamine without a look into the archive before.
    """
    rows = [HEADER, *map(_row, range(ROWS))]
    text, book = _text(rows), _book(rows)
    return [
        _case("rows of CSV read, letters and quotes checked", text, "a.csv", _bare_text, "bare csv.reader"),
        _case("rows of .xlsx read, archive measured", book, "a.xlsx", _bare_book, "bare calamine"),
    ]


def _row(n: int) -> list[str]:
    return [f"Student {n}", "陈美玲", f"A-{n:06d}", f"s{n}@utar.example", "F", "FBF", "2026", ""]


def _text(rows: list[list[str]]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode()


def _book(rows: list[list[str]]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        for line, row in enumerate(rows):
            sheet.write_row(line, 0, row)
    return out.getvalue()


def _bare_text(data: bytes) -> int:
    return sum(1 for _ in csv.reader(io.StringIO(data.decode(), newline=""))) - 1


def _bare_book(data: bytes) -> int:
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0)
    return sum(1 for _ in sheet.iter_rows()) - 1


def _case(name: str, data: bytes, filename: str, bare: Callable[[bytes], int], peer: str) -> dict[str, Any]:
    ours, theirs = [], []
    for _ in range(ROUNDS):
        theirs.append(_cpu(lambda: bare(data)))
        ours.append(_cpu(lambda: sum(1 for _ in read_table(data, filename).rows)))
    value, peer_value = ROWS / statistics.median(ours), ROWS / statistics.median(theirs)
    return {
        "name": name,
        "value": value,
        "unit": "rows/CPU s",
        "peer": peer,
        "peer_value": peer_value,
        "ratio": value / peer_value,
    }


def _cpu(read: Callable[[], int]) -> float:
    begun = time.process_time() + _children()
    assert read() == ROWS
    return time.process_time() + _children() - begun


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
