"""Files for a newcomer to try: a partner's messy roster, and the marks of the sitting that waits for them."""

import csv
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import xlsxwriter

from gdt.demo.present_day import STORY
from gdt.demo.queries import get_running_cohort, get_waiting_sitting, list_completed
from gdt.exams.models import Sitting
from gdt.spreadsheets.writing import write_csv

ROSTER = Path(__file__).parent / "samples" / "utar-roster.csv"
HEADING = "Universiti Tunku Abdul Rahman: students of the GDT programme"
ABSENT, ABSENT_EVERY = "absent", 17


class Samples(NamedTuple):
    """Where the files were written, and what they are for."""

    cohort_code: str
    roster_csv: Path
    roster_xlsx: Path
    sitting_code: str
    results_csv: Path


def write_samples(folder: Path) -> Samples:
    """Write the files into a folder; raises RecordNotFound where the demo network was never loaded."""
    folder.mkdir(parents=True, exist_ok=True)
    cohort, sitting = get_running_cohort(STORY), get_waiting_sitting(STORY)
    samples = Samples(
        cohort.code,
        folder / "utar-roster.csv",
        folder / "utar-roster.xlsx",
        sitting.code,
        folder / "utar-results.csv",
    )
    samples.roster_csv.write_bytes(ROSTER.read_bytes())
    _write_workbook(samples.roster_xlsx)
    samples.results_csv.write_bytes(_marks(sitting))
    return samples


def _write_workbook(path: Path) -> None:
    """The same roster as partners keep it: under a heading, with an empty line and a wide title."""
    with ROSTER.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    with xlsxwriter.Workbook(path, {"strings_to_urls": False}) as workbook:
        sheet = workbook.add_worksheet("Students")
        sheet.set_column(1, 4, 28)
        sheet.merge_range(0, 0, 0, len(rows[0]) - 1, HEADING, workbook.add_format({"bold": True}))
        for line, row in enumerate(rows, start=2):
            sheet.write_row(line, 0, row)


def _marks(sitting: Sitting) -> bytes:
    """A mark for everyone who completed the cohort: most pass, some do not, one or two were absent."""
    rows = [
        (number, name, ABSENT if position % ABSENT_EVERY == ABSENT_EVERY - 1 else _mark(position))
        for position, (number, name) in enumerate(list_completed(sitting.cohort))
    ]
    return write_csv(("Matric No.", "Student name", "Mark"), rows)


def _mark(position: int) -> str:
    return str(
        Decimal(41 if position % 9 == 8 else 62 + position * 11 % 36) + Decimal("0.5") * (position % 2)
    )
