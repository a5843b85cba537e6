"""Who came to an event as a file: the report of a meeting or the office's list, checked, kept and undone."""

import io
import json
import secrets
from datetime import UTC, datetime, timedelta

import openpyxl
import pytest

from gdt.access import Role
from gdt.accounts.models import User
from gdt.accounts.token_models import TokenRight
from gdt.audit import AuditEvent
from gdt.commands.office import gdt as office
from gdt.database import db, unit_of_work
from gdt.errors import RecordNotFound
from gdt.events.models import Way
from gdt.events.people_models import EventRegistration
from gdt.events.states import PlaceState
from gdt.imports.journal import read_page
from gdt.imports.models import Upload, UploadState
from gdt.privacy.erasing_accounts import take_out_account
from tests.browser import squeezed, submit, token_of
from tests.factories import make_event, make_institution, make_token, make_user

MEETING = (
    "Name (Original Name),User Email,Join Time,Duration (Minutes)\n"
    "Ana Torres,ANA@x.example,2026-11-20 09:00,55\n"
    "Ana Torres,ana@x.example,2026-11-20 10:00,12\n"
    "Bat Erdene,,2026-11-20 09:03,60\n"
    "Walk In,walkin@x.example,2026-11-20 09:04,3\n"
    "Wati,wati@x.example,2026-11-20 09:04,3\n"
)
PEOPLE = (
    ("Ana Torres", "ana@x.example", PlaceState.REGISTERED),
    ("Bat Erdene", "bat@x.example", PlaceState.REGISTERED),
    ("Chea Sok", "chea@x.example", PlaceState.REGISTERED),
    ("Wati", "wati@x.example", PlaceState.WAITING),
)


@pytest.fixture
def event(app):
    started = datetime.now(UTC) - timedelta(hours=3)
    event = make_event(code="meeting", starts_at=started, ends_at=started + timedelta(hours=2))
    for name, email, state in PEOPLE:
        place = EventRegistration(event=event, name=name, email=email, state=state, way=Way.ONLINE)
        place.link_key = secrets.token_hex(8)
        db.session.add(place)
    db.session.commit()
    return event


def came():
    db.session.rollback()
    return {one.name: (one.has_come, one.ticked_by_name) for one in db.session.query(EventRegistration)}


def hand_in(client, text, name="report.csv"):
    answer = submit(client, "/events/meeting/attendance-file", file=(io.BytesIO(text.encode()), name))
    return answer.location


def press(client, page, button):
    return client.post(f"{page}/{button}", data={"csrf_token": token_of(client, page)})


def test_the_report_of_a_meeting_ticks_who_came_and_can_be_undone(event, sign_in):
    officer = sign_in(Role.OFFICER, name="Lin")
    page = hand_in(officer, MEETING)
    shown = squeezed(officer.get(f"{page}?state=").text)
    assert "has no place at this event" in shown and "is on the waiting list" in shown
    assert press(officer, page, "keep").status_code == 302
    assert came() == {
        "Ana Torres": (True, "Lin"),
        "Bat Erdene": (True, "Lin"),
        "Chea Sok": (None, None),
        "Wati": (None, None),
    }
    upload = db.session.query(Upload).one()
    assert (upload.rows_in, upload.rows_kept, upload.rows_changed, upload.rows_refused) == (5, 3, 2, 2)
    assert "Kept “report.csv”: 3 of 5 rows" in squeezed(officer.get("/events/meeting/desk").text)
    other = hand_in(officer, "E-mail,Attended\nana@x.example,no\nchea@x.example,No show\n", "list.csv")
    assert "with something else than ticked" in officer.get(f"{other}?state=").text
    press(officer, other, "keep")
    assert came()["Chea Sok"] == (False, "Lin") and came()["Ana Torres"] == (True, "Lin")
    assert press(officer, page, "undo").status_code == 302
    assert came()["Ana Torres"] == (None, None) and came()["Chea Sok"] == (False, "Lin")
    db.session.rollback()
    assert db.session.get(Upload, upload.id).state is UploadState.UNDONE


def test_programs_and_the_command_line_of_the_office_say_who_came_too(app, event, client, tmp_path):
    officer, partner = make_user(role=Role.OFFICER), make_user(role=Role.COORDINATOR)
    said = {"kind": "attendance", "subject": "meeting"}
    for user, status in ((partner, 403), (officer, 201)):
        bearer = {"Authorization": f"Bearer {make_token(user, TokenRight.UPLOADS)}"}
        file = io.BytesIO(b"E-mail,Attended\nana@x.example,no\n"), "list.csv"
        sent = client.post("/api/v1/uploads", data={**said, "file": file}, headers=bearer)
        assert sent.status_code == status
    assert client.post(f"{sent.headers['Location']}/confirm", headers=bearer).status_code == 202
    assert came()["Ana Torres"] == (False, officer.name)
    report = tmp_path / "report.csv"
    report.write_text(MEETING)
    command = ("import-attendance", str(report), "--event", "meeting")
    run = app.test_cli_runner().invoke
    told = [json.loads(run(office, [*command, *more, "--json"]).output) for more in ((), ("--replace",))]
    assert [one["rows_kept"] for one in told] == [2, 3]
    assert came()["Ana Torres"][0] is True


def test_the_journal_of_a_list_forgets_who_ticked_it_and_it_can_still_be_undone(event, sign_in):
    leaver = sign_in(Role.OFFICER, name="Ngozi Leaver")
    page = hand_in(leaver, MEETING)
    press(leaver, page, "keep")
    [before] = db.session.query(Upload).one().journal
    assert "Ngozi Leaver" in str(read_page(before))
    with unit_of_work():
        user = db.session.query(User).filter_by(name="Ngozi Leaver").one()
        take_out_account(user)
    [after] = db.session.query(Upload).one().journal
    assert "Ngozi Leaver" not in str(read_page(after))
    assert came()["Ana Torres"] == (True, f"Former user {user.id}")
    with pytest.raises(RecordNotFound):
        read_page(before)
    assert press(sign_in(Role.OFFICER), page, "undo").status_code == 302
    assert came()["Ana Torres"] == (None, None)


def test_what_was_ticked_since_stands_in_the_way_of_undoing_and_before_it_begins_nobody_came(event, sign_in):
    officer = sign_in(Role.OFFICER)
    page = hand_in(officer, MEETING)
    press(officer, page, "keep")
    ana = db.session.query(EventRegistration).filter_by(name="Ana Torres").one()
    ana.has_come = False
    db.session.commit()
    assert "1 person was ticked otherwise since" in squeezed(officer.get(f"{page}/undo").text)
    press(officer, page, "undo")
    assert came()["Bat Erdene"][0] is True
    event = db.session.merge(event)
    event.starts_at, event.ends_at = (datetime.now(UTC) + timedelta(hours=n) for n in (1, 2))
    db.session.commit()
    early = submit(
        officer, "/events/meeting/attendance-file", file=(io.BytesIO(b"E-mail\nx@x.example\n"), "a.csv")
    )
    assert early.status_code == 422 and "from the beginning of the event on" in early.text


def test_the_list_to_fill_in_holds_who_has_a_place_and_is_for_whoever_plans_events(event, sign_in):
    officer = sign_in(Role.OFFICER)
    book = openpyxl.load_workbook(io.BytesIO(officer.get("/events/meeting/attendance-template.xlsx").data))
    rows = [[cell.value for cell in row] for row in book.worksheets[0].iter_rows(max_row=4)]
    assert rows[0] == ["E-mail", "Full name", "Came"]
    assert [row[0] for row in rows[1:]] == ["ana@x.example", "bat@x.example", "chea@x.example"]
    assert db.session.query(AuditEvent).filter_by(action="took out").count() == 1
    coordinator = sign_in(Role.COORDINATOR, make_institution())
    for door in ("attendance-file", "attendance-template.xlsx"):
        assert coordinator.get(f"/events/meeting/{door}").status_code == 403
