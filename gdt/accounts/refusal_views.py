"""Refused tries to sign in at all accounts, and at addresses nobody has: whether somebody is at the door."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from gdt.access import Permission, requires
from gdt.accounts.blueprint import accounts
from gdt.accounts.refusal_models import RefusedSignIn
from gdt.accounts.refusals import count_refused_lately, list_all_refusals
from gdt.accounts.session_words import REFUSALS
from gdt.database import db
from gdt.paging import page_of


@accounts.get("/users/refused-tries")
@requires(Permission.USERS_MANAGE)
def refused_tries() -> ResponseReturnValue:
    order = [RefusedSignIn.last_at.desc(), RefusedSignIn.id.desc()]
    return render_template(
        "accounts/refused_tries.html",
        page=page_of(db.session, list_all_refusals(), order=order, after=request.args.get("after")),
        reasons=REFUSALS,
        lately=count_refused_lately(),
    )
