"""Rosters to measure with: half of their rows are about people who are known."""

import csv
import io

import xlsxwriter

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


def rows_of(cohort: int, count: int, known: int) -> list[list[str]]:
    """Return the rows of a cohort; every other one is of somebody among so many known people."""
    return [_row(cohort, n, count, known) for n in range(count)]


def _row(cohort: int, n: int, count: int, known: int) -> list[str]:
    if n % 2:
        who = (cohort * count + n) * 7919 % known + 1
        return [f"Known {who}", "陈美玲", f"K{who}", f"k{who}@utar.example", "F", "FBF", "2026", ""]
    number = f"{cohort}-{n:06d}"
    return [f"Student {number}", "陈美玲", number, f"s{number}@utar.example", "F", "FBF", "2026", ""]


def in_short(rows: list[list[str]]) -> list[list[str]]:
    """Return rows with half of their cells, so that more of them fit into a file that may be uploaded."""
    return [[row[0], "", row[2], row[3], row[4], "", "", ""] for row in rows]


def as_csv(rows: list[list[str]]) -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer).writerows([HEADER, *rows])
    return buffer.getvalue().encode()


def as_book(rows: list[list[str]]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        for line, row in enumerate([HEADER, *rows]):
            sheet.write_row(line, 0, row)
    return out.getvalue()
