"""Refused tries to sign in: their owner and administrators see them, whoever tried learns nothing."""

import re

from gdt.access import Role
from gdt.accounts.passwords import hash_password
from gdt.accounts.refusal_models import Refusal, RefusedSignIn
from gdt.accounts.session_models import Step
from gdt.database import db
from tests.browser import counted_queries, squeezed, submit, token_of
from tests.factories import make_session, make_user

PASSWORD = "three short words"
WINDOWS = "Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Firefox/145.0"


def refusals():
    db.session.expire_all()
    rows = db.session.query(RefusedSignIn).order_by(RefusedSignIn.id)
    return [(one.user_id, one.because, one.address, one.tries) for one in rows]


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


def test_wrong_second_steps_and_suspended_accounts_are_noted_each_by_its_reason(app, client):
    user = make_user(role=Role.LEADER, email="o@gdt.example", password_hash=hash_password(PASSWORD))
    with client.session_transaction() as session:
        session["_user_id"] = make_session(user, step=Step.SECOND)
    assert submit(client, "/sign-in/second-step", code="000000").status_code == 422
    user.suspended_at = user.created_at
    db.session.commit()
    assert submit(app.test_client(), "/sign-in", email="o@gdt.example", password=PASSWORD).status_code == 422
    assert [why for _who, why, _place, _tries in refusals()] == [Refusal.SECOND_STEP, Refusal.SUSPENDED]
