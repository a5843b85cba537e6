"""Sittings of a cohort, corrections of one result, and the rule of an exam."""

from datetime import timedelta
from decimal import Decimal

import pytest

from gdt.access import OFFICE, Role
from gdt.audit import AuditEvent
from gdt.database import db, unit_of_work
from gdt.errors import DomainError
from gdt.exams import queries, recording, services
from gdt.exams.models import Exam, Result, ResultCorrection, ResultOutcome, Sitting
from gdt.exams.recording import Entry
from gdt.filters import day
from tests.browser import submit
from tests.factories import (
    TODAY,
    make_cohort,
    make_course,
    make_enrolment,
    make_exam,
    make_institution,
    make_person,
    make_sitting,
)
from tests.questions import count_questions


@pytest.fixture
def cohort(app):
    return make_cohort(make_institution(code="utar"), code="utar-2026-003")


@pytest.fixture
def exam(cohort):
    return make_exam(cohort.course, code="ex-found")


@pytest.fixture
def coordinator(sign_in, cohort):
    return sign_in(Role.COORDINATOR, cohort.institution)


def schedule(client, exam, **changes):
    data = {"exam_id": exam.id, "held_on": TODAY, "platform": "Paper"} | changes
    return submit(client, "/cohorts/utar-2026-003/sittings/new", **data)


def record(sitting, **marks):
    """Enrol people by name and record their marks; "" leaves one without a result."""
    people = {name: make_person(printed_name=name) for name in marks}
    for person in people.values():
        make_enrolment(sitting.cohort, person)
    entries = {people[name].id: Entry(mark) for name, mark in marks.items()}
    with unit_of_work():
        recording.record_marks(viewer=OFFICE, sitting=sitting, entries=entries)
    return people


def test_sittings_are_scheduled_with_codes_that_count_on(coordinator, exam):
    first = schedule(coordinator, exam)
    second = schedule(coordinator, exam, held_on=TODAY + timedelta(days=30))
    assert first.location == "/sittings/utar-2026-003-e1"
    assert second.location == "/sittings/utar-2026-003-e2"
    assert db.session.query(AuditEvent).filter_by(action="scheduled").count() == 2


def test_a_resit_too_early_is_told_with_the_day_from_which_it_counts(coordinator, cohort, exam):
    first = make_sitting(cohort, exam, held_on=TODAY - timedelta(days=10))
    record(first, Ana="40", Ben="71")
    answer = schedule(coordinator, exam)
    told = coordinator.get(answer.location).text
    assert "1 student sat this exam too shortly before" in told
    assert day(TODAY + timedelta(days=4)) in told
    later = schedule(coordinator, exam, held_on=TODAY + timedelta(days=4))
    assert "too shortly" not in coordinator.get(later.location).text


def test_the_tab_counts_who_took_and_who_passed(coordinator, cohort, exam):
    assert "No sitting yet" in coordinator.get("/cohorts/utar-2026-003/exams").text
    sitting = make_sitting(cohort, exam)
    record(sitting, Ana="71", Ben="59", Cyn="absent", Dan="60")
    (row,) = queries.list_sittings(OFFICE, cohort)
    assert (row.taken, row.passed, row.absent) == (3, 2, 1)
    assert sitting.code in coordinator.get("/cohorts/utar-2026-003/exams").text


def test_the_tab_asks_the_same_number_of_questions_however_many_sittings(coordinator, cohort, exam):
    make_sitting(cohort, exam)
    few = count_questions(lambda: coordinator.get("/cohorts/utar-2026-003/exams"))
    for n in range(1, 9):
        make_sitting(cohort, exam, held_on=TODAY + timedelta(days=n))
    assert count_questions(lambda: coordinator.get("/cohorts/utar-2026-003/exams")) == few


def test_the_grid_asks_the_same_number_of_questions_however_many_students(coordinator, cohort, exam):
    sitting = make_sitting(cohort, exam, code="one")
    record(sitting, Ana="71")
    few = count_questions(lambda: coordinator.get("/sittings/one"))
    record(sitting, **{f"Student {n}": "60" for n in range(20)})
    assert count_questions(lambda: coordinator.get("/sittings/one")) == few


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"held_on": TODAY - timedelta(days=91)}, "The cohort starts on"),
        ({"held_on": "soon"}, "Not a valid date"),
        ({"platform": ""}, "Write where it is held"),
    ],
)
def test_a_wrong_sitting_is_told_beside_the_field(coordinator, exam, changes, sentence):
    answer = schedule(coordinator, exam, **changes)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert db.session.query(Sitting).count() == 0


def test_one_exam_is_scheduled_once_a_day(coordinator, exam):
    schedule(coordinator, exam)
    answer = schedule(coordinator, exam)
    assert answer.status_code == 422
    assert "already scheduled for that day" in answer.text


def test_an_exam_of_another_course_is_refused(cohort):
    with pytest.raises(DomainError, match="exam of this cohort"):
        services.schedule_sitting(
            viewer=OFFICE, cohort=cohort, exam=make_exam(make_course()), held_on=TODAY, platform="Paper"
        )


def test_a_course_without_an_exam_says_who_sets_it(coordinator, officer, cohort):
    assert "The programme office sets the exam" in coordinator.get("/cohorts/utar-2026-003/exams").text
    assert "Set the exam" in officer.get("/cohorts/utar-2026-003/exams").text


def test_one_result_is_corrected_with_a_reason(coordinator, cohort, exam):
    people = record(make_sitting(cohort, exam), Ana="51")
    place = f"/results/{db.session.query(Result).one().id}/correct"
    answer = submit(coordinator, place, mark="absent", reason="Another Ana sat", seen="51")
    assert answer.status_code == 302
    db.session.expire_all()
    result = db.session.query(Result).one()
    assert (result.person_id, result.mark, result.outcome) == (people["Ana"].id, None, ResultOutcome.ABSENT)
    correction = db.session.query(ResultCorrection).one()
    assert (correction.old_mark, correction.new_mark, correction.reason) == (51, None, "Another Ana sat")
    assert "51 → absent" in coordinator.get(place).text


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"mark": "200", "reason": "x", "seen": "51"}, "above the maximum"),
        ({"mark": "60", "reason": "", "seen": "51"}, "Write why it changes"),
        ({"mark": "60", "reason": "x", "seen": "40"}, "Somebody else kept 51 here"),
        ({"mark": "60", "reason": "x\x00y", "seen": "51"}, "cannot be seen"),
    ],
)
def test_a_wrong_correction_is_told_and_changes_nothing(coordinator, cohort, exam, typed, sentence):
    record(make_sitting(cohort, exam), Ana="51")
    answer = submit(coordinator, f"/results/{db.session.query(Result).one().id}/correct", **typed)
    assert answer.status_code == 422
    assert sentence in answer.text
    db.session.expire_all()
    assert db.session.query(Result).one().mark == 51


def test_a_stranger_corrects_nothing(sign_in, cohort, exam):
    record(make_sitting(cohort, exam), Ana="51")
    place = f"/results/{db.session.query(Result).one().id}/correct"
    assert sign_in(Role.COORDINATOR).get(place).status_code == 404


def test_a_changed_rule_leaves_recorded_outcomes_alone(officer, cohort, exam):
    sitting = make_sitting(cohort, exam)
    record(sitting, Ana="71")
    rule = {
        "title": "Final",
        "maximum_mark": "100",
        "pass_mark": "80",
        "attempts_allowed": 1,
        "resit_after_days": 0,
    }
    assert submit(officer, "/exams/ex-found/edit", **rule).status_code == 302
    db.session.expire_all()
    assert db.session.query(Exam).one().pass_mark == Decimal(80)
    assert db.session.query(Result).one().outcome is ResultOutcome.PASSED
    event = db.session.query(AuditEvent).filter_by(action="changed").one()
    assert event.details["changes"]["pass_mark"] == ["60", "80"]
    record(sitting, Ben="71")
    assert sorted(result.outcome for result in db.session.query(Result)) == ["failed", "passed"]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"pass_mark": "101"}, "Nobody could pass"),
        ({"pass_mark": "0.001"}, "Number must be"),
        ({"pass_mark": "59.999"}, "more than two decimals"),
        ({"attempts_allowed": "0"}, "Number must be"),
        ({"code": "Ex-Found"}, "Another exam has this code"),
        ({"title": ""}, "Write a title"),
    ],
)
def test_a_wrong_rule_is_told_beside_the_field(officer, exam, change, sentence):
    rule = {
        "code": "ex-new",
        "course_id": exam.course_id,
        "title": "Final",
        "maximum_mark": "100",
        "pass_mark": "50",
        "attempts_allowed": 2,
        "resit_after_days": 7,
    }
    assert submit(officer, "/exams/new", **rule).status_code == 302
    answer = submit(officer, "/exams/new", **rule | {"code": "third"} | change)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert db.session.query(Exam).count() == 2


def test_everybody_reads_the_rule_and_the_office_alone_sets_it(coordinator, leader, officer, exam):
    for client in (coordinator, leader, officer):
        assert exam.title in client.get("/exams").text
        assert "Pass mark" in client.get("/exams/EX-FOUND").text
    assert coordinator.get("/exams/ex-found/edit").status_code == 403
    assert leader.get("/exams/new").status_code == 403


def test_who_passed_is_told_once_however_often_she_sat(cohort, exam):
    first, second = make_sitting(cohort, exam), make_sitting(cohort, exam, held_on=TODAY - timedelta(days=60))
    people = record(first, Ana="71", Ben="10", Cyn="absent")
    with unit_of_work():
        entries = {people["Ana"].id: Entry("80"), people["Ben"].id: Entry("61")}
        recording.record_marks(viewer=OFFICE, sitting=second, entries=entries)
    passed = {people["Ana"].id, people["Ben"].id}
    assert queries.passed_person_ids(cohort.course_id) == passed
    assert queries.passed_in_cohort(cohort.id) == passed
    assert queries.passed_person_ids(cohort.course_id, [people["Ana"].id]) == {people["Ana"].id}
    assert queries.passed_person_ids(cohort.course_id + 1) == set()
