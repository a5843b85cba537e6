"""Inviting users, giving roles, signing in."""

import secrets
from datetime import timedelta

from flask_babel import gettext as _

from gdt import audit, mail
from gdt.access import Role, Viewer
from gdt.accounts import queries
from gdt.accounts.models import Invitation, User
from gdt.accounts.passwords import SHORTEST, hash_password, is_password
from gdt.database import db, now
from gdt.errors import DomainError
from gdt.partners.models import Institution

INVITATION_LASTS = timedelta(days=14)


def invite_user(
    *, actor: Viewer, name: str, email: str, role: Role, institution: Institution | None, link: str
) -> User:
    """Make a user without a password and mail her the link to set one. `link` holds `{token}`."""
    if queries.find_user_by_email(email):
        raise DomainError(_("Someone with this e-mail address is a user already."), field="email")
    _require_fitting_institution(role, institution)
    user = User(
        name=name, email=email.strip().lower(), role=role, institution=institution, session_stamp=_stamp()
    )
    db.session.add(user)
    audit.record(
        actor,
        "invited",
        user,
        _("Invited %(name)s as %(role)s", name=name, role=role.label),
        institution_id=user.institution_id,
    )
    send_invitation(actor=actor, user=user, link=link)
    return user


def send_invitation(*, actor: Viewer, user: User, link: str) -> None:
    """Mail a fresh link; links sent before stop working."""
    for older in queries.list_open_invitations(user):
        older.used_at = now()
    token = secrets.token_urlsafe(32)
    db.session.add(
        Invitation(user=user, token_hash=queries.token_hash(token), expires_at=now() + INVITATION_LASTS)
    )
    db.session.flush()
    mail.send(
        "invitation",
        to=user.email,
        subject=_("Your account at GDT Network"),
        user=user,
        inviter=actor.name,
        link=link.replace("{token}", token),
        days=INVITATION_LASTS.days,
    )


def accept_invitation(*, invitation: Invitation, password: str) -> User:
    """Set the password the link was sent for; the link is used up by it."""
    _require_strength(password)
    user = invitation.user
    user.password_hash, user.session_stamp = hash_password(password), _stamp()
    invitation.used_at = now()
    audit.record(user, "accepted", user, _("Accepted the invitation"), institution_id=user.institution_id)
    return user


def sign_in(*, email: str, password: str) -> User:
    """The user these words belong to. Refuses in the same way whatever is wrong."""
    user = queries.find_user_by_email(email)
    is_right = is_password(password, user.password_hash if user else None)
    if user is None or not is_right or not user.is_active:
        raise DomainError(_("That e-mail address and password do not go together. Check both and try again."))
    user.last_signed_in_at = now()
    audit.record(user, "signed in", user, _("Signed in"), institution_id=user.institution_id)
    return user


def change_password(*, user: User, current: str, password: str) -> None:
    """Change one's own password; every other session of the user ends."""
    if not is_password(current, user.password_hash):
        raise DomainError(_("This is not your current password."), field="current")
    _require_strength(password)
    user.password_hash, user.session_stamp = hash_password(password), _stamp()
    audit.record(
        user, "changed password", user, _("Changed the password"), institution_id=user.institution_id
    )


def give_role(*, actor: Viewer, user: User, name: str, role: Role, institution: Institution | None) -> None:
    """Change what a user may do, from her next request on."""
    _require_fitting_institution(role, institution)
    if user.role is Role.ADMINISTRATOR and role is not Role.ADMINISTRATOR:
        _require_another_administrator()
    before = user.role
    user.name, user.role, user.institution = name, role, institution
    if before is not role:
        user.session_stamp = _stamp()
    audit.record(
        actor,
        "changed role",
        user,
        _("%(name)s is now %(role)s", name=name, role=role.label),
        institution_id=user.institution_id,
        before=before.value,
        after=role.value,
    )


def suspend_user(*, actor: Viewer, user: User) -> None:
    """Keep a user out, from her next request on."""
    if user.id == actor.id:
        raise DomainError(_("You cannot suspend yourself. Ask another administrator."))
    if user.role is Role.ADMINISTRATOR:
        _require_another_administrator()
    user.suspended_at, user.session_stamp = now(), _stamp()
    audit.record(
        actor, "suspended", user, _("Suspended %(name)s", name=user.name), institution_id=user.institution_id
    )


def reinstate_user(*, actor: Viewer, user: User) -> None:
    """Let a suspended user in again, with the password she had."""
    user.suspended_at = None
    audit.record(
        actor,
        "reinstated",
        user,
        _("Reinstated %(name)s", name=user.name),
        institution_id=user.institution_id,
    )


def _require_fitting_institution(role: Role, institution: Institution | None) -> None:
    if role.is_of_one_institution and institution is None:
        raise DomainError(_("Choose the institution this person works for."), field="institution")
    if not role.is_of_one_institution and institution is not None:
        raise DomainError(
            _("This role is in the GDT office: leave the institution empty."), field="institution"
        )


def _require_another_administrator() -> None:
    if queries.count_active_administrators() < 2:
        raise DomainError(_("This is the last administrator. Give the role to someone else first."))


def _require_strength(password: str) -> None:
    if len(password) < SHORTEST:
        raise DomainError(
            _("Use at least %(n)s characters. Three or four words make a good one.", n=SHORTEST),
            field="password",
        )


def _stamp() -> str:
    return secrets.token_hex(8)
