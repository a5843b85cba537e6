"""Signing in with a password, and changing it."""

from flask_babel import gettext as _

from gdt import audit, mail
from gdt.accounts import queries
from gdt.accounts.models import User
from gdt.accounts.passwords import hash_password, is_password, require_strength
from gdt.accounts.refusal_models import Refusal
from gdt.accounts.refusals import SignInRefused
from gdt.accounts.session_models import EndReason, UserSession
from gdt.accounts.sessions import end_sessions
from gdt.errors import DomainError
from gdt.security import Tries

WRONG_PASSWORDS = Tries("password", "10 per 15 minutes")


def check_password(*, email: str, password: str) -> User:
    """The user these words belong to. Refuses in the same way whatever is wrong, and whoever is meant."""
    user = queries.find_user_by_email(email)
    try:
        WRONG_PASSWORDS.take(email.strip().lower())
    except DomainError as error:
        raise SignInRefused(error.message, Refusal.THROTTLED, user) from None
    is_right = is_password(password, user.password_hash if user else None)
    if user is None or not is_right or not user.is_active:
        because = Refusal.SUSPENDED if is_right else Refusal.PASSWORD
        sentence = _("That e-mail address and password do not go together. Check both and try again.")
        raise SignInRefused(sentence, because, user)
    WRONG_PASSWORDS.forget(user.email)
    return user


def require_own_password(user: User, password: str, *, field: str) -> None:
    """Raise DomainError unless it is the user's own; each account has few tries."""
    WRONG_PASSWORDS.take(user.email)
    if not is_password(password, user.password_hash):
        raise DomainError(_("This is not your current password."), field=field)
    WRONG_PASSWORDS.forget(user.email)


def change_password(*, user: User, current: str, password: str, here: UserSession | None) -> int:
    """Change one's own password. Every session but this one ends; returns how many did."""
    require_own_password(user, current, field="current")
    require_strength(password, about=(user.name, user.email))
    user.password_hash = hash_password(password)
    ended = end_sessions(user=user, reason=EndReason.PASSWORD, but=here)
    sentence = _("Changed the password")
    audit.record(user, "changed password", user, sentence, institution_id=user.institution_id)
    tell_of_change(user, _("The password of your account was changed."))
    return ended


def tell_of_change(user: User, sentence: str) -> None:
    """Mail the owner what changed in how she signs in: if it was not she, she must know."""
    mail.send(
        "account_changed",
        to=user.email,
        subject=_("A change to your account at GDT Network"),
        user=user,
        sentence=sentence,
    )
