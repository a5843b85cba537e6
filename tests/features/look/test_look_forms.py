"""The guard of every unsafe request, and what people typed."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask, request, session
from flask_babel import Babel
from wtforms import BooleanField, PasswordField, StringField
from wtforms.validators import DataRequired

from gdt import filters, forms
from gdt.errors import DomainError


class PersonForm(forms.BaseForm):
    name = StringField("Name", [DataRequired()])
    secret = PasswordField("Secret")
    is_open = BooleanField("Open")


@pytest.fixture
def app():
    app = Flask(__name__)
    app.config.update(SECRET_KEY="for tests", TESTING=True)
    app.kept = []
    Babel(app)
    forms.init_app(app)
    filters.init_app(app)
    app.add_url_rule("/token", view_func=lambda: forms.csrf_token(), endpoint="token")
    app.add_url_rule(
        "/plain", view_func=lambda: app.kept.append("plain") or "kept", endpoint="plain", methods=["POST"]
    )

    @app.route("/person", methods=["GET", "POST"])
    def person():
        form = PersonForm(request.form, data={"name": "before", "is_open": True})
        if request.method == "POST" and form.validate():
            app.kept.append(form.values())
            return "kept"
        problems = [*form.form_errors, *form.name.errors]
        return f"{form.name.data}|{form.is_open.data}|{problems}", 422 if form.errors else 200

    return app


@pytest.fixture
def visitor(app):
    return app.test_client()


def test_a_button_without_a_token_does_nothing(app, visitor):
    answer = visitor.post("/plain")
    assert (answer.status_code, app.kept) == (400, [])
    assert "reload" in answer.text


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_every_unsafe_method_is_guarded(app, visitor, method):
    app.add_url_rule(
        "/any", view_func=lambda: "kept", endpoint="any", methods=["PUT", "PATCH", "DELETE", "POST"]
    )
    assert getattr(visitor, method)("/any").status_code == 400


def test_a_good_token_opens_it_as_field_or_as_header(app, visitor):
    good = visitor.get("/token").text
    assert visitor.post("/plain", data={"csrf_token": good}).status_code == 200
    assert visitor.post("/plain", headers={"X-CSRF-Token": good}).status_code == 200
    assert app.kept == ["plain", "plain"]


@pytest.mark.parametrize("token", ["", "##", "nonsense", "20991231235959##" + "0" * 40, "é##ü"])
def test_a_made_up_token_does_nothing(app, visitor, token):
    visitor.get("/token")
    assert visitor.post("/plain", data={"csrf_token": token}).status_code == 400
    assert app.kept == []


def test_another_session_s_token_does_nothing(app, visitor):
    other = app.test_client().get("/token").text
    visitor.get("/token")
    assert visitor.post("/plain", data={"csrf_token": other}).status_code == 400


def test_an_old_token_does_nothing(app, visitor, monkeypatch):
    old = visitor.get("/token").text
    later = datetime.now(UTC) + timedelta(hours=13)
    monkeypatch.setattr(forms.GuardedCSRF, "now", lambda self: later)
    assert visitor.post("/plain", data={"csrf_token": old}).status_code == 400


def test_a_dead_token_keeps_what_was_typed_and_says_so(app, visitor):
    answer = visitor.post("/person", data={"name": "Tan Mei Ling", "csrf_token": "dead"})
    assert answer.status_code == 422
    assert answer.text.startswith("Tan Mei Ling|False|")
    assert "still here" in answer.text
    assert app.kept == []


def test_a_key_in_the_header_needs_no_token_because_no_other_site_can_send_it(app, visitor):
    assert visitor.post("/plain", headers={"Authorization": "Bearer key"}).status_code == 200
    assert visitor.post("/plain", headers={"Authorization": "Basic YTpi"}).status_code == 400


def test_two_requests_of_one_test_context_are_judged_apart(app, visitor):
    with app.app_context():
        good = visitor.get("/token").text
        assert visitor.post("/plain", data={"csrf_token": good}).status_code == 200
        assert visitor.post("/plain").status_code == 400


def test_a_page_that_asks_for_no_token_starts_no_session(app, visitor):
    app.add_url_rule("/quiet", view_func=lambda: "quiet", endpoint="quiet")
    assert "Set-Cookie" not in visitor.get("/quiet").headers


def test_text_is_trimmed_and_composed_on_one_line_but_a_password_is_taken_as_it_is(app, visitor):
    good = visitor.get("/token").text
    typed = {"name": "  Jose\u0301\r\nde la Cruz ", "secret": " blank at both ends ", "csrf_token": good}
    assert visitor.post("/person", data=typed).status_code == 200
    assert app.kept == [{"name": "José de la Cruz", "secret": " blank at both ends ", "is_open": False}]


def test_blanks_are_nothing(app, visitor):
    answer = visitor.post("/person", data={"name": "   ", "csrf_token": visitor.get("/token").text})
    assert answer.status_code == 422
    assert "required" in answer.text


def test_a_form_not_sent_shows_the_record(visitor):
    assert visitor.get("/person").text == "before|True|[]"


def test_wtforms_own_sentences_speak_the_reader_s_language(app):
    with app.test_request_context("/", method="POST"):
        Babel(app, locale_selector=lambda: "es")
        form = PersonForm()
        form.validate()
        assert form.name.errors == ["Este campo es obligatorio."]


def test_a_business_refusal_stands_beside_its_field_or_on_top(app):
    with app.test_request_context("/"):
        form = PersonForm()
        form.reject(DomainError("Taken.", "name"))
        form.reject(DomainError("Closed."))
        form.reject(DomainError("Elsewhere.", "a field this form does not show"))
        assert form.name.errors == ["Taken."]
        assert form.form_errors == ["Closed.", "Elsewhere."]


def test_one_page_draws_one_token_and_no_two_sessions_share_it(app):
    with app.test_request_context("/"):
        assert forms.csrf_token() == forms.csrf_token()
        assert re.fullmatch(r"\d{14}##[0-9a-f]{40}", forms.csrf_token())
        assert forms.csrf_token() in forms.csrf_field()
        assert session["csrf"] not in forms.csrf_token()
