"""The tabs of an institution and a person, and numbers reported without names."""

from datetime import timedelta

import pytest

from gdt.access import Role
from gdt.database import db
from gdt.people.models import AffiliationRole
from gdt.training.models import EnrolmentState, Headcount
from tests.browser import counted_queries, submit, token_of
from tests.factories import (
    TODAY,
    make_affiliation,
    make_cohort,
    make_enrolment,
    make_institution,
    make_module,
    make_person,
    make_qualification,
)


@pytest.fixture
def utar(app):
    return make_institution(code="utar", name="UTAR")


@pytest.fixture
def coordinator(sign_in, utar):
    return sign_in(Role.COORDINATOR, utar)


def make_teacher(institution, **columns):
    person = make_person(**columns)
    make_affiliation(person, institution, role=AffiliationRole.TEACHER)
    return person


def test_teachers_are_shown_with_what_they_may_teach_and_until_when(coordinator, utar):
    teacher = make_teacher(utar, printed_name="Tan Mei Ling")
    make_teacher(utar, printed_name="Ooi")
    words = {"valid": 400, "ends soon": 30, "expired": -1}
    for n, (word, days) in enumerate(words.items()):
        module = make_module(title=f"Module {word}")
        until = TODAY + timedelta(days=days)
        make_qualification(
            teacher, module, utar, valid_from=TODAY - timedelta(days=900 + n), valid_until=until
        )
    page = " ".join(coordinator.get("/institutions/utar/teachers").text.split())
    for word in words:
        assert f"{word}</span> Module {word}, until" in page
    assert "no qualification yet" in page


def test_a_renewed_qualification_is_shown_once(coordinator, utar):
    teacher, module = make_teacher(utar), make_module(title="New Retail")
    old = TODAY - timedelta(days=1500)
    make_qualification(teacher, module, utar, valid_from=old, valid_until=old + timedelta(days=1000))
    make_qualification(teacher, module, utar)
    page = coordinator.get("/institutions/utar/teachers").text
    assert page.count("New Retail, until") == 1
    assert "expired" not in page


def test_the_teachers_tab_asks_a_constant_number_of_questions(coordinator, utar):
    make_teacher(utar)
    with counted_queries() as few:
        coordinator.get("/institutions/utar/teachers")
    for _ in range(20):
        make_qualification(make_teacher(utar), make_module(), utar)
    with counted_queries() as many:
        coordinator.get("/institutions/utar/teachers")
    assert len(many) <= len(few) + 2


def test_the_cohorts_tab_shows_only_this_institution(officer, utar):
    mine, other = make_cohort(utar), make_cohort(make_institution())
    page = officer.get("/institutions/utar/cohorts").text
    assert mine.code in page
    assert f"/cohorts/{other.code}" not in page


def test_what_a_person_learned_and_taught_stands_on_one_page(officer, utar):
    person = make_teacher(utar, printed_name="Mei")
    taught = make_cohort(utar, teachers=[person])
    learned = make_cohort(utar)
    make_enrolment(learned, person, state=EnrolmentState.COMPLETED, completed_on=TODAY, attendance_percent=88)
    make_qualification(person, make_module(title="Smart Logistics"), utar)
    page = officer.get(f"/people/{person.id}/record").text
    for expected in (taught.code, learned.code, "Smart Logistics", "88", "completed"):
        assert expected in page


def test_a_coordinator_does_not_see_what_a_person_learned_elsewhere(coordinator, utar):
    person = make_teacher(utar)
    elsewhere = make_cohort(make_institution(name="Elsewhere"), code="elsewhere-2026-001")
    make_enrolment(elsewhere, person)
    assert "elsewhere-2026-001" not in coordinator.get(f"/people/{person.id}/record").text


def claim(module, **changes):
    return {
        "measure": "students trained",
        "module": module.id,
        "year": 2019,
        "people": 120,
        "evidence": "Signed lists, filed 2019/7",
    } | changes


def test_a_number_is_claimed_by_the_partner_and_verified_by_the_office(coordinator, sign_in, utar):
    module = make_module()
    assert submit(coordinator, "/institutions/utar/headcounts/new", **claim(module)).status_code == 302
    page = coordinator.get("/institutions/utar/headcounts").text
    assert "claimed" in page
    assert "Verify<" not in page

    headcount = db.session.query(Headcount).one()
    path = f"/institutions/utar/headcounts/{headcount.id}/verify"
    own = {"csrf_token": token_of(coordinator, "/institutions/utar/headcounts/new")}
    assert coordinator.post(path, data=own).status_code == 403
    officer = sign_in(Role.OFFICER, name="Officer Lim")
    data = {"csrf_token": token_of(officer, "/institutions/utar/headcounts")}
    for _ in range(2):
        assert officer.post(path, data=data).status_code == 302
    assert "Officer Lim" in officer.get("/institutions/utar/headcounts").text


def test_a_second_claim_takes_the_place_of_the_first_until_it_is_verified(coordinator, utar):
    module = make_module()
    for people in (120, 130):
        submit(coordinator, "/institutions/utar/headcounts/new", **claim(module, people=people))
    headcount = db.session.query(Headcount).one()
    assert headcount.people == 130

    headcount.verified_at, headcount.verified_by_name = headcount.verified_at or db.func.now(), "Lim"
    db.session.commit()
    answer = submit(coordinator, "/institutions/utar/headcounts/new", **claim(module, people=999))
    assert answer.status_code == 422
    assert "The office has verified 130" in answer.text


@pytest.mark.parametrize(
    ("field", "value"), [("people", 0), ("people", "many"), ("year", 1999), ("evidence", "")]
)
def test_an_impossible_claim_is_refused_at_the_field(coordinator, utar, field, value):
    answer = submit(
        coordinator, "/institutions/utar/headcounts/new", **claim(make_module(), **{field: value})
    )
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert db.session.query(Headcount).count() == 0


def test_the_curriculum_shows_modules_and_hours(coordinator, utar):
    module = make_module(title="Digital Marketing", hours=40)
    make_cohort(utar, modules=[module])
    assert coordinator.get("/courses").status_code == 200
