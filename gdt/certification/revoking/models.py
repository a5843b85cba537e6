"""Revocations of many: the order, checked before it is carried out, and what becomes of each of its lines."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gdt.accounts.models import User
from gdt.certification.batches.models import CertificateBatch
from gdt.certification.models import Certificate
from gdt.database import Model, now
from gdt.jobs import Work


class LineState(StrEnum):
    """What will happen to a line (`standing`), or what did, or why nothing does."""

    STANDING = "standing"
    REVOKED = "revoked"
    BEFORE = "revoked before"
    REPLACED = "replaced"
    TWICE = "twice"
    UNKNOWN = "unknown"
    UNREADABLE = "unreadable"


class RevocationOrder(Work, Model):
    """A list of certificates to revoke, or all of a batch. Nothing happens before it is confirmed.

    Its work waits as done until then; `counted` is how many stood when it was checked.
    """

    __tablename__ = "revocation_orders"
    __table_args__ = (
        CheckConstraint("(confirmed_at IS NULL) = (reason IS NULL)", name="confirmed_with_a_reason"),
    )

    source: Mapped[str] = mapped_column(String(255))
    batch_id: Mapped[int | None] = mapped_column(ForeignKey(CertificateBatch.id), index=True)
    ordered_by_id: Mapped[int | None] = mapped_column(ForeignKey(User.id))
    ordered_by_name: Mapped[str] = mapped_column(String(200))
    ordered_at: Mapped[datetime] = mapped_column(default=now)
    confirmed_at: Mapped[datetime | None]
    reason: Mapped[str | None] = mapped_column(Text)
    tells_holders: Mapped[bool] = mapped_column(default=False)
    counted: Mapped[int] = mapped_column(default=0)
    batch: Mapped[CertificateBatch | None] = relationship()

    def __str__(self) -> str:
        return self.source


class RevocationLine(Model):
    """One line of an order as it was typed, the certificate it names, and what becomes of it."""

    __tablename__ = "revocation_lines"
    __table_args__ = (
        UniqueConstraint("order_id", "position"),
        Index(None, "order_id", "state", "position"),
    )

    order_id: Mapped[int] = mapped_column(ForeignKey(RevocationOrder.id))
    position: Mapped[int]
    line: Mapped[int]
    typed: Mapped[str] = mapped_column(String(200))
    state: Mapped[LineState]
    certificate_id: Mapped[int | None] = mapped_column(ForeignKey(Certificate.id), index=True)
    certificate: Mapped[Certificate | None] = relationship()
