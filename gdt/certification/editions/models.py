"""Replacements: why a certificate has a next edition, who wanted it, and what it says otherwise."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gdt.accounts.models import User
from gdt.certification.models import Certificate
from gdt.database import Model, now


class CertificateReplacement(Model):
    """One act of the office: `certificate` took the place of the one it replaces, which may be a revoked one.

    `changes` maps each corrected fact to [before, after]; it is empty when a revoked one was issued anew.
    """

    __tablename__ = "certificate_replacements"
    __table_args__ = (CheckConstraint("length(reason) > 0", name="has_a_reason"),)

    certificate_id: Mapped[int] = mapped_column(ForeignKey(Certificate.id), unique=True)
    reason: Mapped[str] = mapped_column(Text)
    changes: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    made_at: Mapped[datetime] = mapped_column(default=now)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey(User.id))
    made_by_name: Mapped[str] = mapped_column(String(200))
    certificate: Mapped[Certificate] = relationship()

    def __str__(self) -> str:
        return f"Replacement {self.id}"
