"""The register: finding people, correcting an entry, and never seeing those of another institution."""

import pytest

from gdt.access import OFFICE, Role
from gdt.audit import AuditEvent
from gdt.database import db
from gdt.people.matching import find_matches
from gdt.people.models import AffiliationRole, Gender, Person
from gdt.people.services import PersonFacts, register_person
from tests.browser import counted_queries, submit
from tests.factories import TODAY, make_affiliation, make_institution, make_person


@pytest.fixture
def utar(app):
    return make_institution(code="utar", name="UTAR")


@pytest.fixture
def mei(utar):
    person = make_person(printed_name="Tan Mei Ling", native_name="陈美玲", email="mei@utar.example")
    make_affiliation(person, utar, own_number="21AB1")
    return person


@pytest.fixture
def coordinator(sign_in, utar):
    return sign_in(Role.COORDINATOR, utar)


def test_people_are_found_by_name_native_name_number_and_email(coordinator, utar, mei):
    other = make_person(printed_name="Ooi")
    make_affiliation(other, utar, role=AffiliationRole.TEACHER, own_number="99")
    for words in ("mei l", "美玲", "21ab", "MEI@utar.example"):
        page = coordinator.get("/people", query_string={"q": words}).text
        assert "Tan Mei Ling" in page, words
        assert "Ooi" not in page, words


def test_the_list_narrows_by_role_and_institution(officer, utar, mei):
    teacher = make_person(printed_name="Teacher Elsewhere")
    make_affiliation(teacher, make_institution(code="inti"), role=AffiliationRole.TEACHER)
    assert "Tan Mei Ling" not in officer.get("/people?role=teacher").text
    assert "Teacher Elsewhere" not in officer.get("/people?institution=utar").text


def test_a_coordinator_sees_only_people_of_her_institution(coordinator, mei):
    stranger = make_person(printed_name="Stranger")
    make_affiliation(stranger, make_institution())
    assert "Stranger" not in coordinator.get("/people").text
    for path in ("", "/edit", "/record"):
        assert coordinator.get(f"/people/{stranger.id}{path}").status_code == 404


def test_a_number_at_another_institution_is_neither_shown_nor_searched(coordinator, mei):
    make_affiliation(mei, make_institution(name="Elsewhere"), own_number="SECRET-7")
    assert "SECRET-7" not in coordinator.get(f"/people/{mei.id}").text
    assert "Elsewhere" not in coordinator.get("/people").text
    assert "Tan Mei Ling" not in coordinator.get("/people?q=SECRET").text
    assert "SECRET-7" not in coordinator.get(f"/people/{mei.id}/edit").text


def test_an_entry_is_corrected_as_it_was_typed(coordinator, utar, mei):
    number = f"number_{mei.affiliations[0].id}"
    typed = {
        "printed_name": "TAN Mei-Ling",
        "native_name": "陳美玲",
        "email": "Mei@New.example",
        "gender": "female",
    }
    answer = submit(coordinator, f"/people/{mei.id}/edit", **typed, **{number: "21AB9"})

    assert answer.status_code == 302
    db.session.refresh(mei)
    assert (mei.printed_name, mei.native_name, mei.email, mei.gender) == (
        "TAN Mei-Ling",
        "陳美玲",
        "mei@new.example",
        Gender.FEMALE,
    )
    assert mei.affiliations[0].own_number == "21AB9"
    assert db.session.query(AuditEvent).filter_by(action="corrected").one().subject_id == mei.id


def test_who_is_known_elsewhere_too_is_corrected_by_the_office_alone(coordinator, officer, utar, mei):
    here = mei.affiliations[0]
    number, drawn = f"number_{here.id}", {"printed_name": mei.printed_name, "gender": ""}
    make_affiliation(mei, make_institution(), own_number="E-7")
    for change in ({"email": "thief@evil.example"}, {"printed_name": "Donald Duck"}, {"email": ""}):
        typed = drawn | {"email": mei.email} | change
        answer = submit(coordinator, f"/people/{mei.id}/edit", **typed, **{number: "21AB1"})
        assert (answer.status_code, "records at another institution" in answer.text) == (422, True)
    db.session.expire_all()
    assert (mei.printed_name, mei.email) == ("Tan Mei Ling", "mei@utar.example")
    filled = drawn | {"email": mei.email, "native_name": "陈美玲", "gender": "female"}
    answer = submit(coordinator, f"/people/{mei.id}/edit", **filled, **{number: "21AB9"})
    assert (answer.status_code, here.own_number) == (302, "21AB9")
    answer = submit(officer, f"/people/{mei.id}/edit", **filled | {"email": "mei@home.example"})
    assert (answer.status_code, mei.email) == (302, "mei@home.example")


def test_an_email_or_number_of_someone_else_is_refused_and_the_typing_kept(coordinator, utar, mei):
    other = make_person(printed_name="Ooi", email="ooi@utar.example")
    make_affiliation(other, utar, own_number="7")
    number = f"number_{mei.affiliations[0].id}"
    typed = {"printed_name": "Mei", "native_name": "", "gender": "", "email": "mei@utar.example"}

    taken = submit(
        coordinator, f"/people/{mei.id}/edit", **typed | {"email": "ooi@utar.example"}, **{number: "1"}
    )
    assert taken.status_code == 422
    assert "belongs to someone else" in taken.text
    assert 'value="ooi@utar.example"' in taken.text
    taken = submit(coordinator, f"/people/{mei.id}/edit", **typed, **{number: "7"})
    assert taken.status_code == 422
    assert "Someone else at UTAR has this number" in taken.text
    db.session.refresh(mei)
    assert mei.printed_name == "Tan Mei Ling"


def test_a_leader_reads_and_corrects_nothing(leader, mei):
    assert "Tan Mei Ling" in leader.get(f"/people/{mei.id}").text
    assert leader.get(f"/people/{mei.id}/edit").status_code == 403


def test_a_person_is_entered_once(utar, mei):
    facts = PersonFacts(printed_name="Somebody", own_number="21ab1", gender=Gender.FEMALE)
    role = AffiliationRole.STUDENT
    person, was_known = register_person(actor=OFFICE, institution=utar, role=role, facts=facts, from_on=TODAY)
    assert (person.id, was_known, person.printed_name) == (mei.id, True, "Tan Mei Ling")
    assert person.gender is Gender.FEMALE


def test_the_same_number_elsewhere_or_in_another_role_is_somebody_else(utar, mei):
    row = [PersonFacts(printed_name="X", own_number="21AB1")]
    assert find_matches(utar.id, AffiliationRole.STUDENT, row)[0].person is not None
    assert find_matches(utar.id, AffiliationRole.TEACHER, row)[0].person is None
    assert find_matches(make_institution().id, AffiliationRole.STUDENT, row)[0].person is None


def test_a_merged_person_is_found_as_the_one_she_was_merged_into(utar, mei):
    make_person(printed_name="Duplicate", email="dup@utar.example", merged_into_id=mei.id)
    row = [PersonFacts(printed_name="X", email="DUP@utar.example")]
    known = find_matches(utar.id, AffiliationRole.STUDENT, row)[0].person
    assert known is not None
    assert known.person_id == mei.id


def test_a_whole_list_is_matched_with_few_queries(utar):
    rows = [PersonFacts(printed_name="X", own_number=f"N{n}", email=f"n{n}@x.example") for n in range(2000)]
    with counted_queries() as sent:
        find_matches(utar.id, AffiliationRole.STUDENT, rows)
    assert len(sent) <= 13


def test_the_list_of_people_pages_with_a_constant_number_of_queries(officer, utar, mei):
    with counted_queries() as few:
        officer.get("/people")
    for _ in range(60):
        make_affiliation(make_person(), utar)
    with counted_queries() as many:
        page = officer.get("/people").text
    assert len(few) == len(many)
    assert "after=" in page
    assert db.session.query(Person).count() == 61
