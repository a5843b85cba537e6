"""The second step of signing in, set up by its owner: the app, recovery codes, taking factors away."""

from collections.abc import Callable
from functools import partial

import segno
from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from markupsafe import Markup

from gdt.access import signed_in
from gdt.accounts import browser_sessions, factors
from gdt.accounts import factor_pages as pages
from gdt.accounts import factor_queries as queries
from gdt.accounts.blueprint import accounts
from gdt.accounts.browser_sessions import also_while_setting_up
from gdt.accounts.forms import CodeForm, OwnPasswordForm
from gdt.accounts.one_time_codes import app_address
from gdt.accounts.passkeys import can_have_passkeys
from gdt.accounts.session_models import Step, UserSession
from gdt.accounts.sessions import needs_factor
from gdt.errors import DomainError
from gdt.forms import form_page
from gdt.security import LARGEST_ID


@accounts.get("/account/second-step")
@also_while_setting_up
def second_factor(here: UserSession) -> ResponseReturnValue:
    return render_template(
        "accounts/second_factor.html",
        user=here.user,
        app=queries.find_app(here.user),
        passkeys=queries.list_passkeys(here.user),
        codes_left=queries.count_recovery_codes(here.user),
        is_required=needs_factor(here.user),
        is_setting_up=here.step is Step.SET_UP,
        can_have_passkeys=can_have_passkeys(),
    )


@accounts.route("/account/app", methods=["GET", "POST"])
@also_while_setting_up
def set_up_app(here: UserSession) -> ResponseReturnValue:
    if queries.find_app(here.user) is not None:
        return redirect(url_for(".second_factor"))
    form, secret = CodeForm(request.form), pages.secret_under_way()
    if request.method == "POST" and form.validate():
        try:
            codes = factors.add_app(user=here.user, secret=secret, code=form.code.data, here=here)
        except DomainError as error:
            form.reject(error)
        else:
            return pages.factor_is_set_up(here, codes)
    symbol = segno.make(app_address(secret, email=here.user.email), error="m", micro=False)
    drawn = symbol.svg_inline(scale=1, border=4, dark="#211c18", light="#fff", omitsize=True)
    return form_page("accounts/set_up_app.html", form, secret=secret, symbol=Markup(drawn))  # noqa: S704


@accounts.get("/account/recovery-codes")
@also_while_setting_up
def recovery_codes(here: UserSession) -> ResponseReturnValue:
    codes = pages.shown_codes()
    if not codes:
        return redirect(url_for(".second_factor"))
    return render_template("accounts/recovery_codes.html", codes=codes, user=here.user)


@accounts.get("/account/recovery-codes.txt")
@also_while_setting_up
def recovery_codes_file(here: UserSession) -> ResponseReturnValue:
    codes = pages.shown_codes()
    if not codes:
        return redirect(url_for(".second_factor"))
    head = _("Recovery codes of %(email)s for GDT Network. Each works once.", email=here.user.email)
    file = Response("\n".join([head, "", *codes, ""]), mimetype="text/plain; charset=utf-8")
    file.headers["Content-Disposition"] = 'attachment; filename="gdt-recovery-codes.txt"'
    return file


@accounts.post("/account/recovery-codes/kept")
@also_while_setting_up
def codes_are_kept(here: UserSession) -> ResponseReturnValue:
    pages.forget_codes()
    return browser_sessions.next_page(here)


@accounts.route("/account/recovery-codes/renew", methods=["GET", "POST"])
@signed_in
def renew_codes() -> ResponseReturnValue:
    if not queries.has_factor(current_user):
        return redirect(url_for(".second_factor"))
    form = OwnPasswordForm(request.form)
    if request.method == "POST" and form.validate():
        try:
            codes = factors.renew_recovery_codes(user=current_user, **form.values())
        except DomainError as error:
            form.reject(error)
        else:
            return pages.show_codes(codes)
    return form_page("accounts/renew_codes.html", form)


@accounts.route("/account/second-step/remove", methods=["GET", "POST"])
@signed_in
def remove_factor() -> ResponseReturnValue:
    found = _named_factor()
    if found is None:
        return redirect(url_for(".second_factor"))
    form, (words, remove) = OwnPasswordForm(request.form), found
    if request.method == "POST" and form.validate():
        try:
            remove(user=current_user, **form.values())
        except DomainError as error:
            form.reject(error)
        else:
            flash(_("Taken away: %(what)s.", what=words))
            return redirect(url_for(".second_factor"))
    return form_page("accounts/remove_factor.html", form, words=words)


def _named_factor() -> tuple[str, Callable[..., None]] | None:
    """What the address names of the viewer's own factors, and how it is taken away."""
    what = request.args.get("what", "")
    if what == "app" and queries.find_app(current_user) is not None:
        return _("the authenticator app"), factors.remove_app
    if what.isdecimal():
        passkey = queries.get_own_passkey(current_user, min(int(what), LARGEST_ID))
        words = _("the passkey %(name)s", name=passkey.name)
        return words, partial(factors.remove_passkey, passkey=passkey)
    return None
