"""What the first thousand rows of a file suggest, and rows further down that say otherwise."""

from decimal import Decimal
from types import SimpleNamespace

import pytest

from gdt.exams.results_kind import RESULTS
from gdt.imports.row_reading import read_rows
from gdt.imports.rows import Read
from gdt.imports.understanding import understand
from gdt.spreadsheets.refusals import Refused
from gdt.spreadsheets.writing import write_csv
from gdt.training.progress_kind import PROGRESS

EARLY = 1_200  # more than are looked at first


def progress(*columns, late, early):
    cells = [[str(n), *early] for n in range(EARLY)] + [[f"L{n}", *row] for n, row in enumerate(late)]
    found = understand(PROGRESS, write_csv(["Student number", *columns], cells), "list.csv")
    rows = [row for chunk in read_rows(PROGRESS, None, found) for row in chunk]
    assert len(rows) == len(cells)
    return rows


def test_a_late_share_of_one_makes_the_ones_before_it_whole_shares():
    rows = progress("Attendance", early=["1"], late=[["0.87"], ["0"]])
    assert all(isinstance(row, Read) for row in rows)
    assert {row.values[3] for row in rows[:EARLY]} == {100}
    assert [row.values[3] for row in rows[EARLY:]] == [87, 0]


@pytest.mark.parametrize(("early", "late"), [("0.9", "85"), ("85", "0.9"), ("1", "n. a.")])
def test_a_late_percentage_of_the_other_kind_is_a_problem_at_its_cell(early, late):
    *before, last = progress("Attendance", early=[early], late=[[late]])
    assert all(isinstance(row, Read) for row in before)
    assert [problem[:2] for problem in last.problems] == [["Attendance", late]]


def test_nothing_but_zeros_and_ones_are_per_cent():
    rows = progress("Attendance", early=["1"], late=[["0"]])
    assert {row.values[3] for row in rows} == {1, 0}


def test_a_late_day_says_how_all_days_are_written():
    rows = progress("Completed on", early=["03/04/2026"], late=[["25/04/2026"], ["04/25/2026x"]])
    assert {row.values[5] for row in rows[:EARLY]} == {"2026-04-03"}
    assert rows[EARLY].values[5] == "2026-04-25"
    assert [problem[0] for problem in rows[-1].problems] == ["Completed on"]


def test_low_marks_that_come_late_are_asked_about():
    cells = [[str(n), "absent"] for n in range(EARLY)] + [[f"L{n}", str(n)] for n in range(11)]
    sitting = SimpleNamespace(exam=SimpleNamespace(maximum_mark=Decimal(100)))
    data = write_csv(["Student number", "Mark"], cells)
    with pytest.raises(Refused, match="The best mark is 10, and this exam’s marks are out of 100"):
        understand(RESULTS, data, "marks.csv", subject=SimpleNamespace(record=sitting))
