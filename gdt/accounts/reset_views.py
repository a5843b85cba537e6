"""A lost password: asking for a link, and using it."""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from gdt.access import public
from gdt.accounts import browser_sessions, queries
from gdt.accounts.blueprint import accounts
from gdt.accounts.forms import ForgottenForm, NewPasswordForm
from gdt.accounts.resetting import ask_for_reset, reset_password
from gdt.accounts.session_models import SignInMethod
from gdt.errors import DomainError, RecordNotFound
from gdt.forms import form_page
from gdt.security import limiter, secret


@accounts.route("/forgotten", methods=["GET", "POST"])
@public
@limiter.limit("5 per minute; 30 per hour", methods=["POST"])
def forgotten() -> ResponseReturnValue:
    form = ForgottenForm(request.form)
    if request.method == "POST" and form.validate():
        ask_for_reset(email=form.email.data)
        return redirect(url_for(".forgotten", sent="yes"))
    return form_page("accounts/forgotten.html", form, is_sent="sent" in request.args)


@accounts.route("/reset/<token>", methods=["GET", "POST"])
@public
@limiter.limit("30 per minute")
@secret
def reset(token: str) -> ResponseReturnValue:
    asked = queries.find_open_reset(token)
    if asked is None:
        raise RecordNotFound
    form = NewPasswordForm(request.form)
    if request.method == "POST" and form.validate():
        try:
            user = reset_password(request=asked, **form.values())
        except DomainError as error:
            form.reject(error)
        else:
            return browser_sessions.begin(user, SignInMethod.LINK)
    return form_page("accounts/reset.html", form, user=asked.user)
