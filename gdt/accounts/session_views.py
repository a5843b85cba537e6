"""One's own sessions: where one is signed in now, and where one ever was."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from gdt.access import signed_in
from gdt.accounts.blueprint import accounts
from gdt.accounts.browser_sessions import this_session
from gdt.accounts.refusals import list_refusals
from gdt.accounts.session_models import UserSession
from gdt.accounts.session_queries import get_own_session, list_live_sessions, list_sign_ins
from gdt.accounts.session_words import ENDS, METHODS, REFUSALS
from gdt.accounts.sessions import end_other_sessions, end_own_session
from gdt.accounts.token_queries import list_open_tokens
from gdt.database import db
from gdt.paging import page_of
from gdt.security import record_id


@accounts.get("/account/sessions")
@signed_in
def sessions() -> ResponseReturnValue:
    order = [UserSession.id.desc()]
    page = page_of(db.session, list_sign_ins(current_user), order=order, after=request.args.get("after"))
    return render_template(
        "accounts/sessions.html",
        live=list_live_sessions(current_user),
        here=this_session(),
        tokens=list_open_tokens(current_user),
        page=page,
        refusals=list_refusals(current_user),
        reasons=REFUSALS,
        methods=METHODS,
        ends=ENDS,
    )


@accounts.post("/account/sessions/end")
@signed_in
def end_session() -> ResponseReturnValue:
    found = get_own_session(current_user, record_id(request.form.get("session")))
    end_own_session(user=current_user, session=found)
    flash(_("That session is ended. Whoever used it is signed out at the next click."))
    return redirect(url_for(".sessions"))


@accounts.post("/account/sessions/end-others")
@signed_in
def end_other() -> ResponseReturnValue:
    end_other_sessions(user=current_user, here=this_session())
    flash(_("You are signed out everywhere else."))
    return redirect(url_for(".sessions"))
