"""Passkeys: adding one's device, and signing in with it."""

from flask import request
from flask.typing import ResponseReturnValue

from gdt.access import public
from gdt.accounts import browser_sessions
from gdt.accounts import factor_pages as pages
from gdt.accounts.blueprint import accounts
from gdt.accounts.browser_sessions import also_while_setting_up
from gdt.accounts.forms import PasskeyForm, SignInForm
from gdt.accounts.own_pages import own_page
from gdt.accounts.passkeys import add_passkey, check_passkey
from gdt.accounts.session_models import SignInMethod, Step, UserSession
from gdt.accounts.throttled_tries import by_passkey, noting
from gdt.errors import DomainError
from gdt.forms import form_page
from gdt.security import limiter


@accounts.route("/account/passkey", methods=["GET", "POST"])
@also_while_setting_up
def set_up_passkey(here: UserSession) -> ResponseReturnValue:
    form = PasskeyForm(request.form)
    if request.method == "POST" and form.validate():
        try:
            codes = add_passkey(user=here.user, challenge=pages.take_challenge(), here=here, **form.values())
        except DomainError as error:
            form.reject(error)
        else:
            return pages.factor_is_set_up(here, codes)
    is_setting_up = here.step is Step.SET_UP
    question = pages.question_to_device(here.user)
    return form_page("accounts/set_up_passkey.html", form, passkey=question, is_setting_up=is_setting_up)


@accounts.post("/sign-in/passkey")
@public
@limiter.limit("20 per minute; 200 per hour", on_breach=noting(by_passkey))
def sign_in_with_passkey() -> ResponseReturnValue:
    challenge = pages.take_challenge()
    try:
        user = check_passkey(answer=request.form.get("answer", ""), challenge=challenge)
    except DomainError as error:
        browser_sessions.note_refused(error)
        form = SignInForm(next=request.form.get("next"))
        form.reject(error)
        return form_page("accounts/sign_in.html", form, passkey=pages.question_to_device())
    return browser_sessions.begin(user, SignInMethod.PASSKEY, own_page(request.form.get("next")))
