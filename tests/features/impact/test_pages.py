"""The figures, the homes and the annual summary as their readers see them."""

import csv
import html
import io
import json
import re
from contextlib import contextmanager
from datetime import timedelta

import openpyxl
import pytest
from pypdf import PdfReader
from sqlalchemy import event

from gdt.access import Role
from gdt.commands.impact import impact
from gdt.database import db, unit_of_work
from gdt.errors import DomainError
from gdt.impact.annual_summary import annual_summary_pdf
from gdt.impact.measures import KEY_FIGURES, MEASURES
from gdt.impact.settling import settle
from gdt.partners.models import Institution
from gdt.training.models import EnrolmentState, Headcount, HeadcountMeasure
from tests.factories import (
    TODAY,
    make_affiliation,
    make_agreement,
    make_cohort,
    make_course,
    make_enrolment,
    make_exam,
    make_institution,
    make_module,
    make_person,
    make_qualification,
    make_sitting,
)
from tests.features.impact.networks import YEARS, random_network

HOMES = {
    Role.COORDINATOR: "What needs doing",
    Role.OFFICER: "Today at the GDT office",
    Role.LEADER: "The programme so far",
    Role.ADMINISTRATOR: "Users and rights",
}


@contextmanager
def statements():
    """The statements the database runs meanwhile."""
    seen = []

    def note(_connection, _cursor, statement, *_rest):
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    yield seen
    event.remove(db.engine, "before_cursor_execute", note)


def test_each_key_figure_is_a_link_to_its_rows_with_the_same_filters(app, leader):
    oracle = random_network(1)
    year = YEARS[-1]
    text = leader.get(f"/impact?year={year}&country=MY").text
    for measure in KEY_FIGURES:
        recorded, verified, _claimed = oracle.count(measure.key, {"year": year, "country": "MY"})
        link = rf'href="/impact/{measure.slug}\?year={year}&amp;country=MY">([\d,]+)</a>'
        assert int(re.search(link, text).group(1).replace(",", "")) == recorded + verified


def test_every_breakdown_can_be_opened(app, leader):
    random_network(2)
    for by in ("region", "country", "institution", "module", "nonsense"):
        response = leader.get(f"/impact?by={by}&first=2")
        assert response.status_code == 200
        assert "By " in response.text


def test_claimed_people_stand_beside_the_total_and_never_in_it(app, leader):
    institution, module = make_institution(), make_module()
    columns = {"institution": institution, "module": module, "year": 2024, "evidence": "A letter"}
    claimed = Headcount(measure=HeadcountMeasure.STUDENTS_TRAINED, people=70, **columns)
    db.session.add(claimed)
    db.session.commit()
    text = leader.get("/impact/students-trained?year=2024").text
    assert re.search(r'id="count">\s*0 people', text)
    assert "70 more are claimed" in text


def test_a_year_that_has_not_begun_or_holds_nothing_says_so(app, leader):
    random_network(3)
    assert "2190 has not begun." in leader.get("/impact?year=2190").text
    assert "Nothing was counted or reported here for 1999." in leader.get("/impact?year=1999").text
    for year in (2190, 1999):
        assert "annual-summary" not in leader.get(f"/impact?year={year}").text
    assert f"/impact/{YEARS[-2]}/annual-summary.pdf" in leader.get(f"/impact?year={YEARS[-2]}").text
    for year, sentence in ((2190, "2190 has not begun."), (1999, "Nothing was counted")):
        for kind in ("pdf", "csv"):
            answer = leader.get(f"/impact/{year}/annual-summary.{kind}", follow_redirects=True)
            assert answer.status_code == 200
            assert sentence in answer.text
        with pytest.raises(DomainError, match=sentence):
            annual_summary_pdf(year=year)


def test_a_network_without_anything_has_its_figures_page(app, leader):
    text = leader.get("/impact").text
    assert "Nothing has been counted or reported here yet." in text
    assert leader.get("/impact/institutions").status_code == 200


def test_the_annual_summary_has_its_pages_its_bookmarks_and_its_numbers(app, leader):
    oracle = random_network(4)
    year = YEARS[-2]
    institution = db.session.query(Institution).filter_by(code="th0").one()
    institution.native_name = "มหาวิทยาลัยลำน้ำ"
    db.session.commit()
    response = leader.get(f"/impact/{year}/annual-summary.pdf")
    assert response.mimetype == "application/pdf"
    document = PdfReader(io.BytesIO(response.data))
    assert f"annual summary {year}" in document.metadata.title
    titles = [entry.title for entry in document.outline]
    assert titles[:2] == ["Cover", "The year in six numbers"]
    assert titles[-1] == "Definitions"
    numbers = document.pages[1].extract_text()
    for measure in KEY_FIGURES:
        recorded, verified, _claimed = oracle.count(measure.key, {"year": year})
        assert f"{recorded + verified:,}" in numbers
    assert response.data == leader.get(f"/impact/{year}/annual-summary.pdf").data


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.TEACHER}))  # hers: test_teacher_accounts.py
def test_each_role_has_a_home_of_its_own(app, sign_in, role):
    random_network(5)
    institution = db.session.query(Institution).first() if role is Role.COORDINATOR else None
    response = sign_in(role, institution).get("/")
    assert response.status_code == 200
    assert HOMES[role] in response.text


def test_a_stranger_can_verify_a_certificate_or_sign_in(app, client):
    text = client.get("/").text
    assert "Verify a certificate" in text
    assert 'href="/sign-in"' in text


def test_the_coordinators_home_names_what_waits_for_her(app, sign_in):
    mine, other = make_institution(), make_institution()
    make_agreement(mine, starts_on=TODAY - timedelta(days=400), ends_on=TODAY + timedelta(days=30))
    for institution, term in ((mine, "Mine"), (other, "Theirs")):
        course = make_course()
        make_cohort(institution, course=course, term=f"{term} without students")
        ended = make_cohort(
            institution, course=course, term=f"{term} ended", ends_on=TODAY - timedelta(days=3)
        )
        make_enrolment(ended, make_person(), state=EnrolmentState.ENROLLED)
        exam = make_exam(course, title=f"{term} exam")
        make_sitting(ended, exam, held_on=TODAY - timedelta(days=2))
        teacher = make_person(printed_name=f"{term} teacher")
        make_affiliation(teacher, institution, role="teacher")
        make_qualification(teacher, course.modules[0], institution)
    text = sign_in(Role.COORDINATOR, mine).get("/").text
    assert "Mine without students has no students yet." in text
    assert "Mine ended ended on" in text
    assert "Mine exam" in text
    assert "Your agreement ends in 30 days" in text
    assert "Mine teacher" in text
    assert "Theirs" not in text


def test_an_institutions_figures_stand_beside_the_targets_of_its_agreement(app, sign_in):
    institution = make_institution()
    make_agreement(institution, teachers_target=0, students_target=1)
    cohort = make_cohort(institution, ends_on=TODAY)
    done = {"state": EnrolmentState.COMPLETED, "completed_on": TODAY}
    make_enrolment(cohort, make_person(), **done)
    text = sign_in(Role.COORDINATOR, institution).get(f"/institutions/{institution.code}/figures").text
    assert f"Students trained in {TODAY.year}: 100" in text
    assert "target reached" in text
    assert "no target agreed" in text


def test_the_number_of_statements_does_not_grow_with_the_network(app, sign_in):
    addresses = {
        Role.LEADER: ("/impact", "/impact?by=institution", "/impact/students-trained", "/"),
        Role.OFFICER: ("/", "/impact/exams-passed"),
        Role.COORDINATOR: ("/", "/impact", "/institutions/my0/figures"),
    }
    random_network(6)
    before = count_statements(sign_in, addresses)
    more_of_everything()
    assert count_statements(sign_in, addresses) == before


def count_statements(sign_in, addresses):
    mine = db.session.query(Institution).filter_by(code="my0").one()
    counts = {}
    for role, paths in addresses.items():
        client = sign_in(role, mine if role is Role.COORDINATOR else None)
        with unit_of_work():
            settle()
        for path in paths:
            with statements() as seen:
                assert client.get(path).status_code == 200
            counts[role, path] = len(seen)
    return counts


def more_of_everything():
    mine = db.session.query(Institution).filter_by(code="my0").one()
    for institution in (mine, make_institution(country=mine.country), make_institution(country=mine.country)):
        for _ in range(3):
            cohort = make_cohort(institution)
            make_enrolment(cohort, make_person(), state=EnrolmentState.COMPLETED, completed_on=TODAY)


def test_the_summary_of_a_year_without_students_says_so(app):
    make_enrolment(make_cohort(make_institution()), make_person())
    document = PdfReader(io.BytesIO(annual_summary_pdf(year=TODAY.year)))
    text = " ".join(" ".join(page.extract_text() for page in document.pages).split())
    assert "No teachers were certified and no students were trained." in text
    assert "No students were trained in" in text
    assert "Where the students are" not in [entry.title for entry in document.outline]
    assert not re.search(r"in \d+ countr", text.replace("The programme was in 1 country", ""))


def test_the_page_the_files_and_the_command_define_every_measure_in_the_same_words(app, leader):
    random_network(2)
    page = html.unescape(leader.get("/impact/definitions").text)
    table = leader.get("/impact/definitions.csv").data.decode("utf-8-sig")
    book = openpyxl.load_workbook(io.BytesIO(leader.get(f"/impact/{YEARS[-2]}/annual-summary.xlsx").data))
    sheet = [[cell.value for cell in row] for row in book["Definitions"].iter_rows()]
    printed = app.test_cli_runner().invoke(impact, ["definitions", "--json"]).output
    pdf = leader.get(f"/impact/{YEARS[-2]}/annual-summary.pdf").data
    summary = " ".join(" ".join(p.extract_text() for p in PdfReader(io.BytesIO(pdf)).pages).split())
    assert [entry["measure"] for entry in json.loads(printed)] == [measure.key for measure in MEASURES]
    assert list(csv.DictReader(io.StringIO(table))) == json.loads(printed)
    assert [dict(zip(sheet[0], row, strict=True)) for row in sheet[1:]] == json.loads(printed)
    for measure in MEASURES:
        for words in (measure.definition, measure.rows, measure.dated_by):
            assert str(words) in page
            assert str(words) in summary
