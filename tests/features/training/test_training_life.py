"""A training from invitation to renewal: places, waiting list, timetable, attendance, feedback, reminders."""

import re
from datetime import UTC, datetime, timedelta

import icalendar
import pytest

from gdt.access import OFFICE, Role
from gdt.audit import AuditEvent
from gdt.database import db, now, unit_of_work
from gdt.errors import DomainError
from gdt.filters import day as written
from gdt.outgoing import OutgoingMail
from gdt.people.merging import merge_persons
from gdt.people.models import AffiliationRole, Person
from gdt.training.feedback.models import TrainingFeedback
from gdt.training.feedback.services import ask_after_trainings, ask_on
from gdt.training.meetings.models import Meeting, MeetingAttendance
from gdt.training.models import Qualification, TrainingParticipant
from gdt.training.own_page.links import link_for
from gdt.training.qualifying.reminding import remind_on
from gdt.training.taking_part.models import TrainingApplication, TrainingInvitation
from gdt.training.who_may_teach import refuse_unqualified
from tests.browser import squeezed, submit
from tests.factories import (
    TODAY,
    make_affiliation,
    make_country,
    make_institution,
    make_module,
    make_participant,
    make_person,
    make_qualification,
    make_region,
    make_training,
    make_user,
)

SOON = {"starts_on": TODAY + timedelta(days=30), "ends_on": TODAY + timedelta(days=34)}


def teachers_of(school, *names):
    people = [make_person(printed_name=n, email=f"{n.split()[0]}@uni.example".lower()) for n in names]
    for person in people:
        make_affiliation(person, school, role=AffiliationRole.TEACHER)
    return people


def states_of(training):
    return {
        one.person.printed_name: one.state.value
        for one in db.session.query(TrainingApplication).filter_by(training_id=training.id)
    }


def test_the_calendar_a_teacher_shares_does_not_hold_the_link_to_her_own_page(app, client, officer):
    """Calendars are read by assistants, colleagues and providers; the link opens all that is hers."""
    module = make_module()
    training = make_training(modules=[module], **SOON)
    person = make_person(email="tan@uni.example")
    make_participant(training, person, make_institution())
    hours = {"on": str(SOON["starts_on"]), "begins": "14:00", "ends": "16:00", "module": module.id}
    submit(officer, f"/trainings/{training.code}/meetings/new", title="Opening", **hours)
    token = link_for(person.id, person.email).rsplit("/", 1)[-1]
    file = client.get(f"/teacher/{token}/timetable.ics").text
    assert "SUMMARY:Opening" in file
    unfolded = file.replace("\r\n ", "")
    assert token not in unfolded
    assert "/teacher/" not in unfolded


def test_places_are_kept_answered_named_and_pass_on_to_whoever_waits(app, officer, sign_in):
    training = make_training(code="tt-2026-009", **SOON)
    home = make_institution(name="Home College")
    africa = make_country(code="RW", m49_subregion="014", region=make_region(code="africa", name="Africa"))
    other = make_institution(name="Other College", country=africa)
    anna, ben, cleo = teachers_of(home, "Anna Lim", "Ben Lim", "Cleo Lim")
    dede, edo = teachers_of(other, "Dede Uwase", "Edo Uwase")
    coordinator, colleague = sign_in(Role.COORDINATOR, home), sign_in(Role.COORDINATOR, other)
    path = "/trainings/tt-2026-009"

    offer = {"places": 3, "name_until": str(TODAY + timedelta(days=20)), "time_zone": "Asia/Kuala_Lumpur"}
    late = submit(officer, f"{path}/offer", **offer | {"name_until": str(SOON["starts_on"])})
    assert "named before the training begins" in late.text
    assert submit(officer, f"{path}/offer", **offer).status_code == 302
    both = {"institutions": [home.id, other.id], "places": 2}
    assert "makes 4 places, and the training has 3" in submit(officer, f"{path}/invitations/new", **both).text
    submit(officer, f"{path}/invitations/new", institutions=[home.id], places=2)
    submit(officer, f"{path}/invitations/new", institutions=[other.id], places=1)
    mails = db.session.query(OutgoingMail).all()
    assert {"Teachers for" in mail.subject for mail in mails} == {True}
    first, second = db.session.query(TrainingInvitation).order_by(TrainingInvitation.id)
    mine, theirs = f"/training-invitations/{first.id}", f"/training-invitations/{second.id}"
    assert coordinator.get(theirs).status_code == 404
    assert "2 places are kept for your teachers: " in coordinator.get("/").text
    assert "2 institutions have not answered" in officer.get("/").text
    assert submit(coordinator, f"{mine}/accept", page=mine).status_code == 302
    assert "2 of your places are free: " in coordinator.get("/").text

    three = {"teachers": [anna.id, ben.id, cleo.id], "gender": ""}
    refused = submit(coordinator, f"{mine}/teachers", **three)
    assert (refused.status_code, states_of(training)) == (422, {})
    assert "has 2 free places, and you chose 3 teachers" in refused.text
    assert submit(coordinator, f"{mine}/teachers", **three, may_wait="y").status_code == 302
    assert states_of(training) == {"Anna Lim": "takes part", "Ben Lim": "takes part", "Cleo Lim": "waiting"}
    told = [mail.recipient for mail in db.session.query(OutgoingMail) if "You take part" in mail.subject]
    assert told == ["anna@uni.example", "ben@uni.example"]
    dropped = submit(coordinator, f"{mine}/decline", reason="We cannot.")
    assert "Your teachers take part" in dropped.text

    assert submit(colleague, f"{theirs}/decline", reason="Exams.").status_code == 302
    assert states_of(training)["Cleo Lim"] == "takes part"
    told = {mail.recipient for mail in db.session.query(OutgoingMail) if "place came free" in mail.subject}
    assert "cleo@uni.example" in told
    assert len(told) == 2
    full = submit(colleague, f"{theirs}/accept", page="/account")
    assert "That makes 4 places" in full.text
    again = submit(officer, f"{path}/invitations/new", institutions=[other.id], places=1)
    assert "makes 4 places" in again.text

    named = {one.person_id: one.id for one in db.session.query(TrainingApplication)}
    assert "goes to whoever waits" in coordinator.get(f"/training-applications/{named[ben.id]}/withdraw").text
    assert colleague.get(f"/training-applications/{named[ben.id]}/withdraw").status_code == 404
    submit(coordinator, f"/training-applications/{named[ben.id]}/withdraw")
    assert submit(colleague, f"{theirs}/accept", page="/account").status_code == 302
    submit(colleague, f"{theirs}/teachers", teachers=[dede.id, edo.id], may_wait="y", gender="")
    assert states_of(training) == {
        "Anna Lim": "takes part",
        "Ben Lim": "withdrew",
        "Cleo Lim": "takes part",
        "Dede Uwase": "takes part",
        "Edo Uwase": "waiting",
    }
    page = squeezed(officer.get(f"{path}/places").text)
    assert "Home College Accepted 2 2 0" in page
    assert "Edo Uwase Other College" in page
    add = f"{path}/participants/new?institution={home.code}"
    assert (
        "has 0 free places, and you chose 1 teachers" in submit(officer, add, teachers=ben.id, gender="").text
    )
    assert submit(officer, f"{path}/offer", **offer | {"places": 4}).status_code == 302
    assert states_of(training)["Edo Uwase"] == "takes part"
    assert "Ben Lim" in coordinator.get(mine).text

    submit(coordinator, f"{mine}/teachers", teachers=ben.id, may_wait="y", gender="")
    training.starts_on = TODAY
    db.session.commit()
    begun = submit(coordinator, f"/training-applications/{named[anna.id]}/withdraw")
    assert "The training has begun" in begun.text
    ask_after_trainings()
    db.session.expire_all()
    assert states_of(training)["Ben Lim"] == "not reached"


def test_a_timetable_is_read_by_every_clock_and_calendars_learn_its_changes(app, officer, sign_in):
    module = make_module(title="New Retail")
    home = make_institution(name="Home College")
    africa = make_country(code="RW", m49_subregion="014", region=make_region(code="africa", name="Africa"))
    other = make_institution(name="Kigali College", country=africa)
    training = make_training(
        code="tt-2026-009",
        modules=[module],
        host=home,
        starts_on=TODAY - timedelta(days=1),
        ends_on=TODAY + timedelta(days=9),
    )
    people = [make_participant(training, make_person(), school) for school in (home, other)]
    path, day = "/trainings/tt-2026-009", TODAY + timedelta(days=7)
    meeting = {"title": "Opening", "on": str(day), "begins": "14:00", "ends": "16:00", "module": module.id}
    outside = submit(officer, f"{path}/meetings/new", **meeting | {"on": str(TODAY + timedelta(days=10))})
    assert "Choose one of its days" in outside.text
    backwards = submit(officer, f"{path}/meetings/new", **meeting | {"ends": "13:00"})
    assert "ends before it begins" in backwards.text
    assert submit(officer, f"{path}/meetings/new", **meeting, place="Room 3").status_code == 302
    assert "in the timetable already" in submit(officer, f"{path}/meetings/new", **meeting).text
    page = squeezed(officer.get(f"{path}/timetable").text)
    assert "14:00 – 16:00 Opening New Retail Room 3" in page
    assert "Kigali: " in page
    assert "08:00 – 10:00" in page

    def event():
        [found] = icalendar.Calendar.from_ical(officer.get(f"{path}/timetable.ics").data).walk("VEVENT")
        return found

    before = event()
    assert before["DTSTART"].dt == datetime(day.year, day.month, day.day, 6, tzinfo=UTC)
    [kept] = db.session.query(Meeting)
    edit = f"{path}/meetings/{kept.id}/edit"
    submit(officer, edit, **meeting, place="Room 3")
    assert event()["SEQUENCE"] == 0
    submit(officer, edit, **meeting | {"begins": "15:00", "ends": "17:00"})
    moved = event()
    assert (moved["UID"], moved["SEQUENCE"], moved["DTSTART"].dt.hour) == (before["UID"], 1, 7)
    submit(officer, f"{path}/meetings/{kept.id}/call-off", page=f"{path}/timetable")
    assert (event()["STATUS"], event()["SEQUENCE"]) == ("CANCELLED", 2)

    nothing = officer.get(f"{path}/attendance?day={TODAY - timedelta(days=1)}")
    assert "this training has no timetable yet" in nothing.text
    with unit_of_work():
        starts_at = now() - timedelta(hours=3)
        held = Meeting(
            training=training, title="Held", starts_at=starts_at, ends_at=starts_at + timedelta(hours=1)
        )
        db.session.add(held)
    assert "Nobody has said yet who was in the meetings" in officer.get("/").text
    submit(officer, f"{path}/meetings/new", **meeting | {"title": "Later"})
    wrong = officer.get(f"{path}/attendance?day={TODAY + timedelta(days=3)}")
    assert "There is no meeting on" in wrong.text
    assert "The meetings are on" in wrong.text
    assert "Record who was there afterwards" in officer.get(f"{path}/attendance?day={day}").text
    today = re.search(rf"{path}/attendance\?day=([\d-]+)", officer.get(f"{path}/timetable").text)[1]
    drawn = {f"d{one.id}_{held.id}": "1" for one in people}
    there = drawn | {f"t{people[0].id}_{held.id}": "on", "day": today}
    assert submit(officer, f"{path}/attendance?day={today}", **there).status_code == 302
    assert "1 of 2 were there" in officer.get(f"{path}/timetable").text
    assert "in 1 of 1 meetings" in officer.get(path).text
    wrong_day = submit(
        officer, f"{path}/attendance?day={today}", **there | {"day": str(TODAY + timedelta(days=3))}
    )
    assert wrong_day.status_code == 422
    assert (
        "Somebody was there"
        in submit(officer, f"{path}/meetings/{held.id}/call-off", page="/modules/new").text
    )
    with unit_of_work():
        one, two = (db.session.merge(part) for part in people)
        two.institution_id = one.institution_id
        merge_persons(actor=OFFICE, survivor=two.person, other=one.person, choices={})
    assert [row.was_there for row in db.session.query(MeetingAttendance)] in (
        [True],
        [False, True],
        [True, False],
    )


def test_a_qualification_is_reminded_of_once_and_renewed_and_participants_are_heard_without_a_name(
    app, officer, client, sign_in
):
    outbox = app.extensions["mailman"].outbox = []
    school, module = make_institution(), make_module(title="New Retail")
    user = make_user(role=Role.COORDINATOR, institution=school)
    [teacher] = teachers_of(school, "Tan Mei Ling")
    held = make_qualification(teacher, module, school, valid_until=TODAY + timedelta(days=80))
    make_qualification(teacher, make_module(), school)
    assert remind_on(TODAY) == 1
    assert remind_on(TODAY) == 0
    assert remind_on(TODAY + timedelta(days=60)) == 1
    assert [mail.to for mail in outbox[:2]] == [["tan@uni.example"], [user.email]]
    assert "Tan Mei Ling: New Retail, until" in outbox[1].body
    link = re.search(r"/teacher/\S+", outbox[0].body)[0]
    own = squeezed(client.get(link).text)
    assert "Tan Mei Ling" in own
    assert "New Retail" in own
    assert client.get(f"{link}/timetable.ics").content_type.startswith("text/calendar")
    assert client.get(f"{link[:-2]}xx").status_code == 404
    record = f"/people/{teacher.id}/record"
    hers = sign_in(Role.COORDINATOR, school)
    assert submit(hers, f"/people/{teacher.id}/own-page", page=record).status_code == 302
    assert outbox[-1].to == ["tan@uni.example"]
    teacher.email = "mei@uni.example"
    db.session.commit()
    assert client.get(link).status_code == 404
    path = f"/qualifications/{held.id}/renew"
    assert submit(officer, path, why="Taught three cohorts.").status_code == 302
    renewal = db.session.query(Qualification).order_by(Qualification.id.desc()).first()
    assert (renewal.valid_from, renewal.outcome_id) == (held.valid_until + timedelta(days=1), None)
    assert "renewed already, until" in submit(officer, path, why="Again.").text
    assert remind_on(TODAY + timedelta(days=70)) == 0
    page = squeezed(sign_in(Role.COORDINATOR, school).get(f"/people/{teacher.id}/record").text)
    assert "renewed" in page
    old = make_qualification(
        teacher,
        make_module(),
        school,
        valid_from=TODAY - timedelta(days=900),
        valid_until=TODAY - timedelta(days=400),
    )
    assert "more than a year ago" in submit(officer, f"/qualifications/{old.id}/renew", why="So.").text
    with pytest.raises(DomainError, match=f"The one for {old.module} ended on {written(old.valid_until)}"):
        refuse_unqualified([teacher], [old.module], TODAY)
    with pytest.raises(DomainError, match=f"begins on {written(old.valid_from)}"):
        refuse_unqualified([teacher], [old.module], TODAY - timedelta(days=901))
    assert db.session.query(AuditEvent).filter_by(action="renewed").count() == 1

    training = make_training(ends_on=TODAY - timedelta(days=1))
    for number in range(5):
        person = make_person(email=f"t{number}@uni.example")
        make_participant(training, person, school)
    make_participant(training, make_person(), school)
    assert (ask_on(TODAY), ask_on(TODAY)) == (5, 0)
    bodies = [mail.body for mail in outbox if "What did you think" in mail.subject]
    links = [re.search(r"/training-feedback/\S+", body)[0] for body in bodies]
    results = f"/trainings/{training.code}/feedback"
    for number, link in enumerate(links):
        assert "Not enough answers yet" in officer.get(results).text
        said = {"usefulness": 4, "pace": "right", "recommends": "yes", "words": f"Word {number}"}
        assert submit(client, link, **said).status_code == 302
        assert "You have answered" in client.get(link).text
    assert submit(client, links[0], page="/sign-in", **said).status_code == 422
    assert client.get(f"{links[0]}x").status_code == 404
    page = squeezed(officer.get(results).text)
    assert "4 on average" in page
    assert "Word 4" in page
    assert db.session.query(TrainingFeedback).count() == 5
    assert db.session.query(AuditEvent).filter(AuditEvent.summary.contains("Word")).count() == 0
    assert db.session.query(TrainingParticipant).count() == 6
    assert db.session.query(Person).count() == 7
