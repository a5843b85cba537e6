"""The page on which an administrator has an account forgotten: a coordinator who left, for example."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from gdt.access import Permission, requires
from gdt.accounts.queries import get_user
from gdt.errors import DomainError
from gdt.forms import form_page
from gdt.privacy.blueprint import privacy
from gdt.privacy.erasing_accounts import forget_account as forget_it
from gdt.privacy.forms import ForgetAccountForm


@privacy.route("/users/<int:user_id>/forget", methods=["GET", "POST"])
@requires(Permission.USERS_MANAGE)
def forget_account(user_id: int) -> ResponseReturnValue:
    record = get_user(current_user, user_id)
    form = ForgetAccountForm(request.form)
    if request.method == "POST" and form.validate():
        try:
            forget_it(actor=current_user, user=record, reason=form.reason.data)
        except DomainError as error:
            form.reject(error)
        else:
            flash(_("Forgotten. What was done under the account stays, under “%(name)s”.", name=record.name))
            return redirect(url_for("accounts.user", user_id=user_id))
    return form_page("privacy/forget_account.html", form, user=record)
