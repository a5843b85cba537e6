"""Access tokens: made once, shown once, worth what their owner may, and dead with what they rest on."""

import re
from datetime import timedelta

import pytest

from gdt.access import Role
from gdt.accounts.factor_models import AuthenticatorApp
from gdt.accounts.models import User
from gdt.accounts.passwords import hash_password
from gdt.accounts.services import give_role, suspend_user
from gdt.accounts.session_models import UserSession
from gdt.accounts.signing_in import change_password
from gdt.accounts.token_models import AccessToken, TokenEnd, TokenRight
from gdt.accounts.tokens import LONGEST_DAYS, MOST, TRACES_KEPT, forget_old_tokens, make_token
from gdt.audit import AuditEvent
from gdt.database import db, now, unit_of_work
from gdt.errors import DomainError
from tests.browser import submit
from tests.factories import make_session, make_user
from tests.factories import make_token as make_live_token
from tests.features.certification.test_verifying import throttled_stranger  # noqa: F401  (a fixture)

PASSWORD = "three short words"
FIGURES = "/api/v1/figures"


def bearer(text: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {text}"}


@pytest.fixture
def owner(sign_in):
    return sign_in(Role.LEADER, email="o@gdt.example", password_hash=hash_password(PASSWORD))


def test_a_token_is_shown_once_works_at_once_and_ends_when_its_owner_says_so(app, owner, client):
    outbox = app.extensions["mailman"].outbox = []
    typed = {"name": "Nightly figures", "rights": ["figures"], "days": "30", "password": PASSWORD}
    made = submit(owner, "/account/tokens", **typed)
    assert made.status_code == 200
    text = re.search(r"gdt_[0-9A-Za-z]{49}", made.text)[0]
    assert made.headers["Cache-Control"] == "no-store"
    token = db.session.query(AccessToken).one()
    assert text not in (token.token_hash, token.name)
    assert 29 < (token.expires_at - now()).days + 1 <= 30
    assert text not in owner.get("/account/tokens").text
    assert client.get(FIGURES, headers=bearer(text)).status_code == 200
    assert client.get(FIGURES, headers=bearer(text)).status_code == 200
    page = owner.get("/account/tokens").text
    assert "2 requests so far" in page
    assert "Nightly figures" in owner.get("/account/sessions").text
    assert text[-4:] in page
    submit(owner, f"/account/tokens/{token.id}/end")
    assert client.get(FIGURES, headers=bearer(text)).status_code == 401
    assert "ended by its owner" in owner.get("/account/tokens").text
    told = db.session.query(AuditEvent).filter(AuditEvent.action.contains("token")).all()
    assert [event.action for event in told] == ["made a token", "ended a token"]
    assert text not in str([(event.summary, event.details) for event in told])
    assert ["Nightly figures" in mail.body for mail in outbox] == [True, True]
    assert not any(text in mail.body for mail in outbox)


def test_making_a_token_takes_the_password_a_name_of_its_own_and_what_one_may_do_oneself(app, owner):
    good = {"name": "A", "rights": ["figures"], "days": "7", "password": PASSWORD}
    assert submit(owner, "/account/tokens", **good).status_code == 200
    for wrong, sentence in (
        ({"name": "B", "password": "another one"}, "not your current password"),
        ({"name": "A"}, "token of this name already"),
        ({"name": "B", "rights": []}, "Choose what the program may do"),
        ({"name": "B", "rights": ["uploads"]}, "valid choice"),  # a leader hands nothing in
        ({"name": "B", "days": "3650"}, "valid choice"),
        ({"name": ""}, "Give it a name"),
    ):
        answer = submit(owner, "/account/tokens", **good | wrong)
        assert (answer.status_code, sentence in answer.text) == (422, True), sentence
    assert db.session.query(AccessToken).count() == 1


def test_the_service_itself_refuses_what_no_form_offers(app):
    user = make_user(role=Role.LEADER)
    make_session(user)
    here = db.session.query(UserSession).one()
    asked = {"user": user, "here": here, "name": "A", "rights": ["figures"], "days": 5, "password": ""}
    for wrong in (
        {"days": LONGEST_DAYS + 1},
        {"days": 0},
        {"rights": ["uploads"]},
        {"rights": []},
        {"here": None},
    ):
        with pytest.raises(DomainError):
            make_token(**asked | wrong)
    for _n in range(MOST):
        make_live_token(user)
    with pytest.raises(DomainError, match="You have 20 tokens"):
        make_token(**asked)


def test_an_office_role_makes_a_token_only_with_a_second_step(app, monkeypatch):
    monkeypatch.setitem(app.config, "SECOND_FACTOR", True)
    user = make_user(role=Role.OFFICER)
    make_session(user)
    asked = {"user": user, "here": db.session.query(UserSession).one(), "name": "A", "rights": ["figures"]}
    with pytest.raises(DomainError, match="second step"):
        make_token(**asked, days=5, password="")
    db.session.add(AuthenticatorApp(user_id=user.id, sealed_secret="x", last_step=0))
    with unit_of_work():
        _token, text = make_token(**asked, days=5, password="")
    assert text.startswith("gdt_")


def changes_password(user: User) -> None:
    change_password(user=user, current=PASSWORD, password="quite another sentence", here=None)


def loses_role(user: User) -> None:
    administrator = make_user(role=Role.ADMINISTRATOR)
    give_role(
        actor=administrator, user=user, name=user.name, role=Role.ADMINISTRATOR, institution=None, regions=[]
    )


def is_suspended(user: User) -> None:
    suspend_user(actor=make_user(role=Role.ADMINISTRATOR), user=user, reason="left")


@pytest.mark.parametrize(
    ("happens", "because"),
    [(changes_password, TokenEnd.PASSWORD), (loses_role, TokenEnd.ROLE), (is_suspended, TokenEnd.SUSPENDED)],
)
def test_a_token_is_dead_with_the_password_the_role_or_the_account(app, client, happens, because):
    user = make_user(role=Role.LEADER, password_hash=hash_password(PASSWORD))
    text = make_live_token(user)
    assert client.get(FIGURES, headers=bearer(text)).status_code == 200
    with unit_of_work():
        happens(db.session.merge(user))
    assert client.get(FIGURES, headers=bearer(text)).status_code == 401
    assert db.session.query(AccessToken).one().ended_because is because


def test_a_token_dies_of_age_and_whatever_way_its_user_changed(app, client):
    user = make_user(role=Role.LEADER)
    old = make_live_token(user, expires_at=now() - timedelta(minutes=1))
    other_role = make_live_token(user, role=Role.OFFICER)
    dead = [client.get(FIGURES, headers=bearer(text)) for text in (old, other_role, "gdt_made_up")]
    assert {answer.status_code for answer in dead} == {401}
    assert {answer.json["detail"].split(".")[0] for answer in dead} == {
        "This access token is unknown, too old or ended"
    }
    assert all("invalid_token" in answer.headers["WWW-Authenticate"] for answer in dead)
    assert "Send an access token" in client.get(FIGURES).json["detail"]
    make_live_token(user, ended_at=now() - TRACES_KEPT, ended_because=TokenEnd.OWNER)
    make_live_token(user, expires_at=now() - TRACES_KEPT)
    forget_old_tokens()
    assert db.session.query(AccessToken).count() == 2


def test_a_token_opens_what_it_was_made_for_at_doors_for_programs_and_nothing_else(app, client, sign_in):
    user = make_user(role=Role.LEADER)
    text = make_live_token(user, TokenRight.FIGURES)
    assert client.get(FIGURES, headers=bearer(text)).status_code == 200
    answer = client.get("/api/v1/institutions", headers=bearer(text))
    assert (answer.status_code, answer.mimetype) == (403, "application/problem+json")
    assert "was not made for that" in answer.json["detail"]
    uploads = client.get("/api/v1/uploads", headers=bearer(make_live_token(user, name="all")))
    assert uploads.status_code == 403  # a leader may not, whatever her token says
    for path in ("/account", "/impact/figures.json", "/impact", "/account/tokens"):
        assert client.get(path, headers=bearer(text)).status_code == 302
    administrator = sign_in(Role.ADMINISTRATOR)
    assert administrator.get("/account", headers=bearer(text)).status_code == 302


def test_beside_a_token_a_cookie_is_as_good_as_not_sent_and_none_is_set(app, sign_in, officer):
    text = make_live_token(make_user(role=Role.LEADER, name="Token Leader"))
    for path in (FIGURES, "/api/v1/uploads"):
        answer = officer.get(path, headers=bearer(text))
        assert "Set-Cookie" not in answer.headers
    assert answer.status_code == 403  # the officer may see uploads, the token's leader may not
    assert officer.get(FIGURES, headers=bearer("gdt_wrong")).status_code == 401
    assert officer.get(FIGURES).status_code == 200
    refused = officer.post("/api/v1/uploads")
    assert (refused.status_code, refused.mimetype) == (400, "application/problem+json")
    invitation = {"name": "Eve", "email": "eve@gdt.example", "role": "coordinator"}
    for sneaky in ("Bearer", "Bearer ", "bearer x y", "Bearer a=b", f"Bearer {text}", "Basic eA=="):
        officer.post("/users/invite", headers={"Authorization": sneaky}, data=invitation)
    assert db.session.query(User).filter_by(email="eve@gdt.example").count() == 0


def test_an_administrator_sees_the_tokens_of_others_and_ends_them(app, administrator, client):
    outbox = app.extensions["mailman"].outbox = []
    user = make_user(role=Role.LEADER)
    text = make_live_token(user, name="Forgotten script")
    token_id = db.session.query(AccessToken.id).scalar()
    assert "Forgotten script" in administrator.get(f"/users/{user.id}").text
    another = make_user(role=Role.LEADER)
    assert administrator.get(f"/users/{another.id}/tokens/{token_id}/end").status_code == 404
    submit(administrator, f"/users/{user.id}/tokens/{token_id}/end")
    assert client.get(FIGURES, headers=bearer(text)).status_code == 401
    assert "ended by an administrator" in administrator.get(f"/users/{user.id}").text
    assert [mail.to for mail in outbox] == [[user.email]]


def test_a_token_asks_no_more_than_its_share(app, throttled_stranger):  # noqa: F811
    one, other = (make_live_token(make_user(role=Role.LEADER)) for _n in range(2))
    tries = [throttled_stranger.post("/api/v1/uploads", headers=bearer(one)) for _n in range(61)]
    assert {answer.status_code for answer in tries[:60]} == {403}
    last = tries[-1]
    assert (last.status_code, last.mimetype) == (429, "application/problem+json")
    assert last.headers["Retry-After"] == "60"
    assert throttled_stranger.post("/api/v1/uploads/1/answers", headers=bearer(one)).status_code == 429
    assert throttled_stranger.post("/api/v1/uploads", headers=bearer(other)).status_code == 403
    assert throttled_stranger.get("/api/v1/measures", headers=bearer(one)).status_code == 200


def test_made_up_keys_are_counted_by_where_they_come_from_and_take_nobodys_share(app, throttled_stranger):  # noqa: F811
    def ask(n, address):
        where = {"REMOTE_ADDR": address}
        headers = bearer(f"gdt_{n:064d}")
        return throttled_stranger.post("/api/v1/uploads", headers=headers, environ_base=where).status_code

    assert {ask(n, "198.51.100.7") for n in range(60)} == {401}
    assert ask(60, "198.51.100.7") == 429
    assert ask(61, "198.51.100.8") == 401
    owner = make_live_token(make_user(role=Role.LEADER))
    where = {"REMOTE_ADDR": "198.51.100.7"}
    answer = throttled_stranger.get("/api/v1/measures", headers=bearer(owner), environ_base=where)
    assert answer.status_code == 200
