"""The people who sign in, and their invitations."""

from datetime import datetime

from flask_login import UserMixin
from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gdt.access import Role
from gdt.database import Model, now
from gdt.partners.models import Institution


class User(UserMixin, Model):
    """Someone who signs in. A new `session_stamp` (password, role, suspension) ends the old sessions."""

    __tablename__ = "users"
    __table_args__ = (
        CheckConstraint(
            "(role = 'coordinator') = (institution_id IS NOT NULL)", name="role_has_its_institution"
        ),
        CheckConstraint("email = lower(email)", name="email_is_lower_case"),
    )

    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    role: Mapped[Role]
    institution_id: Mapped[int | None] = mapped_column(ForeignKey(Institution.id), index=True)
    password_hash: Mapped[str | None] = mapped_column(String(200))
    session_stamp: Mapped[str] = mapped_column(String(32))
    suspended_at: Mapped[datetime | None]
    last_signed_in_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
    institution: Mapped[Institution | None] = relationship(lazy="joined")

    def __str__(self) -> str:
        return self.name

    def get_id(self) -> str:
        return f"{self.id}-{self.session_stamp}"

    @property
    def is_active(self) -> bool:
        return self.suspended_at is None

    @property
    def role_label(self) -> str:
        return self.role.label

    @property
    def state(self) -> str:
        if self.suspended_at is not None:
            return "suspended"
        return "active" if self.password_hash else "invited"


class Invitation(Model):
    """A link that lets its holder set a password, once. Only the hash of its token is kept."""

    __tablename__ = "invitations"

    user_id: Mapped[int] = mapped_column(ForeignKey(User.id), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    user: Mapped[User] = relationship()
