"""Reminders of an agreement's end, each once, and the calendar that shows them, under a clock that moves."""

from datetime import UTC, date, datetime, timedelta

import icalendar
import pytest

from gdt.access import Role
from gdt.accounts.models import User
from gdt.database import db
from gdt.mail import OutgoingMail
from gdt.partners import agreements, drafting, reminding, terminating
from gdt.partners.models import Agreement, AgreementKind
from gdt.partners.reminder_models import AgreementReminder, Audience, ReminderState
from gdt.partners.renewal_times import months_before
from gdt.renewals import sending
from gdt.renewals.sending import remind_of_ends
from tests.browser import counted_queries, submit
from tests.factories import TODAY, make_agreement, make_institution, make_region, make_user

END = TODAY + timedelta(days=330)


@pytest.fixture
def clock(monkeypatch):
    """The day the services believe in; setting it does what workers do every hour."""

    def turn_to(day: date) -> int:
        moment = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
        for module in (agreements, drafting, reminding, terminating, sending):
            monkeypatch.setattr(module, "now", lambda: moment)
        return remind_of_ends(day) + remind_of_ends(day)

    return turn_to


@pytest.fixture
def utar(app):
    school = make_institution(code="utar", name="Universiti; Tunku, Abdul Rahman")
    make_agreement(school, ends_on=END)
    make_user(role=Role.COORDINATOR, institution=school, name="Aina", email="aina@utar.example")
    make_user(
        role=Role.OFFICER, email="elsewhere@gdt.example", regions=[make_region(code="africa", name="Africa")]
    )
    make_user(role=Role.OFFICER, email="officer@gdt.example")
    return school


@pytest.fixture
def outbox(app):
    mail = app.extensions["mailman"]
    mail.outbox = []
    return mail.outbox


def states(audience=Audience.INSTITUTION):
    rows = db.session.query(AgreementReminder).filter_by(audience=audience)
    return [one.state.value for one in rows.order_by(AgreementReminder.due_on)]


def recipients():
    return sorted(mail.recipient for mail in db.session.query(OutgoingMail))


def test_each_reminder_is_sent_on_its_day_once_and_settled_by_the_renewal(clock, utar, officer, outbox):
    db.session.query(User).filter(User.name.like("User%"), User.email.like("user%")).delete()
    db.session.commit()
    assert clock(months_before(END, 9) - timedelta(days=1)) == 0
    assert states() == ["due", "due", "due", "due"]
    assert clock(months_before(END, 9)) == 2
    assert recipients() == ["aina@utar.example", "officer@gdt.example"]
    [body] = [message.body for message in outbox if message.to == ["aina@utar.example"]]
    assert f"in {(END - months_before(END, 9)).days} days" in body
    assert "/institutions/utar/agreements/" in body
    assert clock(months_before(END, 3) + timedelta(days=2)) == 2
    assert states() == ["sent", "not needed", "sent", "due"]
    assert len(recipients()) == 4
    term = db.session.query(Agreement).one()
    draft = drafting.prepare_draft(
        viewer=db.session.query(User).filter_by(email="officer@gdt.example").one(),
        institution=term.institution,
        kind=AgreementKind.EXTENSION,
        extends_id=term.id,
        starts_on=END + timedelta(days=1),
        ends_on=END + timedelta(days=900),
    )
    officer_user = db.session.query(User).filter_by(email="officer@gdt.example").one()
    drafting.sign_draft(
        viewer=officer_user,
        draft=draft,
        signed_on=TODAY,
        signatories="Both",
        document=b"%PDF-1.7\n%%EOF\n",
    )
    db.session.commit()
    assert states() == ["answered", "not needed", "answered", "not needed"]
    assert clock(months_before(END, 1)) == 0


def test_where_there_is_nobody_to_write_to_a_reminder_waits_until_there_is(clock, app):
    school = make_institution(code="utar")
    make_agreement(school, ends_on=END)
    day = months_before(END, 6)
    assert clock(day) == 0
    assert "Nobody there to write to" in db.session.query(AgreementReminder).filter_by(months=6).first().note
    make_user(role=Role.COORDINATOR, institution=school)
    assert clock(day + timedelta(days=3)) == 1
    assert states() == ["not needed", "sent", "due", "due"]
    assert states(Audience.OFFICE) == ["not needed", "due", "due", "due"]
    assert clock(END + timedelta(days=1)) == 0
    assert set(states(Audience.OFFICE)) == {"not needed"}


def test_the_calendar_says_what_ends_what_was_sent_and_what_to_do(clock, utar, sign_in, officer):
    assert clock(TODAY) == 0
    reminder = db.session.query(AgreementReminder).filter_by(months=9, audience=Audience.INSTITUTION).one()
    reminder.state, reminder.sent_at, reminder.people = ReminderState.SENT, datetime.now(UTC), 1
    db.session.commit()
    for n in range(3):
        make_agreement(make_institution(name=f"Later {n}"), ends_on=TODAY + timedelta(days=500))
    with counted_queries() as few:
        page = officer.get("/renewals").text
    assert "1 agreement ends in the next 12 months" in page
    assert "Sent, no answer yet" in page
    assert "Later 0" not in page
    with counted_queries() as more:
        assert "Later 2" in officer.get("/renewals?months=24").text
    assert len(few) == len(more)
    assert "was reminded that its agreement ends" in officer.get("/").text
    answered = submit(officer, f"/renewals/{reminder.id}/answer", words="They renew.")
    assert answered.location == "/renewals"
    assert "They renew." in officer.get("/renewals").text
    assert (
        "waits for an answer can be answered"
        in submit(officer, f"/renewals/{reminder.id}/answer", words="Again").text
    )
    assert sign_in(Role.COORDINATOR, utar).get("/renewals").status_code == 403


def test_the_calendar_file_opens_and_holds_an_institutions_own_days_alone(utar, sign_in, officer):
    other = make_institution(name="大学 " + " ".join(["Долгое имя"] * 12))
    make_agreement(other, ends_on=TODAY + timedelta(days=40))
    file = icalendar.Calendar.from_ical(officer.get("/renewals.ics").data)
    events = {str(event["SUMMARY"]): event for event in file.walk("VEVENT")}
    assert set(events) == {f"The agreement of {place.name} ends" for place in (utar, other)}
    own = sign_in(Role.COORDINATOR, utar).get("/renewals.ics")
    assert own.mimetype == "text/calendar"
    [event] = icalendar.Calendar.from_ical(own.data).walk("VEVENT")
    assert event.decoded("DTSTART") == END
    assert event["UID"].startswith("agreement-")
    assert all(len(line) <= 75 for line in own.data.split(b"\r\n"))


def test_a_draft_that_waits_stands_on_the_home_page_of_the_institution(utar, sign_in, officer):
    term = utar.agreements[0]
    renewal = {"kind": "extension", "extends_id": term.id, "teachers_target": 1, "students_target": 1}
    days = {"starts_on": END + timedelta(days=1), "ends_on": END + timedelta(days=700)}
    path = submit(officer, "/institutions/utar/drafts/new", **renewal, **days).location
    for viewer in (officer, sign_in(Role.COORDINATOR, utar)):
        assert path in viewer.get("/").text
    assert "Have the draft signed" in officer.get("/renewals").text
