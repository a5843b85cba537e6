"""The second step: setting it up, signing in with it, and the codes for a bad day."""

import html
import re
from datetime import UTC, datetime, timedelta

import pyotp
import pytest

from gdt.access import Role
from gdt.accounts.factor_models import AuthenticatorApp, RecoveryCode
from gdt.accounts.passwords import hash_password
from gdt.accounts.session_models import UserSession
from gdt.database import db
from tests.browser import submit, token_of
from tests.factories import make_session, make_user
from tests.features.accounts.test_accounts import user_of

PASSWORD = "three short words"


@pytest.fixture
def required(app):
    app.config["SECOND_FACTOR"] = True
    yield
    app.config["SECOND_FACTOR"] = False


def set_up_app(browser):
    """Set up an app as a person does; returns it, the recovery codes that were shown, and the code typed."""
    page = browser.get("/account/app").text
    assert "<svg" in page
    assert "style=" not in page
    secret = "".join(re.search(r'<code class="code">([^<]+)</code>', page).group(1).split())
    phone = pyotp.TOTP(secret)
    wrong = submit(browser, "/account/app", code="000000")
    assert (wrong.status_code, secret[:4] in wrong.text) == (422, True)
    typed = phone.now()
    answer = submit(browser, "/account/app", code=typed)
    assert answer.location == "/account/recovery-codes"
    shown = browser.get(answer.location).text
    return phone, re.findall(r"<code>([\w-]{19})</code>", shown), typed


def next_code(phone):
    """The code of the coming half minute: a phone's clock may be wrong by one."""
    return phone.at(datetime.now(UTC) + timedelta(seconds=30))


def test_an_officer_is_led_to_the_set_up_and_nowhere_else_until_it_is_done(app, client, required):
    make_user(email="o@gdt.example", role=Role.OFFICER, password_hash=hash_password(PASSWORD))
    answer = submit(client, "/sign-in", email="o@gdt.example", password=PASSWORD, next="/certificates")
    assert answer.location == "/account/second-step"
    for path in ("/people", "/certificates", "/account", "/account/sessions", "/users"):
        asked = client.get(path)
        assert (asked.status_code, asked.location.partition("?")[0]) == (302, "/sign-in")
        assert client.get(asked.location).location == "/account/second-step"
    assert "Your role can do what cannot be undone" in client.get("/account/second-step").text
    before = client.get_cookie("session").value
    _phone, codes, _typed = set_up_app(client)
    assert len(codes) == 10
    file = client.get("/account/recovery-codes.txt")
    assert "attachment" in file.headers["Content-Disposition"]
    assert [line for line in file.text.splitlines() if line in codes] == codes
    page = "/account/recovery-codes"
    assert submit(client, "/account/recovery-codes/kept", page=page).location == "/certificates"
    assert client.get("/certificates").status_code == 200
    assert client.get(page).status_code == 302
    thief = app.test_client()
    thief.set_cookie("session", before)
    assert thief.get("/account/second-step").status_code == 302


def test_a_coordinator_may_do_without(app, client, required, sign_in):
    sign_in(Role.COORDINATOR, email="c@utar.example", password_hash=hash_password(PASSWORD))
    assert submit(client, "/sign-in", email="c@utar.example", password=PASSWORD).location == "/"


def test_whoever_has_an_app_is_asked_for_a_code_and_each_code_works_once(app, sign_in):
    here = sign_in(Role.COORDINATOR, email="c@utar.example", password_hash=hash_password(PASSWORD))
    make_session(user_of("c@utar.example"))
    phone, codes, used = set_up_app(here)
    assert db.session.query(UserSession).filter(UserSession.ended_at.is_(None)).count() == 1
    kept = db.session.query(AuthenticatorApp).one()
    assert phone.secret not in kept.sealed_secret

    def tried(code):
        browser = app.test_client()
        step = submit(browser, "/sign-in", email="c@utar.example", password=PASSWORD)
        assert step.location == "/sign-in/second-step"
        assert browser.get("/people").status_code == 302
        answer = submit(browser, "/sign-in/second-step", code=code)
        return answer.status_code, browser.get("/account").status_code

    assert tried(used) == (422, 302)
    fresh = next_code(phone)
    assert tried(fresh) == (302, 200)
    assert tried(fresh) == (422, 302)
    assert tried(codes[3].lower().replace("-", " ")) == (302, 200)
    assert tried(codes[3]) == (422, 302)
    kept.sealed_secret = "sealed by an installation with another secret"
    db.session.commit()
    assert tried(phone.now())[0] == 422
    assert tried(codes[5]) == (302, 200)
    assert codes[4] not in {code.code_hash for code in db.session.query(RecoveryCode)}


def test_taking_the_app_away_and_making_new_codes_needs_the_password(app, sign_in):
    here = sign_in(Role.LEADER, email="o@gdt.example", password_hash=hash_password(PASSWORD))
    _phone, codes, _typed = set_up_app(here)
    remove, renew = "/account/second-step/remove?what=app", "/account/recovery-codes/renew"
    for path in (remove, renew):
        assert submit(here, path, password="wrong").status_code == 422
    submit(here, renew, password=PASSWORD)
    anew = re.findall(r"<code>([\w-]{19})</code>", here.get("/account/recovery-codes").text)
    assert set(anew).isdisjoint(codes)
    outbox = app.extensions["mailman"].outbox = []
    assert submit(here, remove, password=PASSWORD).location == "/account/second-step"
    assert "Took the authenticator app away" in outbox[0].body
    assert db.session.query(RecoveryCode).count() == 0


def test_who_must_have_a_second_step_cannot_take_the_last_one_away(app, sign_in, required):
    here = sign_in(Role.OFFICER, password_hash=hash_password(PASSWORD))
    set_up_app(here)
    answer = submit(here, "/account/second-step/remove?what=app", password=PASSWORD)
    assert answer.status_code == 422
    assert "Set up another one" in html.unescape(answer.text)


def test_an_administrator_helps_whoever_lost_the_phone_and_nobody_helps_herself(app, administrator, sign_in):
    theirs = sign_in(Role.OFFICER, email="o@gdt.example", password_hash=hash_password(PASSWORD))
    set_up_app(theirs)
    user_id = user_of("o@gdt.example").id
    submit(administrator, f"/users/{user_id}/forget-second-step", reason="Phone lost, called her")
    assert theirs.get("/account").status_code == 302
    answer = submit(theirs, "/sign-in", email="o@gdt.example", password=PASSWORD)
    assert answer.location == "/"
    me = user_of(db.session.query(UserSession).order_by(UserSession.id).first().user.email)
    own = submit(administrator, f"/users/{me.id}/forget-second-step", reason="I can")
    assert (own.status_code, "another administrator" in own.text) == (422, True)


def test_a_new_password_by_mail_does_not_get_around_the_second_step(app, client, sign_in):
    here = sign_in(Role.LEADER, email="o@gdt.example", password_hash=hash_password(PASSWORD))
    set_up_app(here)
    outbox = app.extensions["mailman"].outbox = []
    submit(client, "/forgotten", email="o@gdt.example")
    path = re.search(r"(/reset/\S+)", outbox[0].body).group(1)
    assert submit(client, path, password="four other short words").location == "/sign-in/second-step"
    assert client.get("/account").status_code == 302


def test_a_passkey_is_not_offered_where_browsers_make_none_and_nonsense_signs_nobody_in(app, client):
    assert "data-passkey" not in client.get("/sign-in").text
    token = token_of(client, "/sign-in")
    for nonsense in ("", "{}", "[]", '{"id": "x"}', '{"id": 7}', "\x7f"):
        answer = client.post("/sign-in/passkey", data={"csrf_token": token, "answer": nonsense})
        assert answer.status_code == 422
        assert "was not accepted" in answer.text
