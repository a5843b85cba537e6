"""Sessions: one row for each browser in which someone signed in, kept as her sign-in history."""

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gdt.accounts.models import User
from gdt.database import Model, now

UNFINISHED_LASTS = timedelta(minutes=15)


class SignInMethod(StrEnum):
    PASSWORD = "password"  # noqa: S105  (the word, not a secret)
    PASSKEY = "passkey"
    INSTITUTION = "institution"
    LINK = "link"


class Step(StrEnum):
    """What is left to do before the session opens anything."""

    SECOND = "second"
    SET_UP = "set-up"
    DONE = "done"


class EndReason(StrEnum):
    SIGNED_OUT = "signed out"
    ENDED = "ended"
    PASSWORD = "password"  # noqa: S105
    ROLE = "role"
    SUSPENDED = "suspended"
    SECOND_FACTOR = "second factor"


class UserSession(Model):
    """One sign-in of one browser. Only the hash of its token is kept; a row here is what keeps it alive."""

    __tablename__ = "user_sessions"
    __table_args__ = (
        CheckConstraint("(ended_at IS NULL) = (ended_because IS NULL)", name="ends_for_a_reason"),
        Index(None, "user_id", "id"),
    )

    user_id: Mapped[int] = mapped_column(ForeignKey(User.id, ondelete="CASCADE"))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    method: Mapped[SignInMethod]
    step: Mapped[Step]
    address: Mapped[str] = mapped_column(String(45))
    browser: Mapped[str] = mapped_column(String(80))
    started_at: Mapped[datetime] = mapped_column(default=now, index=True)
    last_seen_at: Mapped[datetime] = mapped_column(default=now)
    ended_at: Mapped[datetime | None]
    ended_because: Mapped[EndReason | None]
    user: Mapped[User] = relationship()

    def is_over(self, moment: datetime, *, idle: timedelta, longest: timedelta) -> bool:
        """Whether it was ended, was left alone for too long, is too old, or was never finished in time."""
        if self.ended_at is not None or moment - self.last_seen_at > idle:
            return True
        lasts = longest if self.step is Step.DONE else min(longest, UNFINISHED_LASTS)
        return moment - self.started_at > lasts
