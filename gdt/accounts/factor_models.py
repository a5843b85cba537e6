"""Second factors: an authenticator app, passkeys, and the codes for the day both are lost."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gdt.accounts.models import User
from gdt.database import Model, now


class AuthenticatorApp(Model):
    """The app on someone's phone. `last_step` is the newest half minute a code was taken of: none twice."""

    __tablename__ = "authenticator_apps"

    user_id: Mapped[int] = mapped_column(ForeignKey(User.id, ondelete="CASCADE"), unique=True)
    sealed_secret: Mapped[str] = mapped_column(String(200))
    last_step: Mapped[int] = mapped_column(BigInteger)
    added_at: Mapped[datetime] = mapped_column(default=now)


class Passkey(Model):
    """A key in someone's device, of which we keep the public half."""

    __tablename__ = "passkeys"

    user_id: Mapped[int] = mapped_column(ForeignKey(User.id, ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    credential_id: Mapped[str] = mapped_column(String(1400), unique=True)  # base64url of at most 1,023 bytes
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(BigInteger)
    added_at: Mapped[datetime] = mapped_column(default=now)
    last_used_at: Mapped[datetime | None]
    user: Mapped[User] = relationship()


class RecoveryCode(Model):
    """A code that stands for the second factor once. Its 80 random bits need no slow hash."""

    __tablename__ = "recovery_codes"

    user_id: Mapped[int] = mapped_column(ForeignKey(User.id, ondelete="CASCADE"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    used_at: Mapped[datetime | None]
