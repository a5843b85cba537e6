"""The people who sign in, and their invitations."""

from datetime import datetime

from flask_login import UserMixin
from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gdt.access import Role
from gdt.database import Model, now
from gdt.partners.models import Institution, Region


class User(UserMixin, Model):
    """Someone who signs in. An officer with regions sees and does what is in them, and nothing else.

    A teacher's account is that of her entry in the register, `person_id`: what is hers there she sees here.
    """

    __tablename__ = "users"
    __table_args__ = (
        CheckConstraint(
            "(role IN ('coordinator', 'teacher')) = (institution_id IS NOT NULL)",
            name="role_has_its_institution",
        ),
        CheckConstraint("(role = 'teacher') = (person_id IS NOT NULL)", name="role_has_its_person"),
        CheckConstraint("email = lower(email)", name="email_is_lower_case"),
    )

    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    role: Mapped[Role]
    institution_id: Mapped[int | None] = mapped_column(ForeignKey(Institution.id), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"), index=True)
    password_hash: Mapped[str | None] = mapped_column(String(200))
    suspended_at: Mapped[datetime | None]
    suspended_because: Mapped[str | None] = mapped_column(String(300))
    last_signed_in_at: Mapped[datetime | None]
    forgotten_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
    institution: Mapped[Institution | None] = relationship(lazy="joined")
    regions: Mapped[list[Region]] = relationship(secondary="user_regions", order_by=Region.position)

    def __str__(self) -> str:
        return self.name

    @property
    def region_ids(self) -> tuple[int, ...]:
        """The regions an officer is limited to; none means all of them."""
        return tuple(region.id for region in self.regions) if self.role.can_be_limited else ()

    @property
    def is_active(self) -> bool:
        return self.suspended_at is None

    @property
    def role_label(self) -> str:
        return self.role.label

    @property
    def has_accepted(self) -> bool:
        return self.password_hash is not None or self.last_signed_in_at is not None

    @property
    def pseudonym(self) -> str:
        """What stays in the place of her name once who she was is forgotten."""
        return f"Former user {self.id}"

    @property
    def state(self) -> str:
        if self.forgotten_at is not None:
            return "forgotten"
        if self.suspended_at is not None:
            return "suspended" if self.has_accepted else "withdrawn"
        return "active" if self.has_accepted else "invited"


class UserRegion(Model):
    """One of the regions an officer is limited to."""

    __tablename__ = "user_regions"
    __table_args__ = (UniqueConstraint("user_id", "region_id"),)

    user_id: Mapped[int] = mapped_column(ForeignKey(User.id, ondelete="CASCADE"))
    region_id: Mapped[int] = mapped_column(ForeignKey(Region.id))


class Invitation(Model):
    """A link that lets its holder set a password, once. Only the hash of its token is kept."""

    __tablename__ = "invitations"

    user_id: Mapped[int] = mapped_column(ForeignKey(User.id), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    user: Mapped[User] = relationship()
