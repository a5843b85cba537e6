"""Rows of a list read many at a time say exactly what each says when it is looked at closely."""

from hypothesis import given, settings
from hypothesis import strategies as st

from gdt.columns import Complaints
from gdt.people.roster import PeopleReader
from gdt.spreadsheets.limits import Row
from gdt.spreadsheets.writing import write_csv
from tests.understood import understand_roster

HEADER = ["Full name", "Native name", "Number", "E-mail", "Gender"]
MAPPING = ["full_name", "native_name", "own_number", "email", "gender"]
NAMES = [
    "Ana",
    "Tan M. L.",
    "Kumar A/L Raman",
    "O’Brien, Jr.",
    "Jr. Lee",
    "陈美玲",
    "สมชาย ใจดี",
    "Ann.",
    ".Ann",
]
NO_NAMES = [
    "N/A",
    "tbc",
    "t.b.c.",
    "",
    "-",
    "n/a",
    "Ana\nBen",
    "a  b",
    "x@y.example",
    "#REF!",
    "=1+1",
    "2 Pac",
]
names = st.sampled_from([*NAMES, *NO_NAMES]) | st.text("aB.é '/-\n1", max_size=8)
numbers = st.sampled_from(
    ["", "1", "A-2", "n/a", "N/A", "-", "1E+05", "1\n2", "a@b.example", "x y"]
) | st.text("aA1", max_size=2)
emails = st.sampled_from(["", "a@b.example", "A@b.example", "b@c", "n/a", "a@b.example\n"]) | st.text(
    "a@b.1", max_size=6
)
genders = st.sampled_from(["", "F", "male", "perempuan", "?"])
rows = st.tuples(names, names, numbers, emails, genders).map(list)


def close(cells):
    """The rows as a reader tells them that looks closely at every one."""
    reader, complaints = PeopleReader(HEADER, MAPPING), Complaints(HEADER)
    told = []
    for line, row in enumerate(cells, start=2):
        person = reader._read_closely(Row(line, row), complaints)
        told.append((person, complaints.problems[:]))
        complaints.problems.clear()
    return told


def column_by_column(rows):
    return [row.line for row in rows], list(zip(*[row.cells for row in rows], strict=True))


def in_groups(cells, size):
    reader, complaints = PeopleReader(HEADER, MAPPING), Complaints(HEADER)
    told = []
    for start in range(0, len(cells), size):
        part = [Row(line, row) for line, row in enumerate(cells[start : start + size], start=start + 2)]
        plain = reader.read_plainly(*column_by_column(part))
        if plain is not None:
            told += [(person, []) for person in zip(*plain, strict=True)]
            continue
        for row in part:
            person = reader.read(row, complaints)
            told.append((person, complaints.problems[:]))
            complaints.problems.clear()
    return told


@settings(max_examples=400, deadline=None)
@given(st.lists(rows, min_size=1, max_size=9), st.integers(1, 4))
def test_rows_read_together_are_the_rows_read_one_by_one(cells, size):
    assert in_groups(cells, size) == close(cells)


def test_most_rows_of_a_list_are_read_together():
    reader = PeopleReader(HEADER, MAPPING)
    cells = [[f"Kumar A/L Raman {n}", "陈美玲", f"A-{n}", f"s{n}@x.example", "F"] for n in range(64)]
    names, *_others = reader.read_plainly(*column_by_column([Row(n + 2, row) for n, row in enumerate(cells)]))
    assert list(names) == [row[0] for row in cells]
    assert reader.read_plainly(*column_by_column([Row(70, cells[3])])) is None  # the second time


def test_a_row_that_is_not_plain_among_many_has_its_problem_at_its_cell():
    cells = [[f"Ana {n}", "", str(n), "", ""] for n in range(1500)]
    cells[1203][4] = "zebra"
    cells[1400][0] = "tbc"
    told = understand_roster(write_csv(HEADER, cells), "list.csv")
    assert [(p.line, p.column) for p in told.problems] == [(1205, "Gender"), (1402, "Full name")]
    assert len(told.rows) == 1498
    assert told.rows_in == 1500
