"""Lost passwords: a link by mail, with the same work and the same answer for every address."""

import secrets
from datetime import timedelta

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import delete

from gdt import audit, jobs, mail
from gdt.accounts import queries
from gdt.accounts.models import User
from gdt.accounts.passwords import hash_password, require_strength
from gdt.accounts.reset_models import PasswordReset
from gdt.accounts.session_models import EndReason
from gdt.accounts.session_queries import token_hash
from gdt.accounts.sessions import end_sessions
from gdt.accounts.signing_in import tell_of_change
from gdt.database import db, now, unit_of_work
from gdt.errors import DomainError
from gdt.jobs import JobState
from gdt.security import Tries

LINK_LASTS = timedelta(hours=1)
REQUESTS_KEPT = timedelta(days=7)
REQUESTS = Tries("reset", "3 per hour")


def ask_for_reset(*, email: str) -> None:
    """Keep the request; whose address it is, if anyone's, is found later and elsewhere.

    Past three an hour for an address nothing is kept, and nobody is told.
    """
    address = email.strip().lower()
    try:
        REQUESTS.take(address)
    except DomainError:
        return
    request = PasswordReset(email=address, job_total=1)
    db.session.add(request)
    db.session.flush()
    jobs.start(request)


@jobs.job(PasswordReset)
def answer_request(request: PasswordReset) -> None:
    """Mail the link, if an active user has the address."""
    request.job_done, request.job_state = 1, JobState.DONE
    user = queries.find_user_by_email(request.email)
    if user is None or user.state != "active":
        return
    token = secrets.token_urlsafe(32)
    request.user, request.token_hash, request.expires_at = user, token_hash(token), now() + LINK_LASTS
    mail.send(
        "password_reset",
        to=user.email,
        subject=_("A new password for GDT Network"),
        user=user,
        link=f"{current_app.config['BASE_URL']}/reset/{token}",
        minutes=int(LINK_LASTS.total_seconds() // 60),
    )


def reset_password(*, request: PasswordReset, password: str) -> User:
    """Set the password the link was mailed for. All links and all sessions of the user end."""
    user = request.user
    assert user is not None  # noqa: S101  (the query that found the request joined it)
    require_strength(password, about=(user.name, user.email))
    user.password_hash = hash_password(password)
    for link in queries.list_open_resets(user):
        link.used_at = now()
    end_sessions(user=user, reason=EndReason.PASSWORD)
    sentence = _("Set a new password by a mailed link")
    audit.record(user, "reset password", user, sentence, institution_id=user.institution_id)
    tell_of_change(user, _("The password of your account was set anew, by a link mailed to you."))
    return user


def forget_old_requests() -> int:
    """Addresses people typed are personal data, also of those who have no account.

    Returns how many; retention does it every hour.
    """
    with unit_of_work():
        old = delete(PasswordReset).where(PasswordReset.asked_at < now() - REQUESTS_KEPT)
        return int(db.session.execute(old).rowcount)  # type: ignore[attr-defined]
