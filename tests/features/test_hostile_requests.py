"""What no browser of ours sends: it is answered in words, and reaches neither a database nor a mailbox."""

import re

import pytest

from gdt.access import Role
from gdt.community.models import ProjectEvidence
from gdt.database import db
from gdt.events import registering
from gdt.events.people_models import EventRegistration
from gdt.outgoing import OutgoingMail
from gdt.security import record_id
from tests.browser import submit, token_of
from tests.factories import make_event, make_institution, make_project

PDF = b"%PDF-1.4 of a few bytes"


def multipart(token: str, said: str) -> tuple[bytes, str]:
    """The body of a form with one file, whose name is written as `said` says it."""
    lines = [
        b"--b", b'Content-Disposition: form-data; name="csrf_token"', b"", token.encode(),
        b"--b", f'Content-Disposition: form-data; name="evidence"; {said}'.encode(), b"", PDF, b"--b--", b"",
    ]  # fmt: skip
    return b"\r\n".join(lines), "multipart/form-data; boundary=b"


@pytest.mark.parametrize("name", ["a%00b.pdf", "a%0D%0AX-Evil:1.pdf", "%E2%80%AEfdp.exe.pdf"])
def test_a_file_whose_name_no_header_can_carry_is_kept_under_one_that_it_can(app, sign_in, name):
    project = make_project(institution=make_institution())
    browser = sign_in(Role.COORDINATOR, project.institution)
    path = f"/projects/{project.code}/evidence/new"
    body, kind = multipart(token_of(browser, path), f"filename*=UTF-8''{name}")
    assert browser.post(path, data=body, content_type=kind).status_code == 302
    kept = db.session.query(ProjectEvidence).order_by(ProjectEvidence.id.desc()).first()
    answer = browser.get(f"/projects/{project.code}/evidence/{kept.id}")
    assert (answer.status_code, answer.data) == (200, PDF)
    said = answer.headers["Content-Disposition"]
    assert re.fullmatch(r"attachment; filename=\"?[\w.:-]+\"?", said), said


@pytest.mark.parametrize("number", ["9" * 5000, str(2**64), str(2**31), "-1", "²", "x", "", None])
def test_a_number_no_record_has_is_nobodys(number):
    assert record_id(number) == 0


def test_ids_in_forms_that_no_database_holds_are_nobodys(app, officer):
    token = token_of(officer, "/account")
    sent = {"csrf_token": token, "session": "9" * 30}
    assert officer.post("/account/sessions/end", data=sent).status_code == 404
    event = make_event()
    ticks = {"csrf_token": token, "shown": f"{2**63} {'9' * 5000}", "present": [str(2**63)]}
    assert officer.post(f"/events/{event.code}/attendance", data=ticks).status_code == 302


def test_a_stranger_makes_us_write_neither_her_words_nor_her_links_to_others(app, client, monkeypatch):
    path = f"/events/{make_event(is_for_all=True).code}/register"
    typed = {"email": "victim@example.org", "organisation": "", "way": "on site"}
    for name in ("Win now https://evil.example", "See www.evil.example", "evil.example/win"):
        answer = submit(client, path, name=name, **typed)
        assert (answer.status_code, "without a web address" in answer.text) == (422, True)
    assert submit(client, path, name="Mei\r\n\r\nYou won.\rCome", **typed).status_code == 302
    assert db.session.query(EventRegistration).one().name == "Mei You won. Come"
    asked = []
    monkeypatch.setattr(registering.AGAIN, "take", asked.append)
    assert submit(client, path, name="Mei", **typed).status_code == 302
    assert (len(asked), db.session.query(OutgoingMail).count()) == (1, 2)
    monkeypatch.undo()
