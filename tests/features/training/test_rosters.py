"""A roster is uploaded, checked, confirmed and kept; bad files change nothing, and nobody is doubled."""

import io
import threading

import pytest

from gdt import database, jobs
from gdt.access import OFFICE, Role
from gdt.database import db, unit_of_work
from gdt.errors import DomainError
from gdt.imports import keeping
from gdt.imports.checking import hand_in
from gdt.imports.keeping import confirm
from gdt.imports.models import Upload, UploadState
from gdt.jobs import JobState
from gdt.people.models import Affiliation, Person
from gdt.spreadsheets import parsing
from gdt.spreadsheets.refusals import Refused
from gdt.spreadsheets.writing import write_xlsx
from gdt.training import roster_kind
from gdt.training.models import Enrolment
from gdt.training.roster_importing import import_roster
from tests.browser import counted_queries, submit, token_of
from tests.factories import make_affiliation, make_cohort, make_enrolment, make_institution, make_person

HEADER = "Full name,Native name,Student number,E-mail,Gender\n"
ROSTER = (
    HEADER
    + "Tan Mei Ling,陈美玲,21AB1,mei@utar.example,F\n"
    + "Nurul Huda binti Ismail,,21AB2,,female\n"
    + "Ooi,,,,\n"
)


@pytest.fixture
def utar(app):
    return make_institution(code="utar", name="UTAR")


@pytest.fixture
def cohort(utar):
    return make_cohort(utar, code="utar-2026-001")


@pytest.fixture
def coordinator(sign_in, utar):
    return sign_in(Role.COORDINATOR, utar)


def check_upload(*, actor, cohort, filename, data):
    return hand_in(
        actor=actor,
        kind=roster_kind.ROSTER,
        subject=roster_kind.subject_of(cohort),
        filename=filename,
        data=data,
    )


def upload(client, cohort, content, filename="roster.csv"):
    data = content.encode() if isinstance(content, str) else content
    return submit(client, f"/cohorts/{cohort.code}/roster", file=(io.BytesIO(data), filename))


def press(client, cohort, path):
    return client.post(path, data={"csrf_token": token_of(client, f"/cohorts/{cohort.code}/roster")})


def keep(client, cohort, content, filename="roster.csv"):
    answer = upload(client, cohort, content, filename)
    assert answer.status_code == 302, answer.text
    press(client, cohort, answer.location + "/keep")
    return client.get(answer.location).text


def imported(cohort, content, filename="roster.csv"):
    with unit_of_work():
        return import_roster(
            viewer=OFFICE,
            institution_code=cohort.institution.code,
            cohort_code=cohort.code,
            filename=filename,
            data=content.encode() if isinstance(content, str) else content,
        )


def register():
    """Everything a roster could have changed, as plain values."""
    return (
        sorted(db.session.query(Person.printed_name, Person.native_name, Person.email, Person.gender)),
        sorted(db.session.query(Affiliation.person_id, Affiliation.own_number).all(), key=str),
        sorted(db.session.query(Enrolment.cohort_id, Enrolment.person_id).all()),
    )


def test_nothing_is_written_until_the_roster_is_confirmed(coordinator, cohort):
    answer = upload(coordinator, cohort, ROSTER)
    page = coordinator.get(answer.location).text

    assert "3 new" in page
    assert "0 already known" in page
    assert "陈美玲" in page
    assert db.session.query(Person).count() == 0

    press(coordinator, cohort, answer.location + "/keep")
    assert db.session.query(Enrolment).filter_by(cohort_id=cohort.id).count() == 3
    assert "3 of 3 rows are in the cohort" in coordinator.get(answer.location).text


def test_a_discarded_roster_leaves_nothing(coordinator, cohort):
    answer = upload(coordinator, cohort, ROSTER)
    press(coordinator, cohort, answer.location + "/discard")
    press(coordinator, cohort, answer.location + "/keep")

    assert db.session.query(Person).count() == 0
    assert "This file was put aside" in coordinator.get(answer.location).text


def test_the_same_file_uploaded_twice_changes_nothing_and_says_so(coordinator, cohort):
    keep(coordinator, cohort, ROSTER)
    before = register()
    answer = upload(coordinator, cohort, ROSTER)
    page = coordinator.get(answer.location).text
    assert "This very file was kept before, and nothing has changed since" in page
    press(coordinator, cohort, answer.location + "/keep")
    assert register() == before
    assert db.session.query(Upload).count() == 1


def test_the_same_rows_in_another_file_change_nothing_and_say_so(coordinator, cohort):
    keep(coordinator, cohort, ROSTER)
    before = register()
    answer = upload(coordinator, cohort, ROSTER + "\n")
    page = coordinator.get(answer.location).text

    assert "This file changes nothing: all 3 rows are in the register already" in page
    assert "Confirm" not in page
    press(coordinator, cohort, answer.location + "/keep")
    assert "This file changed nothing" in coordinator.get(answer.location).text
    assert register() == before


def test_the_same_file_is_checked_anew_once_the_register_has_moved(coordinator, cohort):
    keep(coordinator, cohort, ROSTER)
    imported(cohort, HEADER + "Someone Else,,99,,\n")
    answer = upload(coordinator, cohort, ROSTER)
    assert "This file changes nothing" in coordinator.get(answer.location).text


def test_a_double_click_on_confirm_keeps_the_roster_once(coordinator, cohort):
    answer = upload(coordinator, cohort, ROSTER)
    for _ in range(2):
        assert press(coordinator, cohort, answer.location + "/keep").status_code == 302
    assert db.session.query(Enrolment).count() == 3
    assert db.session.query(Upload).one().state is UploadState.KEPT


def test_a_double_click_on_upload_makes_one_upload(coordinator, cohort):
    first, second = upload(coordinator, cohort, ROSTER), upload(coordinator, cohort, ROSTER)
    assert first.location == second.location


def test_people_are_matched_by_number_or_email_and_never_by_name_alone(coordinator, utar, cohort):
    by_number = make_person(printed_name="Tan M. L.")
    make_affiliation(by_number, utar, own_number="21AB1")
    by_email = make_person(printed_name="Huda", email="huda@utar.example")
    make_person(printed_name="Ooi")
    roster = HEADER + "Tan Mei Ling,,21ab1,,\nHuda,,,HUDA@utar.example,\nOoi,,,,\n"

    answer = upload(coordinator, cohort, roster)
    page = coordinator.get(answer.location).text
    assert "1 new" in page
    assert "1 already known (matched by number or e-mail)" in page
    assert "1 differs from the register" in page
    other = coordinator.get(answer.location + "?state=conflict").text
    assert "the register says “Tan M. L.”, the file “Tan Mei Ling”" in other

    press(coordinator, cohort, answer.location + "/keep")
    enrolled = {e.person_id for e in db.session.query(Enrolment)}
    assert {by_number.id, by_email.id} < enrolled
    assert db.session.query(Person).filter_by(printed_name="Ooi").count() == 2
    db.session.refresh(by_number)
    assert by_number.printed_name == "Tan M. L."


def test_what_the_register_lacks_of_a_known_person_is_filled_in_and_nothing_is_overwritten(utar, cohort):
    known = make_person(printed_name="Tan Mei Ling", native_name="陈美玲")
    make_affiliation(known, utar, own_number="21AB1")
    imported(cohort, HEADER + "Tan Mei Ling,陈美林,21AB1,mei@utar.example,F\n")

    db.session.refresh(known)
    assert (known.native_name, known.email, known.gender) == ("陈美玲", "mei@utar.example", "female")


def test_a_row_that_is_two_people_is_refused_with_the_reason(coordinator, utar, cohort):
    one = make_person(printed_name="One Person")
    make_affiliation(one, utar, own_number="1")
    make_person(printed_name="Secret Stranger", email="other@elsewhere.example")
    roster = HEADER + "One Person,,1,other@elsewhere.example,\nTwo,,2,,\n"

    page = keep(coordinator, cohort, roster)
    assert "The number belongs to One Person, and the e-mail to someone else" in page
    assert "Secret Stranger" not in page
    assert {e.person.printed_name for e in db.session.query(Enrolment)} == {"Two"}


def test_two_rows_about_one_known_person_are_told_apart_by_line(cohort, utar):
    known = make_person(printed_name="Mei", email="mei@utar.example")
    make_affiliation(known, utar, own_number="1")
    counts = imported(cohort, HEADER + "Mei,,1,,\nMei Ling,,,mei@utar.example,\n")

    assert counts["rows_kept"] == 1
    assert counts["problems"][0]["line"] == 3
    assert "same person as on line 2" in counts["problems"][0]["reason"]


def test_a_person_already_enrolled_is_reported_and_not_doubled(coordinator, utar, cohort):
    person = make_person(printed_name="Mei", email="mei@utar.example")
    make_enrolment(cohort, person)
    answer = upload(coordinator, cohort, HEADER + "Mei,,,mei@utar.example,\n")
    assert "its one row is in the register already" in coordinator.get(answer.location).text


def test_bad_rows_are_reported_line_by_line_and_taken_away_as_a_file(coordinator, cohort, monkeypatch):
    roster = (
        "Full name,E-mail,Class\nGood One,good@utar.example,A\n,empty@utar.example,B\nBad,not-an-address,C\n"
    )
    answer = upload(coordinator, cohort, roster)
    page = coordinator.get(answer.location).text
    assert "2 refused" in page
    assert "not-an-address" in page

    press(coordinator, cohort, answer.location + "/keep")
    file = coordinator.get(answer.location + "/refused-rows")
    assert "filename=roster-to-correct.csv" in file.headers["Content-Disposition"]
    lines = file.data.decode("utf-8-sig").splitlines()
    assert lines[0].endswith("Full name,E-mail,Class,GDT ✎ Line,GDT ✎ What to correct")
    assert ",B,3," in lines[1]
    assert "not-an-address" in lines[2]
    assert len(lines) == 3

    monkeypatch.setattr(parsing, "_START", "import os; os.abort()  # {child}")
    busy = coordinator.get(answer.location + "/refused-rows")
    assert busy.status_code == 422
    assert "more time or memory" in busy.text


def test_a_thousand_bad_rows_are_one_page_at_a_time(coordinator, cohort):
    roster = "Full name,E-mail\nGood,good@utar.example\n" + "Bad,wrong\n" * 1000
    answer = upload(coordinator, cohort, roster)
    page = coordinator.get(answer.location, headers={"Accept-Encoding": "gzip"})
    assert len(page.data) < 20_000
    listed = coordinator.get(answer.location + "?state=refused").text
    assert "1,000 refused" in listed
    assert "after=8" in listed
    assert "line" in coordinator.get(answer.location + "?state=refused&after=8").text


@pytest.mark.parametrize(
    ("content", "filename", "sentence"),
    [
        (b"", "roster.csv", "The file is empty"),
        (b"%PDF-1.7 not a table", "roster.pdf", "PDF"),
        (b"Full name\nOoi\n", "roster.docx", "cannot be read here"),
        (b"Full name\nJos\x81\x8d\x9d\x00\xff\xfe\x00\n", "roster.csv", ""),
        (b"Class,Room\nA,1\n", "roster.csv", "No column holds the name"),
        (b"Full name\n", "roster.csv", "There is no row under the header"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_beside_the_field_and_stores_nothing(
    coordinator, cohort, content, filename, sentence
):
    answer = upload(coordinator, cohort, content, filename)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'id="file-error"' in answer.text
    assert db.session.query(Upload).count() == 0


def test_a_form_without_a_file_says_so(coordinator, cohort):
    answer = submit(coordinator, f"/cohorts/{cohort.code}/roster")
    assert answer.status_code == 422
    assert "Choose the file first" in answer.text


def test_a_workbook_is_understood_like_a_csv_file(coordinator, cohort):
    workbook = write_xlsx(["STUDENT NAME", "Matric No"], [["Ooi", "7"], ["Lim", "8"]], "Roster")
    keep(coordinator, cohort, workbook, "roster.xlsx")
    assert {a.own_number for a in db.session.query(Affiliation)} == {"7", "8"}


def test_the_template_is_offered_and_understood(coordinator, cohort):
    answer = coordinator.get(f"/cohorts/{cohort.code}/roster-template.xlsx")
    assert answer.data.startswith(b"PK")


def test_another_institution_sees_neither_the_upload_nor_the_cohort(coordinator, sign_in, cohort):
    location = upload(coordinator, cohort, ROSTER).location
    stranger = sign_in(Role.COORDINATOR, make_institution())
    for path in (location, location + "/refused-rows", f"/cohorts/{cohort.code}/roster"):
        assert stranger.get(path).status_code == 404
    token = token_of(stranger, "/cohorts/new")
    assert stranger.post(location + "/keep", data={"csrf_token": token}).status_code == 404
    assert db.session.query(Person).count() == 0


def test_the_command_returns_exactly_the_counts_and_the_problems(cohort):
    roster = HEADER + "Mei,,1,,\n,,2,,\n"
    assert imported(cohort, roster) == {
        "rows_in": 2,
        "rows_kept": 1,
        "rows_matched": 0,
        "rows_refused": 1,
        "problems": [
            {
                "line": 3,
                "column": "Full name",
                "value": "",
                "reason": "The name is empty. Write the name as it should be printed.",
            }
        ],
    }
    again = imported(cohort, roster)
    assert (again["rows_kept"], again["rows_matched"], again["rows_refused"]) == (1, 1, 1)
    assert db.session.query(Person).count() == 1


def test_the_command_refuses_a_cohort_of_another_institution(cohort):
    other = make_institution(code="other")
    with pytest.raises(DomainError), unit_of_work():
        import_roster(
            viewer=OFFICE,
            institution_code=other.code,
            cohort_code=cohort.code,
            filename="r.csv",
            data=b"Name\nOoi\n",
        )


def test_the_command_stores_nothing_of_a_file_it_refuses(cohort):
    with pytest.raises(Refused):
        imported(cohort, b"")
    assert db.session.query(Upload).count() == 0


def test_namesakes_without_a_number_are_kept_apart_and_found_again(cohort):
    roster = "Full name,Native name,Class\nWang Wei,王伟,A\nWang Wei,王维,B\nWang Wei,王伟,C\n"
    first = imported(cohort, roster)
    second = imported(cohort, roster)

    assert (first["rows_kept"], first["rows_matched"]) == (3, 0)
    assert (second["rows_kept"], second["rows_matched"]) == (3, 3)
    assert db.session.query(Person).count() == 3


def big_roster(rows):
    return "Full name,Student number,E-mail\n" + "".join(
        f"Student {n},S{n},s{n}@utar.example\n" for n in range(rows)
    )


def test_a_job_that_died_after_a_portion_goes_on_where_it_stopped(cohort, monkeypatch):
    with unit_of_work():
        record = check_upload(actor=OFFICE, cohort=cohort, filename="r.csv", data=big_roster(1200).encode())
        record.state, record.job_state = UploadState.KEEPING, JobState.WAITING
        upload_id = record.id
    monkeypatch.setattr(keeping, "PORTION", 500)
    assert jobs._do_portion("uploads", upload_id) is False
    assert db.session.get(Upload, upload_id).job_done == 500
    db.session.rollback()

    jobs.run_here("uploads", upload_id)
    assert db.session.query(Enrolment).count() == 1200
    assert db.session.get(Upload, upload_id).rows_kept == 1200
    db.session.rollback()
    jobs.run_here("uploads", upload_id)
    assert db.session.query(Enrolment).count() == 1200


def test_progress_is_shown_on_the_page_of_the_upload(coordinator, cohort):
    location = upload(coordinator, cohort, ROSTER).location
    db.session.query(Upload).update({"state": UploadState.KEEPING, "job_state": JobState.RUNNING})
    db.session.commit()
    page = coordinator.get(location).text
    assert "data-progress" in page
    assert "0 of 3 done" in page
    assert "http-equiv" in page


def test_an_unconfirmed_upload_is_left_alone_by_the_worker(cohort):
    with unit_of_work():
        upload_id = check_upload(actor=OFFICE, cohort=cohort, filename="r.csv", data=ROSTER.encode()).id
    jobs.run_here("uploads", upload_id)
    assert db.session.get(Upload, upload_id).state is UploadState.CHECKED
    assert db.session.query(Person).count() == 0


def test_keeping_a_thousand_rows_takes_few_statements(cohort):
    with unit_of_work():
        record = check_upload(actor=OFFICE, cohort=cohort, filename="r.csv", data=big_roster(1000).encode())
        db.session.flush()
        checked_id = record.id
    with counted_queries() as sent, unit_of_work():
        confirm(actor=OFFICE, upload=db.session.get(Upload, checked_id))
    assert db.session.query(Enrolment).count() == 1000
    assert len(sent) < 80


def test_two_cohorts_kept_at_once_share_their_new_people(whole_app, app, utar):
    cohorts = [make_cohort(utar, code=f"utar-2026-00{n}") for n in (1, 2)]
    ids = []
    for cohort in cohorts:
        with unit_of_work():
            record = check_upload(
                actor=OFFICE, cohort=cohort, filename="r.csv", data=big_roster(600).encode()
            )
            record.state, record.job_state = UploadState.KEEPING, JobState.WAITING
            ids.append(record.id)
    threads = [threading.Thread(target=run_job, args=(whole_app, upload_id)) for upload_id in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert {u.job_state for u in db.session.query(Upload)} == {JobState.DONE}
    assert db.session.query(Person).count() == 600
    assert db.session.query(Enrolment).count() == 1200


def run_job(app, upload_id):
    with app.app_context():
        jobs.run_here("uploads", upload_id)
        database.db.session.remove()
