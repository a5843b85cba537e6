"""Institutions that sign their own people in, and who is who there."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gdt.accounts.models import User
from gdt.database import Model, now
from gdt.partners.models import Institution


class SignInService(Model):
    """An institution's OpenID Connect provider, and the mail domain it may vouch for."""

    __tablename__ = "sign_in_services"
    __table_args__ = (CheckConstraint("mail_domain = lower(mail_domain)", name="domain_is_lower_case"),)

    institution_id: Mapped[int] = mapped_column(ForeignKey(Institution.id), unique=True)
    issuer: Mapped[str] = mapped_column(String(300))
    client_id: Mapped[str] = mapped_column(String(300))
    sealed_secret: Mapped[str] = mapped_column(String(1000))
    mail_domain: Mapped[str] = mapped_column(String(253))
    is_on: Mapped[bool]
    changed_at: Mapped[datetime] = mapped_column(default=now)
    institution: Mapped[Institution] = relationship(lazy="joined")

    def __str__(self) -> str:
        return self.institution.name


class LinkedIdentity(Model):
    """Who a user is at the institution's provider: by its own name for her, which never changes."""

    __tablename__ = "linked_identities"
    __table_args__ = (UniqueConstraint("issuer", "subject"), UniqueConstraint("issuer", "user_id"))

    user_id: Mapped[int] = mapped_column(ForeignKey(User.id, ondelete="CASCADE"), index=True)
    issuer: Mapped[str] = mapped_column(String(300))
    subject: Mapped[str] = mapped_column(String(255))
    linked_at: Mapped[datetime] = mapped_column(default=now)
    user: Mapped[User] = relationship()
