"""Files without headings: mapped by content, confirmed by a person, the first row kept like every other."""

import io

import openpyxl
import pytest

from gdt.access import OFFICE, Role
from gdt.database import db
from gdt.imports.models import ColumnMemory, Upload
from gdt.people.models import Affiliation, Person
from gdt.spreadsheets.refusals import Refused
from gdt.training.roster_importing import import_roster
from tests.browser import submit
from tests.factories import make_cohort, make_institution

ROWS = [
    ["A01", "Ana Ruiz", "ana@utar.example", "Lima"],
    ["A02", "Eva Paz", "eva@utar.example", "Lima"],
    ["A03", "Ian Sol", "no address", "Lima"],
    ["A04", "Uma Rey", "uma@utar.example", "Lima"],
    ["A05", "Lea Gil", "lea@utar.example", "Lima"],
    ["A06", "Noa Sanz", "noa@utar.example", "Lima"],
]
MAPPING = {"c0": "own_number", "c1": "full_name", "c2": "email", "c3": ""}


@pytest.fixture
def utar(app):
    return make_institution(code="utar", name="UTAR")


@pytest.fixture
def coordinator(sign_in, utar):
    make_cohort(utar, code="utar-2026-001")
    return sign_in(Role.COORDINATOR, utar)


def as_csv(rows):
    return "\n".join(",".join(row) for row in rows).encode()


def as_workbook(rows):
    book, out = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(out)
    return out.getvalue()


def corrected(file, filename):
    """The file that was handed back, with its wrong address put right."""
    if filename.endswith(".csv"):
        return file.replace(b"no address", b"ian@utar.example")
    book, out = openpyxl.load_workbook(io.BytesIO(file)), io.BytesIO()
    assert str(book.active["E4"].value).startswith("GDT ✎ ")
    book.active["C4"].value = "ian@utar.example"
    book.save(out)
    return out.getvalue()


def upload(client, data, filename):
    return submit(client, "/cohorts/utar-2026-001/roster", file=(io.BytesIO(data), filename))


@pytest.mark.parametrize(("make", "filename"), [(as_csv, "list.csv"), (as_workbook, "list.xlsx")])
def test_the_columns_are_told_by_content_and_the_first_row_is_a_person(coordinator, make, filename):
    place = upload(coordinator, make([["Class 3B", "", "", ""], *ROWS]), filename).location
    assert place.endswith("/columns")
    page = coordinator.get(place).text
    assert "We found no headings" in page
    assert "“Class 3B”) is a title" in page
    record = db.session.query(Upload).one()
    assert record.mapping == ["own_number", "full_name", "email", ""]

    check = submit(coordinator, place, first_row="row", **MAPPING).location
    assert "Confirm and keep 5 rows" in coordinator.get(check).text
    file = coordinator.get(f"{check}/refused-rows").data
    submit(coordinator, f"{check}/keep", page=check)
    db.session.expire_all()
    assert (record.rows_in, record.rows_kept, record.rows_refused) == (6, 5, 1)
    assert db.session.query(Affiliation).filter_by(own_number="A01").one().person.printed_name == "Ana Ruiz"
    assert db.session.query(ColumnMemory).count() == 0

    again = upload(coordinator, corrected(file, filename), filename).location
    check = submit(coordinator, again, first_row="row", **MAPPING).location
    assert "Confirm and keep 1 row" in coordinator.get(check).text
    assert db.session.query(Upload).order_by(Upload.id.desc()).first().rows_in == 1


def test_headings_in_words_nobody_knows_are_headings_still(coordinator):
    place = upload(coordinator, as_csv([["Ooo", "Aaa", "Eee", "Uuu"], *ROWS]), "list.csv").location
    assert "We do not know these headings" in coordinator.get(place).text
    check = submit(coordinator, place, first_row="headings", **MAPPING).location
    assert "Confirm and keep 5 rows" in coordinator.get(check).text

    record = db.session.query(Upload).one()
    assert record.header == ["Ooo", "Aaa", "Eee", "Uuu"]
    assert db.session.query(ColumnMemory).count() == 1


def test_what_was_taken_for_a_row_can_be_said_to_be_headings(coordinator):
    names = [["Yyy"], ["Ana Ruiz"], ["Eva Paz"]]
    place = upload(coordinator, as_csv(names), "names.csv").location
    check = submit(coordinator, place, first_row="headings", c0="full_name").location
    submit(coordinator, f"{check}/keep", page=check)
    assert sorted(person.printed_name for person in db.session.query(Person)) == ["Ana Ruiz", "Eva Paz"]


def test_content_that_tells_nothing_is_refused_with_the_way_out(coordinator):
    answer = upload(coordinator, b"1,7\n2,9\n3,4\n", "numbers.csv")
    assert answer.status_code == 422
    assert "copy your rows into the workbook to fill in" in answer.text
    assert db.session.query(Upload).count() == 0

    told = {"institution_code": "utar", "cohort_code": "utar-2026-001", "filename": "list.csv"}
    with pytest.raises(Refused, match="We found no headings"):
        import_roster(viewer=OFFICE, data=as_csv(ROWS), **told)
