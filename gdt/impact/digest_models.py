"""Who wants the weekly mail about what needs doing, and for which week it was looked at last."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gdt.accounts.models import User
from gdt.database import Model, now


class DigestSubscription(Model):
    """One person's wish for the mail; without a row she gets none.

    `last_week`, such as 2026-W48, is changed by whoever makes the mail of a week first, so it is made once.
    """

    __tablename__ = "digest_subscriptions"

    user_id: Mapped[int] = mapped_column(ForeignKey(User.id, ondelete="CASCADE"), unique=True)
    began_at: Mapped[datetime] = mapped_column(default=now)
    last_week: Mapped[str | None] = mapped_column(String(8))
    last_sent_at: Mapped[datetime | None]
    user: Mapped[User] = relationship(lazy="joined", innerjoin=True)
