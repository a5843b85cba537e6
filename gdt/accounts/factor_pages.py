"""What the pages of second factors carry from one to the next, sealed in the browser's own session."""

import json

from flask import flash, redirect, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from gdt.accounts import browser_sessions
from gdt.accounts.models import User
from gdt.accounts.one_time_codes import new_secret
from gdt.accounts.passkeys import can_have_passkeys, registration_options, sign_in_options
from gdt.accounts.sealing import seal, unseal
from gdt.accounts.session_models import Step, UserSession
from gdt.errors import DomainError

SECRET, CODES, CHALLENGE = "app_secret", "recovery_codes", "challenge"
SET_UP = "set-up"


def secret_under_way() -> str:
    """The secret of the app that is being set up; the same until it is, so that a wrong code is no loss."""
    try:
        return unseal(session[SECRET], purpose=SET_UP, max_age=3600)
    except (KeyError, DomainError):
        secret = new_secret()
        session[SECRET] = seal(secret, purpose=SET_UP)
        return secret


def factor_is_set_up(here: UserSession, codes: list[str]) -> ResponseReturnValue:
    """Go on after a factor was added: to the codes, if there are new ones, else to where she wanted."""
    was_setting_up = here.step is Step.SET_UP
    if was_setting_up:
        browser_sessions.finish(here)
    session.pop(SECRET, None)
    if codes:
        return show_codes(codes)
    flash(_("The second step is set up."))
    return browser_sessions.next_page(here) if was_setting_up else redirect(url_for("accounts.second_factor"))


def show_codes(codes: list[str]) -> ResponseReturnValue:
    """Carry the codes to the page that shows them until their owner says she has kept them."""
    session[CODES] = seal("\n".join(codes), purpose=SET_UP)
    return redirect(url_for("accounts.recovery_codes"))


def shown_codes() -> list[str]:
    try:
        return unseal(session[CODES], purpose=SET_UP, max_age=3600).split("\n")
    except (KeyError, DomainError):
        return []


def forget_codes() -> None:
    session.pop(CODES, None)


def question_to_device(user: User | None = None) -> str | None:
    """What the page asks a device, as JSON: to make a key for the user, or to sign in. None: no host name.

    The answer counts for the challenge that was drawn last in this browser, and once.
    """
    if not can_have_passkeys():
        return None
    options = registration_options(user) if user is not None else sign_in_options()
    session[CHALLENGE] = options["challenge"]
    return json.dumps(options)


def take_challenge() -> str:
    return str(session.pop(CHALLENGE, ""))
