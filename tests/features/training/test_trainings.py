"""The office plans a teacher training, adds teachers, records outcomes; qualifications come and go."""

import re
from datetime import date, timedelta

import pytest

from gdt.access import Role
from gdt.audit import AuditEvent
from gdt.database import db
from gdt.people.models import AffiliationRole, Person
from gdt.training.models import Qualification, TeacherTraining, TrainingOutcome, TrainingParticipant
from tests.browser import counted_queries, submit, token_of
from tests.factories import (
    TODAY,
    make_affiliation,
    make_cohort,
    make_institution,
    make_module,
    make_participant,
    make_person,
    make_qualification,
    make_training,
)


def typed(*modules, **changes):
    return {
        "title": "Train the trainer, Kampar",
        "modules": [module.id for module in modules],
        "starts_on": "2026-03-02",
        "ends_on": "2026-03-06",
        "mode": "online",
        "host": "",
        "trainers": "Lin Wei",
    } | changes


@pytest.fixture
def training(app):
    modules = [make_module(title="New Retail"), make_module(title="Smart Logistics")]
    return make_training(code="tt-2026-001", modules=modules, ends_on=TODAY - timedelta(days=20))


@pytest.fixture
def participant(training):
    institution = make_institution(name="UTAR")
    person = make_person(printed_name="Tan Mei Ling")
    make_affiliation(person, institution, role=AffiliationRole.TEACHER)
    return make_participant(training, person, institution)


def grid_of(client, training):
    """What the grid would send as it stands."""
    page = client.get(f"/trainings/{training.code}").text
    sent = dict(re.findall(r'name="(w\d+_\d+)"\s+value="([^"]*)"', page))
    for name, options in re.findall(r'name="(o\d+_\d+)".*?>(.*?)</select>', page, re.S):
        chosen = re.search(r'value="([^"]+)" selected', options)
        sent[name] = chosen.group(1) if chosen else ""
    return sent | dict.fromkeys(re.findall(r'name="(t\d+_\d+)"\s+checked', page), "on")


def save(client, training, **fields):
    token = token_of(client, f"/trainings/{training.code}")
    data = grid_of(client, training) | fields | {"csrf_token": token}
    return client.post(
        f"/trainings/{training.code}/outcomes",
        data={name: value for name, value in data.items() if value is not None},
    )


def cell(participant, module):
    return f"{participant.id}_{module.id}"


def test_the_office_plans_a_training_once_however_often_it_clicks(officer):
    module = make_module()
    first = submit(officer, "/trainings/new", **typed(module))
    second = submit(officer, "/trainings/new", **typed(module))

    assert first.location == second.location == "/trainings/tt-2026-001"
    assert db.session.query(TeacherTraining).one().modules == [module]
    third = submit(officer, "/trainings/new", **typed(module, title="Another"))
    assert third.location == "/trainings/tt-2026-002"


def test_a_training_that_ends_before_it_starts_is_refused_at_the_field(officer):
    answer = submit(officer, "/trainings/new", **typed(make_module(), ends_on="2026-01-01"))
    assert answer.status_code == 422
    assert "before it starts on 2 Mar 2026" in answer.text
    assert db.session.query(TeacherTraining).count() == 0


def test_teachers_of_several_institutions_take_part(officer, training):
    for name in ("Utara", "Selatan"):
        institution = make_institution(name=name)
        teacher = make_person(printed_name=f"Teacher of {name}")
        make_affiliation(teacher, institution, role=AffiliationRole.TEACHER)
        path = f"/trainings/{training.code}/participants/new?institution={institution.code}"
        assert submit(officer, path, teachers=teacher.id, gender="").status_code == 302

    page = officer.get(f"/trainings/{training.code}").text
    assert "Teacher of Utara" in page
    assert "Selatan" in page
    assert db.session.query(TrainingParticipant).count() == 2


def test_a_new_teacher_is_typed_and_entered_at_her_institution(officer, training):
    institution = make_institution()
    path = f"/trainings/{training.code}/participants/new?institution={institution.code}"
    new = {"printed_name": "Nurul Huda", "email": "nurul@uni.example", "gender": ""}
    assert submit(officer, path, **new).status_code == 302
    again = submit(officer, path, **new)

    assert again.status_code == 422
    assert "takes part already" in again.text
    person = db.session.query(Person).one()
    assert [(a.role, a.institution_id) for a in person.affiliations] == [
        (AffiliationRole.TEACHER, institution.id)
    ]


def test_a_passed_outcome_gives_a_qualification_once_for_three_years(officer, training, participant):
    module = training.modules[0]
    answer = save(officer, training, **{f"o{cell(participant, module)}": "passed"})
    assert answer.status_code == 302
    save(officer, training)

    qualification = db.session.query(Qualification).one()
    assert qualification.module_id == module.id
    assert qualification.valid_from == training.ends_on
    assert qualification.valid_until == training.ends_on.replace(year=training.ends_on.year + 3) - timedelta(
        days=1
    )
    assert db.session.query(AuditEvent).filter_by(action="recorded").count() == 1


def test_asked_to_repeat_and_failed_give_none(officer, training, participant):
    one, two = training.modules
    fields = {f"o{cell(participant, one)}": "asked to repeat", f"o{cell(participant, two)}": "failed"}
    assert save(officer, training, **fields).status_code == 302
    assert db.session.query(TrainingOutcome).count() == 2
    assert db.session.query(Qualification).count() == 0


def test_who_passed_has_attended(officer, training, participant):
    name = cell(participant, training.modules[0])
    answer = save(officer, training, **{f"o{name}": "passed", f"t{name}": None})
    assert answer.status_code == 422
    assert "Who passed has attended" in answer.text
    assert db.session.query(TrainingOutcome).count() == 0


def test_all_open_outcomes_of_a_page_are_marked_passed(officer, training, participant):
    save(officer, training, action="pass")
    assert db.session.query(Qualification).count() == 2


def test_changing_away_from_passed_takes_the_qualification_back(officer, training, participant):
    name = cell(participant, training.modules[0])
    save(officer, training, **{f"o{name}": "passed"})
    assert save(officer, training, **{f"o{name}": "failed"}).status_code == 302

    assert db.session.query(Qualification).count() == 0
    event = db.session.query(AuditEvent).filter_by(action="took back").one()
    assert event.details["valid_from"] == training.ends_on.isoformat()
    save(officer, training, **{f"o{name}": "passed"})
    assert db.session.query(Qualification).count() == 1


def test_a_qualification_a_cohort_relies_on_is_not_taken_back(officer, training, participant):
    module = training.modules[0]
    name = cell(participant, module)
    save(officer, training, **{f"o{name}": "passed"})
    cohort = make_cohort(
        participant.institution,
        modules=[module],
        starts_on=TODAY - timedelta(days=5),
        teachers=[participant.person],
    )
    answer = save(officer, training, **{f"o{name}": "failed"})
    assert answer.status_code == 422
    assert f"The cohort {cohort.code} is taught by right of this qualification" in answer.text
    assert db.session.query(Qualification).count() == 1

    make_qualification(participant.person, module, participant.institution)
    assert save(officer, training, **{f"o{name}": "failed"}).status_code == 302
    assert db.session.query(Qualification).one().valid_from == TODAY - timedelta(days=365)


def test_the_second_tab_is_told(officer, training, participant):
    name = cell(participant, training.modules[0])
    stale = grid_of(officer, training)
    save(officer, training, **{f"o{name}": "passed"})
    answer = save(officer, training, **stale | {f"o{name}": "failed"})
    assert answer.status_code == 422
    assert "Somebody else has changed this outcome" in answer.text


def test_a_coordinator_sees_no_trainings_and_a_leader_changes_none(sign_in, leader, training, participant):
    coordinator = sign_in(Role.COORDINATOR, participant.institution)
    assert coordinator.get("/trainings").status_code == 403
    page = leader.get(f"/trainings/{training.code}").text
    assert "Tan Mei Ling" in page
    assert "<select" not in page
    assert leader.get("/trainings/new").status_code == 403


def test_the_list_narrows_by_year_and_words(officer, training):
    old = make_training(title="Old one", starts_on=date(2019, 1, 1), ends_on=date(2019, 1, 3))
    for query, shown, hidden in (("year=2019", old, training), ("q=old", old, training)):
        page = officer.get(f"/trainings?{query}").text
        assert f"/trainings/{shown.code}" in page
        assert f"/trainings/{hidden.code}" not in page


def test_the_grid_asks_a_constant_number_of_questions(officer, training, participant):
    with counted_queries() as few:
        officer.get(f"/trainings/{training.code}")
    for _ in range(15):
        person = make_person()
        make_participant(training, person, participant.institution)
    with counted_queries() as many:
        officer.get(f"/trainings/{training.code}")
    assert len(many) <= len(few) + 1
