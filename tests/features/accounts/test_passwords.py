"""Passwords: those anyone could guess are refused, and a lost one is replaced by mail."""

import re
from datetime import timedelta

import pytest

from gdt.access import Role
from gdt.accounts import resetting
from gdt.accounts.passwords import hash_password, is_password
from gdt.accounts.reset_models import PasswordReset
from gdt.accounts.session_models import UserSession
from gdt.database import db, now
from gdt.security import behind_proxies
from tests.browser import counted_queries, submit, token_of
from tests.factories import make_session, make_user
from tests.features.accounts.test_accounts import user_of

PASSWORD = "three short words"


@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("short one", "at least 10 characters"),
        ("Password2026!", "too easy to guess"),
        ("qwertyuiopasdf", "too easy to guess"),
        ("linxiaowen1", "too easy to guess"),
        ("w" * 201, "at most 200 characters"),
    ],
)
def test_a_password_anyone_could_guess_is_refused(app, sign_in, password, sentence):
    browser = sign_in(Role.LEADER, name="Lin Xiaowen", password_hash=hash_password(PASSWORD))
    answer = submit(browser, "/account", current=PASSWORD, password=password)
    assert answer.status_code == 422
    assert sentence in answer.text


def test_a_lost_password_is_set_anew_by_a_mailed_link_once(app, client, sign_in):
    outbox = app.extensions["mailman"].outbox = []
    elsewhere = sign_in(Role.LEADER, email="o@gdt.example", password_hash=hash_password(PASSWORD))
    answer = submit(client, "/forgotten", email=" O@gdt.example ")
    assert "If an account has this address" in client.get(answer.location).text
    path = re.search(r"http://127\.0\.0\.1:8000(/reset/\S+)", outbox[0].body).group(1)
    assert submit(client, path, password="password12").status_code == 422
    assert submit(client, path, password="four other short words").location == "/"
    assert client.get("/account").status_code == 200
    assert elsewhere.get("/account").status_code == 302
    assert client.get(path).status_code == 404
    assert is_password("four other short words", user_of("o@gdt.example").password_hash)
    assert "set anew" in outbox[-1].body


def test_a_forged_host_poisons_no_link(app, client):
    make_user(email="o@gdt.example", password_hash=hash_password(PASSWORD))
    outbox = app.extensions["mailman"].outbox = []
    forged = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"}
    token = token_of(client, "/forgotten")
    typed = {"email": "o@gdt.example", "csrf_token": token}
    cookie = f"session={client.get_cookie('session').value}"
    stranger = app.test_client(use_cookies=False)
    stranger.post("/forgotten", data=typed, headers=forged | {"Cookie": cookie})
    assert "http://127.0.0.1:8000/reset/" in outbox[0].body
    assert "evil" not in outbox[0].body


def test_a_forged_address_is_not_believed_with_or_without_a_proxy(app, monkeypatch):
    make_user(email="o@gdt.example", password_hash=hash_password(PASSWORD))
    forged = {"X-Forwarded-For": "6.6.6.6, 203.0.113.9", "X-Forwarded-Host": "evil.example"}
    seen = {}
    for proxies in (0, 1):
        monkeypatch.setattr(app, "wsgi_app", app.wsgi_app)
        behind_proxies(app, proxies)
        browser = app.test_client()
        typed = {"email": "o@gdt.example", "password": PASSWORD, "csrf_token": token_of(browser, "/sign-in")}
        answer = browser.post("/sign-in", data=typed, headers=forged)
        assert answer.status_code == 302 and "evil" not in answer.location
        newest = db.session.query(UserSession).order_by(UserSession.id.desc()).first()
        seen[proxies] = newest.address
    assert seen == {0: "127.0.0.1", 1: "203.0.113.9"}


def test_a_link_for_a_new_password_runs_out(app, client):
    make_user(email="o@gdt.example", password_hash=hash_password(PASSWORD))
    outbox = app.extensions["mailman"].outbox = []
    submit(client, "/forgotten", email="o@gdt.example")
    path = re.search(r"(/reset/\S+)", outbox[0].body).group(1)
    assert client.get(path).status_code == 200
    db.session.query(PasswordReset).update({PasswordReset.expires_at: now() - timedelta(minutes=1)})
    db.session.commit()
    assert client.get(path).status_code == 404


def test_a_lost_password_is_the_same_answer_and_the_same_work_for_every_address(app, client, monkeypatch):
    """The request sends the same statements; whose address it is, a worker finds out afterwards."""
    make_user(email="known@gdt.example", password_hash=hash_password(PASSWORD))
    make_user(email="gone@gdt.example", password_hash=hash_password(PASSWORD), suspended_at=now())
    queued = []
    monkeypatch.setattr(resetting.jobs, "start", queued.append)
    seen = []
    for email in ("known@gdt.example", "gone@gdt.example", "nobody@gdt.example"):
        with counted_queries() as sent:
            answer = submit(client, "/forgotten", email=email)
        seen.append((answer.status_code, answer.location, tuple(sent)))
    assert len(set(seen)) == 1
    outbox = app.extensions["mailman"].outbox = []
    asked = [request.id for request in queued]
    db.session.rollback()
    for request_id in asked:
        resetting.jobs.run_here("password_resets", request_id)
    assert [message.to for message in outbox] == [["known@gdt.example"]]


def test_an_invitation_that_is_open_cannot_be_got_around_by_a_lost_password(app, client):
    make_user(email="invited@gdt.example")
    outbox = app.extensions["mailman"].outbox = []
    submit(client, "/forgotten", email="invited@gdt.example")
    assert outbox == []


def test_a_changed_password_leaves_only_this_session(app, sign_in):
    browser = sign_in(Role.LEADER, email="o@gdt.example", password_hash=hash_password(PASSWORD))
    make_session(user_of("o@gdt.example"))
    submit(browser, "/account", current=PASSWORD, password="four other short words")
    assert db.session.query(UserSession).filter(UserSession.ended_at.is_(None)).count() == 1
    assert browser.get("/account").status_code == 200
