"""The further kinds of rows: attendance and completion, teachers; each with its template."""

import io
from datetime import timedelta

import openpyxl
import pytest

from gdt.access import OFFICE, Role
from gdt.database import db
from gdt.filters import day as in_words
from gdt.imports.keeping import import_now
from gdt.imports.models import Upload
from gdt.imports.understanding import Said
from gdt.people.models import Affiliation, AffiliationRole, Person
from gdt.spreadsheets.reading import read_table
from gdt.spreadsheets.refusals import Refused
from gdt.training import progress_kind
from gdt.training.completion import Entry, record_progress, shown
from gdt.training.models import Enrolment, EnrolmentState
from tests.browser import submit
from tests.factories import (
    TODAY,
    make_affiliation,
    make_cohort,
    make_enrolment,
    make_institution,
    make_person,
)


@pytest.fixture
def utar(app):
    return make_institution(code="utar", name="UTAR")


@pytest.fixture
def cohort(utar):
    cohort = make_cohort(utar, code="utar-2026-001")
    for number, name in enumerate(("Ana", "Ben", "Cyn"), start=1):
        person = make_person(printed_name=name)
        make_affiliation(person, utar, own_number=f"00{number}")
        make_enrolment(cohort, person)
    return cohort


@pytest.fixture
def coordinator(sign_in, utar):
    return sign_in(Role.COORDINATOR, utar)


def upload(client, path, content, filename="list.csv"):
    data = content.encode() if isinstance(content, str) else content
    return submit(client, path, file=(io.BytesIO(data), filename)).location


def keep(client, place):
    submit(client, f"{place}/keep", page=place)
    db.session.expire_all()
    return client.get(place).text


def progress():
    db.session.expire_all()
    return {
        e.person.printed_name: (e.attendance_percent, e.state.value, e.completed_on)
        for e in db.session.query(Enrolment)
    }


def test_attendance_and_completion_are_recorded_and_undone(coordinator, cohort):
    before = progress()
    day = TODAY - timedelta(days=30)
    sheet = (
        f"Student number,Attendance,Status,Completion date\n001,95 %,completed,{day}\n,,,\n003,40,withdrew,\n"
    )
    place = upload(coordinator, "/cohorts/utar-2026-001/progress", sheet)
    assert "2 to be recorded" in coordinator.get(place).text
    assert progress() == before

    assert "completion of 2 students are recorded" in keep(coordinator, place)
    assert progress()["Ana"] == (95, "completed", day)
    assert progress()["Cyn"] == (40, "withdrew", None)
    submit(coordinator, f"{place}/undo")
    assert progress() == before


def test_days_that_can_be_read_two_ways_are_asked_about_once(coordinator, cohort):
    first = cohort.starts_on + timedelta(days=1)
    while first.day > 12 or first.day == first.month:
        first += timedelta(days=1)
    sheet = f"Student number,Completion date\n001,{first.day}/{first.month}/{first.year}\n"
    place = upload(coordinator, "/cohorts/utar-2026-001/progress", sheet)
    assert place.endswith("/columns")
    assert "Which day is “" in coordinator.get(place).text
    answer = submit(coordinator, place, c0="own_number", c1="completed_on", day_order="day_first")
    assert "/columns" not in answer.location
    keep(coordinator, answer.location)
    assert progress()["Ana"] == (None, "completed", first)


def test_who_completed_without_a_day_is_asked_about_once_for_the_file(coordinator, cohort):
    cohort.ends_on = TODAY - timedelta(days=10)
    db.session.commit()
    sheet = f"Student number,Status,Completion date\n001,completed,\n002,completed,{cohort.ends_on}\n003,,\n"
    place = upload(coordinator, "/cohorts/utar-2026-001/progress", sheet)
    page = coordinator.get(place).text
    assert "1 student is completed in the file, without a day" in page
    assert f'value="{cohort.ends_on}"' in page
    told = {"c0": "own_number", "c1": "state", "c2": "completed_on"}
    assert submit(coordinator, place, **told).status_code == 422
    late = submit(coordinator, place, otherwise_on=str(TODAY + timedelta(days=1)), **told)
    assert "still to come" in late.text
    day = TODAY - timedelta(days=20)
    keep(coordinator, submit(coordinator, place, otherwise_on=str(day), **told).location)
    assert progress()["Ana"] == (None, "completed", day)
    assert progress()["Ben"] == (None, "completed", cohort.ends_on)

    again = upload(coordinator, "/cohorts/utar-2026-001/progress", sheet + "\n")  # nothing to ask any more
    assert "changes nothing" in coordinator.get(again).text


def test_at_the_command_line_the_day_is_said_or_the_file_refused(cohort):
    subject, sheet = progress_kind.subject_of(cohort), b"Student number,Status\n001,completed\n"
    told = {"viewer": OFFICE, "kind": progress_kind.PROGRESS, "subject": subject, "filename": "list.csv"}
    with pytest.raises(Refused, match="1 row says completed, and not on which day"):
        import_now(data=sheet, **told)
    day = TODAY - timedelta(days=3)
    import_now(data=sheet, said=Said(otherwise_on=day), **told)
    db.session.commit()
    assert progress()["Ana"] == (None, "completed", day)


def test_what_was_recorded_otherwise_is_changed_only_on_the_persons_word(coordinator, cohort):
    ana = db.session.query(Person).filter_by(printed_name="Ana").one()
    enrolment = db.session.query(Enrolment).filter_by(person_id=ana.id).one()
    entry = Entry(enrolment.id, "80", "enrolled", shown(enrolment))
    record_progress(actor=OFFICE, cohort=cohort, entries=[entry], completed_on=None)
    db.session.commit()
    sheet = "Name,Attendance\nAna,90\nBen,70\n"
    place = upload(coordinator, "/cohorts/utar-2026-001/progress", sheet)
    keep(coordinator, place)
    assert progress()["Ana"][0] == 80
    record = db.session.query(Upload).one()
    assert (record.rows_in, record.rows_kept, record.rows_refused) == (2, 1, 1)

    again = upload(coordinator, "/cohorts/utar-2026-001/progress", sheet)
    submit(coordinator, f"{again}/choices", page=again, state="conflict", choice="file")
    keep(coordinator, again)
    assert progress()["Ana"][0] == 90


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("009,50,", "Nobody in this cohort"),
        ("001,101,", "from 0 to 100"),
        ("001,50,perhaps", "completed, enrolled or withdrew"),
        (",50,", "does not say who"),
    ],
)
def test_a_row_of_progress_that_cannot_be_says_why(coordinator, cohort, row, reason):
    place = upload(
        coordinator, "/cohorts/utar-2026-001/progress", f"Student number,Attendance,Status\n{row}\n"
    )
    assert reason in coordinator.get(place).text


def test_the_template_of_a_cohort_names_its_students_and_comes_back(coordinator, cohort):
    file = coordinator.get("/cohorts/utar-2026-001/progress-template.xlsx").data
    workbook = openpyxl.load_workbook(io.BytesIO(file))
    sheet = workbook.active
    assert len(sheet.data_validations.dataValidation) == 3
    sheet["C2"], sheet["D2"], sheet["E2"] = 88, "completed", cohort.starts_on
    out = io.BytesIO()
    workbook.save(out)
    place = upload(coordinator, "/cohorts/utar-2026-001/progress", out.getvalue(), "back.xlsx")
    keep(coordinator, place)
    assert progress()["Ana"][:2] == (88, "completed")
    assert progress()["Ben"][1] == EnrolmentState.ENROLLED


def test_teachers_come_in_a_list_and_nobody_is_doubled(coordinator, utar, cohort):
    known = make_person(printed_name="Wong Siew Lan", email="wong@utar.example")
    make_affiliation(known, utar, role=AffiliationRole.TEACHER, own_number="T1")
    header = "Lecturer name,Staff number,E-mail\n"
    sheet = f"{header}Wong Siew Lan,T1,wong@utar.example\nArjun Raman,T2,a@utar.example\n"
    place = upload(coordinator, "/institutions/utar/teachers/upload", sheet)
    page = coordinator.get(place).text
    assert "1 already a teacher here" in page
    assert "1 new" in page
    keep(coordinator, place)
    teachers = db.session.query(Affiliation).filter_by(role=AffiliationRole.TEACHER)
    assert sorted(a.own_number for a in teachers) == ["T1", "T2"]
    assert db.session.query(Person).count() == 5
    submit(coordinator, f"{place}/undo")
    assert db.session.query(Person).count() == 4


def test_a_template_of_teachers_can_be_read(coordinator, utar):
    file = coordinator.get("/institutions/utar/teachers-template.xlsx").data
    assert "Staff number" in read_table(file, "t.xlsx").header


def test_attendance_in_shares_of_one_is_per_cent_and_the_page_says_so(coordinator, cohort):
    sheet = "Student number,Attendance\n001,0.875\n002,1\n"
    place = upload(coordinator, "/cohorts/utar-2026-001/progress", sheet)
    page = coordinator.get(place).text
    assert "“Attendance” is written in shares of one: 0.875 was read as 88%." in page
    submit(coordinator, f"{place}/keep", page=place)
    assert {told[0] for told in progress().values()} >= {88, 100}


def test_a_day_of_a_checked_row_is_written_as_everywhere_else(coordinator, cohort):
    day = cohort.starts_on
    sheet = f"Student number,Completion date\n001,{day.isoformat()}\n"
    page = coordinator.get(upload(coordinator, "/cohorts/utar-2026-001/progress", sheet)).text
    assert in_words(day) in page
    assert day.isoformat() not in page
