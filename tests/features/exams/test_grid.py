"""The grid of marks: a page is kept whole or not at all, and nothing is overwritten unseen."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest

from gdt.access import Role
from gdt.audit import AuditEvent
from gdt.database import db
from gdt.exams.models import Result, ResultCorrection, ResultOutcome
from gdt.training.models import EnrolmentState
from tests.browser import token_of
from tests.factories import (
    TODAY,
    make_affiliation,
    make_cohort,
    make_enrolment,
    make_exam,
    make_institution,
    make_person,
    make_sitting,
)


@pytest.fixture
def school(app):
    return make_institution(code="utar")


@pytest.fixture
def sitting(school):
    cohort = make_cohort(school, code="utar-2026-003")
    exam = make_exam(cohort.course, attempts_allowed=2, resit_after_days=14)
    return make_sitting(cohort, exam, code="utar-2026-003-e1")


@pytest.fixture
def coordinator(sign_in, school):
    return sign_in(Role.COORDINATOR, school)


def make_student(sitting, name, number=None):
    person = make_person(printed_name=name)
    make_affiliation(person, sitting.cohort.institution, own_number=number)
    make_enrolment(sitting.cohort, person)
    return person


def send(client, sitting, marks, *, seen=None, reasons=None, absent=(), query=""):
    """Save the grid as a browser would: for each person what was typed and what the page was drawn with."""
    path = f"/sittings/{sitting.code}"
    drawn = " ".join(f"{person.id}:{(seen or {}).get(person, '')}" for person in marks)
    data = {"csrf_token": token_of(client, path), "seen": drawn}
    data |= {f"m{person.id}": mark for person, mark in marks.items()}
    data |= {f"a{person.id}": "on" for person in absent}
    data |= {f"r{person.id}": reason for person, reason in (reasons or {}).items()}
    return client.post(f"{path}/marks{query}", data=data)


def results():
    db.session.expire_all()
    return {result.person_id: result for result in db.session.query(Result)}


def mark_of(person):
    result = results().get(person.id)
    return result and result.mark


def test_marks_typed_in_the_grid_are_judged_by_the_rule(coordinator, sitting):
    ana, ben, cyn = (make_student(sitting, name) for name in ("Ana", "Ben", "Cyn"))
    answer = send(coordinator, sitting, {ana: "60", ben: "59,5", cyn: ""}, absent=[cyn])
    assert answer.status_code == 302
    outcomes = {person_id: result.outcome for person_id, result in results().items()}
    assert outcomes == {
        ana.id: ResultOutcome.PASSED,
        ben.id: ResultOutcome.FAILED,
        cyn.id: ResultOutcome.ABSENT,
    }
    assert mark_of(ben) == Decimal("59.5")
    page = coordinator.get(f"/sittings/{sitting.code}").text
    assert "3 results are recorded" in page
    assert "3 of 3" in page


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("101", "above the maximum of 100"),
        ("-1", "below 0"),
        ("seventy", "is not a mark"),
        ("71.555", "more than two decimals"),
        ("NaN", "is not a mark"),
    ],
)
def test_a_wrong_mark_is_told_in_its_row_and_nothing_of_the_page_is_kept(
    coordinator, sitting, typed, sentence
):
    ana, ben = make_student(sitting, "Ana"), make_student(sitting, "Ben")
    answer = send(coordinator, sitting, {ana: "88", ben: typed})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'value="88"' in answer.text
    assert f'value="{typed}"' in answer.text
    assert results() == {}


def test_sending_the_same_page_twice_changes_nothing(coordinator, sitting):
    ana = make_student(sitting, "Ana")
    send(coordinator, sitting, {ana: "71"})
    answer = send(coordinator, sitting, {ana: "71"})
    assert answer.status_code == 302
    assert db.session.query(Result).count() == 1
    assert db.session.query(AuditEvent).filter_by(action="recorded").count() == 1


def test_a_changed_mark_needs_a_reason(coordinator, sitting):
    ana = make_student(sitting, "Ana")
    send(coordinator, sitting, {ana: "51"})
    answer = send(coordinator, sitting, {ana: "71"}, seen={ana: "51"})
    assert answer.status_code == 422
    assert "Already has 51. Write why it changes." in answer.text
    assert mark_of(ana) == 51


def test_a_correction_keeps_the_old_mark_who_and_why(coordinator, sitting):
    ana = make_student(sitting, "Ana")
    send(coordinator, sitting, {ana: "51"})
    answer = send(coordinator, sitting, {ana: "71"}, seen={ana: "51"}, reasons={ana: "Page two was missed"})
    assert answer.status_code == 302
    correction = db.session.query(ResultCorrection).one()
    assert (correction.old_mark, correction.new_mark) == (51, 71)
    assert results()[ana.id].outcome is ResultOutcome.PASSED
    page = coordinator.get(f"/sittings/{sitting.code}").text
    assert "51 → 71" in page
    assert "Page two was missed" in page
    assert correction.corrected_by_name in page


def test_the_second_of_two_tabs_is_told_that_the_mark_has_changed(coordinator, officer, sitting):
    ana = make_student(sitting, "Ana")
    send(officer, sitting, {ana: "80"})
    answer = send(coordinator, sitting, {ana: "71"})
    assert answer.status_code == 422
    assert "Somebody else kept 80 here" in answer.text
    assert mark_of(ana) == 80
    again = send(coordinator, sitting, {ana: "71"}, seen={ana: "80"}, reasons={ana: "Read from the paper"})
    assert again.status_code == 302
    assert mark_of(ana) == 71


def test_a_row_nobody_touched_does_not_overwrite_what_another_tab_kept(coordinator, officer, sitting):
    ana, ben = make_student(sitting, "Ana"), make_student(sitting, "Ben")
    send(officer, sitting, {ana: "80"})
    answer = send(coordinator, sitting, {ana: "", ben: "65"})
    assert answer.status_code == 302
    assert (mark_of(ana), mark_of(ben)) == (80, 65)


def test_a_mark_and_absent_together_are_refused(coordinator, sitting):
    ana = make_student(sitting, "Ana")
    answer = send(coordinator, sitting, {ana: "70"}, absent=[ana])
    assert answer.status_code == 422
    assert "Take one of the two away" in answer.text


def test_a_recorded_mark_is_not_emptied(coordinator, sitting):
    ana = make_student(sitting, "Ana")
    send(coordinator, sitting, {ana: "70"})
    answer = send(coordinator, sitting, {ana: ""}, seen={ana: "70"})
    assert answer.status_code == 422
    assert "can be corrected, not emptied" in answer.text


def test_a_resit_too_early_is_refused_in_the_row(coordinator, sitting):
    ana = make_student(sitting, "Ana")
    first = make_sitting(sitting.cohort, sitting.exam, held_on=TODAY - timedelta(days=10))
    send(coordinator, first, {ana: "40"})
    answer = send(coordinator, sitting, {ana: "70"})
    assert answer.status_code == 422
    assert "A resit counts from" in answer.text


def test_more_attempts_than_allowed_are_refused_in_the_row(coordinator, sitting):
    ana = make_student(sitting, "Ana")
    for days in (60, 30):
        earlier = make_sitting(sitting.cohort, sitting.exam, held_on=TODAY - timedelta(days=days))
        assert send(coordinator, earlier, {ana: "40"}).status_code == 302
    answer = send(coordinator, sitting, {ana: "70"})
    assert answer.status_code == 422
    assert "Has used all 2 attempts" in answer.text


def test_marks_cannot_be_recorded_before_the_day_of_the_exam(coordinator, sitting):
    ana = make_student(sitting, "Ana")
    later = make_sitting(sitting.cohort, sitting.exam, held_on=TODAY + timedelta(days=5))
    answer = send(coordinator, later, {ana: "70"})
    assert answer.status_code == 422
    assert "can be recorded from then on" in answer.text
    assert 'value="70"' in answer.text


def test_those_who_withdrew_are_not_in_the_grid_and_cannot_be_sent(coordinator, sitting):
    ana = make_person(printed_name="Ana")
    make_enrolment(sitting.cohort, ana, state=EnrolmentState.WITHDREW)
    make_student(sitting, "Ben")
    assert "Ana" not in coordinator.get(f"/sittings/{sitting.code}").text
    answer = send(coordinator, sitting, {ana: "70"})
    assert answer.status_code == 422
    assert results() == {}


def test_another_institution_cannot_see_or_save_the_grid(sign_in, sitting):
    stranger = sign_in(Role.COORDINATOR)
    assert stranger.get(f"/sittings/{sitting.code}").status_code == 404
    assert stranger.get(f"/sittings/{sitting.code}/marks").status_code == 404


def test_a_leader_reads_the_grid_without_fields(leader, sitting):
    make_student(sitting, "Ana")
    page = leader.get(f"/sittings/{sitting.code}").text
    assert "Ana" in page
    assert 'inputmode="decimal"' not in page
    assert leader.get(f"/sittings/{sitting.code}/marks").status_code == 403


def test_a_page_holds_forty_students_and_stays_light(coordinator, sitting):
    students = [
        make_student(sitting, f"Muhammad Firdaus bin Abdul Rahman {n:02}", f"21ACB{n:05}") for n in range(60)
    ]
    send(coordinator, sitting, dict.fromkeys(students, "71.5"))
    path = f"/sittings/{sitting.code}"
    page = coordinator.get(path)
    assert page.text.count('inputmode="decimal"') == 40
    assert len(page.data) < 20 * 1024
    link = re.search(r'rel="next"\s+href="([^"]+)"', page.text).group(1).replace("&amp;", "&")
    assert coordinator.get(link).text.count('inputmode="decimal"') == 20


def test_a_stale_form_keeps_the_typing(coordinator, sitting):
    ana = make_student(sitting, "Ana")
    answer = coordinator.post(
        f"/sittings/{sitting.code}/marks",
        data={"csrf_token": "old", f"m{ana.id}": "71", "seen": f"{ana.id}:"},
    )
    assert answer.status_code == 422
    assert 'value="71"' in answer.text
    assert results() == {}
