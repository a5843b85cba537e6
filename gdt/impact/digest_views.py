"""The weekly mail on one's account page, and the address in each mail that stops it."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_login import current_user
from wtforms import BooleanField

from gdt.access import public, signed_in
from gdt.accounts.queries import get_user
from gdt.forms import BaseForm, form_page, signed_address
from gdt.impact.blueprint import impact
from gdt.impact.digesting import ask_for_digest, find_subscription, stop_digest, user_of_token
from gdt.security import limiter, secret


class DigestForm(BaseForm):
    wants = BooleanField(lazy_gettext("Mail me on Monday mornings what waits for me"))


@impact.route("/account/weekly-mail", methods=["GET", "POST"])
@signed_in
def weekly_mail() -> ResponseReturnValue:
    found = find_subscription(current_user)
    form = DigestForm(request.form, data={"wants": found is not None})
    if request.method == "POST" and form.validate():
        user = get_user(current_user, current_user.id)
        if form.wants.data:
            ask_for_digest(user=user)
            flash(_("You get the mail on Monday mornings, if something waits for you."))
        else:
            stop_digest(user=user)
            flash(_("You get no weekly mail."))
        return redirect(url_for(".weekly_mail"))
    return form_page("impact/weekly_mail.html", form, found=found)


@impact.route("/weekly-mail/<token>/stop", methods=["GET", "POST"])
@public
@limiter.limit("30 per minute")
@signed_address
@secret
def stop_weekly_mail(token: str) -> ResponseReturnValue:
    """A GET only asks, because programs that read mail open links; a mail program's own button posts here."""
    user = user_of_token(token)
    if request.method == "POST":
        stop_digest(user=user)
    return render_template("impact/stop_weekly_mail.html", user=user, found=find_subscription(user))
