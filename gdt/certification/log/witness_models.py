"""Witnesses of the log and what they receive: partners' addresses, and the bundle made of each head."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gdt.certification.log.models import LogHead
from gdt.database import Model, now
from gdt.jobs import Work
from gdt.partners.models import Institution


class LogWitness(Model):
    """An address at a partner that receives every new head, until it is taken off."""

    __tablename__ = "log_witnesses"
    __table_args__ = (
        CheckConstraint("(ended_at IS NULL) = (ended_by_name IS NULL)", name="ended_by_somebody"),
        Index(
            "ix_log_witnesses_open",
            "institution_id",
            "email",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    institution_id: Mapped[int] = mapped_column(ForeignKey(Institution.id))
    email: Mapped[str] = mapped_column(String(254))
    since: Mapped[datetime] = mapped_column(default=now)
    added_by_name: Mapped[str] = mapped_column(String(200))
    stop_token: Mapped[str] = mapped_column(String(64), unique=True)
    ended_at: Mapped[datetime | None]
    ended_by_name: Mapped[str | None] = mapped_column(String(200))
    institution: Mapped[Institution] = relationship()

    def __str__(self) -> str:
        return self.email


class LogBundle(Work, Model):
    """Everything needed to check certificates without us, as of one head; written as a job."""

    __tablename__ = "log_bundles"

    head_id: Mapped[int] = mapped_column(ForeignKey(LogHead.id), unique=True)
    file_key: Mapped[str | None] = mapped_column(String(200))
    file_size: Mapped[int | None]
    head: Mapped[LogHead] = relationship()

    def __str__(self) -> str:
        return f"Bundle {self.id}"
