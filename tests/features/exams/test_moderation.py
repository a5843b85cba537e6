"""Marks that two people give: each without seeing the other's, and nothing counts before it stands."""

from datetime import timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from sqlalchemy.exc import IntegrityError

from gdt.access import Role
from gdt.accounts.token_models import TokenRight
from gdt.audit import AuditEvent
from gdt.database import db, unit_of_work
from gdt.errors import DomainError
from gdt.exams.deciding import ask_for_second_marks
from gdt.exams.models import Result, ResultOutcome, Sitting
from gdt.exams.moderation import MarkingState
from gdt.exams.moderation_models import DoubleMark
from gdt.exams.recording import refuse_marked_twice
from gdt.people.models import Person
from tests.browser import squeezed, submit, token_of
from tests.factories import (
    make_affiliation,
    make_cohort,
    make_enrolment,
    make_exam,
    make_institution,
    make_person,
    make_sitting,
    make_token,
    make_user,
)

PAGE = "/sittings/utar-e1"


@pytest.fixture
def sitting(app):
    school = make_institution(code="utar")
    exam = make_exam(make_cohort(school).course, mark_tolerance=Decimal(4))
    cohort = make_cohort(school, course=exam.course, code="utar-2026-003")
    for name in ("Ana", "Ben", "Cyn", "Dan"):
        person = make_person(printed_name=name)
        make_affiliation(person, school)
        make_enrolment(cohort, person)
    return make_sitting(cohort, exam, code="utar-e1")


def ids():
    return {person.printed_name: person.id for person in db.session.query(Person)}


def send(client, absent=(), seen=None, **marks):
    known = ids()
    drawn = " ".join(f"{known[name]}:{(seen or {}).get(name, '')}" for name in (*marks, *absent))
    data = {"csrf_token": token_of(client, PAGE), "seen": drawn}
    data |= {f"m{known[name]}": mark for name, mark in marks.items()}
    data |= {f"a{known[name]}": "on" for name in absent}
    answer = client.post(f"{PAGE}/marks", data=data)
    db.session.expire_all()
    return answer


def results():
    return {result.person.printed_name: result.mark for result in db.session.query(Result)}


def states():
    return {row.person.printed_name: row.state for row in db.session.query(DoubleMark)}


def test_a_mark_counts_once_two_agree_or_a_third_decided(app, sign_in, officer, sitting):
    school = sitting.cohort.institution
    first, second = (sign_in(Role.COORDINATOR, school, name=name) for name in ("Lee One", "Tan Two"))
    submit(first, f"{PAGE}/second-marks", page=PAGE)
    assert send(first, absent=["Dan"], Ana="71.5", Ben="59", Cyn="40").status_code == 302
    assert results() == {"Dan": None}
    assert set(states().values()) == {MarkingState.ONCE}
    page = second.get(PAGE).text
    assert "71.5" not in page
    assert send(first, seen={"Ana": "71.5"}, Ana="70").status_code == 302
    assert results() == {"Dan": None}

    answer = send(second, Ana="73", Ben="61", Cyn="55")
    assert answer.status_code == 302
    assert results() == {"Dan": None, "Ana": Decimal("71.50")}
    assert states()["Ben"] == states()["Cyn"] == MarkingState.DIFFERING
    assert "first mark is in" not in second.get(PAGE).text
    assert send(first, seen={"Ben": "59"}, Ben="60").status_code == 422

    assert "Two markers differ about 2 students." in officer.get("/").text
    row = db.session.query(DoubleMark).filter_by(person_id=ids()["Ben"]).one()
    decide = f"/double-marks/{row.id}"
    assert second.get(decide).status_code == 403
    page = officer.get(decide).text
    assert "59" in page and "61" in page and "Lee One" in page
    assert submit(officer, decide, mark="200", reason="x").status_code == 422
    assert submit(officer, decide, mark="60", reason="The case was answered in full.").status_code == 302
    db.session.expire_all()
    ben = db.session.query(Result).filter_by(person_id=ids()["Ben"]).one()
    assert (ben.mark, ben.outcome) == (60, ResultOutcome.PASSED)
    assert "Decided on 60 where two markers gave 59 and 61" in [
        event.summary for event in db.session.query(AuditEvent).filter_by(action="decided")
    ]
    assert submit(officer, decide, mark="50", reason="Again").status_code == 422
    assert "The case was answered in full." in second.get(PAGE).text
    assert submit(first, f"/results/{ben.id}/correct", mark="90", reason="Mine", seen="60").status_code == 422
    assert (
        submit(officer, f"/results/{ben.id}/correct", mark="62", reason="Sum", seen="60").status_code == 302
    )
    assert "utar-e1" in first.get("/moderation").text
    assert "1 sitting waits" in officer.get("/moderation").text


def test_whoever_marked_does_not_decide_and_the_database_says_so_too(app, sign_in, officer, sitting):
    school = sitting.cohort.institution
    with unit_of_work():
        ask_for_second_marks(viewer=make_user(role=Role.OFFICER), sitting=db.session.merge(sitting))
    send(sign_in(Role.COORDINATOR, school), Ana="40")
    send(officer, Ana="80")
    row = db.session.query(DoubleMark).one()
    answer = submit(officer, f"/double-marks/{row.id}", mark="60", reason="Between the two")
    assert answer.status_code == 422 and "You gave one of the two marks" in answer.text
    for column in ("second_by_id", "decided_by_id"):
        with pytest.raises(IntegrityError), db.session.begin_nested():
            setattr(row, column, row.first_by_id)
            db.session.flush()
        db.session.rollback()
        row = db.session.query(DoubleMark).one()


def test_second_marks_are_asked_for_before_the_first_and_are_no_list_of_results(app, sign_in, sitting):
    client = sign_in(Role.COORDINATOR, sitting.cohort.institution)
    send(client, Ana="71")
    assert results() == {"Ana": 71}
    submit(client, f"{PAGE}/second-marks", page="/cohorts/utar-2026-003/sittings/new")
    db.session.expire_all()
    assert not db.session.query(Sitting).one().is_marked_twice
    sitting.is_marked_twice = True
    with pytest.raises(DomainError, match="Two people mark"):
        refuse_marked_twice(sitting)


def hand_in(client, *rows, name="marks.csv"):
    text = "\n".join(["Name,Mark", *rows]).encode()
    return submit(client, f"{PAGE}/results", file=(BytesIO(text), name))


def press(client, page, button):
    return client.post(f"{page}/{button}", data={"csrf_token": token_of(client, page)})


def test_each_marker_uploads_her_own_file_and_nobody_sees_the_other_ones_marks(app, sign_in, sitting):
    school = sitting.cohort.institution
    sitting.is_marked_twice = True
    db.session.commit()
    first, second = (sign_in(Role.COORDINATOR, school, name=name) for name in ("Lee One", "Tan Two"))
    same = ("Ana,71.25", "Ben,58.75", "Cyn,absent")
    page = hand_in(first, *same).location
    assert "Nobody else sees this file" in first.get(f"{PAGE}/results").text
    for hidden in (page, f"{page}/file", f"{page}/undo", f"{page}/refused-rows"):
        assert second.get(hidden).status_code == 404
    assert press(first, page, "keep").status_code == 302
    db.session.expire_all()
    assert results() == {"Cyn": None} and set(states().values()) == {MarkingState.ONCE}
    for path in (f"{PAGE}/results", PAGE, "/imports", "/"):
        shown = second.get(path).text
        assert "71.25" not in shown and page not in shown

    again = hand_in(first, "Ana,70.75", "Ben,58.75").location
    assert "with another mark than you gave" in first.get(f"{again}?state=").text
    mine = hand_in(second, *same).location
    assert mine != page and "71.25" in second.get(f"{mine}?state=").text
    other = hand_in(second, "Ana,73", "Ben,61", "Dan,nonsense", name="own.csv").location
    checked = squeezed(second.get(f"{other}?state=").text)
    assert "71.25" not in checked and "58.75" not in checked
    press(second, other, "keep")
    db.session.expire_all()
    assert results() == {"Cyn": None, "Ana": Decimal("72.13")}
    assert states() == {"Ana": MarkingState.AGREED, "Ben": MarkingState.DIFFERING}
    told = db.session.query(DoubleMark).filter_by(person_id=ids()["Ana"]).one()
    assert (told.first_by_name, told.second_by_name, told.second_mark) == ("Lee One", "Tan Two", 73)
    for client, file in ((first, page), (second, other)):
        assert "2 students have both marks" in squeezed(client.get(f"{file}/undo").text)
        press(client, file, "undo")
    db.session.expire_all()
    assert set(results()) == {"Cyn", "Ana"}


def test_a_token_gives_the_marks_of_its_owner_and_shows_them_to_nobody_else(app, client, sitting):
    sitting.is_marked_twice = True
    db.session.commit()
    school = sitting.cohort.institution
    first, second = (
        make_user(role=Role.COORDINATOR, institution=school, name=name) for name in ("Lee One", "Tan Two")
    )
    keys = [{"Authorization": f"Bearer {make_token(user, TokenRight.UPLOADS)}"} for user in (first, second)]

    def sent(key, **more):
        file = BytesIO(b"Name,Mark\nAna,71.25\nBen,58.75\n"), "marks.csv"
        said = {"kind": "marks", "subject": sitting.code, "file": file, **more}
        return client.post("/api/v1/uploads", data=said, headers=key)

    page = sent(keys[0]).headers["Location"]
    assert client.post(f"{page}/confirm", headers=keys[0]).status_code == 202
    assert set(states().values()) == {MarkingState.ONCE}
    for hidden in (page, f"{page}/rows", f"{page}/returned"):
        assert client.get(hidden, headers=keys[1]).status_code == 404
    assert client.get("/api/v1/uploads", headers=keys[1]).json["items"] == []
    assert sent(keys[1], dry_run="true").json["rows_matched"] == 0
    mine = sent(keys[1]).headers["Location"]
    assert mine != page
    client.post(f"{mine}/confirm", headers=keys[1])
    assert set(states().values()) == {MarkingState.AGREED}
    assert {one.second_by_name for one in db.session.query(DoubleMark)} == {"Tan Two"}


def test_a_file_of_first_marks_is_undone_while_nobody_else_has_marked(app, sign_in, sitting):
    sitting.is_marked_twice = True
    db.session.commit()
    marker = sign_in(Role.COORDINATOR, sitting.cohort.institution)
    page = hand_in(marker, "Ana,71", "Dan,absent").location
    press(marker, page, "keep")
    changed = hand_in(marker, "Ana,64", name="changed.csv").location
    submit(marker, f"{changed}/choices", page=changed, state="conflict", choice="file")
    press(marker, changed, "keep")
    db.session.expire_all()
    assert db.session.query(DoubleMark).one().first_mark == 64
    press(marker, changed, "undo")
    db.session.expire_all()
    assert db.session.query(DoubleMark).one().first_mark == 71
    press(marker, page, "undo")
    db.session.expire_all()
    assert not states() and not results()


def test_a_mark_that_does_not_stand_uses_up_an_attempt(app, sign_in, sitting):
    school, cohort = sitting.cohort.institution, sitting.cohort
    sitting.is_marked_twice = True
    db.session.commit()
    resit = make_sitting(cohort, sitting.exam, code="utar-e2", held_on=sitting.held_on - timedelta(days=365))
    sitting.exam.attempts_allowed = 1
    db.session.commit()
    client = sign_in(Role.COORDINATOR, school)
    send(client, Ana="71")
    page = client.get(f"/sittings/{resit.code}").text
    assert "Has used the one attempt this exam allows." in page
