"""A workbook with a sheet for each class: the sheets with the same columns are read as one."""

import io
import json

import openpyxl
import pytest

from gdt.access import Role
from gdt.commands.office import gdt
from gdt.database import db
from gdt.imports.models import Upload
from gdt.people.models import Person
from tests.browser import submit
from tests.factories import make_cohort, make_institution

CLASS_A = [
    ["Full name", "Student number", "E-mail"],
    ["Ana Ruiz", "1", "ana@u.example"],
    ["Eva Paz", "2", "none"],
]
CLASS_B = [
    ["Student number", "Full name", "E-mail"],
    ["3", "Ian Sol", "ian@u.example"],
    ["1", "Uma Rey", "uma@u.example"],
    ["4", "Lea Gil", "no address"],
]
TEACHERS = [["Full name", "Staff number"], ["Noa Sanz", "T1"]]
MAPPING = {"c0": "full_name", "c1": "own_number", "c2": "email"}


def workbook(**sheets):
    book, out = openpyxl.Workbook(), io.BytesIO()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name.replace("_", " "))
        for row in rows:
            sheet.append(row)
    book.save(out)
    return out.getvalue()


@pytest.fixture
def coordinator(sign_in, app):
    utar = make_institution(code="utar", name="UTAR")
    make_cohort(utar, code="utar-2026-001")
    return sign_in(Role.COORDINATOR, utar)


def upload(client, data, filename="classes.xlsx"):
    return submit(client, "/cohorts/utar-2026-001/roster", file=(io.BytesIO(data), filename)).location


def together(client, data):
    place = upload(client, data)
    return submit(client, place, sheet=["Class A", "Class B"], **MAPPING).location


def test_sheets_with_the_same_columns_are_read_together_and_each_row_says_its_sheet(coordinator):
    file = workbook(Class_A=CLASS_A, Class_B=CLASS_B, Teachers=TEACHERS)
    page = coordinator.get(upload(coordinator, file)).text
    assert page.count("checked") >= 2
    assert "Which sheets are meant?" in page

    check = together(coordinator, file)
    page = coordinator.get(check).text
    assert "“Class A”, “Class B” were read together. The file has more: Teachers" in page
    for words in ("3 of “Class A”", "3 of “Class B”", "already on line 2 of “Class A”", "4 of “Class B”"):
        assert words in page

    submit(coordinator, f"{check}/rows", page=check, l3c2="eva@u.example")
    submit(coordinator, f"{check}/rows", page=check, again="1000003", l1000003c1="1")
    assert "Line 2 of “Class A” has the same" in coordinator.get(check).text
    back = openpyxl.load_workbook(io.BytesIO(coordinator.get(f"{check}/refused-rows").data))
    assert back["Class A"]["A3"].value is None
    assert back["Class B"]["B4"].value == "Lea Gil"
    assert back["Class B"]["C4"].comment.text.startswith("This is not an e-mail address")
    assert back["Teachers"]["A2"].value == "Noa Sanz"

    submit(coordinator, f"{check}/keep", page=check)
    db.session.expire_all()
    record = db.session.query(Upload).one()
    assert (record.rows_in, record.rows_kept, record.rows_refused) == (5, 3, 2)
    assert "3 of “Class B”" in coordinator.get(check).text
    assert {one.printed_name for one in db.session.query(Person)} == {"Ana Ruiz", "Eva Paz", "Ian Sol"}


def test_the_same_sheets_again_change_nothing(coordinator):
    file = workbook(Class_A=CLASS_A[:2], Class_B=CLASS_B[:2])
    check = together(coordinator, file)
    submit(coordinator, f"{check}/keep", page=check)
    assert upload(coordinator, file) == check  # known by its bytes, while nothing moved
    again = together(coordinator, workbook(Class_A=CLASS_A[:2], Class_B=CLASS_B[:2], Notes=[["Room 5"]]))
    assert "changes nothing: all 2 rows" in coordinator.get(again).text
    assert db.session.query(Person).count() == 2


def test_sheets_with_other_columns_are_not_thrown_together(coordinator):
    file = workbook(Class_A=CLASS_A, Teachers=TEACHERS)
    place = upload(coordinator, file)
    answer = submit(coordinator, place, sheet=["Class A", "Teachers"], **MAPPING)
    assert answer.status_code == 422
    assert "“Teachers” has other columns" in answer.text
    assert "Choose at least one sheet" in submit(coordinator, place, **MAPPING).text
    assert submit(coordinator, place, sheet=["Class A"], **MAPPING).status_code == 302


def test_the_command_reads_all_sheets_with_the_same_columns_or_those_it_is_told(app, coordinator, tmp_path):
    place = tmp_path / "classes.xlsx"
    place.write_bytes(workbook(Class_A=CLASS_A, Class_B=CLASS_B, Teachers=TEACHERS))

    def imported(*more):
        where = ["--institution", "utar", "--cohort", "utar-2026-001", "--json", *more]
        answer = app.test_cli_runner().invoke(gdt, ["import-roster", str(place), *where])
        return answer.exit_code, json.loads(answer.output)

    tried = imported("--dry-run")[1]
    assert (tried["rows_in"], tried["rows_kept"]) == (5, 2)
    assert [(one["sheet"], one["line"]) for one in tried["problems"]] == [
        ("Class A", 3),
        ("Class B", 3),
        ("Class B", 4),
    ]
    assert imported("--dry-run", "--sheet", "Class B")[1]["rows_in"] == 3
    assert imported("--sheet", "Class C")[0] == 2
    code, refused = imported("--sheet", "Class A", "--sheet", "Teachers")
    assert (code, "other columns" in refused["refused"]) == (2, True)
    assert db.session.query(Upload).count() == 0

    alone = imported("--sheet", "Class A")[1]
    assert (alone["rows_in"], alone["rows_kept"]) == (2, 1)
    both = imported()[1]
    assert (both["rows_in"], both["rows_kept"], both["rows_matched"]) == (5, 2, 1)
    assert imported()[1] | {"rows_matched": 1} == both
    assert sorted(one.printed_name for one in db.session.query(Person)) == ["Ana Ruiz", "Ian Sol"]
    place.write_bytes(b"Name\nOoi\n")
    assert "has no sheets" in imported("--sheet", "Class A")[1]["refused"]
