"""Signing in and out, accepting an invitation, and one's own password."""

from flask import flash, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, logout_user

from gdt.access import public, signed_in
from gdt.accounts import browser_sessions, inviting, queries
from gdt.accounts import factor_views as factor_views
from gdt.accounts import passkey_views as passkey_views
from gdt.accounts import refusal_views as refusal_views
from gdt.accounts import reset_views as reset_views
from gdt.accounts import service_views as service_views
from gdt.accounts import session_views as session_views
from gdt.accounts import token_views as token_views
from gdt.accounts import trail_views as trail_views
from gdt.accounts import user_views as user_views
from gdt.accounts.blueprint import accounts as accounts
from gdt.accounts.factor_pages import question_to_device
from gdt.accounts.factors import check_code
from gdt.accounts.forms import ChangePasswordForm, CodeForm, NewPasswordForm, SignInForm
from gdt.accounts.own_pages import own_page
from gdt.accounts.service_queries import has_open_service
from gdt.accounts.session_models import EndReason, SignInMethod, Step
from gdt.accounts.sessions import end_session
from gdt.accounts.signing_in import change_password, check_password
from gdt.accounts.throttled_tries import by_address, by_first_step, noting
from gdt.errors import DomainError, RecordNotFound
from gdt.forms import form_page
from gdt.security import limiter, secret


@accounts.route("/sign-in", methods=["GET", "POST"])
@public
@limiter.limit("10 per minute; 100 per hour", methods=["POST"], on_breach=noting(by_address))
@limiter.limit("600 per minute", key_func=lambda: "everyone", methods=["POST"], on_breach=noting(by_address))
def sign_in() -> ResponseReturnValue:
    form = SignInForm(request.form, next=request.args.get("next"))
    unfinished = browser_sessions.unfinished_session()
    if request.method == "GET" and unfinished is not None:
        browser_sessions.remind_of_step()
        return browser_sessions.next_page(unfinished)
    if request.method == "POST" and form.validate():
        try:
            user = check_password(email=form.email.data, password=form.password.data)
        except DomainError as error:
            browser_sessions.note_refused(error)
            form.reject(error)
        else:
            return browser_sessions.begin(user, SignInMethod.PASSWORD, own_page(form.next.data))
    return form_page(
        "accounts/sign_in.html", form, passkey=question_to_device(), has_institutions=has_open_service()
    )


@accounts.route("/sign-in/second-step", methods=["GET", "POST"])
@public
@limiter.limit("20 per minute", methods=["POST"], on_breach=noting(by_first_step))
def second_step() -> ResponseReturnValue:
    unfinished = browser_sessions.unfinished_session()
    if unfinished is None or unfinished.step is not Step.SECOND:
        return redirect(url_for(".sign_in"))
    form = CodeForm(request.form)
    if request.method == "POST" and form.validate():
        try:
            check_code(user=unfinished.user, code=form.code.data)
        except DomainError as error:
            browser_sessions.note_refused(error)
            form.reject(error)
        else:
            browser_sessions.finish(unfinished)
            return browser_sessions.next_page(unfinished)
    return form_page("accounts/second_step.html", form, passkey=question_to_device())


@accounts.post("/sign-out")
@public
def sign_out() -> ResponseReturnValue:
    here = browser_sessions.this_session()
    if here is not None:
        end_session(session=here, reason=EndReason.SIGNED_OUT)
    logout_user()
    session.clear()
    flash(_("You are signed out."))
    return redirect(url_for(".sign_in"))


@accounts.route("/account", methods=["GET", "POST"])
@signed_in
def account() -> ResponseReturnValue:
    form = ChangePasswordForm(request.form)
    here = browser_sessions.this_session()
    if request.method == "POST" and form.validate():
        try:
            change_password(user=current_user, here=here, **form.values())
        except DomainError as error:
            form.reject(error)
        else:
            flash(_("Your password is changed. You are signed out everywhere else."))
            return redirect(url_for(".account"))
    return form_page("accounts/account.html", form)


@accounts.route("/invitation/<token>", methods=["GET", "POST"])
@public
@limiter.limit("30 per minute")
@secret
def accept_invitation(token: str) -> ResponseReturnValue:
    invitation = queries.find_open_invitation(token)
    if invitation is None:
        raise RecordNotFound
    form = NewPasswordForm(request.form)
    if request.method == "POST" and form.validate():
        try:
            record = inviting.accept_invitation(invitation=invitation, **form.values())
        except DomainError as error:
            form.reject(error)
        else:
            return browser_sessions.begin(record, SignInMethod.LINK)
    return form_page("accounts/accept_invitation.html", form, user=invitation.user)
