"""Sittings that look unusual: found when marks are kept, looked at by the office, never in the way."""

from datetime import timedelta
from decimal import Decimal

import pytest

from gdt.access import OFFICE, Role
from gdt.audit import AuditEvent
from gdt.database import db, unit_of_work
from gdt.exams.flag_models import FlagState, SittingFlag, SittingTally
from gdt.exams.models import Sitting
from gdt.exams.recording import Entry, record_marks
from gdt.exams.routines import look_sittings_through
from gdt.exams.suspicion import FlagRule
from tests.browser import submit
from tests.factories import (
    make_cohort,
    make_enrolment,
    make_exam,
    make_institution,
    make_person,
    make_sitting,
)
from tests.features.certification.stories import give_result


@pytest.fixture
def sitting(app):
    cohort = make_cohort(make_institution(code="utar"))
    return make_sitting(cohort, make_exam(cohort.course), code="utar-e1")


def keep(sitting, marks, people=None):
    people = people or [make_person() for _mark in marks]
    for person in people:
        make_enrolment(sitting.cohort, person)
    record(sitting, people, marks)
    return people


def record(sitting, people, marks, seen=""):
    entries = {
        person.id: Entry(str(mark), seen=seen, reason="Typed wrongly" if seen else "")
        for person, mark in zip(people, marks, strict=True)
    }
    with unit_of_work():
        record_marks(viewer=OFFICE, sitting=db.session.merge(sitting), entries=entries)
    db.session.expire_all()


def flags():
    return {flag.rule: flag for flag in db.session.query(SittingFlag)}


def test_everyone_with_one_mark_is_kept_and_flagged_and_the_look_has_a_name(app, sitting, officer, sign_in):
    people = keep(sitting, [72] * 6)
    assert len(people) == 6
    (flag,) = flags().values()
    assert (flag.rule, flag.facts, flag.state) == (
        FlagRule.SAME_MARK,
        {"count": 6, "mark": "72"},
        FlagState.TO_LOOK_AT,
    )
    assert "All 6 students have 72" in officer.get("/exam-flags").text
    assert "All 6 students have 72" in officer.get("/sittings/utar-e1").text
    assert "1 unusual sitting is worth a look." in officer.get("/").text
    partner = sign_in(Role.COORDINATOR, sitting.cohort.institution)
    assert "All 6" not in partner.get("/sittings/utar-e1").text
    assert partner.get("/exam-flags").status_code == 403
    look = f"/exam-flags/{flag.id}"
    assert submit(officer, look, state="fine", note="").status_code == 422
    answer = submit(officer, look, state="something was wrong", note="The key was shown on the screen.")
    assert answer.status_code == 302
    page = officer.get("/exam-flags?state=something+was+wrong").text
    assert "The key was shown on the screen." in page
    assert db.session.query(AuditEvent).filter_by(action="looked", subject_id=sitting.id).count() == 1
    db.session.expire_all()
    record(sitting, people[:1], [50], seen="72")
    (flag,) = flags().values()
    assert not flag.is_present and flag.note == "The key was shown on the screen."
    assert officer.get(look).status_code == 200


def test_marks_that_came_in_bulk_are_looked_through_by_the_hourly_round(app, sitting):
    cohort = make_cohort(sitting.cohort.institution, course=sitting.cohort.course)
    before = make_sitting(cohort, sitting.exam, code="utar-e0", held_on=sitting.held_on - timedelta(days=90))
    for n in range(20):
        give_result(before, make_person(), Decimal(40 + n))
    for n in range(8):
        give_result(sitting, make_person(), Decimal(88 + n))
    look_sittings_through()
    assert set(flags()) == {FlagRule.JUMP}
    assert flags()[FlagRule.JUMP].sitting_id == sitting.id
    assert flags()[FlagRule.JUMP].facts == {"count": 8, "mean": 92, "usual": 50, "others": 20}
    assert {tally.marks for tally in db.session.query(SittingTally)} == {20, 8}
    look_sittings_through()
    assert db.session.query(SittingFlag).count() == 1
    assert db.session.query(Sitting).count() == 2
