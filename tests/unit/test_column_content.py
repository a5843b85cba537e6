"""What columns hold, told by their content where no heading says it."""

import pytest

from gdt.exams.results_sheet import is_mark
from gdt.people.column_content import tell_people
from gdt.training.progress_sheet import TOLD


def columns(text):
    return [
        list(cells) for cells in zip(*[line.split("|") for line in text.strip().splitlines()], strict=True)
    ]


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        (
            "1|6501|สมชาย ใจดี|somchai@u.example|ชาย\n2|6502|มาลี ศรีสุข|malee@u.example|หญิง\n"
            "3|6503|อนันต์ ทองดี|-|ชาย",
            ["", "own_number", "full_name", "email", "gender"],
        ),
        ("Ana Pérez\nLuis Gómez\nMaría de la Cruz", ["full_name"]),
        ("María|Pérez|A-1\nJosé|Gómez|A-2", ["given_name", "family_name", "own_number"]),
        ("Tan Mei Ling|陈美玲|07\nLim Wei|林伟|08", ["full_name", "native_name", "own_number"]),
        (
            "Ana Ruiz|Lima|Law\nEva Paz|Lima|Law\nIan Sol|Lima|Art\nUma Rey|Lima|Art\nLea Gil|Lima|Law",
            ["full_name", "", ""],
        ),
        ("bad address|Ana Ruiz\na@b.example|Eva Paz\nc@d.example|3", ["", ""]),
    ],
)
def test_the_columns_of_a_roster_are_told_by_what_stands_in_them(text, fields):
    assert tell_people(columns(text)) == fields


def test_marks_and_attendance_stand_behind_whom_they_are_about():
    assert tell_people(
        columns("101|Ana Ruiz|55\n102|Eva Paz|absent\n103|Ian Sol|87.5"), {"mark": is_mark}
    ) == [
        "own_number",
        "full_name",
        "mark",
    ]
    sheet = "007|80|completed|30/6/2026\n008|95 %|withdrew|12/5/2026"
    assert tell_people(columns(sheet), TOLD) == ["own_number", "attendance", "state", "completed_on"]
