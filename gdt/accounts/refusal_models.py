"""Tries to sign in that were refused: what an owner sees of them, counted by the hour."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gdt.accounts.models import User
from gdt.database import Model, now
from gdt.partners.models import Institution


class Refusal(StrEnum):
    PASSWORD = "password"  # noqa: S105  (the word, not a secret)
    SECOND_STEP = "second step"
    PASSKEY = "passkey"
    THROTTLED = "throttled"
    SUSPENDED = "suspended"
    INSTITUTION = "institution"


class RefusedSignIn(Model):
    """What was tried at an account from one place in one hour, and why it was refused.

    What was typed is not kept. Tries at addresses nobody has are counted in one row an hour, which names
    neither address nor place: so refusing costs the same, whoever is meant. `institution_id` is whose
    provider said what was not believed.
    """

    __tablename__ = "refused_sign_ins"
    __table_args__ = (CheckConstraint("tries > 0", name="was_tried"),)

    user_id: Mapped[int | None] = mapped_column(ForeignKey(User.id, ondelete="CASCADE"), index=True)
    institution_id: Mapped[int | None] = mapped_column(ForeignKey(Institution.id, ondelete="CASCADE"))
    because: Mapped[Refusal]
    address: Mapped[str] = mapped_column(String(45))
    browser: Mapped[str] = mapped_column(String(80))
    tries: Mapped[int] = mapped_column(default=1)
    first_at: Mapped[datetime] = mapped_column(default=now)
    last_at: Mapped[datetime] = mapped_column(default=now, index=True)
    hour_key: Mapped[str] = mapped_column(String(64), unique=True)
    user: Mapped[User | None] = relationship()
    institution: Mapped[Institution | None] = relationship()
