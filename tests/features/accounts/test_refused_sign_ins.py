"""Refused tries to sign in: their owner and administrators see them, whoever tried learns nothing."""

import re

import pytest

from gdt.access import Role
from gdt.accounts import throttled_tries
from gdt.accounts.passwords import hash_password
from gdt.accounts.refusal_models import Refusal, RefusedSignIn
from gdt.accounts.session_models import Step
from gdt.database import db
from gdt.security import Tries
from tests.browser import counted_queries, squeezed, submit, token_of
from tests.factories import make_session, make_user
from tests.features.certification.test_verifying import throttled_stranger  # noqa: F401  (a fixture)

PASSWORD = "three short words"
WINDOWS = "Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Firefox/145.0"


def refusals():
    db.session.expire_all()
    rows = db.session.query(RefusedSignIn).order_by(RefusedSignIn.id)
    noted = [(one.user_id, one.because, one.address, one.tries) for one in rows]
    db.session.rollback()  # a test's own look holds SQLite's one lock, too
    return noted


def test_an_owner_and_an_administrator_see_what_was_refused_and_nobody_else_learns_of_it(app, sign_in):
    owner = make_user(role=Role.LEADER, email="o@gdt.example", password_hash=hash_password(PASSWORD))
    owner_id = owner.id
    thief = app.test_client()
    thief.environ_base |= {"REMOTE_ADDR": "203.0.113.9", "HTTP_USER_AGENT": WINDOWS}
    for _n in range(3):
        assert submit(thief, "/sign-in", email="o@gdt.example", password="wrong").status_code == 422
    assert refusals() == [(owner_id, Refusal.PASSWORD, "203.0.113.9", 3)]
    here = app.test_client()
    submit(here, "/sign-in", email="o@gdt.example", password=PASSWORD)
    assert "3 tries at your account were refused" in here.get("/account").text
    page = squeezed(here.get("/account/sessions").text)
    assert re.search(r"wrong password\s+Firefox · Windows\s+203\.0\.113\.9\s+3\b", page)
    assert "tries at your account" not in here.get("/account").text
    administrator, stranger = sign_in(Role.ADMINISTRATOR), sign_in(Role.LEADER)
    assert "203.0.113.9" in administrator.get(f"/users/{owner_id}").text
    assert "203.0.113.9" not in stranger.get("/account/sessions").text
    assert stranger.get(f"/users/{owner_id}").status_code == 403


def test_a_refused_try_is_the_same_answer_and_the_same_work_for_every_address(app, client):
    make_user(email="o@gdt.example", password_hash=hash_password(PASSWORD))
    seen = []
    for email in ("o@gdt.example", "n@gdt.example", "o@gdt.example", "n@gdt.example"):
        token = token_of(client, "/sign-in")
        with counted_queries() as sent:
            answer = client.post("/sign-in", data={"email": email, "password": "wrong", "csrf_token": token})
        verbs = [(one.split()[0], "refused_sign_ins" in one) for one in sent]
        page = answer.text.replace(email, "").replace(token, "")
        seen.append((answer.status_code, verbs, re.sub(r'value="[^"]*"', "", page)))
    assert ("INSERT", True) in seen[0][1]
    assert seen[0] == seen[1] == seen[2] == seen[3]
    assert [(who is None, place, tries) for who, _why, place, tries in refusals()] == [
        (False, "127.0.0.1", 2),
        (True, "", 2),
    ]


def test_what_a_throttle_refuses_is_noted_alike_for_every_address_and_not_more_than_it_may_cost(
    app,
    throttled_stranger,  # noqa: F811
    monkeypatch,
):
    owner = make_user(email="o@gdt.example", password_hash=hash_password(PASSWORD)).id
    db.session.commit()  # the other application writes to the same file
    seen, throttled = [], throttled_stranger.application
    for email, place in {"o@gdt.example": "203.0.113.9", "n@gdt.example": "203.0.113.8", "\0": "::1"}.items():
        browser = throttled.test_client()
        browser.environ_base["REMOTE_ADDR"] = place
        typed = {"email": "?", "csrf_token": token_of(browser, "/sign-in")}
        for _n in range(10):
            browser.post("/sign-in", data=typed)
        with throttled.app_context(), counted_queries() as sent:
            answer = browser.post("/sign-in", data=typed | {"email": email})
        seen.append((answer.status_code, [one.split()[0] for one in sent], answer.text))
    assert seen[0] == seen[1] == seen[2]
    assert (seen[0][0], seen[0][1].count("INSERT")) == (429, 1)
    assert refusals() == [
        (owner, Refusal.THROTTLED, "203.0.113.9", 1),
        (None, Refusal.THROTTLED, "", 2),
    ]
    monkeypatch.setattr(throttled_tries, "NOTED", Tries("a flood", "1 per minute"))
    again = [browser.post("/sign-in", data=typed) for _n in range(3)]
    assert [answer.status_code for answer in again] == [429] * 3
    assert refusals()[1] == (None, Refusal.THROTTLED, "", 3)


@pytest.mark.parametrize("named", ["\\u0000", "\\ud800", "[" * 100000, "AAAA"])
def test_a_passkey_no_device_ever_made_is_refused_like_any_other(app, client, named):
    token = token_of(client, "/sign-in")
    answer = client.post("/sign-in/passkey", data={"csrf_token": token, "answer": f'{{"id": "{named}"}}'})
    assert (answer.status_code, "passkey was not accepted" in answer.text) == (422, True)
    assert refusals() == [(None, Refusal.PASSKEY, "", 1)]


def test_wrong_second_steps_and_suspended_accounts_are_noted_each_by_its_reason(app, client):
    user = make_user(role=Role.LEADER, email="o@gdt.example", password_hash=hash_password(PASSWORD))
    with client.session_transaction() as session:
        session["_user_id"] = make_session(user, step=Step.SECOND)
    assert submit(client, "/sign-in/second-step", code="000000").status_code == 422
    user.suspended_at = user.created_at
    db.session.commit()
    assert submit(app.test_client(), "/sign-in", email="o@gdt.example", password=PASSWORD).status_code == 422
    assert [why for _who, why, _place, _tries in refusals()] == [Refusal.SECOND_STEP, Refusal.SUSPENDED]
