"""One engine for everything that comes in rows: asked, mended, chosen, kept, undone."""

import io
import re

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gdt import jobs
from gdt.access import OFFICE, Role
from gdt.audit import AuditEvent
from gdt.database import db, unit_of_work
from gdt.errors import DomainError
from gdt.exams.models import Result, ResultCorrection
from gdt.imports.checking import hand_in
from gdt.imports.journal import keep_page, page_of
from gdt.imports.keeping import confirm
from gdt.imports.kind_parts import Kept, Made
from gdt.imports.models import ColumnMemory, RowChange, Upload, UploadState
from gdt.imports.undoing import Deeds, find_dependents, undo
from gdt.jobs import JobState
from gdt.people.models import Affiliation, Person
from gdt.spreadsheets.refusals import Refused
from gdt.training import roster_kind
from gdt.training.models import Enrolment
from gdt.training.roster_importing import import_roster
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
from tests.features.certification.stories import certified_cohort, give_result

HEADER = "Full name,Native name,Student number,E-mail,Gender\n"


@pytest.fixture
def utar(app):
    return make_institution(code="utar", name="UTAR")


@pytest.fixture
def cohort(utar):
    return make_cohort(utar, code="utar-2026-001")


@pytest.fixture
def coordinator(sign_in, utar):
    return sign_in(Role.COORDINATOR, utar)


def upload(client, cohort, content, filename="roster.csv"):
    data = content.encode() if isinstance(content, str) else content
    return submit(client, f"/cohorts/{cohort.code}/roster", file=(io.BytesIO(data), filename))


def post(client, place, action, **data):
    return submit(client, f"{place}/{action}", page=place, **data)


def register():
    """Everything an import could have changed, as plain values."""
    db.session.expire_all()
    people = db.session.query(Person.id, Person.printed_name, Person.native_name, Person.email, Person.gender)
    places = db.session.query(Affiliation.id, Affiliation.person_id, Affiliation.own_number)
    return (
        sorted(people.all(), key=str),
        sorted(places.all(), key=str),
        sorted(db.session.query(Enrolment.cohort_id, Enrolment.person_id).all()),
    )


def kept(cohort, content):
    """A roster checked and kept at once; returns its record's id."""
    with unit_of_work():
        subject = roster_kind.subject_of(cohort)
        record = hand_in(
            actor=OFFICE,
            kind=roster_kind.ROSTER,
            subject=subject,
            filename="roster.csv",
            data=content.encode(),
        )
        db.session.flush()
        upload_id = record.id
    with unit_of_work():
        confirm(actor=OFFICE, upload=db.session.get(Upload, upload_id))
    return upload_id


def test_a_bad_cell_is_put_right_in_its_row_and_the_row_is_kept(coordinator, cohort):
    place = upload(coordinator, cohort, HEADER + "Mei,,1,no address,\nAli,,2,ali@utar.example,\n").location
    assert "1 row needs you" in coordinator.get(place).text
    post(coordinator, place, "rows", l2c3="mei@utar.example")

    assert "Confirm and keep 2 rows" in coordinator.get(place).text
    post(coordinator, place, "keep")
    assert db.session.query(Person).filter_by(email="mei@utar.example").one().printed_name == "Mei"
    record = db.session.query(Upload).one()
    assert (record.rows_in, record.rows_kept, record.rows_refused) == (2, 2, 0)


def test_all_that_was_typed_on_the_page_is_kept_whichever_button_is_pressed(coordinator, cohort):
    roster = HEADER + "Mei,,1,bad,\n,,2,,\nLee,,3,worse,\nTan,,4,worst,\n"
    place = upload(coordinator, cohort, roster).location
    typed = {"l2c0": "Mei", "l2c3": "", "l3c0": "Ong", "l4c3": "lee@utar.example", "l5c3": "worst"}
    answer = post(coordinator, place, "rows", again="2", **typed)
    assert answer.location.endswith("#rows")
    page = coordinator.get(place).text
    assert "3 rows are good now" in page
    assert "1 row needs you" in page
    assert db.session.query(RowChange).count() == 3
    answer = post(coordinator, place, "rows", l5c3="")
    assert not answer.location.endswith("#rows")  # what is left to do stands at the top


def test_a_row_with_a_number_and_nobody_is_set_aside_and_told(coordinator, cohort):
    roster = "No.,Full name,Phone\n1,Mei,\n2,,\n3,,\n4,,0123\n"
    place = upload(coordinator, cohort, roster).location
    page = coordinator.get(place).text
    assert "2 lines say nobody; the first, line 3, only “2”. They were set aside." in page
    assert "1 row needs you" in page
    assert db.session.query(Upload).one().rows_in == 2


def test_a_cell_that_is_still_wrong_says_why_and_keeps_what_was_typed(coordinator, cohort):
    place = upload(coordinator, cohort, HEADER + "Mei,,1,no address,\n").location
    post(coordinator, place, "rows", l2c3="still none", l2c0="Mei Ling")
    page = coordinator.get(place).text
    assert 'value="still none"' in page
    assert 'value="Mei Ling"' in page
    assert "not an e-mail address" in page


def test_a_corrected_number_that_another_row_has_is_refused_with_its_line(coordinator, cohort):
    place = upload(coordinator, cohort, HEADER + "Ali,,7,,\nMei,,8,bad,\n").location
    post(coordinator, place, "rows", l3c2="7", l3c3="")
    assert "Line 2 has the same" in coordinator.get(place).text


def test_somebody_of_a_similar_name_is_offered_and_never_taken_silently(coordinator, utar, cohort):
    known = make_person(printed_name="Nurul Huda")
    make_affiliation(known, utar)
    roster = HEADER + "Nurul Huda,,21,huda@utar.example,\nAli,,22,,\n"
    place = upload(coordinator, cohort, roster).location
    page = coordinator.get(place).text
    assert "1 probably known" in page
    assert "Confirm and keep 1 row" in page

    post(coordinator, place, "rows", choice=f"2:same:{known.id}")
    assert "Confirm and keep 2 rows" in coordinator.get(place).text
    post(coordinator, place, "keep")
    db.session.refresh(known)
    assert known.email == "huda@utar.example"
    assert db.session.query(Person).count() == 2
    assert db.session.query(Affiliation).filter_by(person_id=known.id).one().own_number == "21"


def test_all_probable_rows_are_decided_at_once_and_one_may_differ(coordinator, utar, cohort):
    for name in ("Ana", "Ben", "Cyn"):
        make_affiliation(make_person(printed_name=name), utar)
    place = upload(coordinator, cohort, "Full name,Student number\nAna,1\nBen,2\nCyn,3\n").location
    post(coordinator, place, "rows", choice="3:new")
    post(coordinator, place, "choices", state="probable", choice="same")
    post(coordinator, place, "keep")
    assert sorted(p.printed_name for p in db.session.query(Person)) == ["Ana", "Ben", "Ben", "Cyn"]


def test_rows_nobody_decided_are_handed_back_and_only_they_come_again(coordinator, utar, cohort):
    make_affiliation(make_person(printed_name="Ana"), utar)
    place = upload(coordinator, cohort, "Full name,Student number\nAna,1\nBen,2\n").location
    post(coordinator, place, "keep")
    record = db.session.query(Upload).one()
    assert (record.rows_in, record.rows_kept, record.rows_refused) == (2, 1, 1)
    file = coordinator.get(f"{place}/refused-rows")
    again = upload(coordinator, cohort, file.data, "roster-to-correct.csv").location
    assert db.session.query(Upload).order_by(Upload.id.desc()).first().rows_in == 1
    assert "1 probably known" in coordinator.get(again).text


def test_the_register_keeps_its_data_unless_the_files_is_taken(coordinator, utar, cohort):
    known = make_person(printed_name="Tan M. L.", email="old@utar.example")
    make_affiliation(known, utar, own_number="7")
    place = upload(coordinator, cohort, HEADER + "Tan Mei Ling,,7,new@utar.example,\n").location
    assert "Confirm and keep 1 row" in coordinator.get(place).text
    post(coordinator, place, "choices", state="conflict", choice="file")
    post(coordinator, place, "keep")
    db.session.refresh(known)
    assert (known.printed_name, known.email) == ("Tan Mei Ling", "new@utar.example")


def test_an_address_alone_opens_nobody_from_elsewhere_and_who_is_entered_hears_of_it(
    app, coordinator, officer, cohort
):
    """Under another name the office alone enters her; under hers she is told, and the trail says it."""
    outbox = app.extensions["mailman"].outbox = []
    known = make_person(printed_name="Secret Name", email="x@elsewhere.example", gender="female")
    place = upload(coordinator, cohort, HEADER + "Another Person,,,x@elsewhere.example,\n").location
    page = coordinator.get(place).text
    assert "Secret Name" not in page
    assert "ask the programme office to enter" in page
    assert post(coordinator, place, "rows", choice="2:register").status_code == 422
    form = {"printed_name": "Another Person", "email": "x@elsewhere.example", "gender": ""}
    refused = submit(coordinator, f"/cohorts/{cohort.code}/students/new", **form)
    assert (refused.status_code, "Secret Name" in refused.text) == (422, False)
    assert "ask the programme office to enter" in refused.text
    assert coordinator.get(f"/people/{known.id}").status_code == 404
    assert (db.session.query(Enrolment).count(), outbox) == (0, [])
    place = upload(coordinator, cohort, HEADER + "Secret Name,,,x@elsewhere.example,\n").location
    post(coordinator, place, "keep")
    assert [mail.to for mail in outbox] == [["x@elsewhere.example"]]
    assert "entered your e-mail address among its people" in outbox[0].body
    assert "answer this mail" in outbox[0].body
    [event] = db.session.query(AuditEvent).filter_by(action="entered", subject_id=known.id)
    assert "known from elsewhere" in event.summary
    other = make_cohort(make_institution())
    office = submit(officer, f"/cohorts/{other.code}/students/new", **form)
    assert (office.status_code, len(outbox)) == (302, 2)


def test_a_wholly_different_name_under_a_known_number_is_asked_about_each_time(coordinator, utar, cohort):
    known = make_person(printed_name="Ng Suet Wen")
    make_affiliation(known, utar, own_number="19ACB01207")
    roster = HEADER + "Completely Different,,19acb01207,,\nAli,,8,,\n"
    place = upload(coordinator, cohort, roster).location
    page = coordinator.get(place).text
    assert "1 row needs you" in page
    assert "1 under another name in the register" in page
    assert "Ng Suet Wen has this number" in page
    assert 'aria-pressed="true"' not in page
    assert post(coordinator, place, "choices", state="other", choice="register").status_code == 422
    post(coordinator, place, "keep")
    assert {one.person.printed_name for one in db.session.query(Enrolment)} == {"Ali"}
    record = db.session.query(Upload).one()
    assert (record.rows_in, record.rows_kept, record.rows_refused) == (2, 1, 1)

    second = upload(coordinator, cohort, roster + ",,,,\n").location
    post(coordinator, second, "rows", choice="2:register")
    post(coordinator, second, "keep")
    assert {one.person.printed_name for one in db.session.query(Enrolment)} == {"Ali", "Ng Suet Wen"}


def test_a_number_that_is_somebody_elses_is_put_right_in_its_row(coordinator, utar, cohort):
    known = make_person(printed_name="Ng Suet Wen")
    make_affiliation(known, utar, own_number="19ACB01207")
    roster = HEADER + "Ali,,8,,\nBeh Kai Xin,马凯欣,19acb01207,beh@utar.example,female\n"
    place = upload(coordinator, cohort, roster).location
    page = coordinator.get(place).text
    assert 'value="19acb01207"' in page
    post(coordinator, place, "rows", l3c2="8", l3c3="beh@utar.example")
    assert "Line 2 has the same" in coordinator.get(place).text
    post(coordinator, place, "rows", l3c2="19ACB01270", l3c3="beh@utar.example")
    assert "Confirm and keep 2 rows" in coordinator.get(place).text

    post(coordinator, place, "keep")
    new = db.session.query(Person).filter_by(email="beh@utar.example").one()
    assert (new.printed_name, new.native_name, new.gender.value) == ("Beh Kai Xin", "马凯欣", "female")
    assert db.session.query(Affiliation).filter_by(person_id=new.id).one().own_number == "19ACB01270"
    db.session.refresh(known)
    assert known.printed_name == "Ng Suet Wen"


def test_a_mark_or_attendance_under_anothers_name_is_refused_with_both_names(coordinator, utar, cohort):
    known = make_person(printed_name="Ng Suet Wen")
    make_affiliation(known, utar, own_number="7")
    make_enrolment(cohort, known)
    sheet = io.BytesIO(b"Student number,Name,Attendance\n7,Completely Different,80\n")
    place = submit(coordinator, f"/cohorts/{cohort.code}/progress", file=(sheet, "a.csv")).location
    page = coordinator.get(place).text
    assert "“7” is Ng Suet Wen’s, and this row is called “Completely Different”" in page
    assert "1 refused" in page


def two_sheets(first, second):
    workbook = openpyxl.Workbook()
    workbook.active.title = "Intake A"
    for rows, sheet in ((first, workbook.active), (second, workbook.create_sheet("Intake B"))):
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def test_of_two_sheets_that_could_be_meant_one_is_asked_for(coordinator, cohort):
    names = ["Full name", "Student number"]
    data = two_sheets([names, ["Ali", "1"]], [names, ["Bala", "2"], ["Chen", "3"]])
    place = upload(coordinator, cohort, data, "book.xlsx").location
    assert place.endswith("/columns")
    assert "Which sheets are meant?" in coordinator.get(place).text
    assert db.session.query(Person).count() == 0

    answer = submit(coordinator, place, sheet="Intake B")
    page = coordinator.get(answer.location).text
    assert "2 new" in page
    post(coordinator, answer.location, "keep")
    assert {p.printed_name for p in db.session.query(Person)} == {"Bala", "Chen"}


def test_columns_are_changed_by_hand_and_remembered_for_the_next_file(coordinator, cohort):
    header = "Kandidat,Student number,Remarks\n"
    place = upload(coordinator, cohort, header + "Ali,1,good\n").location
    assert place.endswith("/columns")
    page = coordinator.get(place).text
    assert "good" in page
    wrong = submit(coordinator, place, c0="", c1="own_number", c2="")
    assert wrong.status_code == 422
    answer = submit(coordinator, place, c0="full_name", c1="own_number", c2="")
    assert "1 new" in coordinator.get(answer.location).text
    assert db.session.query(ColumnMemory).one().mapping == ["full_name", "own_number", ""]

    second = upload(coordinator, cohort, header + "Bala,2,\n").location
    assert not second.endswith("/columns")
    assert "Kept aside: Remarks" in coordinator.get(second).text


def test_a_parted_header_is_read_and_a_column_without_a_name_is_told(coordinator, cohort):
    sheet = "Name,,Matric No,\nFirst,Last,,\nWei,Tan,1,left early\nName,,Matric No,\nAli,Baba,2,\n"
    page = coordinator.get(upload(coordinator, cohort, sheet).location).text
    assert "2 new" in page
    assert "Wei Tan" in page
    assert "Column 4 has no header. What stands in it, such as “left early”, was kept aside." in page
    assert "The header stands again on line 4." in page


def test_an_import_is_undone_exactly(coordinator, utar, cohort):
    known = make_person(printed_name="Tan M. L.")
    make_affiliation(known, utar, own_number="7")
    before = register()
    roster = HEADER + "Tan Mei Ling,陈美玲,7,mei@utar.example,F\nAli,,8,,\nBala,,,b@utar.example,\n"
    place = upload(coordinator, cohort, roster).location
    post(coordinator, place, "choices", state="conflict", choice="file")
    post(coordinator, place, "keep")
    assert register() != before
    assert "2 new people are taken out again" in coordinator.get(f"{place}/undo").text

    submit(coordinator, f"{place}/undo")
    assert register() == before
    page = coordinator.get(place).text
    assert "This import was undone" in page
    assert re.search(r"Rows in the file</dt>\s*<dd[^>]*>\s*3\s*</dd>", page)
    assert db.session.query(Upload).one().state is UploadState.UNDONE


def test_an_import_on_which_something_depends_says_what_and_stays(coordinator, cohort):
    upload_id = kept(cohort, HEADER + "Ali,,8,,\nBala,,9,,\n")
    ali = db.session.query(Person).filter_by(printed_name="Ali").one()
    sitting = make_sitting(cohort, make_exam(cohort.course))
    facts = {"sitting_id": sitting.id, "exam_id": sitting.exam_id, "person_id": ali.id}
    db.session.add(Result(**facts, attempt=1, mark=70, outcome="passed"))
    db.session.commit()
    page = coordinator.get(f"/imports/{upload_id}/undo").text
    assert "1 exam result was recorded or changed since." in page
    assert f'/people/{ali.id}"><bdi>Ali</bdi></a>' in page
    with pytest.raises(DomainError), unit_of_work():
        undo(actor=OFFICE, upload=db.session.get(Upload, upload_id))
    assert db.session.query(Enrolment).count() == 2


def test_results_on_which_a_certificate_rests_are_not_undone(app):
    cohort = certified_cohort(1, code="certified")
    person = db.session.query(Enrolment).filter_by(cohort_id=cohort.id).first().person
    sitting = make_sitting(cohort, make_exam(cohort.course))
    give_result(sitting, person, 71)
    result = db.session.query(Result).filter_by(sitting_id=sitting.id).one()
    record = Upload(
        kind="results", subject_id=sitting.id, institution_id=cohort.institution_id, filename="m.csv"
    )
    made = [Made("results", ("person_id",), [(result.id, result.person_id)])]
    record.journal, record.document_key, record.sha256 = [keep_page(page_of(Kept(made=made)))], "", ""
    assert [(one.table, one.rows) for one in find_dependents(record, Deeds(record))] == [("certificates", 1)]


def test_a_later_correction_of_a_person_stands_in_the_way_of_undoing(cohort):
    upload_id = kept(cohort, HEADER + "Ali,,8,,\n")
    db.session.query(Person).update({"printed_name": "Ali bin Abu"})
    db.session.commit()
    with pytest.raises(DomainError), unit_of_work():
        undo(actor=OFFICE, upload=db.session.get(Upload, upload_id))


def test_what_comes_to_depend_on_an_import_after_the_click_stops_the_undoing(cohort):
    upload_id = kept(cohort, HEADER + "Ali,,8,,\n")
    record = db.session.get(Upload, upload_id)
    record.state, record.job_state = UploadState.UNDOING, JobState.WAITING
    ali = db.session.query(Person).one()
    make_enrolment(make_cohort(cohort.institution), ali)
    jobs.run_here("uploads", upload_id)
    db.session.expire_all()
    record = db.session.get(Upload, upload_id)
    assert (record.state, db.session.query(Person).count()) == (UploadState.KEPT, 1)
    assert "could not be undone" in record.note


def test_an_undone_import_can_be_kept_again(coordinator, cohort):
    for _ in range(2):
        place = upload(coordinator, cohort, HEADER + "Ali,,8,,\n").location
        post(coordinator, place, "keep")
        assert db.session.query(Enrolment).count() == 1
        submit(coordinator, f"{place}/undo")
        assert db.session.query(Person).count() == 0


def test_results_that_differ_are_corrected_only_on_the_persons_word(coordinator, utar, cohort):
    person = make_person(printed_name="Ana")
    make_affiliation(person, utar, own_number="1")
    make_enrolment(cohort, person)
    sitting = make_sitting(cohort, make_exam(cohort.course), code="s1")
    for mark, choice in (("71", None), ("88", "file")):
        data = f"Student number,Mark\n1,{mark}\n".encode()
        place = submit(coordinator, "/sittings/s1/results", file=(io.BytesIO(data), "m.csv")).location
        if choice:
            post(coordinator, place, "rows", choice=f"2:{choice}")
        post(coordinator, place, "keep")
    assert float(db.session.query(Result).filter_by(sitting_id=sitting.id).one().mark) == 88
    assert float(db.session.query(ResultCorrection).one().old_mark) == 71
    submit(coordinator, f"{place}/undo")
    db.session.expire_all()
    assert float(db.session.query(Result).one().mark) == 71
    assert db.session.query(ResultCorrection).count() == 0


def test_the_list_of_uploads_is_of_ones_own_institution(coordinator, sign_in, cohort):
    upload(coordinator, cohort, HEADER + "Ali,,8,,\n", "own-file.csv")
    assert "own-file.csv" in coordinator.get("/imports").text
    assert "own-file.csv" in coordinator.get("/imports?q=own&kind=roster&state=checked").text
    assert "own-file.csv" not in coordinator.get("/imports?kind=results").text
    assert "own-file.csv" not in sign_in(Role.COORDINATOR, make_institution()).get("/imports").text


def test_the_file_comes_back_as_it_came(coordinator, cohort):
    content = HEADER + "Ali,,8,,\n"
    place = upload(coordinator, cohort, content).location
    assert coordinator.get(f"{place}/file").data == content.encode()


def test_a_file_that_was_just_refused_waits_for_nobody(coordinator, cohort):
    answer = upload(coordinator, cohort, HEADER)
    assert answer.status_code == 422
    assert "There is no row under the header" in answer.text
    assert "waits for your word" not in answer.text
    assert "roster.csv" not in answer.text


def test_a_long_file_is_searched_and_paged(coordinator, cohort):
    rows = "".join(f"Student {n},,S{n},,\n" for n in range(1200))
    place = upload(coordinator, cohort, HEADER + rows).location
    page = coordinator.get(f"{place}?state=new&after=1180").text
    assert "Student 1199" in page
    assert "Student 1179<" not in page
    found = coordinator.get(f"{place}?q=student+777").text
    assert "Student 777" in found
    assert "Student 778" not in found
    assert len(coordinator.get(place).data) < 20 * 1024


def test_a_dry_run_says_what_would_be_kept_and_keeps_nothing(cohort):
    with unit_of_work():
        told = import_roster(
            viewer=OFFICE,
            institution_code="utar",
            cohort_code=cohort.code,
            filename="r.csv",
            data=(HEADER + "Ali,,8,,\n,,9,,\n").encode(),
            is_dry=True,
        )
    assert (told["rows_in"], told["rows_kept"], told["rows_refused"]) == (2, 1, 1)
    assert told["problems"][0]["line"] == 3
    assert (db.session.query(Person).count(), db.session.query(Upload).count()) == (0, 0)


NAMES = st.sampled_from(["Ana", "Ben", "Ana", "", "陈美玲", "Ooi", "Nurul Huda", "123"])
NUMBERS = st.sampled_from(["1", "2", "3", "4", "", "", "-"])
EMAILS = st.sampled_from(["a@x.example", "b@x.example", "not one", "", ""])


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(rows=st.lists(st.tuples(NAMES, NUMBERS, EMAILS), min_size=1, max_size=8), taken=st.booleans())
def test_rows_in_are_rows_kept_and_rows_handed_back(cohort, rows, taken):
    content = HEADER + "".join(f"{name},,{number},{email},\n" for name, number, email in rows)
    try:
        with unit_of_work():
            subject = roster_kind.subject_of(db.session.merge(cohort))
            record = hand_in(
                actor=OFFICE,
                kind=roster_kind.ROSTER,
                subject=subject,
                filename="r.csv",
                data=content.encode(),
            )
            if taken:
                record.choices = {"conflict": "file", "probable": "same"}
            upload_id = record.id
    except Refused:
        return
    with unit_of_work():
        confirm(actor=OFFICE, upload=db.session.get(Upload, upload_id))
    record = db.session.get(Upload, upload_id)
    assert (record.state, record.job_state) == (UploadState.KEPT, JobState.DONE)
    assert record.rows_in == record.rows_kept + record.rows_refused
    assert record.rows_in == sum(any(row) for row in rows)
    db.session.rollback()


def test_a_door_to_one_row_takes_no_nonsense(coordinator, cohort):
    place = upload(coordinator, cohort, HEADER + "Ali,,8,,\n,,9,,\n").location
    for data in ({"choice": "9" * 30}, {"choice": "x:same"}, {"l99c0": "A"}):
        assert post(coordinator, place, "rows", **data).status_code in {404, 422}
    assert post(coordinator, place, "choices", state="new", choice="file").status_code == 422
    assert post(coordinator, place, "rows", l3c0="A\x00").status_code == 422
    assert db.session.query(RowChange).count() == 0
    assert re.search("1 row needs you", coordinator.get(place).text)
