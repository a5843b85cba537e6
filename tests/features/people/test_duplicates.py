"""People who are probably one: found, compared, merged on the page, called two, and never seen by others."""

import json
import re

import pytest
from sqlalchemy import delete, insert

from gdt.access import OFFICE, Role
from gdt.commands.office import gdt
from gdt.database import db, unit_of_work
from gdt.people.comparing import CROWD, begin_comparing, compare_new_people
from gdt.people.duplicate_models import PersonKey, ProbablePair
from gdt.people.duplicate_queries import WantedPairs, count_pairs, count_to_compare, pairs
from gdt.people.merging import call_different, offer_again
from gdt.people.models import Gender, Person
from tests.browser import counted_queries, submit
from tests.factories import (
    make_affiliation,
    make_cohort,
    make_course,
    make_enrolment,
    make_institution,
    make_person,
)
from tests.features.certification.stories import add_student, certified_cohort
from tests.features.people.twins import merge, unmerge


@pytest.fixture
def utar(app):
    return make_institution(code="utar", name="UTAR")


@pytest.fixture
def coordinator(sign_in, utar):
    return sign_in(Role.COORDINATOR, utar)


def person_at(place, name, number=None, **facts):
    person = make_person(printed_name=name, **facts)
    make_affiliation(person, place, own_number=number)
    return person


def found():
    """Everyone compared; the pairs as names, why, and how surely."""
    compare_new_people()
    db.session.rollback()
    return {
        (str(pair.first), str(pair.second)): (pair.reason.value, pair.strength)
        for pair in db.session.scalars(pairs(OFFICE, WantedPairs()))
    }


def the_pair():
    compare_new_people()
    return db.session.query(ProbablePair).one()


def test_people_are_found_by_number_mailbox_script_spelling_and_slip(utar):
    person_at(utar, "Sok Dara", "021-ab-7")
    person_at(utar, "SOK, Dara", "21AB7")
    person_at(utar, "Chen Meiling")
    person_at(utar, "陈美玲")
    person_at(utar, "Mohammed Hassan")
    person_at(utar, "Muhammad Hasan")
    person_at(utar, "Rodrigo Mamani")
    person_at(utar, "Rodrigo Mamami")
    person_at(utar, "Lone Wolf")
    assert found() == {
        ("Sok Dara", "SOK, Dara"): ("number", 3),
        ("Chen Meiling", "陈美玲"): ("script", 2),
        ("Mohammed Hassan", "Muhammad Hasan"): ("sound", 2),
        ("Rodrigo Mamani", "Rodrigo Mamami"): ("slip", 1),
    }


def test_who_was_compared_is_not_compared_again_until_something_changes(utar):
    one, other = person_at(utar, "Ann Abel"), person_at(utar, "Bernd Zorn")
    assert found() == {}
    assert count_to_compare() == 0
    db.session.get(Person, other.id).printed_name = "Abel, Ann"
    db.session.commit()
    assert count_to_compare() == 1
    assert found() == {("Ann Abel", "Abel, Ann"): ("name", 2)}
    db.session.get(Person, one.id).printed_name = "Someone Quite Else"
    db.session.commit()
    assert found() == {}
    one = db.session.get(Person, one.id)
    one.affiliations[0].own_number = "77"
    db.session.commit()
    assert count_to_compare() == 1


def test_those_entered_in_bulk_are_compared_too(utar):
    db.session.execute(insert(Person), [{"printed_name": "Ann Abel"}, {"printed_name": "Abel Ann"}])
    db.session.commit()
    assert set(found()) == {("Ann Abel", "Abel Ann")}


def test_a_name_that_a_crowd_shares_tells_nobody_from_anybody(utar):
    for n in range(CROWD + 1):
        person_at(utar, "Nguyen Thi Huong", f"{n}")
    assert found() == {}
    for n in range(4):
        person_at(utar, "Tran Van Long", f"long-{n}")
    assert found() == {}  # four of one name and four numbers are four people


def test_twins_of_one_roster_are_two_people_for_ever(utar, officer):
    one, other = person_at(utar, "Ann Abel", "1"), person_at(utar, "Abel Ann", "2")
    pair = the_pair()
    assert pair.strength == 1
    assert submit(
        officer, f"/people/duplicates/{pair.id}/different", page=f"/people/duplicates/{pair.id}"
    ).location.endswith("/people/duplicates")
    for person in (one, other):
        db.session.get(Person, person.id).native_name = "安"
        db.session.commit()
    assert found() == {}
    assert "They are not offered again" in officer.get("/people/duplicates").text
    assert "Ann Abel" not in officer.get("/people/duplicates").text
    page = officer.get(f"/people/duplicates/{pair.id}").text
    assert "these are two people" in page
    submit(officer, f"/people/duplicates/{pair.id}/offer-again", page=f"/people/duplicates/{pair.id}")
    assert "Ann Abel" in officer.get("/people/duplicates").text


def test_two_called_different_stay_so_when_one_becomes_part_of_a_third(utar):
    one, other = person_at(utar, "Ann Abel"), person_at(utar, "Abel Ann")
    with unit_of_work():
        call_different(actor=OFFICE, pair=the_pair())
    third = person_at(utar, "Ann ABEL")
    merge(third, one)
    assert found() == {}
    with unit_of_work():
        offer_again(actor=OFFICE, pair=db.session.query(ProbablePair).filter_by(second_id=other.id).one())
    db.session.get(Person, third.id).gender = Gender.FEMALE
    db.session.commit()
    assert set(found()) == {("Abel Ann", "Ann ABEL")}


def test_a_merged_pair_is_hidden_and_offered_again_when_the_merge_is_undone(utar):
    one, other = person_at(utar, "Ann Abel"), person_at(utar, "Abel Ann")
    assert len(found()) == 1
    made = merge(one, other)
    found()
    assert count_pairs(OFFICE, WantedPairs()) == 0
    unmerge(made)
    found()
    assert count_pairs(OFFICE, WantedPairs()) == 1


def test_what_was_found_about_a_person_goes_with_her(utar):
    """So that an import whose people were compared since can still be undone."""
    db.session.execute(insert(Person), [{"printed_name": "Ann Abel"}, {"printed_name": "Abel Ann"}])
    db.session.commit()
    assert len(found()) == 1
    db.session.execute(delete(Person))
    db.session.commit()
    assert (db.session.query(PersonKey).count(), db.session.query(ProbablePair).count()) == (0, 0)


def test_the_work_is_done_once_and_says_when_it_ended(utar):
    person_at(utar, "Ann Abel")
    with unit_of_work():
        record = begin_comparing()
        assert begin_comparing() is record
    db.session.refresh(record)
    assert (record.job_state.value, record.job_done, record.job_total) == ("done", 1, 1)
    assert record.ended_at is not None
    assert db.session.query(PersonKey).count() > 0


def test_an_officer_merges_a_pair_with_what_she_chose(officer, utar):
    one = person_at(utar, "Ann Abel", "1", email="a@x.example")
    other = person_at(utar, "ABEL, Ann", "2", native_name="安", email="b@x.example")
    cohort = make_cohort(utar, course=make_course(title="Retail"), term="Spring")
    make_enrolment(cohort, one)
    make_enrolment(cohort, other)
    path = f"/people/duplicates/{the_pair().id}"
    page = officer.get(path).text
    assert "Both are in Retail, Spring" in page
    seal = re.search(r'name="seal"\s+value="(\w+)"', page)[1]
    number = re.search(r'name="(number_\d+)"', page)[1]
    answer = submit(officer, path, seal=seal, printed_name="second", email="second", **{number: "second"})
    assert answer.location == f"/people/{one.id}"
    kept = db.session.get(Person, one.id)
    assert (kept.printed_name, kept.native_name, kept.email) == ("ABEL, Ann", "安", "b@x.example")
    assert kept.affiliations[0].own_number == "2"
    page = officer.get(answer.location).text
    assert "Merged from" in page
    assert officer.get(f"/people/{other.id}").location == f"/people/{one.id}"


def test_a_page_that_is_out_of_date_merges_nothing(officer, utar):
    person_at(utar, "Ann Abel")
    other = person_at(utar, "Abel Ann")
    path = f"/people/duplicates/{the_pair().id}"
    seal = re.search(r'name="seal"\s+value="(\w+)"', officer.get(path).text)[1]
    make_enrolment(make_cohort(utar), other)
    answer = submit(officer, path, seal=seal)
    assert answer.status_code == 422
    assert "changed since this page was drawn" in answer.text
    assert db.session.query(Person).filter(Person.merged_into_id.is_not(None)).count() == 0


def test_a_merge_is_undone_from_its_page_and_the_list_keeps_it(officer, utar):
    one, other = person_at(utar, "Ann Abel"), person_at(utar, "Abel Ann")
    made = merge(one, other)
    assert f"/people/merges/{made}" in officer.get(f"/people/{one.id}").text
    answer = submit(officer, f"/people/merges/{made}/undo", page=f"/people/merges/{made}")
    assert answer.status_code == 302
    assert db.session.get(Person, other.id).merged_into_id is None
    page = officer.get("/people/merges").text
    assert "Undone" in page
    assert "Abel Ann" in page


def test_a_merge_that_cannot_be_undone_says_why_instead_of_offering_it(officer, utar):
    one, two, three = (person_at(utar, name) for name in ("Ann", "Ben", "Cid"))
    first, _second = merge(two, one), merge(three, two)
    page = officer.get(f"/people/merges/{first}").text
    assert "A later merge rests on this one" in page
    assert "Undo the merge" not in page
    path = f"/people/merges/{first}/undo"
    assert submit(officer, path, page="/account").status_code == 422


def test_both_holding_a_certificate_for_one_thing_is_said(officer):
    cohort = certified_cohort(2)
    compare_new_people()
    one, other = (row[0] for row in db.session.query(Person.id).filter(Person.printed_name.like("Student %")))
    for n, person_id in enumerate((one, other)):
        db.session.get(Person, person_id).printed_name = ("Ann Abel", "Abel Ann")[n]
    db.session.commit()
    page = officer.get(f"/people/duplicates/{the_pair().id}").text
    assert "Both hold a certificate for the same thing" in page
    assert add_student(cohort).id


def test_a_coordinator_decides_only_pairs_that_are_wholly_at_her_institution(coordinator, utar):
    elsewhere = make_institution(code="elsewhere", name="Elsewhere College")
    person_at(utar, "Ann Abel")
    person_at(utar, "Abel Ann")
    person_at(utar, "Ben Zorn")
    person_at(elsewhere, "Zorn Ben", native_name="本")
    both = person_at(utar, "Carl Yves")
    make_affiliation(both, elsewhere)
    person_at(utar, "Yves Carl")
    assert len(found()) == 3
    page = coordinator.get("/people/duplicates").text
    assert "Ann Abel" in page
    for hidden in ("Zorn", "Carl", "Elsewhere"):
        assert hidden not in page
    statuses = {
        (str(pair.first), coordinator.get(f"/people/duplicates/{pair.id}").status_code)
        for pair in db.session.query(ProbablePair)
    }
    assert statuses == {("Ann Abel", 200), ("Ben Zorn", 404), ("Carl Yves", 404)}


def test_a_pair_is_gone_for_a_coordinator_the_moment_one_belongs_elsewhere_too(coordinator, utar):
    person_at(utar, "Ann Abel")
    other = person_at(utar, "Abel Ann")
    pair = the_pair()
    assert coordinator.get(f"/people/duplicates/{pair.id}").status_code == 200
    make_affiliation(other, make_institution())
    assert coordinator.get(f"/people/duplicates/{pair.id}").status_code == 404
    assert "Ann Abel" not in coordinator.get("/people/duplicates").text


def test_a_coordinator_undoes_her_own_merges_and_sees_no_others(coordinator, utar):
    one, two = person_at(utar, "Ann Abel"), person_at(utar, "Abel Ann")
    hers = merge(one, two)
    three, four = person_at(make_institution(), "Zorn Ben"), person_at(utar, "Ben Zorn")
    across = merge(four, three)
    page = coordinator.get("/people/merges").text
    assert "Abel Ann" in page
    assert "Zorn Ben" not in page
    assert coordinator.get(f"/people/merges/{across}").status_code == 404
    of_both = coordinator.get(f"/people/{four.id}").text
    assert "Merged from" not in of_both
    assert "Another entry became part" in of_both
    assert "Zorn Ben" not in of_both
    assert (
        submit(coordinator, f"/people/merges/{hers}/undo", page=f"/people/merges/{hers}").status_code == 302
    )


def test_the_list_is_searched_narrowed_and_asks_a_constant_number_of_questions(officer, utar):
    for name in ("Ann Abel", "Ben Zorn", "Carl Yves"):
        person_at(utar, name)
        person_at(utar, " ".join(reversed(name.split())))
    found()
    assert "Ben Zorn" not in officer.get("/people/duplicates?q=abel").text
    assert "Ann Abel" in officer.get("/people/duplicates?q=abel&reason=name&institution=utar").text
    assert "No pair fits" in officer.get("/people/duplicates?reason=email").text
    with counted_queries() as three:
        officer.get("/people/duplicates")
    for name in ("Dora Xaver", "Emil Wolf"):
        person_at(utar, name)
        person_at(utar, " ".join(reversed(name.split())))
    found()
    with counted_queries() as five:
        page = officer.get("/people/duplicates").text
    assert len([one for one in five if one != "BEGIN"]) == len([one for one in three if one != "BEGIN"])
    assert "5 pairs to decide" in page
    assert len(page) < 20_000


def test_new_people_are_compared_at_once_on_request(officer, utar):
    person_at(utar, "Ann Abel")
    person_at(utar, "Abel Ann")
    assert "2 people are new or changed" in officer.get("/people/duplicates").text
    submit(officer, "/people/duplicates/compare-now", page="/people/duplicates")
    page = officer.get("/people/duplicates").text
    assert "1 pair to decide" in page
    assert "not compared yet" not in page


def test_somebody_merged_is_listed_once_and_found_by_what_she_was_called(officer, utar):
    one, other = person_at(utar, "Ann Abel"), person_at(utar, "Formerly Known", email="old@x.example")
    merge(one, other)
    assert "Formerly Known" not in officer.get("/people").text
    for words in ("formerly", "old@x.example"):
        assert "Ann Abel" in officer.get(f"/people?q={words}").text


def test_the_command_prints_the_pairs_and_changes_nothing(app, utar):
    one, other = person_at(utar, "Ann Abel"), person_at(utar, "Abel Ann")
    compare_new_people()
    person_at(utar, "Newcomer")
    runner = app.test_cli_runner()
    answer = json.loads(runner.invoke(gdt, ["people", "duplicates", "--json"]).output)
    assert answer["not_compared_yet"] == 1
    assert [(p["first"], p["second"], p["strength"], p["reason"]) for p in answer["pairs"]] == [
        (
            {"id": one.id, "name": "Ann Abel"},
            {"id": other.id, "name": "Abel Ann"},
            "Likely",
            "Same name, written differently",
        )
    ]
    assert "Ann Abel" in runner.invoke(gdt, ["people", "duplicates"]).output
