"""Signing in by one's institution, against a provider that is a process of its own."""

import subprocess
import sys
from pathlib import Path

import pytest
import requests

from gdt.access import Role
from gdt.accounts.passwords import hash_password
from gdt.accounts.refusal_models import Refusal, RefusedSignIn
from gdt.accounts.service_models import LinkedIdentity, SignInService
from gdt.database import db
from tests.browser import squeezed, submit
from tests.factories import make_institution, make_user
from tests.features.accounts.test_accounts import user_of
from tests.openid_provider import CLIENT, SECRET

ROOT = Path(__file__).parents[3]
HERE = "http://127.0.0.1:8000"


@pytest.fixture(scope="module")
def provider():
    """The address of the provider."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.openid_provider"], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    yield f"http://127.0.0.1:{process.stdout.readline().strip()}"
    process.terminate()
    process.wait(timeout=10)


@pytest.fixture
def utar(administrator, provider):
    """An institution whose service an administrator has set up."""
    place = make_institution(code="utar", name="Universiti Tunku Abdul Rahman")
    typed = {"issuer": provider, "client_id": CLIENT, "mail_domain": "UTAR.example", "is_on": "y"}
    assert submit(administrator, "/sign-in-services/utar", **typed).status_code == 422
    submit(administrator, "/sign-in-services/utar", secret=SECRET, **typed)
    return place


def sign_in_at(provider, browser, email, sub="u-1", **more):
    """Go there and back; returns the answer of our page."""
    requests.post(f"{provider}/next", json={"email": email, "sub": sub, **more}, timeout=5)
    left = browser.get("/sign-in/institution/utar")
    if left.status_code != 302:
        return left
    back = requests.get(left.location, allow_redirects=False, timeout=5).headers["Location"]
    assert back.startswith(f"{HERE}/sign-in/callback?")
    return browser.get(back.removeprefix(HERE))


def go_on(browser, page):
    assert page.status_code == 200, page.text
    token = page.text.partition('name="csrf_token" value="')[2].partition('"')[0]
    return browser.post("/sign-in/institution", data={"csrf_token": token})


def test_an_invited_coordinator_signs_in_by_her_institution_and_stays_herself(app, client, utar, provider):
    user = make_user(role=Role.COORDINATOR, institution=utar, email="mei@utar.example")
    assert SECRET not in db.session.query(SignInService).one().sealed_secret
    assert "Universiti Tunku" in client.get("/sign-in/institution").text
    page = sign_in_at(provider, client, "Mei@utar.example")
    assert "Go on as mei@utar.example" in page.text
    assert client.get("/account").status_code == 302
    assert go_on(client, page).location == "/"
    assert user.email in client.get("/account").text
    assert (user_of("mei@utar.example").state, db.session.query(LinkedIdentity).one().subject) == (
        "active",
        "u-1",
    )
    assert "your institution" in client.get("/account/sessions").text
    renamed = app.test_client()
    assert go_on(renamed, sign_in_at(provider, renamed, "mei.tan@utar.example")).location == "/"
    assert "mei@utar.example" in renamed.get("/account").text
    heir = app.test_client()
    assert go_on(heir, sign_in_at(provider, heir, "mei@utar.example", sub="u-2")).status_code == 422


@pytest.mark.parametrize(
    ("email", "role"),
    [("nobody@utar.example", None), ("else@utar.example", "elsewhere"), ("o@utar.example", "office")],
)
def test_only_who_was_invited_to_this_institution_gets_in(app, client, utar, provider, email, role):
    if role == "elsewhere":
        make_user(role=Role.COORDINATOR, institution=make_institution(), email=email)
    if role == "office":
        make_user(role=Role.ADMINISTRATOR, email=email, password_hash=hash_password("three short words"))
    answer = go_on(client, sign_in_at(provider, client, email))
    assert (answer.status_code, "Nobody of Universiti" in answer.text) == (422, True)
    assert client.get("/account").status_code == 302


DOUBTS = [
    {"forged": True},
    {"wrong": {"aud": "another"}},
    {"wrong": {"iss": "https://evil.example"}},
    {"wrong": {"nonce": "another"}},
    {"wrong": {"exp": 1}},
    {"wrong": {"email_verified": False}},
    {"wrong": {"email_verified": "true"}},
    {"wrong": {"email": "mei@evil.example"}},
    {"wrong": {"azp": "another"}},
    {"issuer": "https://evil.example"},
]


def test_every_doubt_about_what_a_provider_says_signs_nobody_in(app, client, utar, provider):
    make_user(role=Role.COORDINATOR, institution=utar, email="mei@utar.example")
    answers = [sign_in_at(provider, client, "mei@utar.example", **doubt) for doubt in DOUBTS]
    assert [answer.status_code for answer in answers] == [422] * len(DOUBTS)
    assert not any("Go on as" in answer.text for answer in answers)
    assert sign_in_at(provider, client, "mei@utar.example").status_code == 200


def refused_tries():
    db.session.expire_all()
    rows = db.session.query(RefusedSignIn).order_by(RefusedSignIn.id).all()
    assert {(one.because, one.institution.code) for one in rows} == {(Refusal.INSTITUTION, "utar")}
    return [(one.user.email if one.user else None, one.address, one.tries) for one in rows]


def test_who_is_named_by_a_provider_that_is_not_believed_sees_the_try_and_the_office_sees_them_all(
    app, administrator, utar, provider
):
    make_user(role=Role.COORDINATOR, institution=utar, email="mei@utar.example")
    make_user(role=Role.LEADER, email="boss@gdt.example")
    browser = app.test_client()
    sign_in_at(provider, browser, "mei@utar.example", forged=True)
    sign_in_at(provider, browser, "boss@gdt.example")
    sign_in_at(provider, browser, "mei@utar.example", wrong={"email_verified": False})
    sign_in_at(provider, browser, "mei@utar.example", wrong={"azp": "another"})
    sign_in_at(provider, browser, "mei@utar.example", wrong={"sub": "u\0"})
    go_on(browser, sign_in_at(provider, browser, "nobody@utar.example"))
    assert refused_tries() == [
        (None, "", 3),
        ("boss@gdt.example", "127.0.0.1", 1),
        ("mei@utar.example", "127.0.0.1", 2),
    ]
    assert go_on(browser, sign_in_at(provider, browser, "mei@utar.example")).location == "/"
    own = browser.get("/account/sessions").text
    assert "what an institution's sign-in said did not fit" in own
    assert "3 tries at accounts were refused," in squeezed(administrator.get("/users").text)
    everything = squeezed(administrator.get("/users/refused-tries").text)
    assert "and 3 at addresses nobody has." in everything
    assert everything.count("Universiti Tunku") == 3


def test_an_answer_is_good_in_the_browser_that_asked_and_once(app, client, utar, provider):
    make_user(role=Role.COORDINATOR, institution=utar, email="mei@utar.example")
    requests.post(f"{provider}/next", json={"email": "mei@utar.example", "sub": "u-1"}, timeout=5)
    left = client.get("/sign-in/institution/utar")
    assert (
        f"redirect_uri={HERE.replace(':', '%3A').replace('/', '%2F')}%2Fsign-in%2Fcallback" in left.location
    )
    back = (
        requests.get(left.location, allow_redirects=False, timeout=5).headers["Location"].removeprefix(HERE)
    )
    other = app.test_client()
    assert other.get(back).location == "/sign-in"
    other.get("/sign-in/institution/utar")
    assert other.get(back).status_code == 422
    page = client.get(back)
    assert go_on(client, page).location == "/"
    assert client.get(back).location == "/sign-in"


def test_a_provider_that_is_off_or_does_not_answer_is_said_so(app, administrator, client, utar, provider):
    assert "describes itself as it should" in administrator.get("/sign-in-services/utar?check=now").text
    typed = {"client_id": CLIENT, "mail_domain": "utar.example"}
    submit(administrator, "/sign-in-services/utar", issuer="http://127.0.0.1:9", is_on="y", **typed)
    assert "does not answer" in administrator.get("/sign-in-services/utar?check=now").text
    assert client.get("/sign-in/institution/utar").status_code == 422
    submit(administrator, "/sign-in-services/utar", issuer=provider, **typed)
    assert client.get("/sign-in/institution/utar").status_code == 404
    assert "Sign in by your institution" not in client.get("/sign-in").text
