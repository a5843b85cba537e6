"""Workbooks of three kinds: what a person sees in a cell is what is read, and what was met is told."""

from datetime import date

import pytest

from gdt.spreadsheets.reading import read_table, sheets_of
from gdt.spreadsheets.refusals import Refused
from tests.unit.spreadsheet_files import Here
from tests.unit.workbook_makers import MAKERS, Error, Padded, Percent

LIST = [["Name", "No", "Mark"], ["Ann", "007", 85], ["Bo", "008", 90]]


def known(cells):
    return sum(cell in {"Name", "No", "Mark", "First", "Last"} for cell in cells)


@pytest.fixture(params=MAKERS)
def make(request):
    def made(sheets, **more):
        return MAKERS[request.param](sheets if isinstance(sheets, dict) else {"List": sheets}, **more)

    made.kind = request.param
    return made


def read(data, recognise=known, sheet=None):
    table = read_table(data, "list.xlsx", recognise, sheet=sheet, parsing=Here)
    return table, [(row.line, row.cells[: len(table.header)]) for row in table.rows]


def told(table):
    return {notice.code: dict(notice.facts) for notice in table.notices}


class TestCells:
    def test_numbers_texts_dates_and_booleans(self, make):
        row = ["007", 7, 1.5, date(2026, 11, 21), True, 60123456789]
        _, rows = read(make([list("abcdef"), row]), None)
        assert rows == [(2, ["007", "7", "1.5", "2026-11-21", "TRUE", "60123456789"])]

    def test_a_percentage_is_read_as_it_is_seen(self, make):
        assert read(make([["Name", "Mark"], ["Ann", Percent(0.855)], ["Bo", Percent(1)]]))[1] == [
            (2, ["Ann", "85.5%"]),
            (3, ["Bo", "100%"]),
        ]

    def test_a_number_keeps_the_zeros_its_format_shows(self, make):
        assert read(make([["Name", "No"], ["Ann", Padded(12345)]]))[1] == [(2, ["Ann", "00012345"])]

    def test_a_failed_formula_is_not_an_empty_cell(self, make):
        assert read(make([["Name", "No"], ["Ann", Error("#N/A")], [Error("#REF!"), 5]]))[1] == [
            (2, ["Ann", "#N/A"]),
            (3, ["#REF!", "5"]),
        ]

    def test_days_that_count_from_1904(self, make):
        if make.kind != "ods":
            table, rows = read(make([["Name", "No"], ["Ann", date(2026, 11, 21)]], is_1904=True))
            assert (rows, table.is_1904) == ([(2, ["Ann", "2026-11-21"])], True)


class TestPlace:
    def test_a_table_that_starts_further_in_keeps_its_columns_apart(self, make):
        rows = [[None] * 4, [None, None, "Name", "Mark"], [None, None, "Ann", Percent(0.5)]]
        rows += [[None, None, "Bo", None]]
        table, read_rows = read(make(rows, merged=[(2, 3, 3, 3)]))
        assert (table.header, table.header_line) == (["", "", "Name", "Mark"], 2)
        assert read_rows == [(3, ["", "", "Ann", "50%"]), (4, ["", "", "Bo", "50%"])]


class TestHidden:
    def test_hidden_rows_and_columns_are_read_and_counted(self, make):
        table, rows = read(make(LIST, hidden_rows=[1], hidden_columns=[2]))
        assert rows == [(2, ["Ann", "007", "85"]), (3, ["Bo", "008", "90"])]
        assert told(table) == {"hidden_rows": {"n": 1}, "hidden_columns": {"n": 1}}
        assert [notice.sentence for notice in table.notices] == [
            "1 hidden row was read too.",
            "1 hidden column was read too.",
        ]

    def test_a_hidden_row_without_content_is_not_worth_a_word(self, make):
        rows = [*LIST[:2], [None, None, None], LIST[2]]
        assert told(read(make(rows, hidden_rows=[2]))[0]) == {}


class TestMerged:
    def test_a_cell_merged_down_is_read_in_each_of_its_rows(self, make):
        rows = [["Name", "No", "Mark"], ["Ann", "1", 5], ["Bo", None, 6], ["Cy", None, 7], ["Di", None, 8]]
        table, read_rows = read(make(rows, merged=[(1, 1, 3, 1)]))
        assert [cells[1] for _, cells in read_rows] == ["1", "1", "1", ""]
        assert told(table) == {"repeated": {"n": 2}}

    def test_a_row_that_holds_nothing_but_merged_cells_is_no_row(self, make):
        rows = [["Name", "No"], ["Ann", "1"], [None, None], ["Bo", "2"]]
        assert [line for line, _ in read(make(rows, merged=[(1, 0, 2, 0), (1, 1, 2, 1)]))[1]] == [2, 4]

    def test_a_header_over_two_rows_is_understood(self, make):
        rows = [["No", "Name", None, "Mark"], [None, "First", "Last", None], ["1", "Ann", "Lee", 5]]
        table, read_rows = read(make(rows, merged=[(0, 0, 1, 0), (0, 1, 0, 2), (0, 3, 1, 3)]))
        assert (table.header, table.header_line) == (["No", "First", "Last", "Mark"], 2)
        assert read_rows == [(3, ["1", "Ann", "Lee", "5"])]

    def test_a_name_merged_over_its_parts_is_understood_though_nothing_is_merged_down(self, make):
        rows = [["No", "Name", None, "Mark"], [None, "First", "Last", None], ["1", "Ann", "Lee", 5]]
        table, read_rows = read(make(rows, merged=[(0, 1, 0, 2)]))
        assert (table.header, table.header_line) == (["No", "First", "Last", "Mark"], 1)
        assert read_rows == [(3, ["1", "Ann", "Lee", "5"])]

    def test_a_header_that_is_said_again_is_nobody_s_row(self, make):
        table, read_rows = read(make([*LIST, LIST[0], ["Cy", "9", 70], LIST[0]]))
        assert [cells[0] for _, cells in read_rows] == ["Ann", "Bo", "Cy"]
        assert told(table) == {"headers_again": {"n": 2, "line": 4}}

    def test_what_hangs_below_the_header_is_nobody_s_row(self, make):
        rows = [["No", "Name", "Mark", None], [None, None, "mid", "final"], ["1", "Ann", 5, 6]]
        table, read_rows = read(make(rows, merged=[(0, 0, 1, 0), (0, 1, 1, 1), (0, 2, 0, 3)]))
        assert (table.header[:3], read_rows) == (["No", "Name", "Mark"], [(3, ["1", "Ann", "5", "6"])])

    def test_a_title_over_all_columns_is_passed_over(self, make):
        rows = [["UTAR 2026", None, None], [None] * 3, *LIST]
        table, read_rows = read(make(rows, merged=[(0, 0, 0, 2)]))
        assert (table.header_line, [line for line, _ in read_rows]) == (3, [4, 5])


class TestSheets:
    def test_the_sheets_are_listed_with_their_headers(self, make):
        data = make({"Read me": [["Hello"]], "List": LIST, "Old": LIST}, hidden_sheets=["Old"])
        assert [
            (s.name, s.is_visible, s.rows, s.columns, s.score) for s in sheets_of(data, "a.xls", known)
        ] == [
            ("Read me", True, 1, 1, 0),
            ("List", True, 3, 3, 3),
            ("Old", False, 3, 3, 3),
        ]

    def test_the_best_visible_one_is_read_and_the_others_are_named(self, make):
        data = make({"A": [["Name"], ["x"]], "B": LIST, "C": LIST}, hidden_sheets=["C"])
        table, rows = read(data)
        assert (table.sheet, table.sheets, len(rows)) == ("B", ["A", "B"], 2)
        assert told(table) == {"other_sheets": {"sheet": "B", "others": "“A”"}}

    def test_a_hidden_one_is_read_only_if_no_other_is_known_and_it_is_told(self, make):
        table, _ = read(make({"A": [["Hello"]], "B": LIST}, hidden_sheets=["B"]))
        assert (table.sheet, "hidden_sheet" in told(table)) == ("B", True)

    def test_one_can_be_chosen(self, make):
        data = make({"A": LIST, "B": [["Name"], ["Zoe"]]})
        assert read(data, sheet="B")[1] == [(2, ["Zoe"])]
        with pytest.raises(Refused, match="no sheet called “D”"):
            read(data, sheet="D")


class TestTotals:
    @pytest.mark.parametrize("word", ["Total", "JUMLAH:", "รวม", "Tổng cộng", "Итого", "合计", "المجموع"])
    def test_a_total_at_the_end_is_set_aside_and_told(self, make, word):
        table, rows = read(make([*LIST, [word, 2, 175], [None, None, None]]))
        assert ([line for line, _ in rows], told(table)) == ([2, 3], {"totals": {"line": 4, "text": word}})

    def test_a_person_called_total_is_a_person(self, make):
        rows = [*LIST, ["Total", "T-01", 50], ["Sum", None, None]]
        assert [line for line, _ in read(make(rows))[1]] == [2, 3, 4, 5]

    def test_a_total_in_the_middle_is_left_to_its_row(self, make):
        rows = [*LIST[:2], ["Total", 1, 85], *LIST[1:], *LIST[1:]]
        assert len(read(make(rows))[1]) == 6
