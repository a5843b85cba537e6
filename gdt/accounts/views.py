"""Signing in and out, one's own account, and the users with their trail."""

from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, current_app, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_user, logout_user

from gdt.access import Permission, Role, login_manager, public, requires, signed_in
from gdt.accounts import queries, services
from gdt.accounts.forms import ChangePasswordForm, InvitationForm, NewPasswordForm, SignInForm, UserForm
from gdt.accounts.models import User
from gdt.audit import AuditEvent, list_events
from gdt.database import db
from gdt.errors import DomainError, RecordNotFound
from gdt.forms import form_page
from gdt.paging import page_of
from gdt.partners.models import Institution
from gdt.partners.queries import find_institution, list_institutions
from gdt.security import limiter

accounts = Blueprint("accounts", __name__)
login_manager.user_loader(queries.find_user_of_session)


@accounts.route("/sign-in", methods=["GET", "POST"])
@public
@limiter.limit("10 per minute; 100 per hour", methods=["POST"])
def sign_in() -> ResponseReturnValue:
    form = SignInForm(request.form, next=request.args.get("next"))
    if request.method == "POST" and form.validate():
        try:
            user = services.sign_in(email=form.email.data, password=form.password.data)
        except DomainError as error:
            form.reject(error)
        else:
            _begin_session(user)
            return redirect(_own_page(form.next.data))
    return form_page("accounts/sign_in.html", form)


@accounts.post("/sign-out")
@public
def sign_out() -> ResponseReturnValue:
    logout_user()
    session.clear()
    flash(_("You are signed out."))
    return redirect(url_for(".sign_in"))


@accounts.route("/account", methods=["GET", "POST"])
@signed_in
def account() -> ResponseReturnValue:
    me = current_user._get_current_object()  # the user herself: the proxy would follow the new session
    form = ChangePasswordForm(request.form)
    if request.method == "POST" and form.validate():
        try:
            services.change_password(user=me, **form.values())
        except DomainError as error:
            form.reject(error)
        else:
            _begin_session(me)
            flash(_("Your password is changed. You are signed out everywhere else."))
            return redirect(url_for(".account"))
    return form_page("accounts/account.html", form)


@accounts.get("/users")
@requires(Permission.USERS_MANAGE)
def users() -> ResponseReturnValue:
    role = next((r for r in Role if r.value == request.args.get("role")), None)
    statement = queries.list_users(search=request.args.get("q", ""), role=role)
    page = page_of(db.session, statement, order=[User.name, User.id], after=request.args.get("after"))
    return render_template("accounts/users.html", page=page, roles=Role, role=role)


@accounts.route("/users/invite", methods=["GET", "POST"])
@requires(Permission.USERS_MANAGE)
def invite_user() -> ResponseReturnValue:
    form = _with_institutions(InvitationForm(request.form))
    if request.method == "POST" and form.validate():
        try:
            user = services.invite_user(
                actor=current_user, link=_invitation_link(), **_with_record(form.values())
            )
        except DomainError as error:
            form.reject(error)
        else:
            flash(_("The invitation to %(email)s is on its way.", email=user.email))
            return redirect(url_for(".user", user_id=user.id))
    return form_page("accounts/invite_user.html", form, cancel_url=url_for(".users"))


@accounts.route("/users/<int:user_id>", methods=["GET", "POST"])
@requires(Permission.USERS_MANAGE)
def user(user_id: int) -> ResponseReturnValue:
    record = queries.get_user(user_id)
    code = record.institution.code if record.institution else ""
    form = _with_institutions(
        UserForm(request.form, name=record.name, role=record.role.value, institution=code)
    )
    if request.method == "POST" and form.validate():
        try:
            services.give_role(actor=current_user, user=record, **_with_record(form.values()))
        except DomainError as error:
            form.reject(error)
        else:
            flash(_("%(name)s is now %(role)s.", name=record.name, role=record.role_label))
            return redirect(url_for(".user", user_id=user_id))
    return form_page("accounts/user.html", form, user=record, events=list_events(record))


@accounts.post("/users/<int:user_id>/suspend")
@requires(Permission.USERS_MANAGE)
def suspend_user(user_id: int) -> ResponseReturnValue:
    services.suspend_user(actor=current_user, user=queries.get_user(user_id))
    flash(_("Suspended. Open pages stop working at the next click."))
    return redirect(url_for(".user", user_id=user_id))


@accounts.post("/users/<int:user_id>/reinstate")
@requires(Permission.USERS_MANAGE)
def reinstate_user(user_id: int) -> ResponseReturnValue:
    services.reinstate_user(actor=current_user, user=queries.get_user(user_id))
    flash(_("Reinstated."))
    return redirect(url_for(".user", user_id=user_id))


@accounts.post("/users/<int:user_id>/invite-again")
@requires(Permission.USERS_MANAGE)
def invite_again(user_id: int) -> ResponseReturnValue:
    record = queries.get_user(user_id)
    services.send_invitation(actor=current_user, user=record, link=_invitation_link())
    flash(_("A new invitation is on its way to %(email)s.", email=record.email))
    return redirect(url_for(".user", user_id=user_id))


@accounts.route("/invitation/<token>", methods=["GET", "POST"])
@public
@limiter.limit("30 per minute")
def accept_invitation(token: str) -> ResponseReturnValue:
    invitation = queries.find_open_invitation(token)
    if invitation is None:
        raise RecordNotFound
    form = NewPasswordForm(request.form)
    if request.method == "POST" and form.validate():
        try:
            record = services.accept_invitation(invitation=invitation, **form.values())
        except DomainError as error:
            form.reject(error)
        else:
            _begin_session(record)
            return redirect("/")
    return form_page("accounts/accept_invitation.html", form, user=invitation.user)


@accounts.get("/trail")
@requires(Permission.AUDIT_READ)
def trail() -> ResponseReturnValue:
    statement = queries.list_trail(search=request.args.get("q", ""))
    page = page_of(db.session, statement, order=[AuditEvent.id.desc()], after=request.args.get("after"))
    return render_template("accounts/trail.html", page=page)


def _begin_session(user: User) -> None:
    """A new session for whoever signs in: nothing of the one before is carried over."""
    session.clear()
    login_user(user)


def _own_page(target: str | None) -> str:
    """The page she came for, if it is one of ours; the start page otherwise."""
    parts = urlsplit(target or "")
    is_ours = not parts.scheme and not parts.netloc and parts.path.startswith("/") and "\\" not in parts.path
    return str(target) if is_ours and not parts.path.startswith("//") else "/"


def _invitation_link() -> str:
    """Built from the configured address, never from the request, so that nobody can poison it."""
    return f"{current_app.config['BASE_URL']}/invitation/{{token}}"


def _with_institutions(form: UserForm) -> UserForm:
    form.offer([(i.code, i.name) for i in list_institutions(current_user)])
    return form


def _with_record(values: dict[str, Any]) -> dict[str, Any]:
    chosen = str(values.pop("institution") or "")
    institution: Institution | None = find_institution(current_user, chosen) if chosen else None
    return values | {"institution": institution}
