"""A teacher who signs in: from her invitation to the day she leaves, and nothing but what is hers."""

import re
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from sqlalchemy import select

from gdt.access import OFFICE, Role
from gdt.accounts.models import User
from gdt.database import db, now, unit_of_work
from gdt.exams.models import Exam, Result
from gdt.impact.digesting import send_digests
from gdt.people.models import Affiliation, AffiliationRole, Person
from gdt.privacy.own_copy import make_copy
from gdt.training.feedback.models import FeedbackRequest, TrainingFeedback
from gdt.training.models import Cohort, Enrolment
from gdt.training.taking_part.models import TrainingApplication, TrainingInvitation
from gdt.training.taking_part.states import PartState
from tests.browser import squeezed, submit
from tests.factories import (
    TODAY,
    make_affiliation,
    make_agreement,
    make_cohort,
    make_course,
    make_enrolment,
    make_exam,
    make_institution,
    make_participant,
    make_person,
    make_qualification,
    make_sitting,
    make_training,
    make_user,
)
from tests.features.people.twins import merge, unmerge

PASSWORD = "four other short words"


def teacher_at(school, name, **columns):
    person = make_person(printed_name=name, **columns)
    make_affiliation(person, school, role=AffiliationRole.TEACHER)
    return person


def class_of(school, course, teacher, word):
    """A cohort that ended with two students and a sitting without results; returns it and the sitting."""
    ended = {"starts_on": TODAY - timedelta(days=90), "ends_on": TODAY - timedelta(days=3)}
    cohort = make_cohort(school, course=course, teachers=[teacher], code=f"{word}-class", term=word, **ended)
    for n in (1, 2):
        person = make_person(printed_name=f"{word} Student {n}")
        make_affiliation(person, school, own_number=f"{word}{n}")
        make_enrolment(cohort, person)
    exam = course_exam(course)
    sitting = make_sitting(cohort, exam, code=f"{word}-exam", held_on=TODAY - timedelta(days=2))
    return cohort, sitting


def course_exam(course):
    return db.session.query(Exam).filter_by(course_id=course.id).first() or make_exam(course)


@pytest.fixture
def school(app):
    place = make_institution(code="utar", name="UTAR")
    make_agreement(place)
    return place


@pytest.fixture
def taught(school):
    """Two teachers of one school, each with a class of one course."""
    course = make_course(title="New Retail")
    mine = teacher_at(school, "Tan Mei Ling", email="tan@utar.example")
    other = teacher_at(school, "Wong Ah Fook", email="wong@utar.example")
    for teacher in (mine, other):
        make_qualification(teacher, course.modules[0], school, valid_until=TODAY + timedelta(days=40))
    return mine, class_of(school, course, mine, "mine"), class_of(school, course, other, "theirs")


def enrolments(code):
    db.session.rollback()
    found = select(Enrolment).join(Enrolment.cohort).join(Enrolment.person).where(Cohort.code == code)
    return db.session.scalars(found.order_by(Person.printed_name)).all()


def test_a_teacher_is_invited_records_what_is_hers_and_sees_nothing_once_she_left(
    app, client, school, taught, sign_in
):
    outbox = app.extensions["mailman"].outbox = []
    person, (_cohort, sitting), (others, _sitting) = taught
    coordinator = sign_in(Role.COORDINATOR, school)
    assert "Invite" in coordinator.get("/institutions/utar/teachers").text
    invited = submit(coordinator, f"/people/{person.id}/account", institution="utar")
    assert invited.status_code == 302
    again = submit(coordinator, f"/people/{person.id}/account", page="/users/invite", institution="utar")
    assert (again.status_code, "has an account here already" in again.text) == (422, True)
    link = re.search(r"/invitation/\S+", outbox[0].body).group(0)
    assert "Teacher" in outbox[0].body
    assert submit(client, link, password=PASSWORD).status_code == 302

    home = squeezed(client.get("/").text)
    assert "Teacher at UTAR" in home
    assert "New Retail, mine ended on" in home
    assert "has no results yet" in home
    assert "You may teach" in home
    assert "theirs" not in home
    assert client.get(f"/cohorts/{others.code}").status_code == 404
    assert "theirs" not in client.get("/cohorts").text

    assert submit(client, "/account/weekly-mail", wants="y").status_code == 302
    # The Monday after next: where it is Monday already, the mail of this one has gone.
    midnight = datetime.combine(TODAY, datetime.min.time(), UTC)
    assert send_digests(midnight + timedelta(days=14 - TODAY.weekday(), hours=4)) == 1
    assert f"{app.config['BASE_URL']}/sittings/{sitting.code}" in outbox[-1].body
    submit(coordinator, f"/people/{person.id}/edit", printed_name="Tan Mei Lin", email="tan@utar.example")
    assert "Tan Mei Lin" in client.get("/account").text

    first, second = enrolments("mine-class")
    lines = {f"w{e.id}": "enrolled:" for e in (first, second)}
    wrong = submit(client, "/cohorts/mine-class/attendance", **lines, **{f"a{first.id}": "120"}, others="100")
    assert (wrong.status_code, "whole number from 0 to 100" in wrong.text, "120" in wrong.text) == (
        422,
        True,
        True,
    )
    submit(client, "/cohorts/mine-class/attendance", **lines, **{f"a{first.id}": "70"}, others="100")
    assert [e.attendance_percent for e in enrolments("mine-class")] == [70, 100]
    page = "/cohorts/mine-class"
    shown = {f"w{e.id}": f"enrolled:{e.attendance_percent}" for e in enrolments("mine-class")}
    done = {f"a{e.id}": e.attendance_percent for e in enrolments("mine-class")}
    done |= {f"s{e.id}": "enrolled" for e in enrolments("mine-class")}
    day = {"completed_on": str(TODAY - timedelta(days=3)), "action": "complete_all"}
    submit(client, f"{page}/students", page=page, **shown, **done, **day)
    assert {e.state.value for e in enrolments("mine-class")} == {"completed"}
    ids = [e.person_id for e in enrolments("mine-class")]
    marks = {f"m{ids[0]}": "71", f"m{ids[1]}": "55", "seen": " ".join(f"{i}:" for i in ids)}
    submit(client, f"/sittings/{sitting.code}/marks", page=f"/sittings/{sitting.code}", **marks)
    assert sorted(str(r.mark) for r in db.session.query(Result)) == ["55.00", "71.00"]
    assert "passed" in coordinator.get(f"/sittings/{sitting.code}").text
    assert "Tan Mei Lin" in coordinator.get(f"{page}/history").text

    leaving = f"/people/{person.id}/leaving"
    [place] = db.session.query(Affiliation.id).filter_by(person_id=person.id).one()
    assert "Last day as teacher at UTAR" in squeezed(coordinator.get(leaving).text)
    submit(coordinator, leaving, **{f"until_{place}": str(TODAY - timedelta(days=1))})
    for path in (page, f"/sittings/{sitting.code}", f"{page}/students.csv", f"{page}/attendance"):
        assert client.get(path).status_code == 404, path
    gone = squeezed(client.get("/").text)
    assert "no longer entered as a teacher of UTAR" in gone
    assert "mine" not in squeezed(client.get("/cohorts").text).partition("Cohorts")[2]
    assert client.get("/teaching").status_code == 200


def test_her_spreadsheets_are_of_her_own_cohorts_and_closed_to_other_teachers(app, school, taught, sign_in):
    mine, (cohort, _sitting), (others, others_sitting) = taught
    teacher = sign_in(Role.TEACHER, school, person_id=mine.id)
    sheet = b"Student number,Attendance %\nmine1,90\nmine2,80\ntheirs1,70\n"
    answer = submit(teacher, "/cohorts/mine-class/progress", file=(BytesIO(sheet), "a.csv"))
    upload = answer.location
    checked = squeezed(teacher.get(upload).text)
    assert "2 to be recorded" in checked
    assert "theirs Student" not in checked
    assert "a.csv" in teacher.get("/imports").text
    assert submit(teacher, f"{upload}/keep", page=upload).status_code == 302
    assert [e.attendance_percent for e in enrolments("mine-class")] == [90, 80]
    colleague = sign_in(Role.TEACHER, school, person_id=others.teachers[0].id)
    assert colleague.get(upload).status_code == 404
    assert "a.csv" not in colleague.get("/imports").text
    for path in (f"/cohorts/{others.code}/progress", f"/sittings/{others_sitting.code}/results"):
        assert teacher.get(path).status_code == 404
    for path in (
        "/cohorts/mine-class/roster",
        "/cohorts/new",
        "/people",
        "/institutions/utar",
        "/pass-rates",
    ):
        assert teacher.get(path).status_code == 403, path
    with unit_of_work():
        db.session.get_one(Cohort, cohort.id).teachers.clear()
    assert teacher.get(upload).status_code == 404


def test_she_answers_for_her_trainings_and_says_what_she_thinks_without_her_name(
    app, school, taught, sign_in
):
    mine = taught[0]
    ahead = {"starts_on": TODAY + timedelta(days=20), "ends_on": TODAY + timedelta(days=22)}
    training, past = make_training(code="tt-ahead", **ahead), make_training(code="tt-past")
    invitation = TrainingInvitation(training=training, institution=school, places=2, invited_by_name="Lin")
    named = TrainingApplication(training=training, person=mine, institution=school)
    named.state, named.named_by_name = PartState.TAKES_PART, "Lin"
    asked = FeedbackRequest(participant=make_participant(past, mine, school), token_hash="x")
    make_participant(training, mine, school)
    db.session.add_all([invitation, named, asked])
    db.session.commit()
    teacher = sign_in(Role.TEACHER, school, person_id=mine.id)
    home = squeezed(teacher.get("/").text)
    assert "Say whether you come." in home
    assert "Say what you think of" in home
    submit(teacher, "/teaching/trainings/tt-ahead/come", page="/teaching")
    assert "You come, said on" in teacher.get("/teaching").text
    coordinator = sign_in(Role.COORDINATOR, school)
    assert "said to come" in coordinator.get(f"/training-invitations/{invitation.id}").text
    assert teacher.get("/teaching/timetable.ics").data.startswith(b"BEGIN:VCALENDAR")
    said = {"usefulness": "4", "pace": "right", "recommends": "yes", "words": "More cases."}
    assert submit(teacher, "/teaching/trainings/tt-past/feedback", **said).status_code == 302
    assert db.session.query(TrainingFeedback.words).all() == [("More cases.",)]
    assert "You have answered" in teacher.get("/teaching/trainings/tt-past/feedback").text
    outbox = app.extensions["mailman"].outbox = []
    lin = make_user(role=Role.COORDINATOR, institution=school, email="lin@utar.example")
    submit(teacher, "/teaching/trainings/tt-ahead/decline")
    told = next(mail for mail in outbox if mail.to == [lin.email])
    assert told.subject == f"Cannot come: {mine}, {training}"
    assert f"{app.config['BASE_URL']}/training-invitations/{invitation.id}" in told.body
    assert db.session.get_one(TrainingApplication, named.id).state is PartState.WITHDREW
    stranger = sign_in(Role.TEACHER, school)
    assert stranger.get("/teaching/trainings/tt-ahead/decline").status_code == 404
    assert stranger.get("/teaching/trainings/tt-past/feedback").status_code == 404


def test_an_account_follows_its_person_when_entries_are_merged_and_back(app, school, taught):
    mine = taught[0]
    twin = teacher_at(school, "Tan Mei-Ling")
    user = make_user(role=Role.TEACHER, institution=school, person_id=twin.id)
    merged = merge(mine, twin)
    assert db.session.get_one(User, user.id).person_id == mine.id
    unmerge(merged)
    assert db.session.get_one(User, user.id).person_id == twin.id
    with unit_of_work():
        copied = make_copy(actor=OFFICE, person=twin, form="json")
    [account] = next(one["rows"] for one in copied["sections"] if one["table"] == "users")
    assert (account["email"], account["institution"]) == (user.email, school.name)


def test_whoever_left_is_invited_by_her_next_institution_with_the_account_she_has(
    app, school, taught, sign_in
):
    outbox = app.extensions["mailman"].outbox = []
    mine = taught[0]
    user = make_user(
        role=Role.TEACHER,
        institution=school,
        person_id=mine.id,
        email="tan@utar.example",
        last_signed_in_at=now(),
    )
    inti = make_institution(code="inti", name="INTI")
    make_affiliation(mine, inti, role=AffiliationRole.TEACHER)
    there = sign_in(Role.COORDINATOR, inti)
    here = f"/people/{mine.id}/account"
    taken = submit(there, here, institution="inti")
    assert (taken.status_code, "is a user already" in taken.text) == (422, True)
    with unit_of_work():
        place = db.session.query(Affiliation).filter_by(person_id=mine.id, institution_id=school.id).one()
        place.until_on = TODAY - timedelta(days=1)
    assert submit(there, here, institution="inti").status_code == 302
    db.session.rollback()
    assert db.session.get_one(User, user.id).institution_id == inti.id
    assert "INTI" in outbox[-1].body
    teacher = sign_in(Role.TEACHER, inti, person_id=mine.id)
    assert teacher.get("/cohorts/mine-class").status_code == 404
