"""The people who sign in: inviting them, their roles, keeping them out and letting them in again."""

from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from gdt.access import Permission, Role, may, requires
from gdt.accounts import inviting, queries, services
from gdt.accounts.blueprint import accounts
from gdt.accounts.factor_queries import find_app, list_passkeys
from gdt.accounts.factors import forget_factors
from gdt.accounts.models import User
from gdt.accounts.refusals import count_refused_lately, list_refusals
from gdt.accounts.session_queries import list_recent_sign_ins
from gdt.accounts.session_words import ENDS, METHODS, REFUSALS
from gdt.accounts.token_queries import list_tokens
from gdt.accounts.token_words import ENDS as TOKEN_ENDS
from gdt.accounts.token_words import IN_A_TABLE
from gdt.accounts.user_forms import InvitationForm, ReasonForm, UserForm
from gdt.database import db
from gdt.errors import DomainError
from gdt.facets import chosen, facet
from gdt.forms import form_page
from gdt.histories import history_of
from gdt.paging import page_of
from gdt.partners.queries import find_institution, list_institutions, list_regions


@accounts.get("/users")
@requires(Permission.USERS_INVITE)
def users() -> ResponseReturnValue:
    role = next((r for r in Role if r.value == request.args.get("role")), None)
    statement = queries.list_users(current_user, search=request.args.get("q", ""), role=role)
    page = page_of(db.session, statement, order=[User.name, User.id], after=request.args.get("after"))
    groups = [facet(_("Role"), "role", [(one.value, one.label, None) for one in Role])]
    shown = groups if may(current_user, Permission.USERS_MANAGE) else []
    return render_template(
        "accounts/users.html",
        page=page,
        groups=shown,
        narrowed=chosen(shown),
        refused=count_refused_lately() if shown else (0, 0),
    )


@accounts.route("/users/invite", methods=["GET", "POST"])
@requires(Permission.USERS_INVITE)
def invite_user() -> ResponseReturnValue:
    form = _with_choices(InvitationForm(request.form))
    if request.method == "POST" and form.validate():
        try:
            user = inviting.invite_user(
                actor=current_user, link=_invitation_link(), **_with_records(form.values())
            )
        except DomainError as error:
            form.reject(error)
        else:
            flash(_("The invitation to %(email)s is on its way.", email=user.email))
            return redirect(url_for(".user", user_id=user.id))
    return form_page("accounts/invite_user.html", form, cancel_url=url_for(".users"))


@accounts.get("/users/<int:user_id>")
@requires(Permission.USERS_INVITE)
def user(user_id: int) -> ResponseReturnValue:
    record = queries.get_user(current_user, user_id)
    return render_template(
        "accounts/user.html",
        user=record,
        invitation=queries.find_newest_invitation(record),
        app=find_app(record),
        passkeys=list_passkeys(record),
        sign_ins=list_recent_sign_ins(record),
        refusals=list_refusals(record),
        reasons=REFUSALS,
        tokens=list_tokens(record),
        token_ends=TOKEN_ENDS,
        rights=IN_A_TABLE,
        past=history_of(record),
        methods=METHODS,
        ends=ENDS,
    )


@accounts.route("/users/<int:user_id>/role", methods=["GET", "POST"])
@requires(Permission.USERS_MANAGE)
def give_role(user_id: int) -> ResponseReturnValue:
    record = queries.get_user(current_user, user_id)
    code = record.institution.code if record.institution else ""
    kept = {"name": record.name, "role": record.role.value, "institution": code}
    form = _with_choices(UserForm(request.form, regions=[r.code for r in record.regions], **kept))
    if request.method == "POST" and form.validate():
        try:
            services.give_role(actor=current_user, user=record, **_with_records(form.values()))
        except DomainError as error:
            form.reject(error)
        else:
            flash(_("%(name)s is now %(role)s.", name=record.name, role=record.role_label))
            return redirect(url_for(".user", user_id=user_id))
    return form_page("accounts/give_role.html", form, user=record)


@accounts.route("/users/<int:user_id>/suspend", methods=["GET", "POST"])
@requires(Permission.USERS_MANAGE)
def suspend_user(user_id: int) -> ResponseReturnValue:
    return _with_reason(user_id, "suspend", services.suspend_user)


@accounts.route("/users/<int:user_id>/reinstate", methods=["GET", "POST"])
@requires(Permission.USERS_MANAGE)
def reinstate_user(user_id: int) -> ResponseReturnValue:
    return _with_reason(user_id, "reinstate", services.reinstate_user)


@accounts.route("/users/<int:user_id>/forget-second-step", methods=["GET", "POST"])
@requires(Permission.USERS_MANAGE)
def forget_second_step(user_id: int) -> ResponseReturnValue:
    return _with_reason(user_id, "forget", forget_factors)


@accounts.post("/users/<int:user_id>/invite-again")
@requires(Permission.USERS_INVITE)
def invite_again(user_id: int) -> ResponseReturnValue:
    record = queries.get_user(current_user, user_id)
    inviting.invite_again(actor=current_user, user=record, link=_invitation_link())
    flash(_("A new invitation is on its way to %(email)s.", email=record.email))
    return redirect(url_for(".user", user_id=user_id))


@accounts.post("/users/<int:user_id>/withdraw")
@requires(Permission.USERS_INVITE)
def withdraw_invitation(user_id: int) -> ResponseReturnValue:
    record = queries.get_user(current_user, user_id)
    inviting.withdraw_invitation(actor=current_user, user=record)
    flash(_("The invitation is withdrawn: its link no longer works."))
    return redirect(url_for(".user", user_id=user_id))


def _with_reason(user_id: int, deed: str, act: Any) -> ResponseReturnValue:
    """Ask why, do it, and come back to the user's page."""
    record = queries.get_user(current_user, user_id)
    form = ReasonForm(request.form)
    if request.method == "POST" and form.validate():
        try:
            act(actor=current_user, user=record, **form.values())
        except DomainError as error:
            form.reject(error)
        else:
            flash(_("Done. It works from the next click of %(name)s on.", name=record.name))
            return redirect(url_for(".user", user_id=user_id))
    return form_page("accounts/with_reason.html", form, user=record, deed=deed)


def _invitation_link() -> str:
    """Built from the configured address, never from the request, so that nobody can poison it."""
    return f"{current_app.config['BASE_URL']}/invitation/{{token}}"


def _with_choices(form: UserForm) -> UserForm:
    institutions = [(i.code, i.name) for i in list_institutions(current_user)]
    form.offer(current_user, institutions, [(r.code, r.name) for r in list_regions()])
    return form


def _with_records(values: dict[str, Any]) -> dict[str, Any]:
    """What was typed, with the records the codes stand for; the institution as its giver sees it."""
    chosen = str(values.pop("institution") or "")
    codes = values.pop("regions", None) or []
    return values | {
        "institution": find_institution(current_user, chosen) if chosen else None,
        "regions": [region for region in list_regions() if region.code in codes],
    }
