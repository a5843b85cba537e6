"""Files from real habits: everybody in them is found, on the right line, under the right name."""

from decimal import Decimal

import pytest

from gdt.spreadsheets.handing_back import return_workbook
from gdt.spreadsheets.reading import read_table
from tests.understood import count_known, understand_results, understand_roster
from tests.unit.spreadsheet_files import Here
from tests.unit.ugly_files import MOODLE, ugly_files

FILES = ugly_files()


@pytest.mark.parametrize("name", FILES)
def test_everybody_is_found(name):
    file = FILES[name]
    roster = understand_roster(file.data, file.filename)
    assert [(row.line, row.printed_name, row.own_number) for row in roster.rows] == file.people
    assert {problem.line for problem in roster.problems} == set(file.refused)
    assert roster.rows_in == len(file.people) + len(file.refused)


@pytest.mark.parametrize("name", FILES)
def test_any_row_can_be_handed_back_and_read_again(name):
    file = FILES[name]
    line, printed, number = file.people[-1]
    problems = [{"line": line, "column": "", "reason": "Look again."}]
    returned = return_workbook(file.data, file.filename, problems, count_known, parsing=Here)
    again = understand_roster(returned.data, returned.filename)
    assert [(row.printed_name, row.own_number) for row in again.rows] == [(printed, number)]
    table = read_table(returned.data, returned.filename, count_known, parsing=Here)
    assert [table.first_lines.get(row.line, row.line) for row in table.rows] == [line]


@pytest.mark.parametrize("name", MOODLE)
def test_moodle_s_exports_are_read_as_they_come(name):
    filename, data = MOODLE[name]
    results = understand_results(data, filename, maximum_mark=Decimal(100))
    assert [(row.line, row.printed_name, row.mark, row.is_absent) for row in results.rows] == [
        (2, "Lee Ann" if "quiz" in name else "Ann Lee", Decimal("87.5"), False),
        (3, "Tan Bo" if "quiz" in name else "Bo Tan", None, True),
    ]
    assert results.problems == []
