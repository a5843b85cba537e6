"""Sheets of results: matched to the cohort, checked before anything is kept, kept once."""

from io import BytesIO

import pytest
from sqlalchemy import insert

from gdt.access import OFFICE, Role
from gdt.database import db, unit_of_work
from gdt.errors import RecordNotFound
from gdt.exams import recording
from gdt.exams.models import Result, ResultOutcome
from gdt.exams.recording import Entry
from gdt.exams.results_kind import import_results
from gdt.imports.models import Upload, UploadState
from gdt.people.models import Affiliation, AffiliationRole, Person
from gdt.spreadsheets.reading import read_table
from gdt.spreadsheets.refusals import Refused
from gdt.training.models import Enrolment, EnrolmentState
from tests.browser import submit
from tests.factories import (
    make_affiliation,
    make_cohort,
    make_enrolment,
    make_exam,
    make_institution,
    make_person,
    make_sitting,
)


@pytest.fixture
def school(app):
    return make_institution(code="utar")


@pytest.fixture
def sitting(school):
    cohort = make_cohort(school, code="utar-2026-003")
    return make_sitting(cohort, make_exam(cohort.course), code="utar-2026-003-e1")


@pytest.fixture
def students(sitting):
    """Ana, Ben with a number; Cyn with an e-mail; two called Kim; Dan, who withdrew."""
    return {
        name: make_student(sitting, name, number, email, state)
        for name, number, email, state in (
            ("Ana", "21A1", None, "enrolled"),
            ("Ben", "21A2", "ben@utar.example", "enrolled"),
            ("Cyn", None, "cyn@utar.example", "enrolled"),
            ("Dan", "21A4", None, "withdrew"),
        )
    } | {"Kims": [make_student(sitting, "Kim", f"21K{n}") for n in range(2)]}


def make_student(sitting, name, number=None, email=None, state="enrolled"):
    person = make_person(printed_name=name, email=email)
    make_affiliation(person, sitting.cohort.institution, own_number=number)
    make_enrolment(sitting.cohort, person, state=EnrolmentState(state))
    return person


@pytest.fixture
def coordinator(sign_in, school):
    return sign_in(Role.COORDINATOR, school)


def sheet(*rows, header="Student number,E-mail,Name,Mark"):
    return "\n".join([header, *rows]).encode()


def upload(client, data, name="marks.csv"):
    return submit(client, "/sittings/utar-2026-003-e1/results", file=(BytesIO(data), name))


def import_now(data):
    with unit_of_work():
        return import_results(viewer=OFFICE, sitting_code="UTAR-2026-003-E1", filename="marks.csv", data=data)


def marks():
    db.session.expire_all()
    return {
        result.person.printed_name: None if result.mark is None else float(result.mark)
        for result in db.session.query(Result)
    }


def test_a_sheet_is_checked_first_and_recorded_on_the_persons_word(coordinator, students):
    answer = upload(coordinator, sheet("21a1,,Ana,71", ",CYN@utar.example,,absent", "21A2,,,59.5"))
    assert answer.status_code == 302
    page = coordinator.get(answer.location).text
    assert "Confirm and keep 3 rows" in page
    assert marks() == {}
    kept = submit(coordinator, f"{answer.location}/keep", page=answer.location)
    assert kept.location.endswith(answer.location)
    assert "3 new results are recorded" in coordinator.get(answer.location).text
    assert marks() == {"Ana": 71, "Cyn": None, "Ben": 59.5}
    outcomes = {result.person.printed_name: result.outcome for result in db.session.query(Result)}
    assert outcomes["Ben"] is ResultOutcome.FAILED


def test_confirming_twice_records_once(coordinator, students):
    place = upload(coordinator, sheet("21A1,,,71")).location
    for _ in range(2):
        submit(coordinator, f"{place}/keep", page="/sittings/utar-2026-003-e1/results")
    assert marks() == {"Ana": 71}
    assert db.session.query(Upload).one().rows_kept == 1


def test_a_discarded_sheet_records_nothing_and_cannot_be_kept_any_more(coordinator, students):
    place = upload(coordinator, sheet("21A1,,,71")).location
    submit(coordinator, f"{place}/discard", page=place)
    submit(coordinator, f"{place}/keep", page="/sittings/utar-2026-003-e1/results")
    assert marks() == {}
    assert "put aside" in coordinator.get(place).text


def test_every_row_is_kept_or_refused_with_its_reason(students):
    told = import_now(
        sheet(
            "21A1,,,71",
            "99999,,,50",
            "21A4,,,50",
            ",,Kim,50",
            ",,Ana,60",
            "21K1,ben@utar.example,,50",
            "21A2,,,101",
            ",,Nobody,50",
            ",cyn@utar.example,,70.125",
        )
    )
    assert (told["rows_in"], told["rows_kept"], told["rows_refused"]) == (9, 1, 8)
    reasons = {problem["line"]: problem["reason"] for problem in told["problems"]}
    assert sorted(reasons) == [3, 4, 5, 6, 7, 8, 9, 10]
    assert "Nobody in this cohort has “99999”" in reasons[3]
    assert "withdrew" in reasons[4]
    assert "2 students of this cohort are called so" in reasons[5]
    assert "same student as on line 2" in reasons[6]
    assert "The number is Kim’s and the e-mail Ben’s" in reasons[7]
    assert "above the maximum of 100" in reasons[8]
    assert "more than two decimals" in reasons[10]
    assert marks() == {"Ana": 71}


def test_the_same_sheet_twice_changes_nothing_the_second_time(students):
    data = sheet("21A1,,,71", ",,Cyn,absent")
    first, second = import_now(data), import_now(data)
    assert (first["rows_kept"], first["rows_matched"]) == (2, 0)
    assert (second["rows_kept"], second["rows_matched"], second["rows_refused"]) == (2, 2, 0)
    assert db.session.query(Result).count() == 2


def test_a_sheet_does_not_change_a_recorded_mark(sitting, students):
    with unit_of_work():
        recording.record_marks(viewer=OFFICE, sitting=sitting, entries={students["Ana"].id: Entry("71")})
    told = import_now(sheet("21A1,,,88"))
    assert told["rows_refused"] == 1
    assert told["problems"][0]["reason"] == "Already has 71. Correct it on the page, with a reason."
    assert (told["problems"][0]["column"], told["problems"][0]["value"]) == ("Mark", "88")
    assert marks() == {"Ana": 71}


def test_marks_that_came_between_check_and_confirmation_are_not_overwritten(coordinator, sitting, students):
    place = upload(coordinator, sheet("21A1,,,88", "21A2,,,70")).location
    with unit_of_work():
        recording.record_marks(viewer=OFFICE, sitting=sitting, entries={students["Ana"].id: Entry("71")})
    submit(coordinator, f"{place}/keep", page=place)
    assert marks() == {"Ana": 71, "Ben": 70}
    record = db.session.query(Upload).one()
    assert (record.rows_in, record.rows_kept, record.rows_refused) == (2, 1, 1)


@pytest.mark.parametrize(
    ("data", "name", "sentence"),
    [
        (b"", "marks.csv", "The file is empty"),
        (b"Name,Student number\nAna,1", "marks.csv", "No column holds the mark"),
        (b"Mark\n71", "marks.csv", "No column holds the student"),
        (b"%PDF-1.7", "marks.pdf", "a PDF document"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_whole_and_nothing_is_stored(
    coordinator, students, data, name, sentence
):
    answer = upload(coordinator, data, name)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert db.session.query(Upload).count() == 0
    with pytest.raises(Refused):
        import_now(b"Name,Number\nAna,1")
    assert db.session.query(Upload).count() == 0


def test_no_file_chosen_is_told(coordinator, students):
    answer = submit(coordinator, "/sittings/utar-2026-003-e1/results")
    assert answer.status_code == 422
    assert "Choose the file" in answer.text


def test_the_refused_rows_come_back_as_a_file_to_correct(coordinator, students):
    place = upload(coordinator, sheet("21A1,,,71", "99999,,Zoë,50")).location
    file = coordinator.get(f"{place}/refused-rows")
    table = read_table(file.data, "refused.csv")
    assert [row.cells for row in table.rows] == [["99999", "", "Zoë", "50"]]
    assert (table.header, table.first_lines) == (["Student number", "E-mail", "Name", "Mark"], {2: 3})
    assert "Nobody in this cohort" in file.data.decode()


def test_the_sheet_to_fill_in_names_the_students_and_can_be_uploaded(coordinator, students):
    file = coordinator.get("/sittings/utar-2026-003-e1/results-template.xlsx")
    names = [row.cells[2] for row in read_table(file.data, "results.xlsx").rows]
    assert sorted(names) == ["Ana", "Ben", "Cyn", "Kim", "Kim"]


def test_another_institution_sees_no_upload(coordinator, sign_in, students):
    place = upload(coordinator, sheet("21A1,,,71")).location
    stranger = sign_in(Role.COORDINATOR)
    assert stranger.get(place).status_code == 404
    assert stranger.get(f"{place}/refused-rows").status_code == 404
    assert stranger.get("/sittings/utar-2026-003-e1/results").status_code == 404
    with pytest.raises(RecordNotFound):
        import_results(viewer=OFFICE, sitting_code="none", filename="a.csv", data=b"")


def test_the_upload_page_lists_what_was_handed_in_before(coordinator, students):
    upload(coordinator, sheet("21A1,,,71"), "first.csv")
    upload(coordinator, sheet("21A1,,,71"), "first.csv")
    page = coordinator.get("/sittings/utar-2026-003-e1/results").text
    assert page.count("first.csv") == 1
    assert "waits for your word" in page
    assert db.session.query(Upload).one().state is UploadState.CHECKED


def test_the_check_page_of_a_long_sheet_stays_light(coordinator, sitting):
    enrol(sitting, 120)
    rows = [f"N{n},,Muhammad Firdaus bin Abdul Rahman,{n % 101}" for n in range(100)]
    place = upload(coordinator, sheet(*rows, *(f"X{n},,,50" for n in range(80)))).location
    for query in ("", "?state=new", "?state=refused"):
        assert len(coordinator.get(place + query).data) < 20 * 1024


def test_ten_thousand_rows_are_recorded(sitting):
    enrol(sitting, 10_000)
    data = sheet(*(f"N{n},,,{n % 101}" for n in range(10_000)))
    told = import_now(data)
    assert told["rows_kept"] == 10_000
    assert db.session.query(Result).count() == 10_000


def enrol(sitting, count):
    ids = db.session.scalars(
        insert(Person).returning(Person.id), [{"printed_name": f"Student {n}"} for n in range(count)]
    ).all()
    here = {"institution_id": sitting.cohort.institution_id, "role": AffiliationRole.STUDENT}
    db.session.execute(
        insert(Affiliation),
        [
            here | {"person_id": person_id, "own_number": f"N{n}", "from_on": sitting.held_on}
            for n, person_id in enumerate(ids)
        ],
    )
    db.session.execute(
        insert(Enrolment),
        [{"cohort_id": sitting.cohort_id, "person_id": one, "state": EnrolmentState.ENROLLED} for one in ids],
    )
    db.session.commit()


MOODLE = (
    'Apellido(s),Nombre,Número de ID,Estado,"Calificación/10,00"\n'
    'Lee,Ana,21A1,Finalizado,"8,55"\n'
    "Tan,Ben,21A2,Nunca entregado,-\n"
    'Promedio general,,,,"8,55"\n'
)


def test_moodle_s_marks_are_converted_and_the_conversion_is_shown_and_kept(coordinator, students):
    place = upload(coordinator, MOODLE.encode(), "Quiz.csv").location
    words = "Marks out of 10 are converted to this exam’s 100: 5 becomes 50."
    assert words in coordinator.get(place).text
    assert 'value="10"' in coordinator.get(f"{place}/columns").text
    assert marks() == {}
    submit(coordinator, f"{place}/keep", page=place)
    assert marks() == {"Ana": 85.5, "Ben": None}
    assert words in coordinator.get(place).text
    record = db.session.query(Upload).one()
    assert (record.rows_in, record.rows_kept, record.scale["out_of"]) == (2, 2, "10")


def test_what_marks_are_out_of_is_asked_where_nothing_says_it(coordinator, sitting):
    for n in range(6):
        make_student(sitting, f"Low {n}", f"L{n}")
    data = sheet(*(f"L{n},,,{n}.5" for n in range(6)), header="Student number,E-mail,Name,Quiz: Final (Real)")
    place = upload(coordinator, data).location
    assert place.endswith("/columns")
    assert "The best mark is 5.5" in coordinator.get(place).text
    columns = {"c0": "own_number", "c1": "email", "c2": "full_name", "c3": "mark"}
    assert submit(coordinator, place, **columns, out_of="ten").status_code == 422
    answer = submit(coordinator, place, **columns, out_of="10")
    assert answer.status_code == 302
    submit(coordinator, f"{answer.location}/keep", page=answer.location)
    assert marks()["Low 5"] == 55
    with pytest.raises(Refused, match="The best mark is"):
        import_now(data.replace(b"L0", b"l0"))
