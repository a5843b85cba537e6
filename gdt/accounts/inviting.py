"""Inviting people by mail: the link that lets them set a password, sent again or withdrawn."""

import secrets
from collections.abc import Sequence
from datetime import timedelta

from flask_babel import gettext as _

from gdt import audit, mail
from gdt.access import Role, Viewer
from gdt.accounts import queries
from gdt.accounts.giving import require_may_give
from gdt.accounts.models import Invitation, User
from gdt.accounts.passwords import hash_password, require_strength
from gdt.accounts.session_queries import token_hash
from gdt.database import db, now
from gdt.errors import DomainError
from gdt.partners.models import Institution, Region

INVITATION_LASTS = timedelta(days=14)


def invite_user(
    *,
    actor: Viewer,
    name: str,
    email: str,
    role: Role,
    institution: Institution | None,
    link: str,
    regions: Sequence[Region] = (),
    person_id: int | None = None,
) -> User:
    """Make a user without a password and mail her the link to set one. `link` holds `{token}`.

    `person_id` is the entry in the register of somebody whose account shows what is hers there.
    """
    if queries.find_user_by_email(email):
        raise DomainError(_("Someone with this e-mail address is a user already."), field="email")
    require_may_give(actor, role, institution, regions, person_id)
    user = User(name=name, email=email.strip().lower(), role=role, institution=institution)
    user.person_id = person_id if role.is_of_one_person else None
    user.regions = list(regions)
    db.session.add(user)
    sentence = _("Invited %(name)s as %(role)s", name=name, role=role.label)
    audit.record(actor, "invited", user, sentence, institution_id=institution.id if institution else None)
    _mail_link(actor, user, link)
    return user


def invite_again(*, actor: Viewer, user: User, link: str) -> None:
    """Mail a fresh link; links sent before stop working. An invitation that was withdrawn stands again."""
    _require_open(user)
    user.suspended_at = user.suspended_because = None
    sentence = _("Sent %(name)s a new invitation", name=user.name)
    audit.record(actor, "invited again", user, sentence, institution_id=user.institution_id)
    _mail_link(actor, user, link)


def withdraw_invitation(*, actor: Viewer, user: User) -> None:
    """The link stops working, and nobody signs in with the address until it is invited again."""
    _require_open(user)
    _use_up(user)
    user.suspended_at = now()
    sentence = _("Withdrew the invitation of %(name)s", name=user.name)
    audit.record(actor, "withdrew invitation", user, sentence, institution_id=user.institution_id)


def accept_invitation(*, invitation: Invitation, password: str) -> User:
    """Set the password the link was sent for; the link is used up by it."""
    user = invitation.user
    require_strength(password, about=(user.name, user.email))
    user.password_hash = hash_password(password)
    invitation.used_at = now()
    audit.record(user, "accepted", user, _("Accepted the invitation"), institution_id=user.institution_id)
    return user


def _mail_link(actor: Viewer, user: User, link: str) -> None:
    _use_up(user)
    token = secrets.token_urlsafe(32)
    db.session.add(Invitation(user=user, token_hash=token_hash(token), expires_at=now() + INVITATION_LASTS))
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


def _use_up(user: User) -> None:
    for older in queries.list_open_invitations(user):
        older.used_at = now()


def _require_open(user: User) -> None:
    if user.has_accepted or user.forgotten_at is not None:
        raise DomainError(_("%(name)s has accepted the invitation already.", name=user.name))
