"""Sessions: listed and ended by their owner, ended by time, and what their history says."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from gdt.access import Role
from gdt.accounts.models import User
from gdt.accounts.passwords import hash_password
from gdt.accounts.refusal_models import Refusal, RefusedSignIn
from gdt.accounts.session_models import EndReason, UserSession
from gdt.accounts.sessions import HISTORY_KEPT, forget_old_sign_ins
from gdt.database import db, now
from tests.browser import counted_queries, submit, token_of
from tests.factories import make_session, make_user
from tests.features.certification.test_verifying import throttled_stranger  # noqa: F401  (a fixture)

PASSWORD = "three short words"
WINDOWS = "Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Firefox/145.0"


def age(session: UserSession, **columns: timedelta) -> None:
    for name, by in columns.items():
        setattr(session, name, now() - by)
    db.session.commit()


def test_an_owner_sees_where_she_is_signed_in_and_ends_what_she_does_not_know(app, sign_in):
    here = sign_in(Role.LEADER, email="o@gdt.example", password_hash=hash_password(PASSWORD))
    elsewhere, stranger = app.test_client(), sign_in(Role.LEADER)
    elsewhere.environ_base["HTTP_USER_AGENT"] = WINDOWS
    submit(elsewhere, "/sign-in", email="o@gdt.example", password=PASSWORD)
    page = here.get("/account/sessions").text
    assert "Firefox · Windows" in page
    assert "192.0.2.7" in page
    known = {one.browser: one.id for one in db.session.query(UserSession)}
    theirs = db.session.query(UserSession).order_by(UserSession.id.desc()).first()
    token = token_of(stranger, "/account")
    answer = stranger.post("/account/sessions/end", data={"csrf_token": token, "session": theirs.id})
    assert answer.status_code == 404
    assert elsewhere.get("/account").status_code == 200
    submit(here, "/account/sessions/end", page="/account/sessions", session=known["Firefox · Windows"])
    assert elsewhere.get("/account").status_code == 302
    assert here.get("/account").status_code == 200
    page = here.get("/account/sessions").text
    assert "ended by you" in page
    submit(elsewhere, "/sign-in", email="o@gdt.example", password=PASSWORD)
    submit(here, "/account/sessions/end-others", page="/account/sessions")
    assert (here.get("/account").status_code, elsewhere.get("/account").status_code) == (200, 302)


def test_a_session_ends_when_it_rests_too_long_or_is_too_old(app, client):
    user = make_user(role=Role.LEADER)
    idle, longest = app.config["SESSION_IDLE"], app.config["SESSION_LONGEST"]
    minute = timedelta(minutes=1)
    for ages, is_open in (
        ({"last_seen_at": idle - minute}, True),
        ({"last_seen_at": idle + minute}, False),
        ({"started_at": longest - minute}, True),
        ({"started_at": longest + minute}, False),
    ):
        with client.session_transaction() as session:
            session["_user_id"] = make_session(user)
        age(db.session.query(UserSession).order_by(UserSession.id.desc()).first(), **ages)
        assert (client.get("/account").status_code == 200) is is_open


def test_being_seen_is_noted_every_few_minutes_after_the_answer_and_reading_writes_nothing_else(app, leader):
    session = db.session.query(UserSession).one()
    age(session, last_seen_at=timedelta(minutes=2))
    with counted_queries() as sent:
        leader.get("/account")
    assert [statement for statement in sent if statement.startswith("UPDATE")] == []
    age(session, last_seen_at=timedelta(minutes=20))
    with counted_queries() as sent:
        leader.get("/account")
    assert [statement.split()[1] for statement in sent if statement.startswith("UPDATE")] == ["user_sessions"]
    db.session.expire_all()
    assert now() - session.last_seen_at < timedelta(minutes=1)


def test_nobody_who_reads_waits_for_a_writer_to_be_noted_as_seen(app, leader):
    """With SQLite's usual patience this would take a minute."""
    session = db.session.query(UserSession).one()
    age(session, last_seen_at=timedelta(minutes=20))
    db.session.remove()
    with db.engine.begin() as writer:  # on SQLite: the one lock there is
        writer.execute(text("SELECT 1"))
        assert leader.get("/account").status_code == 200
    noted = now() - db.session.query(UserSession).one().last_seen_at < timedelta(minutes=1)
    assert noted is (db.engine.dialect.name == "postgresql")


def test_a_stolen_cookie_is_worth_nothing_after_signing_out(app, client):
    make_user(email="o@gdt.example", password_hash=hash_password(PASSWORD))
    submit(client, "/sign-in", email="o@gdt.example", password=PASSWORD)
    stolen = client.get_cookie("session").value
    submit(client, "/sign-out", page="/account")
    thief = app.test_client()
    thief.set_cookie("session", stolen)
    assert thief.get("/account").status_code == 302
    assert db.session.query(UserSession).one().ended_because is EndReason.SIGNED_OUT


def test_old_sign_ins_are_forgotten(app):
    user = make_user()
    for days in (1, 1000):
        make_session(user, started_at=now() - timedelta(days=days))
    assert timedelta(days=1000) > HISTORY_KEPT
    forget_old_sign_ins()
    assert db.session.query(UserSession).count() == 1


@pytest.mark.parametrize("email", ["o@gdt.example", "nobody@gdt.example"])
def test_an_account_takes_few_wrong_passwords_from_everywhere_together(app, throttled_stranger, email):  # noqa: F811
    make_user(email="o@gdt.example", password_hash=hash_password(PASSWORD))
    sentences = []
    for n in range(12):
        browser = throttled_stranger.application.test_client()
        browser.environ_base["REMOTE_ADDR"] = f"192.0.2.{n}"
        sentences.append(submit(browser, "/sign-in", email=email, password="wrong").text)
    assert ["Too many wrong tries" in sentence for sentence in sentences] == [False] * 10 + [True] * 2
    last = submit(throttled_stranger, "/sign-in", email=email, password=PASSWORD)
    assert last.status_code == 422
    noted = db.session.query(RefusedSignIn).filter_by(because=Refusal.THROTTLED)
    assert sum(one.tries for one in noted) == 3
    assert {one.user_id is not None for one in noted} == {email == "o@gdt.example"}


def test_rights_are_read_at_each_request(app, sign_in):
    browser = sign_in(Role.ADMINISTRATOR, email="o@gdt.example")
    assert browser.get("/trail").status_code == 200
    db.session.query(User).update({User.role: Role.LEADER})
    db.session.commit()
    assert browser.get("/trail").status_code == 403
