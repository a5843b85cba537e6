"""Sheets of exam results: marks in many notations, absences in many words, problems at their cell."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gdt.columns import header_key
from gdt.exams.result_words import MARK, RESULT_WORDS
from gdt.spreadsheets.refusals import Refused
from gdt.spreadsheets.writing import write_csv, write_xlsx
from tests.understood import understand_results


def results(header, *rows, maximum="100"):
    return understand_results(write_csv(header, rows), "marks.csv", maximum_mark=Decimal(maximum))


def one(mark, maximum="100"):
    return results(["Student No", "Mark"], ["1", mark], maximum=maximum)


def refusal(header, *rows):
    with pytest.raises(Refused) as refused:
        results(header, *rows)
    return refused.value.reason


class TestColumns:
    @pytest.mark.parametrize(
        "header",
        [
            "mark",
            "SCORE",
            "Grade/100.00",
            "Mark (100)",
            "Score %",
            "Nota",
            "คะแนน",
            "Điểm",
            "ពិន្ទុ",
            "Оноо",
            "Calificación",
            "Note finale",
            "ውጤት",
            "Балл",
            "成绩",
            "الدرجة",
            "Markah",
            "Nilai",
            "成绩 Score",
        ],
    )
    def test_the_mark_is_found_in_every_spelling(self, header):
        result = results(["Student No", header], ["007", "87.5"])
        assert result.columns == {"own_number": "Student No", "mark": header}
        assert result.rows == [(2, "007", None, "", Decimal("87.5"), False)]

    def test_a_moodle_export_is_understood(self):
        header = [
            "Surname",
            "First name",
            "ID number",
            "Email address",
            "State",
            "Grade/100.00",
            "Q. 1 /10.00",
        ]
        result = results(
            header,
            ["Lee", "Ann", "1", "a@x.org", "Finished", "87.50", "8"],
            ["Ng", "Bo", "2", "b@x.org", "-", "-", "-"],
        )
        assert result.rows == [
            (2, "1", "a@x.org", "Lee Ann", Decimal("87.50"), False),
            (3, "2", "b@x.org", "Ng Bo", None, True),
        ]
        assert result.unknown_columns == ["State", "Q. 1 /10.00"]

    @pytest.mark.parametrize(
        ("header", "text", "maximum", "mark"),
        [
            ("Grade/10.00", "8,25", "100", "82.50"),
            ("Calificación/10,00", "8,333", "100", "83.33"),
            ("Nota (20)", "15", "100", "75.00"),
            ("Score (out of 40)", "10", "20", "5.00"),
            ("Percentage", "85.5", "20", "17.10"),
            ("Quiz: Final (Percentage)", "85.50 %", "20", "17.10"),
            ("Quiz: Final (Real)", "15,5", "20", "15.5"),
            ("Cuestionario: Examen final (Porcentaje)", "50,00 %", "20", "10.00"),
            ("Mark", "8/10", "100", "80.00"),
            ("Mark", "15%", "20", "3.00"),
            ("Grade/10.00", "85/100", "100", "85"),
            ("Final mark (2026)", "85", "100", "85"),
        ],
    )
    def test_marks_of_another_scale_are_converted(self, header, text, maximum, mark):
        assert str(results(["Name", header], ["Ann", text], maximum=maximum).rows[0].mark) == mark

    def test_a_mark_above_its_own_maximum_is_refused(self):
        problem = results(["Name", "Grade/10.00"], ["Ann", "11"]).problems[0]
        assert problem.reason == "The mark 11 is above the maximum of 10."

    def test_the_one_item_of_a_gradebook_is_the_exam_and_of_several_the_total(self):
        person, both = ["Name"], ["Quiz: Final (Real)", "Quiz: Final (Percentage)"]
        total = "Course total (Real)"
        assert results([*person, *both, total], ["Ann", "8", "80 %", "9"]).columns["mark"] == both[0]
        several = [*person, both[0], "Assignment: Essay (Real)"]
        assert results([*several, total], ["Ann", "8", "7", "9"]).columns["mark"] == total
        assert "“Mark”" in refusal(several, ["Ann", "8", "7"])

    def test_low_marks_of_a_whole_class_are_asked_about_and_never_taken(self):
        rows = [[f"Student {n}", f"{n}.5"] for n in range(4, 10)]
        assert "The best mark is 9.5" in refusal(["Name", "Mark"], *rows)
        assert len(results(["Name", "Mark"], *rows, ["Best", "20.5"]).rows) == 7

    def test_missing_columns_are_named_with_what_to_rename(self):
        assert "“Mark”" in refusal(["Name", "Phone"], ["Ann", "1"])
        assert "“Student number”" in refusal(["Seat", "Mark"], ["4", "1"])

    def test_no_header_of_a_mark_means_a_person(self):
        assert all(RESULT_WORDS[header_key(header)][0] == "mark" for header in MARK.split("|"))


class TestMarks:
    @pytest.mark.parametrize(
        ("text", "mark"),
        [
            ("0", "0"),
            ("100", "100"),
            ("87,5", "87.5"),
            ("87.50", "87.50"),
            ("+5", "5"),
            ("٨٧", "87"),
            ("８７", "87"),
            ("85%", "85"),
            ("85/100", "85"),
            ("85 / 100.0", "85"),
            ("007", "7"),
        ],
    )
    def test_a_mark_is_read_exactly(self, text, mark):
        row = one(text).rows[0]
        assert (row.mark, str(row.mark), row.is_absent) == (Decimal(mark), mark, False)

    @pytest.mark.parametrize(
        "word",
        [
            "absent",
            "ABS",
            "Abs.",
            "ausente",
            "tidak hadir",
            "ขาดสอบ",
            "vắng",
            "缺考",
            "неявка",
            "غائب",
            "-",
            "–",
        ],
    )
    def test_an_absence_is_understood(self, word):
        assert one(word).rows == [(2, "1", None, "", None, True)]

    @pytest.mark.parametrize(
        ("text", "reason"),
        [
            ("105", "The mark 105 is above the maximum of 100."),
            ("100,01", "The mark 100.01 is above the maximum of 100."),
            ("-5", "The mark -5 is below 0."),
            ("−0.5", "The mark -0.5 is below 0."),
            ("", "The mark is empty. Write the mark, or “absent”."),
            ("A+", "“A+” is not a mark. Write a number such as 87.5, or “absent”."),
        ],
    )
    def test_what_is_wrong_with_a_mark_is_said_in_words(self, text, reason):
        result = one(text)
        assert result.problems == [(2, "Mark", text, reason)]
        assert (result.rows, result.rows_in) == ([], 1)

    @pytest.mark.parametrize("text", ["nan", "inf", "1e2", "1_0", "5 5", "9" * 50, "1.2.3", "=5", ".", "5,"])
    def test_what_python_would_take_for_a_number_is_not_a_mark(self, text):
        assert "is not a mark" in one(text).problems[0].reason

    def test_the_maximum_is_written_plainly(self):
        assert one("21", "20.00").problems[0].reason == "The mark 21 is above the maximum of 20."
        assert "above the maximum of 0.5." in one("1", "0.50").problems[0].reason

    def test_thousands_are_not_guessed(self):
        assert "is not a mark" in one("1,200", "2000").problems[0].reason
        assert one("1200,5", "2000").rows[0].mark == Decimal("1200.5")

    def test_numbers_of_a_workbook_keep_their_value(self):
        data = write_xlsx(["Name", "Mark"], [["Ann", 87.5], ["Bo", 90], ["Cy", 0.1 + 0.2]], "x")
        result = understand_results(data, "a.xlsx", maximum_mark=Decimal(100))
        assert [str(row.mark) for row in result.rows] == ["87.5", "90", "0.3"]


class TestRows:
    def test_a_row_that_says_nobody_is_refused(self):
        result = results(["Student No", "E-mail", "Mark"], ["", "", "5"])
        assert "does not say whose mark" in result.problems[0].reason

    def test_a_student_twice_is_refused_with_the_first_line(self):
        result = results(["Student No", "Mark"], ["1", "5"], ["1", "6"], ["1", "5"])
        assert [problem.reason.split(".")[0] for problem in result.problems] == [
            "This number is already on line 2",
            "This row is already on line 2",
        ]

    def test_a_name_twice_is_refused_where_nothing_else_tells_them_apart(self):
        assert (
            "This name is already" in results(["Name", "Mark"], ["Ann", "5"], ["Ann", "6"]).problems[0].reason
        )
        assert (
            len(
                results(
                    ["Name", "No", "Student No", "Mark"], ["Ann", "", "1", "5"], ["Ann", "", "2", "6"]
                ).rows
            )
            == 2
        )

    @settings(max_examples=20, deadline=None)
    @given(
        st.lists(
            st.tuples(
                st.sampled_from(["", "1", "2", "3", "9" * 41]),
                st.sampled_from(["", "Ann", "7", "B\x00"]),
                st.sampled_from(["", "5", "abs", "-", "101", "-1", "x"]) | st.text(max_size=4),
            ),
            min_size=1,
            max_size=20,
        )
    )
    def test_rows_in_are_rows_kept_and_rows_refused(self, rows):
        try:
            result = results(["Student No", "Name", "Mark"], *rows)
        except Refused as refused:
            assert "no row" in refused.reason
            return
        refused_lines = {problem.line for problem in result.problems}
        assert result.rows_in == len(result.rows) + len(refused_lines)
        assert not refused_lines & {row.line for row in result.rows}
        assert all((row.mark is None) == row.is_absent for row in result.rows)
        assert all(row.mark is None or 0 <= row.mark <= 100 for row in result.rows)
