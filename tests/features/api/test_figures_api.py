"""Figures and records told to programs: the same numbers as on the pages, as far as their owner sees."""

import json
from hashlib import sha256

import pytest

from gdt.access import OFFICE, Role
from gdt.accounts.token_models import TokenRight
from gdt.database import db, unit_of_work
from gdt.impact.measures import MEASURES, definitions
from gdt.impact.scopes import Scope
from gdt.impact.telling import tell_figures
from gdt.imports.checking import hand_in
from gdt.training.models import Headcount, HeadcountMeasure
from gdt.training.roster_kind import ROSTER, subject_of
from tests.browser import counted_queries
from tests.factories import (
    TODAY,
    make_agreement,
    make_country,
    make_exam,
    make_institution,
    make_region,
    make_sitting,
    make_token,
    make_user,
)
from tests.features.certification.stories import certified_cohort, give_result

YEAR = TODAY.year


@pytest.fixture
def cohort(app):
    """A cohort with three certified students, a result and a headcount; and another institution."""
    school = make_institution(code="utar", name="UTAR")
    make_agreement(school, students_target=10, teachers_target=2)
    cohort = certified_cohort(3, institution=school, code="dm-2026")
    sitting = make_sitting(cohort, make_exam(cohort.course), code="sit-1")
    give_result(sitting, db.session.merge(cohort.teachers[0]), 71)
    db.session.add(
        Headcount(
            institution=school,
            module=cohort.modules[0],
            year=YEAR,
            measure=HeadcountMeasure.STUDENTS_TRAINED,
            people=7,
            evidence="letter",
        )
    )
    db.session.commit()
    other = make_institution(code="inti", name="INTI")
    make_agreement(other)
    certified_cohort(1, institution=other, code="inti-1")
    return cohort


def program(client, *rights: TokenRight, **about):
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {make_token(make_user(**about), *rights)}"
    return client


def every(client, path: str, **asked) -> list:
    """The items of all pages of a list."""
    items, after = [], ""
    while after is not None:
        told = client.get(path, query_string=asked | {"after": after}).json
        items, after = items + told["items"], told["next"]
    return items


def test_every_number_is_the_one_of_pages_and_command_and_opens_down_to_its_rows(app, cohort, client):
    leader = program(client, TokenRight.FIGURES, role=Role.LEADER)
    assert leader.get("/api/v1/measures").json["measures"] == definitions()
    for asked in ({}, {"year": YEAR}, {"country": "my"}, {"institution": "utar", "year": YEAR}):
        told = leader.get("/api/v1/figures", query_string=asked).json
        scope = Scope(**asked | ({"country": "MY"} if "country" in asked else {}))
        assert told == json.loads(json.dumps(tell_figures(OFFICE, scope)))
        for measure in MEASURES:
            explained = leader.get(f"/api/v1/figures/{measure.key}", query_string=asked).json
            rows = every(leader, f"/api/v1/figures/{measure.key}/rows", **asked)
            assert explained["total"] == told[measure.key]
            assert len(rows) == explained["recorded"]
            reported = every(leader, f"/api/v1/figures/{measure.key}/headcounts", **asked)
            claimed = sum(one["people"] for one in reported if one["state"] == "claimed")
            assert claimed == explained["claimed"]
    by_gender = leader.get("/api/v1/figures", query_string={"gender": "not-given"}).json
    assert by_gender["students_trained"] == told["by_gender"]["students_trained"]["not-given"] + 1
    assert "institutions" not in by_gender
    assert leader.get("/api/v1/figures/institutions", query_string={"gender": "female"}).status_code == 404
    assert told["students_trained"] == 3
    assert told["shares"]["students_trained"]["claimed"] == 7
    rows = every(leader, "/api/v1/figures/students-trained/rows", institution="utar")
    assert all(row["name"] for row in rows)
    assert leader.get("/api/v1/figures/nonsense").status_code == 404
    assert leader.get("/api/v1/figures", query_string={"institution": "nowhere"}).status_code == 404
    for name, value in (("year", "MMXXV"), ("contry", "MY")):
        wrong = leader.get("/api/v1/figures", query_string={name: value})
        assert (wrong.status_code, wrong.json["errors"][0]["field"]) == (422, name)


def test_targets_and_years_are_told_as_on_their_pages(app, cohort, client):
    leader = program(client, role=Role.LEADER)
    told = leader.get("/api/v1/targets", query_string={"year": YEAR, "by": "institution"}).json
    students = {one["code"]: one["paces"][1] for one in told["items"]}
    assert (students["utar"]["target"], students["utar"]["reached"]) == (10, 3)
    assert students["utar"]["from"] == "agreement"
    assert told["whole"]["paces"][1]["target"] >= 10
    assert leader.get("/api/v1/years").json == {"years": []}
    assert leader.get(f"/api/v1/years/{YEAR}/restatements").status_code == 404


def test_a_coordinator_s_program_finds_its_institution_its_cohorts_and_its_certificates(app, cohort, client):
    coordinator = program(client, role=Role.COORDINATOR, institution=cohort.institution)
    assert [one["code"] for one in every(coordinator, "/api/v1/institutions")] == ["utar"]
    school = coordinator.get("/api/v1/institutions/utar").json
    assert (school["country"], school["status"]) == ("MY", "in force")
    assert [one["code"] for one in every(coordinator, "/api/v1/cohorts", q="dm")] == ["dm-2026"]
    whole = coordinator.get("/api/v1/cohorts/dm-2026").json
    assert next((one["code"], one["taken"]) for one in whole["sittings"]) == ("sit-1", 1)
    found = every(coordinator, "/api/v1/certificates", kind="student", state="valid")
    assert len(found) == 3
    one = coordinator.get(f"/api/v1/certificates/{found[0]['number']}").json
    assert one == found[0]
    paper = coordinator.get(f"/api/v1/certificates/{one['number']}/file")
    assert (paper.mimetype, sha256(paper.data).hexdigest()) == ("application/pdf", one["file_sha256"])
    assert (
        coordinator.get(f"/api/v1/verify/{one['code']}").json["certificate"]["printed_name"]
        == one["printed_name"]
    )
    assert coordinator.get("/api/v1/institutions/inti").status_code == 404
    assert coordinator.get("/api/v1/cohorts/inti-1").status_code == 404
    assert {row["institution"] for row in every(coordinator, "/api/v1/figures/students_trained/rows")} == {
        "utar"
    }


def test_the_document_and_the_guide_name_every_door(app, client):
    told = client.get("/api/v1/openapi.json").json
    assert told["openapi"].startswith("3.1")
    doors = {rule.endpoint for rule in app.url_map.iter_rules() if rule.endpoint.startswith("api.")}
    named = [
        one["operationId"] for path in told["paths"].values() for one in path.values() if "operationId" in one
    ]
    assert len(named) == len(set(named)) == len(doors) + 2  # the check of certificates is not its own
    guide = client.get("/api").text
    assert all(path.replace("<", "&lt;") in guide for path in told["paths"])
    assert told["security"] == [{"token": []}]


def test_a_list_of_many_takes_no_more_questions_than_one_of_few(app, cohort, client):
    officer = program(client, role=Role.OFFICER)
    lists = ("institutions", "cohorts", "certificates", "uploads", "figures/students_trained/rows")
    with counted_queries() as few:
        answers = [officer.get(f"/api/v1/{name}") for name in lists]
    assert {answer.status_code for answer in answers} == {200}
    for code in ("RW", "TN", "ET"):
        region = make_region(code=f"in-{code}".lower(), name=code, position=3)
        school = make_institution(code=code.lower(), country=make_country(code=code, region=region))
        make_agreement(school)
        student_cohort = certified_cohort(2, institution=school, code=f"{code}-1".lower())
        with unit_of_work():
            subject = subject_of(db.session.merge(student_cohort))
            hand_in(actor=OFFICE, kind=ROSTER, subject=subject, filename="r.csv", data=b"Full name\nAna\n")
    officer.get("/api/v1/figures")  # counts what was made here without a settling transaction
    with counted_queries() as many:
        answers = [officer.get(f"/api/v1/{name}") for name in lists]
    assert [len(answer.json["items"]) for answer in answers[:4]] == [5, 5, 10, 3]
    assert len(many) <= len(few) + 2


def test_an_officer_of_one_region_is_told_of_that_region_alone(app, cohort, client):
    africa = make_region(code="africa", name="Africa", position=2)
    school = make_institution(code="rw-1", country=make_country(code="RW", region=africa))
    make_agreement(school)
    certified_cohort(2, institution=school, code="rw-1-a")
    officer = program(client, role=Role.OFFICER, regions=[db.session.merge(africa)])
    told = officer.get("/api/v1/figures").json
    assert (told["region"], told["students_trained"], told["institutions"]) == ("africa", 2, 1)
    explained = officer.get("/api/v1/figures/students_trained").json
    assert (explained["total"], explained["scope"]) == (2, {"region": "africa"})
    assert set(explained["parts"]["institution"]) == {"rw-1"}
    assert {row["institution"] for row in every(officer, "/api/v1/figures/students_trained/rows")} == {"rw-1"}
    assert officer.get("/api/v1/figures", query_string={"country": "MY"}).status_code == 404
    targets = officer.get("/api/v1/targets", query_string={"by": "institution", "year": YEAR}).json
    assert [one["code"] for one in targets["items"]] == ["rw-1"]
