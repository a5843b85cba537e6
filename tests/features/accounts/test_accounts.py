"""Signing in, being invited, and what an administrator does with users."""

import re

import pytest
from flask_mailman import Mail

from gdt.access import Role
from gdt.accounts import queries
from gdt.accounts.models import User
from gdt.accounts.passwords import hash_password, is_password
from gdt.commands.office import gdt
from gdt.database import db
from gdt.mail import DeliveryState, OutgoingMail
from tests.browser import submit
from tests.factories import make_institution, make_user

PASSWORD = "three short words"


@pytest.fixture
def outbox(app):
    mail: Mail = app.extensions["mailman"]
    mail.outbox = []
    return mail.outbox


def user_of(email):
    db.session.expire_all()
    return queries.find_user_by_email(email)


def test_a_user_signs_in_and_out(app, client):
    make_user(email="officer@gdt.example", password_hash=hash_password(PASSWORD))
    response = submit(client, "/sign-in", email=" Officer@GDT.example", password=PASSWORD)
    assert (response.status_code, response.location) == (302, "/")
    (cookie,) = response.headers.getlist("Set-Cookie")
    assert {"HttpOnly", "SameSite=Lax"} <= set(cookie.split("; "))
    assert client.get("/account").status_code == 200
    submit(client, "/sign-out", page="/account")
    assert client.get("/account").status_code == 302


@pytest.mark.parametrize("email", ["officer@gdt.example", "nobody@gdt.example"])
def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(app, client, email):
    make_user(email="officer@gdt.example", password_hash=hash_password(PASSWORD))
    response = submit(client, "/sign-in", email=email, password="wrong")
    assert response.status_code == 422
    assert "do not go together" in response.text
    assert email in response.text
    assert "wrong" not in re.sub(r"field-wrong", "", response.text)


def test_signing_in_leads_to_the_page_one_came_for_and_never_away_from_us(app, client):
    make_user(email="o@gdt.example", password_hash=hash_password(PASSWORD))
    for target, leads_to in {
        "/account?x=1": "/account?x=1",
        "https://evil.example/": "/",
        "//evil.example": "/",
        "/\\evil.example": "/",
        "///evil.example": "/",
    }.items():
        response = submit(client, "/sign-in", email="o@gdt.example", password=PASSWORD, next=target)
        assert response.location == leads_to


def test_an_invited_coordinator_sets_her_password_by_the_link_once(app, administrator, client, outbox):
    institution = make_institution(name="Universiti Tunku Abdul Rahman")
    response = submit(
        administrator,
        "/users/invite",
        name="Tan Mei Ling 陈美玲",
        email="Coordinator@UTAR.example",
        role="coordinator",
        institution=institution.code,
    )
    assert response.status_code == 302
    assert [message.to for message in outbox] == [["coordinator@utar.example"]]
    path = re.search(r"http://127\.0\.0\.1:8000(/invitation/\S+)", outbox[0].body).group(1)
    short = submit(client, path, password="short")
    assert short.status_code == 422
    assert submit(client, path, password=PASSWORD).status_code == 302
    assert client.get("/account").status_code == 200
    assert client.get(path).status_code == 404
    user = user_of("coordinator@utar.example")
    assert is_password(PASSWORD, user.password_hash)
    assert user.institution_id == institution.id


def test_what_was_mailed_is_recorded_without_its_secret_link(app, administrator, outbox):
    submit(administrator, "/users/invite", name="A", email="a@gdt.example", role="officer", institution="")
    kept = db.session.query(OutgoingMail).one()
    assert (kept.state, kept.body) == (DeliveryState.SENT, "")


@pytest.mark.parametrize(
    ("role", "with_institution", "sentence"),
    [("coordinator", False, "Choose the institution"), ("officer", True, "leave the institution empty")],
)
def test_a_role_comes_with_its_institution_or_without(app, administrator, role, with_institution, sentence):
    code = make_institution().code if with_institution else ""
    response = submit(
        administrator, "/users/invite", name="A", email="a@gdt.example", role=role, institution=code
    )
    assert response.status_code == 422
    assert sentence in response.text
    assert user_of("a@gdt.example") is None


def test_an_address_is_invited_once(app, administrator):
    make_user(email="a@gdt.example")
    response = submit(
        administrator, "/users/invite", name="Ada", email="A@gdt.example", role="officer", institution=""
    )
    assert response.status_code == 422
    assert "is a user already" in response.text
    assert 'value="Ada"' in response.text


def test_a_changed_role_ends_the_sessions_of_the_old_one(app, administrator, sign_in):
    theirs = sign_in(Role.OFFICER, email="o@gdt.example")
    assert theirs.get("/account").status_code == 200
    user = user_of("o@gdt.example")
    submit(administrator, f"/users/{user.id}/role", name="O", role="leader", institution="")
    assert theirs.get("/account").status_code == 302
    assert user_of("o@gdt.example").role is Role.LEADER


def test_a_suspended_user_is_out_at_the_next_request(app, administrator, sign_in):
    theirs = sign_in(Role.OFFICER, email="o@gdt.example")
    user_id = user_of("o@gdt.example").id
    assert submit(administrator, f"/users/{user_id}/suspend", reason="").status_code == 422
    submit(administrator, f"/users/{user_id}/suspend", reason="Left the office")
    assert theirs.get("/account").status_code == 302
    assert "Left the office" in administrator.get(f"/users/{user_id}").text
    submit(administrator, f"/users/{user_id}/reinstate", reason="Came back")
    assert user_of("o@gdt.example").is_active
    assert theirs.get("/account").status_code == 302  # reinstated, but to be signed in anew


def test_the_last_administrator_keeps_the_role(app, administrator):
    me = db.session.query(User).one()
    response = submit(administrator, f"/users/{me.id}/role", name=me.name, role="leader", institution="")
    assert response.status_code == 422
    assert "last administrator" in response.text


def test_a_changed_password_ends_the_other_sessions(app, sign_in):
    here = sign_in(Role.OFFICER, email="o@gdt.example", password_hash=hash_password(PASSWORD))
    elsewhere = app.test_client()
    submit(elsewhere, "/sign-in", email="o@gdt.example", password=PASSWORD)
    assert submit(here, "/account", current="wrong", password="four other short words").status_code == 422
    assert submit(here, "/account", current=PASSWORD, password="four other short words").status_code == 302
    assert here.get("/account").status_code == 200
    assert elsewhere.get("/account").status_code == 302


def test_users_are_found_by_name_and_role(app, administrator):
    make_user(name="Siti Nurhaliza", role=Role.LEADER)
    make_user(name="Batbayar", role=Role.OFFICER)
    page = administrator.get("/users?role=leader&q=siti").text
    assert "Siti Nurhaliza" in page
    assert "Batbayar" not in page


@pytest.mark.parametrize("sign", ["%25", "_"])
@pytest.mark.parametrize("place", ["/users", "/trail"])
def test_a_sign_that_stands_for_anything_elsewhere_finds_only_itself(administrator, place, sign):
    submit(administrator, "/users/invite", name="Ada", email="a@gdt.example", role="officer", institution="")
    assert "Ada" in administrator.get(place).text
    assert "Ada" not in administrator.get(f"{place}?q={sign}").text


def test_the_trail_names_who_did_what(app, administrator):
    submit(administrator, "/users/invite", name="Ada", email="a@gdt.example", role="officer", institution="")
    page = administrator.get("/trail?q=Ada").text
    assert "Invited Ada as Programme officer" in page


def test_a_new_installation_invites_its_first_administrator_by_command(app, client, outbox):
    asked = ["invite-administrator", "ada@gdt.example", "Ada O’Brien"]
    first = app.test_cli_runner().invoke(gdt, asked)
    assert first.exit_code == 0, first.output
    link = re.search(r"/invitation/\S+", outbox[0].body).group(0)
    assert client.get(link).status_code == 200
    again = app.test_cli_runner().invoke(gdt, asked)
    assert again.exit_code == 2
    assert "is a user already" in again.output
