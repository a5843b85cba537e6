"""Large files: read and checked as durable work, whose page shows how far it is."""

import io

import pytest

from gdt import jobs
from gdt.access import OFFICE, Role
from gdt.database import db, unit_of_work
from gdt.imports import checking, frames, large_files, working
from gdt.imports.changing import correct_rows
from gdt.imports.checking import hand_in
from gdt.imports.frames import index_of
from gdt.imports.models import Upload, UploadState
from gdt.jobs import JobState
from gdt.people.models import Person
from gdt.training.roster_kind import ROSTER, subject_of
from tests.browser import submit
from tests.factories import make_affiliation, make_cohort, make_institution, make_person

ROSTER_PAGE = "/cohorts/utar-2026-001/roster"
HEADER = "Full name,Student number,Born on\n"


@pytest.fixture
def cohort(app):
    return make_cohort(make_institution(code="utar"), code="utar-2026-001")


@pytest.fixture
def coordinator(sign_in, cohort):
    return sign_in(Role.COORDINATOR, cohort.institution)


@pytest.fixture
def everything_is_large(monkeypatch):
    monkeypatch.setattr(large_files, "AT_ONCE_BYTES", 0)
    monkeypatch.setattr(large_files, "AT_ONCE_PACKED_BYTES", 0)


def upload(client, content):
    return submit(client, ROSTER_PAGE, file=(io.BytesIO(content.encode()), "roster.csv")).location


def record():
    db.session.expire_all()
    return db.session.query(Upload).order_by(Upload.id.desc()).first()


def test_a_large_file_is_read_as_work_and_then_checked_kept_and_undone(coordinator, everything_is_large):
    place = upload(coordinator, f"{HEADER}Ana,1,\nBen,2,\nx,2,\n")
    assert (record().state, record().job_state, record().rows_in) == (UploadState.CHECKED, JobState.DONE, 3)
    assert "2 new" in coordinator.get(place).text
    fragment = coordinator.get(place, headers={"X-Fragment": "progress"}).text
    assert "data-done" in fragment
    assert "See what was understood" in fragment

    columns = {"c0": "full_name", "c1": "own_number", "c2": ""}
    assert submit(coordinator, f"{place}/columns", **columns).location == place
    submit(coordinator, f"{place}/keep", page=place)
    assert (record().rows_kept, record().rows_refused) == (2, 1)
    submit(coordinator, f"{place}/undo")
    assert (record().state, db.session.query(Person).count()) == (UploadState.UNDONE, 0)


def test_while_it_is_read_its_page_shows_how_far_and_nothing_else_can_be_done(
    coordinator, cohort, everything_is_large, monkeypatch
):
    monkeypatch.setattr(jobs, "start", lambda _record, **_wait: None)
    place = upload(coordinator, f"{HEADER}Ana,1,\n")
    assert "Waiting for its turn" in coordinator.get(place).text
    with unit_of_work():
        record().job_done = 4_000
    page = coordinator.get(place).text
    assert "Reading the file and checking its rows" in page
    assert "4,000 of 2 done" in page
    assert coordinator.get(f"{place}/columns").location == place
    assert upload(coordinator, f"{HEADER}Ana,1,\n") == place

    monkeypatch.undo()
    upload_id = record().id
    db.session.rollback()
    jobs.run_here("uploads", upload_id)
    assert record().state is UploadState.CHECKED


def test_reading_that_is_taken_up_again_begins_anew_and_counts_each_row_once(
    coordinator, cohort, everything_is_large, monkeypatch
):
    monkeypatch.setattr(working, "_tell_how_far", _stops)
    with unit_of_work():
        data = f"{HEADER}Ana,1,\nBen,2,\n".encode()
        about = {"kind": ROSTER, "subject": subject_of(cohort), "filename": "r.csv"}
        hand_in(actor=OFFICE, data=data, **about)
    assert record().job_state is JobState.FAILED
    page = coordinator.get(f"/imports/{record().id}").text
    assert "could not be read to its end" in page
    assert "Upload it again" in page
    monkeypatch.undo()
    monkeypatch.setattr(large_files, "AT_ONCE_BYTES", 0)
    with unit_of_work():
        hand_in(actor=OFFICE, data=data, **about)
    assert (record().state, record().rows_in) == (UploadState.CHECKED, 2)
    assert sum(frame.rows for frame in index_of(record().checked_key)) == 2
    assert db.session.query(Upload).count() == 1


def _stops(_upload_id, _rows):
    raise ConnectionError


def test_a_large_file_that_cannot_be_read_says_why_on_its_page(coordinator, everything_is_large):
    page = coordinator.get(upload(coordinator, "Phone,Floor\n1,2\n")).text
    assert "The file cannot be read" in page
    assert "No column holds the name" in page
    page = coordinator.get(upload(coordinator, HEADER)).text
    assert "There is no row under the header" in page


def corrected(upload_id, line, **cells):
    with unit_of_work():
        upload = db.session.get(Upload, upload_id)
        typed = {int(name[1:]): text for name, text in cells.items()}
        row = correct_rows(actor=OFFICE, upload=upload, typed={line: typed})[0]
        return row.state, row.note, [list(change) for change in row.problems]


def test_one_cell_is_mended_without_reading_most_of_the_rows_anew(cohort, monkeypatch):
    monkeypatch.setattr(frames, "FRAME", 10)
    known = make_person(printed_name="Lee", email="lee@utar.example")
    make_affiliation(known, cohort.institution, own_number="L1")
    body = "".join(f"Person {n},P{n},p{n}@utar.example\n" for n in range(200))
    text = f"Full name,Student number,E-mail\n{body}Lee,l1,\n=1,NEW,\n=2,,lee@utar.example\n"
    with unit_of_work():
        upload = hand_in(
            actor=OFFICE, kind=ROSTER, subject=subject_of(cohort), filename="r.csv", data=text.encode()
        )
        upload_id = upload.id
    read = []
    whole = frames._in_rows
    monkeypatch.setattr(frames, "_in_rows", lambda content: read.append(1) or whole(content))
    monkeypatch.setattr(checking, "read_rows", lambda *_all: pytest.fail("the rows are read anew"))

    state, _note, problems = corrected(upload_id, 203, c0="New One", c1="p77")
    assert (state, problems) == (
        "refused",
        [["Student number", "p77", "Line 79 has the same. Each person has their own."]],
    )
    assert len(read) <= 3
    assert corrected(upload_id, 203, c0="New One", c1="NX9")[0] == "new"
    state, _note, problems = corrected(upload_id, 204, c0="Lee")
    assert (state, problems[0][2]) == (
        "refused",
        "This is the same person as on line 202. Delete one of the two rows.",
    )
    assert corrected(upload_id, 204, c0="Two", c1="nx9", c2="")[2][0][2].startswith("Line 203 has the same")
    assert corrected(upload_id, 204, c0="Two", c1="P200", c2="")[0] == "new"
    assert len(read) <= 15  # of 21 frames, five times
