"""Refused rows handed back: the same workbook, each line where it was, and nothing of it lost."""

import csv
import io
import re
import zipfile
from datetime import date
from xml.etree import ElementTree

import openpyxl
import pytest
import xlsxwriter

from gdt.spreadsheets.handing_back import return_workbook
from gdt.spreadsheets.parsing import Returning
from gdt.spreadsheets.reading import read_table
from tests.unit.spreadsheet_files import Here
from tests.unit.workbook_makers import MAKERS, Padded, Percent

LIST = [
    ["UTAR 2026", None, None, None],
    ["Name", "No", "Mark", "On"],
    ["Ann", Padded(7), Percent(0.5), date(2026, 11, 21)],
    ["B@b", Padded(8), Percent(0.9), date(2026, 11, 22)],
    ["Cy", "9 9", 70, None],
    ["Di", "10", 80, None],
]
PROBLEMS = [
    {"line": 4, "column": "Name", "reason": "The name is wrong."},
    {"line": 5, "column": "No", "reason": "The number is wrong."},
    {"line": 5, "column": "", "reason": "The row is wrong."},
]


def known(cells):
    return sum(cell in {"Name", "No", "Mark"} for cell in cells)


def returned(data, filename="list.xlsx", problems=PROBLEMS, parsing=Here, **more):
    return return_workbook(data, filename, problems, known, parsing=parsing, **more)


def rows_of(file, parsing=Here, **more):
    table = read_table(file.data, file.filename, known, parsing=parsing, **more)
    rows = [(row.line, [*row.cells, *[""] * len(table.header)][: len(table.header)]) for row in table.rows]
    return table, rows


@pytest.mark.parametrize("kind", MAKERS)
class TestEachKind:
    def test_only_the_refused_rows_come_back_on_the_lines_they_had(self, kind):
        file = returned(MAKERS[kind]({"List": LIST, "Other": [["x", 1]]}), f"list.{kind}")
        table, rows = rows_of(file)
        assert (table.header_line, [text for text in table.header if text]) == (
            2,
            ["Name", "No", "Mark", "On"],
        )
        assert [(line, cells[:4]) for line, cells in rows] == [
            (4, ["B@b", "00000008", "90%", "2026-11-22"]),
            (5, ["Cy", "9 9", "70", ""]),
        ]
        assert file.filename == f"list-to-correct.{'xlsx' if kind == 'xls' else kind}"
        assert file.is_same == (kind != "xls")

    def test_the_reasons_stand_in_a_column_that_reading_passes_over(self, kind):
        file = returned(MAKERS[kind]({"List": LIST}), f"list.{kind}")
        table, _ = rows_of(file)
        assert "returned" in {notice.code for notice in table.notices}
        assert "GDT ✎ What to correct" in table.written_header
        assert "GDT ✎ What to correct" not in table.header
        with zipfile.ZipFile(io.BytesIO(file.data)) as archive:
            content = b"".join(archive.read(name) for name in archive.namelist()).decode("utf-8", "replace")
        assert "Name: The name is wrong." in content
        assert "No: The number is wrong. The row is wrong." in content
        assert "Di" not in re.findall(r">(\w+)<", content)

    def test_the_other_sheets_are_still_there(self, kind):
        file = returned(MAKERS[kind]({"Read me": [["Hello", 1]], "List": LIST}), f"list.{kind}")
        table = read_table(file.data, file.filename, sheet="Read me", parsing=Here)
        assert (table.sheets, table.header[:2]) == (["Read me", "List"], ["Hello", "1"])

    def test_a_second_round_replaces_the_reasons_and_keeps_the_lines(self, kind):
        first = returned(MAKERS[kind]({"List": LIST}), f"list.{kind}")
        second = returned(first.data, first.filename, [{"line": 5, "column": "Mark", "reason": "Too much."}])
        table, rows = rows_of(second)
        assert [line for line, _ in rows] == [5]
        assert [text for text in table.written_header if "GDT" in text] == ["GDT ✎ What to correct"]

    def test_a_value_merged_down_from_a_row_that_went_stays_with_the_row_that_came_back(self, kind):
        rows = [*LIST[1:3], ["B@b", None, 1, None], ["Cy", None, 2, None], ["Di", "5", 3, None]]
        data = MAKERS[kind]({"List": rows}, merged=[(1, 1, 3, 1)])
        file = returned(data, f"list.{kind}", [{"line": 3, "column": "Name", "reason": "Wrong."}])
        assert [(line, cells[:3]) for line, cells in rows_of(file)[1]] == [(3, ["B@b", "00000007", "1"])]

    def test_the_real_process_does_the_same(self, kind):
        data = MAKERS[kind]({"List": LIST})
        there = returned(data, f"list.{kind}", parsing=Returning)
        assert rows_of(there)[1] == rows_of(returned(data, f"list.{kind}"))[1]


def rich_workbook():
    """Return a workbook with whatever an office puts into one."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet, other = book.add_worksheet("List"), book.add_worksheet("Lists")
        bold = book.add_format({"bold": True, "border": 1, "font_color": "#00695c"})
        money = book.add_format({"num_format": "#,##0.00 [$RM]", "border": 1, "bg_color": "#eeeeee"})
        sheet.write_row(0, 0, ["Name", "No", "Mark", "Fee", "Double"], bold)
        for line in range(1, 41):
            sheet.write_row(line, 0, [f"Person {line}", f"{line:03}", line])
            sheet.write_number(line, 3, line * 1000, money)
            sheet.write_formula(line, 4, f"=C{line + 1}*2", None, line * 2)
        sheet.set_column("A:A", 40)
        sheet.freeze_panes(1, 1)
        sheet.autofilter("A1:E41")
        sheet.filter_column("C", "x > 20")
        for line in range(1, 21):
            sheet.set_row(line, None, None, {"hidden": True})
        sheet.data_validation(
            "C2:C41", {"validate": "integer", "criteria": "between", "minimum": 0, "maximum": 100}
        )
        sheet.conditional_format("C2:C41", {"type": "3_color_scale"})
        chart = book.add_chart({"type": "column"})
        chart.add_series({"values": "=List!$C$2:$C$41"})
        sheet.insert_chart("G2", chart)
        other.write_column(0, 0, ["yes", "no"])
        other.write_formula("B1", "=SUM(List!C2:C41)", None, 820)
        book.define_name("Marks", "=List!$C$2:$C$41")
        sheet.set_header("&CUTAR")
        sheet.print_area("A1:E41")
    return out.getvalue()


def parts_of(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name).decode("utf-8", "replace") for name in archive.namelist()}


class TestRichWorkbook:
    PROBLEMS = (
        {"line": 3, "column": "Fee", "reason": "Too dear & <odd>."},
        {"line": 30, "column": "Mark", "reason": "Too low."},
    )

    def test_nothing_of_it_is_lost(self):
        workbook = rich_workbook()
        before, after = parts_of(workbook), parts_of(returned(workbook, problems=self.PROBLEMS).data)
        changed = {name for name in before if before[name] != after.get(name)}
        assert changed == {
            "[Content_Types].xml",
            "xl/worksheets/sheet1.xml",
            "xl/styles.xml",
            "xl/sharedStrings.xml",
            "xl/worksheets/_rels/sheet1.xml.rels",
        }
        sheet = after["xl/worksheets/sheet1.xml"]
        for kept in (
            "dataValidations",
            "conditionalFormatting",
            "<drawing",
            "headerFooter",
            "autoFilter",
            "pane",
        ):
            assert kept in sheet

    def test_a_strict_reader_opens_it_and_finds_rows_marks_and_notes(self):
        book = openpyxl.load_workbook(io.BytesIO(returned(rich_workbook(), problems=self.PROBLEMS).data))
        sheet = book["List"]
        filled = [row[0].row for row in sheet.iter_rows(max_col=5) if any(cell.value for cell in row)]
        assert filled == [1, 3, 30]
        assert [cell.value for cell in sheet[3]][:5] == ["Person 2", "002", 2, 2000, 4]
        assert sheet["D3"].fill.fgColor.rgb == "FFFFE08A"
        assert (sheet["D3"].number_format, sheet["D3"].border.left.style) == ("#,##0.00 [$RM]", "thin")
        assert sheet["D3"].comment.text == "Too dear & <odd>."
        assert sheet["F3"].value == "Fee: Too dear & <odd>."
        assert sheet["D30"].fill.fgColor.rgb == "FFEEEEEE"
        assert (sheet.row_dimensions[3].hidden, sheet.row_dimensions[4].hidden) == (False, True)
        assert book.defined_names["Marks"].attr_text == "List!$C$2:$C$41"
        assert len(sheet._charts) == 1

    def test_no_text_of_a_row_that_was_kept_is_left_in_the_file(self):
        after = parts_of(returned(rich_workbook(), problems=self.PROBLEMS).data)
        assert "Person 2<" in after["xl/sharedStrings.xml"]
        assert not any("Person 7<" in content for content in after.values())

    def test_a_sheet_with_notes_of_its_own_keeps_them_and_says_why_in_the_column(self):
        out = io.BytesIO()
        with xlsxwriter.Workbook(out) as book:
            sheet = book.add_worksheet()
            sheet.write_row(0, 0, ["Name", "No"])
            sheet.write_row(1, 0, ["Ann", "1"])
            sheet.write_comment("B1", "Our own")
        file = returned(out.getvalue(), problems=[{"line": 2, "column": "No", "reason": "Wrong."}])
        sheet = openpyxl.load_workbook(io.BytesIO(file.data)).active
        assert (sheet["B1"].comment.text, sheet["C2"].value) == ("Our own", "No: Wrong.")

    def test_macros_do_not_travel(self):
        parts = parts_of(rich_workbook())
        kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
        macro = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            for name, content in parts.items():
                archive.writestr(name, content.replace(kind, macro))
            archive.writestr("xl/vbaProject.bin", b"macro")
        file = returned(out.getvalue(), "list.xlsm", self.PROBLEMS)
        after = parts_of(file.data)
        assert file.filename == "list-to-correct.xlsx"
        assert "xl/vbaProject.bin" not in after
        assert macro not in after["[Content_Types].xml"]
        assert openpyxl.load_workbook(io.BytesIO(file.data))["List"]["A3"].value == "Person 2"

    def test_a_workbook_written_in_an_unusual_way_comes_back_with_its_values(self):
        parts = parts_of(rich_workbook())
        sheet = parts["xl/worksheets/sheet1.xml"]
        sheet = re.sub(r"<(/?)(sheetData|row|c|v|f)\b", r"<\1x:\2", sheet).replace(
            "<worksheet ",
            '<worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main" ',
            1,
        )
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            for name, content in (parts | {"xl/worksheets/sheet1.xml": sheet}).items():
                archive.writestr(name, content)
        file = returned(out.getvalue(), problems=self.PROBLEMS)
        assert not file.is_same
        assert [(line, cells[0]) for line, cells in rows_of(file)[1]] == [(3, "Person 2"), (30, "Person 29")]


def test_an_ods_file_stays_well_formed_and_its_cells_keep_their_styles():
    data = MAKERS["ods"]({"List": LIST})
    content = parts_of(data)["content.xml"].replace(
        "<office:automatic-styles/>",
        (
            '<office:automatic-styles><style:style style:name="ce1" style:family="table-cell" '
            'style:data-style-name="N36"><style:table-cell-properties fo:border="1pt solid #000000" '
            'fo:background-color="#ffffff"/></style:style></office:automatic-styles>'
        ),
    )
    content = content.replace(
        '<table:table-cell office:value-type="percentage"',
        '<table:table-cell table:style-name="ce1" office:value-type="percentage"',
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, part in (parts_of(data) | {"content.xml": content}).items():
            archive.writestr(name, part)
    file = returned(out.getvalue(), "list.ods", [{"line": 4, "column": "Mark", "reason": "a < b & c"}])
    after = parts_of(file.data)["content.xml"]
    ElementTree.fromstring(after)
    assert (
        'style:data-style-name="N36"><style:table-cell-properties fo:background-color="#ffe08a" fo:border'
        in after
    )
    assert "<office:annotation><text:p>a &lt; b &amp; c</text:p></office:annotation>" in after
    assert rows_of(file)[1] == [(4, ["B@b", "00000008", "90%", "2026-11-22"])]


class TestText:
    TEXT = 'List 2026\nName;No;Mark\nAnn;1;5\n"B;b";2;6\n\n=Cy;3;7;8\nDi;4;9\n'

    def test_text_keeps_its_delimiter_and_says_the_old_line(self):
        problems = [
            {"line": 4, "column": "Name", "reason": "Wrong; really."},
            {"line": 6, "column": "", "reason": "x"},
        ]
        file = returned(self.TEXT.encode("cp1252"), "list.csv", problems)
        assert list(csv.reader(io.StringIO(file.data.decode("utf-8-sig")), delimiter=";")) == [
            ["List 2026"],
            ["Name", "No", "Mark", "", "GDT ✎ Line", "GDT ✎ What to correct"],
            ["B;b", "2", "6", "", "4", "Name: Wrong; really."],
            ["'=Cy", "3", "7", "8", "6", "x"],
        ]
        table, rows = rows_of(file)
        assert rows == [(3, ["B;b", "2", "6", ""]), (4, ["=Cy", "3", "7", "8"])]
        assert table.first_lines == {3: 4, 4: 6}

    def test_the_old_line_survives_a_second_round(self):
        first = returned(self.TEXT.encode(), "list.csv", [{"line": 7, "column": "No", "reason": "Wrong."}])
        second = returned(first.data, first.filename, [{"line": 3, "column": "No", "reason": "Still wrong."}])
        table, rows = rows_of(second)
        assert (rows, table.first_lines) == ([(3, ["Di", "4", "9"])], {3: 7})
        assert second.data.decode("utf-8-sig").count("GDT ✎ Line") == 1
