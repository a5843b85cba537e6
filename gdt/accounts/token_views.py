"""Access tokens on the owner's account page, and those of others on the administrator's."""

from flask import flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from gdt.access import Permission, requires, signed_in
from gdt.accounts import queries, tokens
from gdt.accounts import token_bearer as token_bearer
from gdt.accounts.blueprint import accounts
from gdt.accounts.browser_sessions import this_session
from gdt.accounts.token_forms import TokenForm
from gdt.accounts.token_models import AccessToken
from gdt.accounts.token_queries import get_own_token, get_token_of, list_tokens
from gdt.accounts.token_words import ENDS, IN_A_TABLE, RIGHTS
from gdt.errors import DomainError
from gdt.forms import form_page


@accounts.route("/account/tokens", methods=["GET", "POST"])
@signed_in
def own_tokens() -> ResponseReturnValue:
    """The owner's tokens and the form for one more; a new one is shown in this answer and nowhere else."""
    offered = tokens.rights_for(current_user)
    form = TokenForm(request.form, offered=offered)
    if request.method == "POST" and form.validate():
        try:
            made, text = tokens.make_token(user=current_user, here=this_session(), **form.values())
        except DomainError as error:
            form.reject(error)
        else:
            return _shown_once(made, text)
    return form_page(
        "accounts/tokens.html",
        form,
        tokens=list_tokens(current_user),
        words=IN_A_TABLE,
        ends=ENDS,
    )


def _shown_once(made: AccessToken, text: str) -> ResponseReturnValue:
    answer = make_response(render_template("accounts/token_made.html", token=made, text=text, words=RIGHTS))
    answer.headers["Cache-Control"] = "no-store"
    return answer


@accounts.route("/account/tokens/<int:token_id>/end", methods=["GET", "POST"])
@signed_in
def end_own_token(token_id: int) -> ResponseReturnValue:
    token = get_own_token(current_user, token_id)
    if request.method == "POST":
        tokens.end_own_token(user=current_user, token=token)
        flash(_("The token is ended. The program that used it is refused from now on."))
        return redirect(url_for(".own_tokens"))
    return render_template("accounts/end_token.html", token=token, words=RIGHTS, back=url_for(".own_tokens"))


@accounts.route("/users/<int:user_id>/tokens/<int:token_id>/end", methods=["GET", "POST"])
@requires(Permission.USERS_MANAGE)
def end_token_of(user_id: int, token_id: int) -> ResponseReturnValue:
    user = queries.get_user(current_user, user_id)
    token = get_token_of(user, token_id)
    back = url_for(".user", user_id=user_id)
    if request.method == "POST":
        tokens.end_token_of(actor=current_user, token=token)
        flash(_("The token is ended. %(name)s is told by mail.", name=user.name))
        return redirect(back)
    return render_template("accounts/end_token.html", token=token, words=RIGHTS, back=back)
