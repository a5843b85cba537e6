"""The figures by gender: on the pages of those who see people, and in documents without small groups."""

import csv
import io
import json
import re
from datetime import date

import openpyxl
import pytest
from pypdf import PdfReader
from sqlalchemy import select

from gdt.access import OFFICE, Role
from gdt.commands.impact import impact
from gdt.database import db, unit_of_work
from gdt.errors import RecordNotFound
from gdt.impact.closing import close_year, preview_closing
from gdt.impact.closing_queries import get_closed, read_published
from gdt.impact.queries import get_scope, load_network, totals
from gdt.impact.scopes import Scope
from gdt.impact.settling import settle
from gdt.people.models import Gender, Person
from gdt.training.models import EnrolmentState, Headcount, HeadcountMeasure
from tests.factories import (
    TODAY,
    make_cohort,
    make_country,
    make_course,
    make_enrolment,
    make_institution,
    make_person,
    make_user,
)

YEAR = TODAY.year - 1
LARGE = {Gender.FEMALE: 7, Gender.MALE: 6, Gender.OTHER: 1, None: 5}
SMALL = {Gender.FEMALE: 2, Gender.MALE: 8, None: 6}


@pytest.fixture
def network(app):
    """Two institutions of one country, one with few women among its students, the other with a headcount."""
    home, course = make_country(code="MY"), make_course()
    for code, people in (("large", LARGE), ("small", SMALL)):
        institution = make_institution(code=code, name=f"College {code}", country=home)
        cohort = make_cohort(institution, course=course, starts_on=date(YEAR, 3, 1), ends_on=date(YEAR, 5, 4))
        for gender, many in people.items():
            for _ in range(many):
                done = {"state": EnrolmentState.COMPLETED, "completed_on": date(YEAR, 5, 4)}
                make_enrolment(cohort, make_person(gender=gender), **done)
    reported = {
        "year": YEAR,
        "measure": HeadcountMeasure.STUDENTS_TRAINED,
        "people": 70,
        "evidence": "A list",
    }
    db.session.add(Headcount(institution=institution, module=course.modules[0], **reported))
    with unit_of_work():
        settle()
    return institution


def split_of(**scope):
    found = totals(viewer=OFFICE, year=YEAR, **scope)
    return found["students_trained"]


def test_by_gender_the_pages_lead_to_rows_and_say_who_said_nothing(network, leader):
    page = leader.get(f"/impact?year={YEAR}&by=gender").text
    for gender, many in (("female", 9), ("male", 14), ("other", 1), ("not-given", 11)):
        link = rf'href="/impact/students-trained\?year={YEAR}&amp;gender={gender}">([\d,]+)</a>'
        assert re.search(link, page).group(1) == str(many)
        rows = leader.get(f"/impact/students-trained.csv?year={YEAR}&gender={gender}").data.decode(
            "utf-8-sig"
        )
        named = [row for row in csv.DictReader(io.StringIO(rows)) if row["source"] == "recorded"]
        assert len(named) == many
    assert 'href="/impact/institutions' not in leader.get("/impact?gender=female").text
    for address in (f"/institutions/small/figures?year={YEAR}", f"/countries/MY/figures?year={YEAR}"):
        assert "gender=not-given" in leader.get(address).text
    for address in ("/impact/institutions?gender=female", "/impact?gender=women"):
        assert leader.get(address).status_code == 404
    reported = leader.get("/impact/students-trained?gender=not-given&source=headcounts").text
    assert "A list" in reported


def test_a_gender_said_later_and_a_merge_move_a_person_between_the_groups(network, app):
    other = db.session.scalar(select(Person).where(Person.gender == Gender.OTHER))
    man = db.session.scalar(select(Person).where(Person.gender == Gender.MALE).limit(1))
    with unit_of_work():
        other.gender = None
    assert (split_of(gender="other"), split_of(gender="not-given")) == (0, 12)
    with unit_of_work():
        other.merged_into_id = man.id
    assert (split_of(gender="male"), split_of(gender="not-given"), split_of()) == (14, 11, 34)
    words = ["--year", str(YEAR), "--gender", "not-given", "--json"]
    told = json.loads(app.test_cli_runner().invoke(impact, words).output)
    assert (told["students_trained"], told["shares"]["students_trained"]["claimed"]) == (11, 70)
    assert "institutions" not in told


def test_who_sees_no_people_cannot_ask_by_gender(network):
    seen = load_network(make_user(role=Role.ADMINISTRATOR))
    with pytest.raises(RecordNotFound):
        get_scope(seen, Scope(gender="female"))
    assert get_scope(load_network(OFFICE), Scope(gender="female")).gender == "female"


def test_documents_tell_no_small_group_and_none_is_left_as_a_difference(network, leader):
    address = f"/impact/{YEAR}/annual-summary"
    told = {}
    for place in ("", "?country=MY", "?institution=large", "?institution=small"):
        rows = list(csv.DictReader(io.StringIO(leader.get(f"{address}.csv{place}").data.decode("utf-8-sig"))))
        mine = [row for row in rows if row["by"] == "gender" and row["measure"] == "students_trained"]
        told[place] = {row["code"]: int(row["total"]) for row in mine}
    assert told == {
        "": {},  # the country's less the large college's would tell of the two women of the small one
        "?country=MY": {},
        "?institution=large": {"female": 7, "male": 6, "other-or-not-given": 6},
        "?institution=small": {},
    }
    book = openpyxl.load_workbook(io.BytesIO(leader.get(f"{address}.xlsx?institution=large").data))
    rows = [[cell.value for cell in row] for row in book["Figures"].iter_rows()]
    assert ["students_trained", "gender", "female", "Female", YEAR, 7] in [row[:6] for row in rows]
    document = PdfReader(io.BytesIO(leader.get(f"{address}.pdf?institution=small").data))
    text = "\n".join(page.extract_text() for page in document.pages)
    assert "A group is too small to be shown." in " ".join(text.split())


def test_a_closed_year_keeps_its_splits_and_its_file_holds_no_small_group(network, leader):
    with unit_of_work():
        close_year(actor=OFFICE, year=YEAR, seen=preview_closing(YEAR).seen)
    with unit_of_work():
        facts = read_published(get_closed(YEAR))
        for person in db.session.scalars(select(Person).where(Person.gender == Gender.FEMALE)):
            person.gender = None
    kept = [row["counts"] for row in facts["genders"] if row["measure"] == "students_trained"]
    assert [counts for counts in kept if counts] == [{"female": 7, "male": 6, "other-or-not-given": 6}]
    page = leader.get(f"/impact/{YEAR}/annual-summary?institution=large&part=all").text
    assert "37\N{NO-BREAK SPACE}% of the students said that they are women" in page
    assert leader.get(f"/impact?year={YEAR}&gender=male").status_code == 200
