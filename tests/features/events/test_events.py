"""An event from its plan to its list: announced, invited to, registered for, ticked, cancelled."""

import re
from datetime import timedelta

import icalendar
import pytest

from gdt.access import Role
from gdt.audit import AuditEvent
from gdt.database import db, now, unit_of_work
from gdt.errors import DomainError
from gdt.events.inviting import answer_invitation
from gdt.events.links import INVITATION, PLACE, token_of
from gdt.events.models import Event, EventAgreement, Way
from gdt.events.people_models import EventInvitation, EventRegistration
from gdt.events.registering import Guest, ask_for_place, give_place_back
from gdt.events.states import EventState, PlaceState
from gdt.events.words import read_guests
from gdt.partners.models import Agreement, AgreementKind
from gdt.recognition.stages import NominationState
from tests.browser import squeezed, submit
from tests.factories import (
    make_agreement,
    make_award_call,
    make_event,
    make_institution,
    make_nomination,
    make_user,
)

PLAN = {
    "code": "conference-2027",
    "title": "GDT Conference 2027",
    "about": "A day about teaching.",
    "mode": "hybrid",
    "place": "Convention Centre, Singapore",
    "online_url": "https://meet.example/secret-room",
    "time_zone": "Asia/Singapore",
    "starts_at": "2027-02-22T09:00",
    "ends_at": "2027-02-22T17:00",
    "places": "1",
    "is_for_all": "y",
}


@pytest.fixture
def mails(app):
    """What has left so far: to whom, about what, with which words."""
    state = app.extensions["mailman"]
    state.outbox = []
    return lambda: [(one.to[0], one.subject, one.body) for one in state.outbox]


def people(event):
    db.session.expire_all()
    return {one.email: one for one in db.session.query(EventRegistration).filter_by(event_id=event.id)}


def guest(name, school=None, way=Way.ON_SITE):
    return Guest(name, f"{name.lower()}@guests.example", way, school)


def ask(event, *guests):
    with unit_of_work():
        for one in guests:
            ask_for_place(event=db.session.merge(event), guest=one)


def test_an_event_is_planned_announced_and_shown_in_the_time_of_whoever_looks(app, officer, client, sign_in):
    assert submit(officer, "/events/new", **PLAN | {"ends_at": "2027-02-22T08:00"}).status_code == 422
    assert submit(officer, "/events/new", **PLAN | {"place": ""}).status_code == 422
    assert submit(officer, "/events/new", **PLAN).location == "/events/conference-2027/desk"
    assert submit(officer, "/events/new", **PLAN).status_code == 422
    line = {"title": "Agreements are signed", "starts_at": "2027-02-22T11:00", "ends_at": "2027-02-22T12:00"}
    outside = line | {"ends_at": "2027-02-23T12:00"}
    path = "/events/conference-2027/sessions/new"
    assert submit(officer, path, **outside).status_code == 422
    assert submit(officer, path, **line).status_code == 302
    assert client.get("/events/conference-2027").status_code == 404
    submit(officer, "/events/conference-2027/announce", page="/events/conference-2027/desk")
    page = squeezed(client.get("/events/conference-2027").text)
    assert "Agreements are signed 11:00–12:00" in page
    assert "secret-room" not in page
    assert "Agreements are signed 04:00–05:00" in squeezed(
        client.get("/events/conference-2027?zone=Africa/Tunis").text
    )
    mexico = make_institution(country=make_institution().country)
    mexico.country.code = "MX"
    db.session.commit()
    partner = sign_in(Role.COORDINATOR, mexico)
    assert "Agreements are signed 21:00–22:00" in squeezed(partner.get("/events/conference-2027").text)
    assert partner.get("/events/new").status_code == 403
    [entry] = icalendar.Calendar.from_ical(client.get("/events/conference-2027/calendar.ics").data).walk(
        "VEVENT"
    )
    assert entry.start.isoformat() == "2027-02-22T03:00:00+00:00"
    assert entry["location"] == "Convention Centre, Singapore"
    changed = PLAN | {"title": "GDT Conference", "starts_at": "2027-02-22T11:30"}
    assert submit(officer, "/events/conference-2027/edit", **changed).status_code == 422
    assert submit(officer, "/events/conference-2027/edit", **PLAN | {"title": "The day"}).status_code == 302
    assert "The day" in client.get("/events").text


def test_places_run_out_and_come_back_to_those_who_wait(app, officer, client, mails, sign_in):
    event = make_event(code="c1", places=1, title="The conference", online_url="https://meet.example/room")
    school = make_institution(name="Universiti Tunku Abdul Rahman", code="utar")
    typed = {"name": "Ana", "email": "ana@guests.example", "way": "on site"}
    typed["organisation"] = " universiti tunku abdul rahman"
    assert submit(client, "/events/c1/register", **typed).location == "/events/c1/registered"
    submit(client, "/events/c1/register", **typed | {"name": "Ben", "email": "BEN@guests.example"})
    submit(
        client,
        "/events/c1/register",
        **typed | {"name": "Cyn", "email": "cyn@guests.example", "way": "online"},
    )
    again = submit(client, "/events/c1/register", **typed | {"name": "Somebody else"})
    assert again.location == "/events/c1/registered"
    found = people(event)
    assert {key.split("@")[0]: one.state for key, one in found.items()} == {
        "ana": PlaceState.REGISTERED,
        "ben": PlaceState.WAITING,
        "cyn": PlaceState.REGISTERED,
    }
    assert found["ana@guests.example"].name == "Ana"
    assert found["ana@guests.example"].institution_id == school.id
    assert [subject for _to, subject, _body in mails()] == [
        "Your place at The conference",
        "You are on the waiting list of The conference",
        "Your place at The conference",
        "Your place at The conference",
    ]
    link = re.search(r"/event-places/\S+", mails()[0][2])[0]
    page = client.get(link)
    assert "https://meet.example/room" in page.text and page.headers["Cache-Control"] == "no-store"
    assert "meet.example" not in client.get(re.search(r"/event-places/\S+", mails()[1][2])[0]).text
    assert submit(client, f"{link}/withdraw", page=link).status_code == 302
    found = people(event)
    assert found["ben@guests.example"].state is PlaceState.REGISTERED
    assert mails()[-1][:2] == ("ben@guests.example", "Your place at The conference")
    submit(client, f"{link}/withdraw", page="/events/c1/register")
    assert sign_in(Role.COORDINATOR, make_institution()).get(link).status_code == 200
    assert sum(one.state is PlaceState.WITHDRAWN for one in people(event).values()) == 1
    submit(client, "/events/c1/register", **typed)
    assert people(event)["ana@guests.example"].state is PlaceState.WAITING
    event = db.session.merge(event)
    event.places = 2
    db.session.commit()
    edit = {"title": "The conference", "about": "x", "mode": "hybrid", "place": "Hall", "places": "3"}
    times = {"time_zone": "UTC", "starts_at": "2027-02-22T09:00", "ends_at": "2027-02-22T17:00"}
    before = len(mails())
    assert submit(officer, "/events/c1/edit", **edit, **times, is_for_all="y").status_code == 302
    told = [subject for _to, subject, _body in mails()[before:]]
    assert sorted(told) == ["The conference: what has changed"] * 3 + ["Your place at The conference"]
    assert "Hall" in mails()[before][2]
    assert people(event)["ana@guests.example"].state is PlaceState.REGISTERED
    assert client.get("/event-places/forged").status_code == 404


def test_an_invitation_is_answered_once_without_an_account(app, officer, client, mails):
    school = make_institution(name="UTAR", code="utar")
    lee = make_user(role=Role.COORDINATOR, institution=school, name="Lee Pei Shan", email="lee@utar.example")
    event = make_event(code="c2", is_for_all=False)
    assert "This event is for invited people" in client.get("/events/c2/register").text
    wanted = {"institutions": ["utar"], "people": "Dr Ana Silva, ana@who.example\n"}
    assert submit(officer, "/events/c2/invite", **wanted).status_code == 302
    assert submit(officer, "/events/c2/invite", **wanted).status_code == 422
    assert {to for to, _subject, _body in mails()} == {lee.email, "ana@who.example"}
    path = re.search(r"/event-invitations/\S+", mails()[0][2])[0]
    assert "UTAR" in client.get(path).text
    answer = {"answer": "yes", "name": "Dr Lim Mei Ling", "way": "online"}
    assert submit(client, path, **answer).status_code == 302
    [place] = people(event).values()
    assert (place.name, place.institution_id, place.way) == ("Dr Lim Mei Ling", school.id, Way.ONLINE)
    assert "You said yes" in client.get(path).text
    other = (
        "/"
        + INVITATION
        + "/"
        + token_of(
            INVITATION, db.session.query(EventInvitation).filter_by(email="ana@who.example").one().link_key
        )
    )
    token = submit(client, other, answer="no", name="Ana Silva")
    assert token.status_code == 302
    assert len(people(event)) == 1
    with app.test_request_context(), pytest.raises(DomainError, match="answered already"):
        answer_invitation(
            invitation=db.session.query(EventInvitation).filter_by(email=lee.email).one(),
            is_coming=False,
            name="x",
            way=None,
        )
    assert "1 yes, 1 no, 0 without an answer" in squeezed(officer.get("/events/c2/desk").text)
    assert client.get(f"/event-places/{token_of(INVITATION, place.link_key)}").status_code == 404
    assert client.get(f"/event-places/{token_of(PLACE, place.link_key)}").status_code == 200


def test_a_coordinator_sees_her_own_people_and_the_office_ticks_who_came(app, officer, sign_in):
    home, away = make_institution(name="Home"), make_institution(name="Away")
    event = make_event(code="c3")
    ask(event, guest("Ana", home), guest("Ben", away), guest("Cyn"))
    partner = sign_in(Role.COORDINATOR, home)
    page = partner.get("/events/c3/people").text
    assert "Ana" in page and "Ben" not in page and "Cyn" not in page
    assert "ben@" not in partner.get("/events/c3/people.csv").text
    assert "Cyn" in officer.get("/events/c3/people?q=cyn").text
    ids = {one.name: one.id for one in people(event).values()}
    shown = " ".join(map(str, ids.values()))
    tick = {"shown": shown, "present": [ids["Ana"], ids["Cyn"]]}
    submit(officer, "/events/c3/attendance", page="/account", **tick)
    assert {one.has_come for one in people(event).values()} == {None}
    event = db.session.merge(event)
    event.starts_at, event.ends_at = now() - timedelta(hours=2), now() - timedelta(hours=1)
    db.session.commit()
    assert f"Nobody has ticked who came to {event.title}." in officer.get("/").text
    submit(officer, "/events/c3/attendance", page="/account", **tick)
    assert {one.name: one.has_come for one in people(event).values()} == {
        "Ana": True,
        "Ben": False,
        "Cyn": True,
    }
    assert "2 came" in squeezed(officer.get("/events/c3/people").text)
    assert "Home" in officer.get("/events/c3/people.csv").text
    assert submit(partner, "/events/c3/attendance", page="/account", **tick).status_code == 403


def test_cancelling_tells_those_who_have_a_place_or_wait_and_nobody_else(app, officer, client, mails):
    event = make_event(code="c4", title="The meeting", places=1)
    ask(event, guest("Ana"), guest("Ben"), guest("Cyn"))
    with unit_of_work():
        give_place_back(registration=db.session.merge(people(event)["cyn@guests.example"]))
    page = officer.get("/events/c4/cancel").text
    assert "2 people" in page
    wrong = submit(officer, "/events/c4/cancel", reason="The hall is closed.", confirm_word="no")
    assert wrong.status_code == 422
    done = {"reason": "The hall is closed.", "confirm_word": "cancel"}
    assert submit(officer, "/events/c4/cancel", **done).status_code == 302
    told = [to for to, subject, _body in mails() if subject == "The meeting is cancelled"]
    assert sorted(told) == ["ana@guests.example", "ben@guests.example"]
    assert submit(officer, "/events/c4/cancel", **done).status_code == 422
    page = client.get("/events/c4").text
    assert "The hall is closed." in page and "Register" not in page
    assert db.session.query(AuditEvent).filter_by(action="cancelled").count() == 1
    held = make_event(code="c5", starts_at=now() - timedelta(days=9), ends_at=now() - timedelta(days=8))
    assert submit(officer, "/events/c5/cancel", **done).status_code == 422
    assert db.session.get(Event, held.id).state is EventState.ANNOUNCED


def test_what_was_signed_and_given_there_stands_on_its_page_and_leads_to_it(app, officer, client):
    school = make_institution(name="INTI", code="inti")
    start = now().replace(hour=1, minute=0) - timedelta(days=100)
    event = make_event(code="c6", title="The congress", starts_at=start, ends_at=start + timedelta(hours=8))
    day = event.days[0]
    first = make_agreement(
        school, signed_on=day - timedelta(days=800), starts_on=day - timedelta(days=800), ends_on=day
    )
    renewed = Agreement(
        institution=school,
        kind=AgreementKind.EXTENSION,
        signed_on=day,
        starts_on=day + timedelta(days=1),
        ends_on=day + timedelta(days=900),
        signatories="A, B",
        extends_id=first.id,
        extends_ends_on=first.ends_on,
    )
    db.session.add(renewed)
    db.session.commit()
    officer_id = make_user(role=Role.OFFICER).id
    award = make_nomination(make_award_call(), school, make_user(role=Role.COORDINATOR, institution=school))
    award.state, award.given_on, award.citation = NominationState.GIVEN, day, "For teaching."
    award.decided_by_id, award.decided_by_name, award.decided_at = officer_id, "Lin", now()
    award.reason = "Most points."
    db.session.commit()
    tied = {"agreements": [renewed.id], "awards": [award.id]}
    wrong = submit(officer, "/events/c6/given", agreements=[first.id])
    assert wrong.status_code == 422
    assert submit(officer, "/events/c6/given", **tied).status_code == 302
    page = squeezed(client.get("/events/c6").text)
    assert "INTI , Malaysia: agreement extended" in page
    assert award.category.name in page
    assert "The congress" in officer.get(f"/institutions/inti/agreements/{renewed.id}").text
    assert "The congress" in officer.get(f"/nominations/{award.id}").text
    assert "The congress" in client.get(f"/honours/{award.call.year}").text
    assert "The congress" not in officer.get(f"/institutions/inti/agreements/{first.id}").text
    assert submit(officer, "/events/c6/given", agreements=[]).status_code == 302
    assert db.session.query(EventAgreement).count() == 0


@pytest.mark.parametrize(
    "text", ["Ana", "Ana, nowhere", "ana@x.example", "Ana, a b@x.example", ", a@x.example"]
)
def test_a_line_that_is_no_name_and_address_is_refused_with_its_number(app, text):
    with app.test_request_context(), pytest.raises(DomainError, match="Line 2"):
        read_guests(f"Lim Mei Ling, lim@utar.example\n{text}")
