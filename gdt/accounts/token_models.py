"""Access tokens: what a user's programs send in place of her password."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gdt.access import Role
from gdt.accounts.models import User
from gdt.database import Model, now


class TokenRight(StrEnum):
    """What a token may be made for; never more than its user may do herself."""

    FIGURES = "figures"
    RECORDS = "records"
    UPLOADS = "uploads"


class TokenEnd(StrEnum):
    """Why a token works no more before its last day."""

    OWNER = "owner"
    ADMINISTRATOR = "administrator"
    PASSWORD = "password"  # noqa: S105  (the word, not a secret)
    ROLE = "role"
    SUSPENDED = "suspended"
    SECOND_FACTOR = "second factor"


class AccessToken(Model):
    """A token of a user. Only its hash is kept, its last letters to know it again, and how it was used."""

    __tablename__ = "access_tokens"
    __table_args__ = (
        CheckConstraint("(ended_at IS NULL) = (ended_because IS NULL)", name="ends_for_a_reason"),
        Index(None, "user_id", "id"),
    )

    user_id: Mapped[int] = mapped_column(ForeignKey(User.id, ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(60))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    ending: Mapped[str] = mapped_column(String(4))
    rights: Mapped[list[str]] = mapped_column(JSON)
    role: Mapped[Role]
    made_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]
    times_used: Mapped[int] = mapped_column(default=0)
    ended_at: Mapped[datetime | None]
    ended_because: Mapped[TokenEnd | None]
    user: Mapped[User] = relationship()

    def __str__(self) -> str:
        return self.name

    @property
    def is_live(self) -> bool:
        """Whether it still opens something: not ended, not too old, its user active and in the same role."""
        is_hers = self.user.is_active and self.user.role is self.role
        return self.ended_at is None and self.expires_at > now() and is_hers

    def may(self, right: TokenRight) -> bool:
        return right.value in self.rights
