"""Lost passwords: what was asked for, known or not, and the link that was mailed."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gdt.accounts.models import User
from gdt.database import Model, now
from gdt.jobs import Work


class PasswordReset(Work, Model):
    """Someone asked for a new password. The request keeps the address alone; a job finds whose it is.

    So asking costs the same for every address, and its answer cannot tell whether there is an account.
    """

    __tablename__ = "password_resets"

    email: Mapped[str] = mapped_column(String(254))
    asked_at: Mapped[datetime] = mapped_column(default=now, index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey(User.id, ondelete="CASCADE"), index=True)
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    expires_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]
    user: Mapped[User | None] = relationship()
