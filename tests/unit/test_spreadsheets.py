"""Reading and writing spreadsheets: what is understood, what is refused, and in which words."""

import io
import struct
import zipfile
from datetime import UTC, date, datetime

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from gdt.spreadsheets.cell_text import starts_like_formula, tidy
from gdt.spreadsheets.letters import all_letters
from gdt.spreadsheets.limits import MAX_BYTES, MAX_ROWS, Unreadable
from gdt.spreadsheets.notices import Notice
from gdt.spreadsheets.parsing import Parsing
from gdt.spreadsheets.reading import read_table
from gdt.spreadsheets.refusals import Refused
from gdt.spreadsheets.tables import best_reading
from gdt.spreadsheets.writing import sheet_name, write_csv, write_xlsx
from tests.unit.spreadsheet_files import Here

SCRIPTS = [
    "Siti binti Ahmad",
    "O'Brien-Núñez",
    "สมชาย ใจดี",
    "Nguyễn Thị Ánh",
    "សុខ សុភា",
    "Бат-Эрдэнэ",
    "Әлия Қасым",
    "王小明",
    "ሰላም ተስፋዬ",
    "محمد علی",
    "முருகன்",
    "सीता",
]


def workbook(cells, **sheets):
    """Return an .xlsx with `cells` {"A1": value} in its first sheet."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        book.set_properties({"created": datetime(2026, 1, 1, tzinfo=UTC)})  # the same bytes at every call
        for name, content in {"Sheet1": cells, **sheets}.items():
            sheet = book.add_worksheet(name)
            for place, value in content.items():
                if isinstance(value, date):
                    style = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
                    sheet.write_datetime(place, value, style)
                else:
                    sheet.write(place, value)
    return out.getvalue()


def with_parts(data, **changes):
    """Return the archive `data` with the content of some members changed by functions."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            change = changes.get(name.rsplit("/", 1)[-1].removesuffix(".xml"), lambda content: content)
            new.writestr(name, change(old.read(name)))
    return out.getvalue()


def read(data, name="list.csv", recognise=None, parsing=Here):
    data = data.encode() if isinstance(data, str) else data
    table = read_table(data, name, recognise, parsing=parsing)
    return table.header, [(row.line, row.cells) for row in table.rows]


def reason(data, name="list.csv"):
    """Return why a file is refused, read as the application reads it: in a process of its own."""
    with pytest.raises(Refused) as refusal:
        read(data, name, parsing=Parsing)
    text = refusal.value.reason
    assert text == str(refusal.value)
    assert text.endswith(".")
    return text


class TestText:
    @pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
    def test_each_delimiter_is_found(self, mark):
        text = f"name{mark}note\nAnn{mark}a\n\n , \nBo{mark}b\n"
        assert read(text.replace(" , \n", f" {mark} \n")) == (
            ["name", "note"],
            [(2, ["Ann", "a"]), (5, ["Bo", "b"])],
        )

    def test_comma_decimals_do_not_hide_the_semicolon(self):
        assert read('name;mark\n"Lee, Ann";8,5\n')[1] == [(2, ["Lee, Ann", "8,5"])]

    def test_one_column_needs_no_delimiter(self):
        assert read("name\nAnn\nBo")[1] == [(2, ["Ann"]), (3, ["Bo"])]

    def test_two_equally_good_delimiters_are_refused(self):
        assert "which mark separates" in reason("a,b;c\n1,2;3\n")

    def test_the_separator_line_of_excel_is_passed_over(self):
        assert read("sep=;\r\nname;no\r\nAnn;1\r\n") == (["name", "no"], [(3, ["Ann", "1"])])

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
    def test_known_encodings_give_the_same_text(self, encoding):
        text = "name,no\r\n" + "".join(f"{name},{place}\r\n" for place, name in enumerate(SCRIPTS))
        assert [cells[0] for _, cells in read(text.encode(encoding))[1]] == SCRIPTS

    def test_utf_16_big_endian_with_its_mark_is_read(self):
        assert read(b"\xfe\xff" + "name\n王".encode("utf-16-be"))[1] == [(2, ["王"])]

    def test_an_encoding_that_is_not_certain_is_refused_with_the_line(self):
        assert "(line 3 cannot be read)" in reason(b"name\nAnn\nGarc\x92a\n")

    def test_an_old_encoding_is_read_where_it_is_certain_and_told(self):
        table = read_table("name\nAnn\nJosé\n".encode("cp1252"), "a.csv", parsing=Here)
        assert [row.cells for row in table.rows] == [["Ann"], ["José"]]
        assert table.encoding == "cp1252"
        assert "read as Western European" in table.notices[0].sentence

    def test_utf_32_is_refused(self):
        assert "UTF-8" in reason("name,no\nAnn,1\n".encode("utf-32"))
        assert "UTF-8" in reason("name,no\nAnn,1\n".encode("utf-32-be"))

    def test_half_a_letter_of_utf_16_is_refused(self):
        assert "UTF-8" in reason(b"\xff\xfe" + "name\nAnn".encode("utf-16-le") + b"\x00")

    @pytest.mark.parametrize(
        "text",
        [
            'name,no\nAnn,1\n"Bo,2\nCy,3\nDi,4\n',
            'name,no\nAnn,1\n"Bo,2\n"Cy",3\nDi,4\n',
            'name,no\nAnn,1\n"Bo,2\nCy",3\nDi,4\n',
            'name,no,place\nAnn,1,x\n"Bo",2,"y\nCy,3,z\nDi",4,x\n',
            'name,no\nAnn,1\n"Bo"b,2\n',
            '"name","no"\n"Ann","1"\n"Bo "b"","2"\n',
        ],
    )
    def test_a_stray_quote_is_named_by_its_line_and_swallows_nothing(self, text):
        assert "On line 3 " in reason(text)

    def test_a_quote_within_a_cell_is_just_a_letter(self):
        assert read('name,no\nAnn "Annie" Lee,1\n')[1] == [(2, ['Ann "Annie" Lee', "1"])]

    def test_a_cell_over_two_lines_is_one_cell(self):
        assert read('name,no\nAnn,"1\n2"\nBo,3\n')[1] == [(2, ["Ann", "1\n2"]), (4, ["Bo", "3"])]

    def test_text_is_composed_and_trimmed_and_zeros_stay(self):
        assert read("name,no\n\u00a0 Jose\u0301 \u200b,007 \n")[1] == [(2, ["José", "007"])]

    def test_control_characters_are_not_trimmed_away(self):
        assert read("name,no\nAnn\x1f,\x00\n")[1] == [(2, ["Ann\x1f", "\x00"])]

    def test_the_header_is_looked_for_below_titles(self):
        text = "UTAR\n\nList of students,2026\nName,No\nAnn,1\n"
        header, rows = read(text, recognise=lambda cells: cells.count("Name") + cells.count("No"))
        assert (header, rows) == (["Name", "No"], [(5, ["Ann", "1"])])

    def test_too_many_rows_and_columns_are_refused(self):
        assert "200,000 rows" in reason("name\n" + "a\n" * (MAX_ROWS + 1))
        assert "256 columns" in reason("a," * 300)

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("name\n" + "\n" * 9_000_000 + "Ann", "200,000 rows"),
            ("name\n" + '"\n' * 4_000_000, "200,000 rows"),
            ("name" + "," * 9_000_000, "Line 1 holds far more"),
            ("name\n" + "x" * 9_000_000, "Line 2 holds far more"),
            ("name\n" + "x" * 200_000, "Line 2 holds far more"),
        ],
        ids=["blank lines", "quotes", "commas", "one line", "one cell"],
    )
    def test_a_file_made_to_keep_us_busy_is_refused(self, text, words):
        assert words in reason(text)

    def test_a_hundred_thousand_rows_are_read(self):
        data = write_csv(["a", "b", "c", "d"], [[f"Name {n}", f"n{n}", "x", "y"] for n in range(100_000)])
        assert len(read(data)[1]) == 100_000


class TestWorkbook:
    def test_numbers_dates_and_text_become_what_their_owner_sees(self):
        cells = {
            "A1": "name",
            "A2": "007",
            "B2": 123.0,
            "C2": 0.1 + 0.2,
            "D2": True,
            "E2": date(2026, 11, 21),
            "F2": datetime(2026, 11, 21, 14, 30),  # noqa: DTZ001
            "G2": 60123456789,
            "H2": 12345678901234567890,
        }
        expected = ["007", "123", "0.3", "TRUE", "2026-11-21", "2026-11-21 14:30:00", "60123456789"]
        assert read(workbook(cells), "a.xlsx")[1] == [(2, [*expected, "1.23456789012346E+19"])]

    def test_lines_are_the_row_numbers_of_the_sheet(self):
        cells = {"B3": "name", "C3": "no", "B5": "Ann", "C7": 1}
        assert read(workbook(cells), "a.xlsx") == (
            ["", "name", "no"],
            [(5, ["", "Ann", ""]), (7, ["", "", "1"])],
        )

    def test_the_sheet_with_the_known_header_is_read(self):
        data = workbook({"A1": "Welcome"}, List={"A1": "Name", "A2": "Ann"})
        assert read(data, "a.xlsx", lambda cells: cells.count("Name")) == (["Name"], [(2, ["Ann"])])

    def test_what_openpyxl_writes_is_read_as_well(self):
        book, out = openpyxl.Workbook(), io.BytesIO()
        for row in (["name", "no"], ["Ann", "01"]):
            book.active.append(row)
        book.save(out)
        assert read(out.getvalue(), "a.xlsx") == (["name", "no"], [(2, ["Ann", "01"])])

    def test_a_cell_at_the_far_corner_is_refused(self):
        data = workbook({"A1": "name", "XFD1048576": "x"})
        assert "row 1,048,576, column 16,384" in reason(data, "a.xlsx")

    @pytest.mark.parametrize(
        "cell",
        [
            b'<c r="XFD1"><v>1</v></c>',
            b"<c\tr='A1048576'><v>1</v></c>",
            b'<x:c xmlns:x="u" r="ZZ9999999"><v>1</v></x:c>',
            b"<c><v>1</v></c>" * 300,
            b"<c/>" * 300 + b"<c><v>1</v></c>",
            b'<c r="AZ299999"><v>1</v></c>',
        ],
    )
    def test_a_far_cell_is_found_however_it_is_written(self, cell):
        sheet = b'<sheetData><row r="1">' + cell + b"</row>"
        data = with_parts(workbook({"A1": "name"}), sheet1=lambda old: old.replace(b"<sheetData>", sheet))
        assert "far outside its table" in reason(data, "a.xlsx")

    def test_an_empty_cell_far_away_does_no_harm(self):
        far = b'<row r="1048576"><c r="XFD1048576" s="1"/></row></sheetData>'
        data = with_parts(
            workbook({"A1": "name", "A2": "Ann"}), sheet1=lambda old: old.replace(b"</sheetData>", far)
        )
        assert read(data, "a.xlsx")[1] == [(2, ["Ann"])]

    def test_an_archive_that_unpacks_too_far_is_refused_at_once(self):
        data = with_parts(workbook({"A1": "name"}), sheet1=lambda old: old + b" " * 50_000_000)
        assert "unpacks to more" in reason(data, "a.xlsx")

    def test_a_lying_size_in_the_archive_helps_nobody(self):
        data = with_parts(workbook({"A1": "name"}), sheet1=lambda old: old + b" " * 30_000_000)
        lie = data.replace(struct.pack("<I", 30_000_000 + self._size(data)), struct.pack("<I", 500))
        assert reason(lie, "a.xlsx")

    def _size(self, data):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return archive.getinfo("xl/worksheets/sheet1.xml").file_size - 30_000_000

    def test_a_long_text_repeated_by_reference_is_refused(self):
        cells = {f"A{n}": "x" * 30_000 for n in range(1, 3000)}
        assert "unpacks to more" in reason(workbook(cells), "a.xlsx")

    def test_a_long_remark_repeated_a_little_is_fine(self):
        cells = {"A1": "name", **{f"A{n}": "x" * 30_000 for n in range(2, 100)}}
        assert len(read(workbook(cells), "a.xlsx")[1]) == 98

    def test_entities_of_one_own_making_are_refused(self):
        doctype = b'<!DOCTYPE a [<!ENTITY b "c">]><worksheet'
        data = with_parts(workbook({"A1": "name"}), sheet1=lambda old: old.replace(b"<worksheet", doctype))
        assert "damaged" in reason(data, "a.xlsx")

    @pytest.mark.parametrize("count", [b"99999999999", b"&#57;9999999", b""])
    def test_a_workbook_that_promises_more_texts_than_it_holds_is_refused(self, count):
        data = workbook({"A1": "name", "A2": "Ann"})
        data = with_parts(
            data, sharedStrings=lambda old: old.replace(b'uniqueCount="2"', b'uniqueCount="%b"' % count)
        )
        assert "damaged" in reason(data, "a.xlsx")

    def test_too_many_members_are_refused(self):
        out = io.BytesIO(workbook({"A1": "name"}))
        with zipfile.ZipFile(out, "a") as archive:
            for number in range(600):
                archive.writestr(f"x{number}.xml", "<a/>")
        assert reason(out.getvalue(), "a.xlsx")

    @pytest.mark.parametrize("share", [0.05, 0.3, 0.6, 0.9, 0.99])
    def test_a_truncated_workbook_is_refused(self, share):
        data = workbook({"A1": "name", "A2": "Ann"})
        assert reason(data[: int(len(data) * share)], "a.xlsx")

    @settings(max_examples=25, deadline=None)
    @given(st.data())
    def test_a_damaged_workbook_is_read_or_refused_but_nothing_else(self, pick):
        data = bytearray(workbook({"A1": "name", "A2": "Ann", "B2": 5}))
        for _ in range(pick.draw(st.integers(1, 5))):
            data[pick.draw(st.integers(0, len(data) - 1))] = pick.draw(st.integers(0, 255))
        try:
            read(bytes(data), "a.xlsx")
        except Refused as refusal:
            assert refusal.reason


class TestKindOfFile:
    def test_an_empty_file_is_refused(self):
        assert "empty" in reason(b"")
        assert "empty" in reason(" \n\r\n , , \n")
        assert "empty" in reason(b"\xef\xbb\xbf\r\n")
        assert "empty" in reason(workbook({}), "a.xlsx")

    @pytest.mark.parametrize("name", ["a.csv", "a.xls", "a.txt", "a", "a.XLSM"])
    def test_a_workbook_is_read_whatever_its_name_says(self, name):
        assert read(workbook({"A1": "name", "A2": "Ann"}), name) == (["name"], [(2, ["Ann"])])

    @pytest.mark.parametrize("name", ["a.XLSX", "a.xls", "a.tsv", "a.txt"])
    def test_a_text_is_read_whatever_kind_of_table_its_name_says(self, name):
        assert read("name\tno\nAnn\t1", name) == (["name", "no"], [(2, ["Ann", "1"])])

    @pytest.mark.parametrize(
        ("data", "name", "words"),
        [
            (b"%PDF-1.7 ...", "a.csv", "a PDF document"),
            (b"\x89PNG\r\n", "a.xlsx", "a picture"),
            (b"<html><table>", "a.xls", "a web page"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600, "a.xls", "damaged"),
            (b"name\nAnn", "a.docx", ".docx"),
            (b"name\nAnn", "list", "list"),
            (b"PK\x03\x04", "a.xlsx", "damaged"),
        ],
    )
    def test_other_files_are_refused_in_words(self, data, name, words):
        assert words in reason(data, name)

    def test_another_kind_of_archive_is_refused(self):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            archive.writestr("word/document.xml", "<a/>")
        assert "This is a text document" in reason(out.getvalue(), "a.xlsx")

    def test_a_file_too_large_is_refused(self):
        assert "10 MB" in reason(b"a" * (MAX_BYTES + 1))


CELLS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.sampled_from(
    ["=1+1", "'=1", "''@x", "-5", "\u200b+1", "＝1", "a,b\nc", '"', "'", 'x"y', "\r\n=", ";", "\u037e"]
)


class TestWriting:
    @settings(max_examples=25, deadline=None)
    @given(st.lists(st.tuples(CELLS, CELLS, CELLS), max_size=8))
    def test_what_csv_says_is_read_back_exactly(self, rows):
        rows = [[tidy(cell) for cell in row] for row in rows]
        header, back = read(write_csv(["a", "=b", "c"], rows))
        assert header == ["a", "=b", "c"]
        assert [cells for _, cells in back] == [row for row in rows if any(row)]

    @settings(max_examples=15, deadline=None)
    @given(st.lists(st.tuples(CELLS, CELLS), max_size=5))
    def test_what_xlsx_says_is_read_back_exactly(self, rows):
        rows = [[tidy(cell) for cell in row] for row in rows]
        header, back = read(write_xlsx(["a", "=b"], rows, "List"), "a.xlsx")
        assert header == ["a", "=b"]
        assert [cells for _, cells in back] == [row for row in rows if any(row)]

    @pytest.mark.parametrize("name", SCRIPTS)
    def test_names_of_twelve_scripts_survive_both(self, name):
        for data, file in (
            (write_csv(["n"], [[name]]), "a.csv"),
            (write_xlsx(["n"], [[name]], "x"), "a.xlsx"),
        ):
            assert read(data, file)[1] == [(2, [name])]

    @pytest.mark.parametrize(
        "cell",
        ["=1", "+1", "-1", "@x", "  =1", "\t=1", "\u200b=1", "\ufeff=1", "＝1", "＠x", "'=1", "\u00ad-1"],
    )
    def test_no_cell_of_csv_starts_as_a_formula(self, cell):
        assert starts_like_formula(cell)
        assert write_csv(["n"], [[cell]]).decode("utf-8-sig").splitlines()[1].startswith("\"'")

    def test_numbers_dates_and_nothing_are_written_plainly(self):
        rows = [[-5, 1.5, date(2026, 11, 21), None, "x"]]
        assert read(write_csv("abcde", rows))[1] == [(2, ["-5", "1.5", "2026-11-21", "", "x"])]
        assert read(write_xlsx("abcde", rows, "x"), "a.xlsx")[1] == [
            (2, ["-5", "1.5", "2026-11-21", "", "x"])
        ]

    def test_a_formula_stays_text_in_xlsx(self):
        book = openpyxl.load_workbook(io.BytesIO(write_xlsx(["n"], [["=1+1"], ["http://x.org"]], "A/B")))
        assert [(cell.data_type, cell.hyperlink) for cell in book["A B"]["A"][1:]] == [("s", None)] * 2

    def test_a_text_too_long_for_a_cell_is_not_cut_silently(self):
        with pytest.raises(ValueError, match="32767"):
            write_xlsx(["n"], [["x" * 40_000]], "x")

    def test_a_sheet_gets_a_name_excel_accepts(self):
        assert [sheet_name(name) for name in ("a/b:c", "", "History", "x" * 40)] == [
            "a b c",
            "Sheet1",
            "Sheet1",
            "x" * 31,
        ]


def test_a_text_in_which_no_usual_sign_parts_two_cells_is_refused_and_breaks_nothing():
    row = [1, ["Full name", "Note"]]
    with pytest.raises(Unreadable, match="unclear_delimiter"):
        best_reading([{"delimiter": "^", "rows": [row]}], lambda _cells: 1)


def test_letters_are_named_as_people_name_them():
    names = [one.name for one in all_letters() if one.is_read]
    sentences = [Notice("legacy_encoding", {"encoding": name}).sentence for name in names]
    assert any("read as Thai." in one for one in sentences)
    assert any("read as Western European." in one for one in sentences)
    assert any("read as Chinese, simplified." in one for one in sentences)
    assert not any(sign in " ".join(sentences) for sign in ("cp", "gb1", "mac_", "koi", "older way"))
