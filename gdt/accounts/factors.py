"""Second factors: adding and taking away the app, using it, and the recovery codes."""

from flask_babel import gettext as _
from sqlalchemy import delete, update

from gdt import audit
from gdt.access import Viewer
from gdt.accounts import factor_queries as queries
from gdt.accounts.factor_models import AuthenticatorApp, Passkey, RecoveryCode
from gdt.accounts.models import User
from gdt.accounts.one_time_codes import new_recovery_code, step_of, tidy_recovery_code
from gdt.accounts.refusal_models import Refusal
from gdt.accounts.refusals import SignInRefused
from gdt.accounts.sealing import seal, unseal
from gdt.accounts.session_models import EndReason, UserSession
from gdt.accounts.session_queries import token_hash
from gdt.accounts.sessions import end_sessions, needs_factor
from gdt.accounts.signing_in import require_own_password, tell_of_change
from gdt.database import db, now
from gdt.errors import DomainError
from gdt.security import Tries

PURPOSE = "authenticator app"
CODES = 10
WRONG_CODES = Tries("second step", "10 per 15 minutes")


def add_app(*, user: User, secret: str, code: str, here: UserSession) -> list[str]:
    """Keep the app that shows the right code. Returns the recovery codes that come with a first factor."""
    if queries.find_app(user) is not None:
        raise DomainError(_("An app is set up already. Take it away first."), field="code")
    step = step_of(code, secret, now())
    if step is None:
        raise DomainError(_wrong_code(), field="code")
    db.session.add(
        AuthenticatorApp(user_id=user.id, sealed_secret=seal(secret, purpose=PURPOSE), last_step=step)
    )
    _note(user, "added factor", _("Set up an authenticator app"))
    return begin_to_protect(user, here)


def begin_to_protect(user: User, here: UserSession) -> list[str]:
    """The first factor ends the sessions that began without one, and brings recovery codes."""
    db.session.flush()
    if queries.count_recovery_codes(user):
        return []
    end_sessions(user=user, reason=EndReason.SECOND_FACTOR, but=here)
    return _new_codes(user)


def check_code(*, user: User, code: str) -> None:
    """Use up a code of the app or a recovery code. Raises DomainError when it is neither, or was used."""
    try:
        WRONG_CODES.take(str(user.id))
    except DomainError as error:
        raise SignInRefused(error.message, Refusal.THROTTLED, user) from None
    if not _use_app_code(user, code) and not _use_recovery_code(user, code):
        raise SignInRefused(_wrong_code(), Refusal.SECOND_STEP, user, field="code")
    WRONG_CODES.forget(str(user.id))


def remove_app(*, user: User, password: str) -> None:
    """Take the app away, after the password was typed once more."""
    app = queries.find_app(user)
    if app is None:
        raise DomainError(_("There is no app to take away."))
    _require_owner(user, password)
    _require_another(user, bool(queries.list_passkeys(user)))
    db.session.delete(app)
    _note(user, "removed factor", _("Took the authenticator app away"))
    _forget_codes_without_factor(user)


def remove_passkey(*, user: User, passkey: Passkey, password: str) -> None:
    """Take a passkey away, after the password was typed once more."""
    _require_owner(user, password)
    others = [other for other in queries.list_passkeys(user) if other.id != passkey.id]
    _require_another(user, bool(others or queries.find_app(user)))
    db.session.delete(passkey)
    _note(user, "removed factor", _("Took the passkey %(name)s away", name=passkey.name))
    _forget_codes_without_factor(user)


def renew_recovery_codes(*, user: User, password: str) -> list[str]:
    """New codes; the old ones are worth nothing from now on."""
    _require_owner(user, password)
    _note(user, "new recovery codes", _("Made new recovery codes"))
    return _new_codes(user)


def forget_factors(*, actor: Viewer, user: User, reason: str) -> None:
    """What an administrator does for someone who lost phone and codes: she sets them up anew."""
    if actor.id == user.id:
        raise DomainError(_("Ask another administrator to do this for you."))
    for model in (AuthenticatorApp, Passkey, RecoveryCode):
        db.session.execute(delete(model).where(model.user_id == user.id))
    end_sessions(user=user, reason=EndReason.SECOND_FACTOR)
    sentence = _("Took the second factors of %(name)s away: %(reason)s", name=user.name, reason=reason)
    audit.record(actor, "forgot factors", user, sentence, institution_id=user.institution_id)
    tell_of_change(user, _("An administrator took the second step of your account away."))


def _use_app_code(user: User, code: str) -> bool:
    app = queries.find_app(user)
    try:
        step = step_of(code, unseal(app.sealed_secret, purpose=PURPOSE), now()) if app else None
    except DomainError:  # the installation has another secret now: what was sealed is lost, her codes are not
        return False
    if app is None or step is None:
        return False
    newer = update(AuthenticatorApp).where(AuthenticatorApp.id == app.id, AuthenticatorApp.last_step < step)
    return _is_one(newer.values(last_step=step))


def _use_recovery_code(user: User, code: str) -> bool:
    unused = update(RecoveryCode).where(
        RecoveryCode.user_id == user.id,
        RecoveryCode.code_hash == token_hash(f"{user.id}:{tidy_recovery_code(code)}"),
        RecoveryCode.used_at.is_(None),
    )
    if not _is_one(unused.values(used_at=now())):
        return False
    _note(user, "used recovery code", _("Signed in with a recovery code"))
    return True


def _is_one(change: object) -> bool:
    """The condition and the change are one statement: of two at once with the same code, one is told no."""
    return db.session.execute(change).rowcount == 1  # type: ignore[call-overload,no-any-return]


def _new_codes(user: User) -> list[str]:
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    codes = [new_recovery_code() for _n in range(CODES)]
    db.session.add_all(
        RecoveryCode(user_id=user.id, code_hash=token_hash(f"{user.id}:{code}")) for code in codes
    )
    db.session.flush()
    return codes


def _forget_codes_without_factor(user: User) -> None:
    db.session.flush()
    if not queries.has_factor(user):
        db.session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))


def _require_owner(user: User, password: str) -> None:
    """Whoever signs in through her institution has no password to type."""
    if user.password_hash is not None:
        require_own_password(user, password, field="password")


def _require_another(user: User, has_another: bool) -> None:
    if needs_factor(user) and not has_another:
        raise DomainError(_("Your role needs a second step. Set up another one before you take this away."))


def _note(user: User, action: str, sentence: str) -> None:
    audit.record(user, action, user, sentence, institution_id=user.institution_id)
    tell_of_change(user, f"{sentence}.")


def _wrong_code() -> str:
    return str(_("This code is wrong, or was used already. Wait for the next one and type that."))
