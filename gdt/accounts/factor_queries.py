"""Reading second factors: the app, the passkeys and the recovery codes of a user."""

from collections.abc import Sequence

from sqlalchemy import exists, func, or_, select

from gdt.access import Viewer
from gdt.accounts.factor_models import AuthenticatorApp, Passkey, RecoveryCode
from gdt.accounts.models import User
from gdt.database import db
from gdt.errors import RecordNotFound


def has_factor(user: User) -> bool:
    """Whether signing in takes a second step."""
    app = exists().where(AuthenticatorApp.user_id == user.id)
    return bool(db.session.scalar(select(or_(app, exists().where(Passkey.user_id == user.id)))))


def find_app(user: User) -> AuthenticatorApp | None:
    return db.session.scalar(select(AuthenticatorApp).where(AuthenticatorApp.user_id == user.id))


def list_passkeys(user: User) -> Sequence[Passkey]:
    return db.session.scalars(select(Passkey).where(Passkey.user_id == user.id).order_by(Passkey.id)).all()


def find_passkey(credential_id: str) -> Passkey | None:
    """The passkey a device answers with, whoever it is."""
    return db.session.scalar(select(Passkey).where(Passkey.credential_id == credential_id))


def get_own_passkey(viewer: Viewer, passkey_id: int) -> Passkey:
    statement = select(Passkey).where(Passkey.id == passkey_id, Passkey.user_id == viewer.id)
    passkey = db.session.scalar(statement)
    if passkey is None:
        raise RecordNotFound
    return passkey


def count_recovery_codes(user: User) -> int:
    """How many codes are left."""
    left = select(func.count(RecoveryCode.id)).where(
        RecoveryCode.user_id == user.id, RecoveryCode.used_at.is_(None)
    )
    return db.session.scalar(left) or 0
