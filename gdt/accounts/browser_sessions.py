"""The session a browser is in: what its cookie holds, who is signed in with it, what is left to do."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import wraps
from typing import Any

from flask import flash, g, make_response, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_limiter.util import get_remote_address

from gdt.access import login_manager
from gdt.accounts.blueprint import accounts
from gdt.accounts.browsers import describe_browser
from gdt.accounts.models import User
from gdt.accounts.refusals import SignInRefused, count_refused, note_refusal
from gdt.accounts.session_models import SignInMethod, Step, UserSession
from gdt.accounts.session_queries import find_session
from gdt.accounts.sessions import begin_session, finish_session, note_seen
from gdt.errors import DomainError

WORTH_TELLING = 3
TOKEN, WANTED = "_user_id", "wanted"  # the first is where Flask-Login looks
STEPS = {Step.SECOND: "accounts.second_step", Step.SET_UP: "accounts.second_factor"}


def this_session() -> UserSession | None:
    """The session of this browser, finished or not, while it lives."""
    token = session.get(TOKEN)
    return find_session(token) if isinstance(token, str) else None


def unfinished_session() -> UserSession | None:
    """The session of this browser when a step is left to do."""
    found = this_session()
    return found if found is not None and found.step is not Step.DONE else None


def begin(user: User, method: SignInMethod, wanted: str = "/") -> ResponseReturnValue:
    """Sign the user in here; answers with the next step, or the page she came for."""
    before = user.last_signed_in_at
    begun, token = begin_session(user=user, method=method, **place())
    _keep(token)
    session[WANTED] = wanted
    _tell_of_refusals(begun, before)
    return next_page(begun)


def finish(unfinished: UserSession) -> None:
    """The last step is done: everything is open from now on, under a new token."""
    wanted, before = session.get(WANTED, "/"), unfinished.user.last_signed_in_at
    _keep(finish_session(session=unfinished))
    session[WANTED] = wanted
    _tell_of_refusals(unfinished, before)


def note_refused(error: DomainError) -> None:
    """Note a refused try for whoever owns the account; the answer to whoever tried is the same."""
    if isinstance(error, SignInRefused):
        note_refusal(error, **place())


@contextmanager
def refusals_noted() -> Iterator[None]:
    """Note a refused try in what follows, and let the page of errors answer."""
    try:
        yield
    except SignInRefused as error:
        note_refused(error)
        raise


def next_page(here: UserSession) -> ResponseReturnValue:
    """Where a session goes on: to its next step, or to the page she came for."""
    if here.step in STEPS:
        return redirect(url_for(STEPS[here.step]))
    return redirect(session.pop(WANTED, "/"))


def also_while_setting_up(view: Callable[..., Any]) -> Callable[..., Any]:
    """Guard a view for everyone signed in, and for those who may do nothing before it is done.

    The view is given the session; whoever may not be here is asked to sign in.
    """

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        here = this_session()
        if here is None or here.step is Step.SECOND:
            return login_manager.unauthorized()
        g.is_half_signed_in = here.step is not Step.DONE
        answer = make_response(view(here, *args, **kwargs))
        answer.headers["Cache-Control"] = "no-store"
        return answer

    guarded.access = "signed in"  # type: ignore[attr-defined]
    return guarded


def remind_of_step() -> None:
    """Say what is left instead of `Please sign in first`, which led here."""
    session.pop("_flashes", None)
    flash(_("One step is left before you are signed in."), "info")


def place() -> dict[str, str]:
    """Where this request comes from, as far as it is kept."""
    return {"address": get_remote_address(), "browser": describe_browser(request.user_agent.string)}


def _tell_of_refusals(here: UserSession, before: datetime | None) -> None:
    """Whoever is in sees whether others tried: a slip or two of her own is nothing to tell."""
    refused = count_refused(here.user, before) if here.step is Step.DONE else 0
    if refused >= WORTH_TELLING:
        sentence = _("Since you last signed in, %(n)s tries at your account were refused.", n=refused)
        flash(f"{sentence} {_('If that was not you, look at Sessions under your name.')}", "info")


def _keep(token: str) -> None:
    """Nothing of the session before is carried over."""
    session.clear()
    session[TOKEN], session["_fresh"] = token, True


@login_manager.user_loader
def _load_user(token: str) -> User | None:
    """The user of a finished session; rights are read with her, at each request."""
    found = find_session(token)
    if found is None or found.step is not Step.DONE:
        return None
    g.seen = {"session_id": found.id, "last_seen_at": found.last_seen_at}
    return found.user


@accounts.context_processor
def _how_far() -> dict[str, bool]:
    return {"is_half_signed_in": g.get("is_half_signed_in", False)}


@accounts.teardown_app_request
def _note_seen(_error: BaseException | None) -> None:
    if seen := g.pop("seen", None):
        note_seen(**seen)
