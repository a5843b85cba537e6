"""Rosters: columns in the words of seventeen countries, rows kept whole or refused with their reason."""

import io
import unicodedata

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gdt.columns import find_columns, header_key
from gdt.people import roster_words
from gdt.people.roster_words import ROSTER_WORDS
from gdt.spreadsheets.refusals import Refused
from gdt.spreadsheets.writing import write_csv, write_xlsx
from gdt.training.roster_kind import ROSTER
from tests.understood import understand_roster


def roster(header, *rows):
    return understand_roster(write_csv(header, rows), "list.csv")


def only_reason(result):
    assert len(result.problems) == 1
    assert not result.rows or result.problems[0].line not in {row.line for row in result.rows}
    return result.problems[0].reason


def refusal(header, *rows):
    with pytest.raises(Refused) as refused:
        roster(header, *rows)
    return refused.value.reason


class TestColumns:
    @pytest.mark.parametrize(
        ("header", "field"),
        [
            ("full_name", "printed_name"),
            ("FULL  NAME*", "printed_name"),
            ("Student's Name", "printed_name"),
            ("Name (as in passport)", "printed_name"),
            ("Nama", "printed_name"),
            ("NAMA PENUH", "printed_name"),
            ("Nombre completo", "printed_name"),
            ("Họ và tên", "printed_name"),
            ("Ho va ten", "printed_name"),
            ("ชื่อ-สกุล", "printed_name"),
            ("ชื่อ – นามสกุล", "printed_name"),
            ("姓名", "printed_name"),
            ("姓名 Name", "printed_name"),
            ("Name / 姓名", "printed_name"),
            ("ឈ្មោះ", "printed_name"),
            ("Овог нэр", "printed_name"),
            ("Аты-жөні", "printed_name"),
            ("ФИО", "printed_name"),
            ("Nom complet", "printed_name"),
            ("ሙሉ ስም", "printed_name"),
            ("الاسم الكامل", "printed_name"),
            ("نام", "printed_name"),
        ],
    )
    def test_the_name_is_found_in_every_spelling(self, header, field):
        result = roster([header, "Notes"], ["Ann Lee", "x"])
        assert result.columns == {field: header}
        assert result.unknown_columns == ["Notes"]
        assert result.rows[0].printed_name == "Ann Lee"

    @pytest.mark.parametrize(
        ("number", "email", "gender"),
        [
            ("Student_ID", "E-Mail Address", "SEX"),
            ("No. Matrik", "Emel", "Jantina"),
            ("NIM", "Surel", "Jenis Kelamin (L/P)"),
            ("รหัสนักศึกษา", "อีเมล", "เพศ"),
            ("Mã sinh viên", "Địa chỉ email", "Giới tính"),
            ("អត្តលេខ", "អ៊ីមែល", "ភេទ"),
            ("Оюутны код", "И-мэйл", "Хүйс"),
            ("Matrícula", "Correo electrónico", "Género"),
            ("Numéro d’étudiant", "Courriel", "Sexe"),
            ("የተማሪ መለያ", "ኢሜይል", "ፆታ"),
            ("Номер студента", "Электронная почта", "Пол"),
            ("学号", "电子邮箱", "性别"),
            ("الرقم الجامعي", "البريد الإلكتروني", "الجنس"),
        ],
    )
    def test_the_other_columns_are_found_in_any_order(self, number, email, gender):
        result = roster(["#", gender, email, "Name", number], ["1", "female", "a@b.org", "Ann", "007"])
        assert result.columns == {
            "printed_name": "Name",
            "own_number": number,
            "email": email,
            "gender": gender,
        }
        assert result.rows[0] == (2, "Ann", None, "007", "a@b.org", "female")

    def test_no_header_means_two_things(self):
        lists = (
            "FULL_NAME",
            "BARE_NAME",
            "GIVEN_NAME",
            "FAMILY_NAME",
            "MIDDLE_NAME",
            "NATIVE_NAME",
            "OWN_NUMBER",
        )
        for name in (*lists, "EMAIL", "GENDER"):
            for header in getattr(roster_words, name).split("|"):
                assert ROSTER_WORDS[header_key(header)][0] == name.lower(), header

    @pytest.mark.parametrize(
        ("header", "row", "name"),
        [
            (["First name", "Last name"], ["Ann", "Lee"], "Ann Lee"),
            (["Surname", "Given name"], ["Lee", "Ann"], "Lee Ann"),
            (["Nombres", "Apellido paterno", "Apellido materno"], ["Ana", "Paz", "Ruiz"], "Ana Paz Ruiz"),
            (["Nom", "Prénom"], ["Diallo", "Awa"], "Diallo Awa"),
            (["ชื่อ", "นามสกุล"], ["สมชาย", "ใจดี"], "สมชาย ใจดี"),
            (["Фамилия", "Имя", "Отчество"], ["Ким", "Анна", "Ивановна"], "Ким Анна Ивановна"),
            (["First name", "Last name"], ["Suharto", ""], "Suharto"),
            (["Name", "First name", "Last name"], ["Ann B. Lee", "Ann", "Lee"], "Ann B. Lee"),
            (["First name", "Last name", "Full name"], ["Ann", "Lee", "Lee Ann"], "Lee Ann"),
        ],
    )
    def test_parts_of_a_name_are_joined_in_the_order_of_the_file(self, header, row, name):
        assert roster(header, row).rows[0].printed_name == name

    def test_a_second_name_column_in_another_script_is_the_native_name(self):
        result = roster(["姓名", "Name"], ["王小明", "Wang Xiaoming"])
        assert result.rows[0][1:3] == ("Wang Xiaoming", "王小明")
        assert roster(["Name", "Native name"], ["Ann", "안"]).rows[0].native_name == "안"
        parts = roster(["First", "Last", "ชื่อ-นามสกุล"], ["Somchai", "Jaidee", "สมชาย ใจดี"])
        assert parts.rows[0][1:3] == ("Somchai Jaidee", "สมชาย ใจดี")

    def test_without_a_name_column_the_headers_found_are_named(self):
        reason = refusal(["Student no", "Phone"], ["1", "2"])
        assert "“Student no”, “Phone”" in reason
        assert "Rename the column" in reason
        assert "No column holds the name" in refusal(["First name", "Phone"], ["Ann", "2"])

    def test_two_columns_of_one_name_are_refused(self):
        assert "Two columns are called “Name”" in refusal(["Name", "NAME"], ["Ann", "Bo"])

    def test_the_supervisor_is_not_the_student(self):
        assert find_columns(["Supervisor (name)", "University name", "No."], ROSTER_WORDS) == {}

    def test_titles_above_the_header_are_passed_over(self):
        result = understand_roster(b"UTAR\nIntake 2026,,\n,,\nname,student id,\nAnn,1,\n", "a.csv")
        assert result.rows == [(5, "Ann", None, "1", None, None)]

    def test_a_header_alone_is_refused(self):
        assert "no row under the header (line 1)" in refusal(["Name"])


class TestNames:
    @pytest.mark.parametrize(
        "name",
        [
            "siti binti AHMAD",
            "Suharto",
            "O'Brien-Núñez III",
            "สมชาย ใจดี",
            "សុខ​សុភា",
            "王小明",
            "محمد\u200cعلی",
            "d’Angelo, Jr.",
            "María José\u00a0Ruiz",
        ],
    )
    def test_a_name_is_kept_exactly(self, name):
        assert roster(["Name"], [name]).rows[0].printed_name == name

    def test_only_doubled_and_outer_blanks_go_and_letters_are_composed(self):
        decomposed = unicodedata.normalize("NFD", "  José   Núñez ")
        assert roster(["Name"], [decomposed]).rows[0].printed_name == "José Núñez"

    @pytest.mark.parametrize(
        ("name", "words"),
        [
            ("", "The name is empty"),
            ("x" * 201, "201 characters; 200 can be kept"),
            ("Ann\x00Lee", "U+0000"),
            ("Ann\tLee", "U+0009"),
            ("Ann\nLee", "U+000A"),
            ("Ann\u202eLee", "U+202E"),
            ("Ann\ufffdLee", "U+FFFD"),
            ("12345", "no letter"),
            ("---", "no letter"),
        ],
    )
    def test_a_name_that_cannot_be_printed_refuses_its_row(self, name, words):
        result = roster(["Name", "Student number"], ["Bo", "1"], [name, "2"])
        assert words in only_reason(result)
        assert result.problems[0][:2] == (3, "Name")
        assert (len(result.rows), result.rows_in) == (1, 2)

    def test_a_name_of_exactly_two_hundred_characters_is_kept(self):
        assert roster(["Name"], ["x" * 200]).rows


class TestCells:
    @pytest.mark.parametrize(
        "email",
        [
            "ann",
            "ann@",
            "ann@org",
            "a b@x.org",
            "Ann <a@x.org>",
            "a@x..org",
            "a@x.org, b@x.org",
            "a..b@x.org",
            "ａ＠x",
        ],
    )
    def test_a_malformed_address_is_a_problem_at_its_cell(self, email):
        result = roster(["Name", "E-mail"], ["Ann", email])
        assert "not an e-mail address" in only_reason(result)
        assert result.problems[0][:3] == (2, "E-mail", email)

    @pytest.mark.parametrize("email", ["Ann.Lee+x@Mail.example.org", "o'b@x-y.edu.my", "学生@例子.中国"])
    def test_an_address_is_kept_as_written(self, email):
        assert roster(["Name", "E-mail"], ["Ann", email]).rows[0].email == email

    def test_dashes_stand_for_nothing(self):
        result = roster(["Name", "No", "E-mail", "Gender"], ["Ann", "-", "n/a", "-"], ["Bo", "-", "—", ""])
        assert [row[2:] for row in result.rows] == [(None, None, None, None)] * 2

    def test_a_number_too_long_or_shortened_by_excel_is_a_problem(self):
        assert "41 characters" in only_reason(roster(["Name", "Student No"], ["Ann", "1" * 41]))
        assert "shortened" in only_reason(roster(["Name", "Student No"], ["Ann", "1.23457E+15"]))
        result = understand_roster(
            write_xlsx(["Name", "Student No"], [["Ann", 1234567890123456789]], "x"), "a.xlsx"
        )
        assert "shortened" in only_reason(result)

    @pytest.mark.parametrize(
        ("word", "gender"),
        [
            (word, "female")
            for word in ("f", "F.", "Female", "perempuan", "P", "หญิง", "Nữ", "女", "Mujer", "эмэгтэй")
        ]
        + [
            (word, "male")
            for word in ("M", "male", "Lelaki", "L", "ชาย", "Nam", "男", "hombre", "эрэгтэй", "ذكر")
        ]
        + [(word, "other") for word in ("other", "Non-binary", "lain-lain", "其他")]
        + [(word, None) for word in ("", "prefer not to say", "-")],
    )
    def test_gender_is_understood_in_many_languages(self, word, gender):
        assert roster(["Name", "Gender"], ["Ann", word]).rows[0].gender == gender

    def test_an_unknown_gender_is_a_problem_at_its_cell(self):
        assert "not known" in only_reason(roster(["Name", "Gender"], ["Ann", "Q7"]))

    def test_m_in_spanish_can_mean_either(self):
        assert "mujer or masculino" in only_reason(roster(["Nombre", "Sexo"], ["Ana", "M"]))

    def test_a_row_with_more_cells_than_the_header_is_refused(self):
        result = understand_roster(b"name,student id\nLee, Ann,1\nBo,2,\n", "a.csv")
        assert "more cells than the 2 of the header" in only_reason(result)
        assert [row.line for row in result.rows] == [3]


class TestSecondRows:
    def test_the_same_number_twice_names_the_first_line(self):
        result = roster(["Name", "Student No"], ["Ann", "a1"], ["Bo", "A1"])
        assert only_reason(result).startswith("This number is already on line 2.")

    def test_the_same_address_twice_names_the_first_line_whatever_its_case(self):
        result = roster(["Name", "E-mail"], ["Ann", "A@x.org"], ["Bo", "a@X.org"])
        assert only_reason(result).startswith("This e-mail is already on line 2.")

    def test_a_repeated_row_is_already_there(self):
        result = roster(["Name", "Student No", "E-mail"], *[["Ann", "1", "a@x.org"]] * 2)
        assert {problem.line for problem in result.problems} == {3}
        assert only_reason(result).startswith("This row is already on line 2.")

    def test_a_repeated_row_of_names_only_is_already_there(self):
        result = roster(["Name", "Class"], ["Ann", "a"], ["Ann", "b"], ["Ann", "a"])
        assert [row.line for row in result.rows] == [2, 3]
        assert only_reason(result).startswith("This row is already on line 2.")

    def test_a_refused_row_does_not_take_the_number(self):
        result = roster(["Name", "Student No"], ["", "1"], ["Ann", "1"])
        assert [row.line for row in result.rows] == [3]

    def test_a_row_refused_for_its_address_does_not_take_its_number(self):
        header = ["Name", "Student No", "E-mail"]
        result = roster(header, ["Ann", "1", "a@x.org"], ["Bo", "2", "a@x.org"], ["Cy", "2", "c@x.org"])
        assert [row.line for row in result.rows] == [2, 4]


NAMES = st.sampled_from(["Ann", "Bo", "", "7", "x" * 201, "A\x00b", "王"]) | st.text(max_size=6)
NUMBERS = st.sampled_from(["", "1", "2", "-", "9" * 41]) | st.text(max_size=3)
EMAILS = st.sampled_from(["", "a@x.org", "A@x.org", "b@x.org", "nobody", "@"])
GENDERS = st.sampled_from(["", "f", "m", "男", "??", "robot"])


class TestBookkeeping:
    @settings(max_examples=25, deadline=None)
    @given(st.lists(st.tuples(NAMES, NUMBERS, EMAILS, GENDERS), min_size=1, max_size=25))
    def test_rows_in_are_rows_kept_and_rows_refused(self, rows):
        try:
            result = roster(["Name", "Student No", "E-mail", "Gender"], *rows)
        except Refused as refused:
            assert "no row" in refused.reason
            return
        refused_lines = {problem.line for problem in result.problems}
        kept_lines = {row.line for row in result.rows}
        assert result.rows_in == len(result.rows) + len(refused_lines)
        assert not refused_lines & kept_lines
        for field in ("own_number", "email"):
            values = [getattr(row, field).lower() for row in result.rows if getattr(row, field)]
            assert len(values) == len(set(values))

    @settings(max_examples=15, deadline=None)
    @given(st.binary(max_size=200) | st.text(alphabet="name,;\t|\"\n\r'=x1@.", max_size=120).map(str.encode))
    def test_any_bytes_are_understood_or_refused_but_nothing_else(self, data):
        for name in ("a.csv", "a.xlsx"):
            try:
                result = understand_roster(data, name)
            except Refused as refused:
                assert refused.reason
            else:
                assert result.rows_in == len(result.rows) + len({problem.line for problem in result.problems})

    def test_a_thousand_bad_rows_are_each_reported_where_they_stand(self):
        rows = [["" if line % 10 == 0 else f"Name {line}", str(line)] for line in range(2, 10_002)]
        result = roster(["Name", "Student No"], *rows)
        assert [problem.line for problem in result.problems] == list(range(10, 10_002, 10))
        assert result.rows_in == 10_000

    def test_twenty_thousand_rows_are_understood(self):
        rows = [[f"Name {n}", str(n), f"s{n}@x.org", "female", "a", "b", "c", "d"] for n in range(20_000)]
        data = write_csv(["Name", "Student No", "E-mail", "Gender", "w", "x", "y", "z"], rows)
        assert len(understand_roster(data, "a.csv").rows) == 20_000


class TestTemplate:
    def test_a_filled_template_is_understood_and_keeps_zeros(self):
        book = openpyxl.load_workbook(io.BytesIO(ROSTER.template(None)))
        assert book.sheetnames == ["Roster", "How to"]
        book["Roster"].append(["Nguyễn Thị Ánh", "", "0012", "a@x.org", "female"])
        out = io.BytesIO()
        book.save(out)
        result = understand_roster(out.getvalue(), "roster.xlsx")
        assert result.rows == [(2, "Nguyễn Thị Ánh", None, "0012", "a@x.org", "female")]
        assert (len(result.columns), result.unknown_columns) == (5, [])

    def test_the_empty_template_holds_no_example_to_upload(self):
        with pytest.raises(Refused, match="no row under the header"):
            understand_roster(ROSTER.template(None), "roster.xlsx")

    def test_gender_is_chosen_from_a_list(self):
        book = openpyxl.load_workbook(io.BytesIO(ROSTER.template(None)))
        assert book["Roster"].data_validations.dataValidation[0].formula1 == '"female,male,other"'
