"""Years that were closed: what was published, the summaries made of it, and why figures differ since."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gdt.certification.log.publication_models import LogPublication
from gdt.database import Model, now
from gdt.jobs import Work


class ClosedYear(Work, Model):
    """A year whose figures were published once; the work is drawing the summaries of its places.

    The publication holds the network's summary and the file of all figures, sealed in the log.
    """

    __tablename__ = "closed_years"

    year: Mapped[int] = mapped_column(unique=True)
    closed_at: Mapped[datetime] = mapped_column(default=now)
    closed_by_name: Mapped[str] = mapped_column(String(200))
    publication_id: Mapped[int] = mapped_column(ForeignKey(LogPublication.id), unique=True)
    publication: Mapped[LogPublication] = relationship()

    def __str__(self) -> str:
        return f"Year {self.year}"


class ClosedSummary(Model):
    """The summary of a country or an institution, drawn once from the figures of a closed year."""

    __tablename__ = "closed_summaries"
    __table_args__ = (
        UniqueConstraint("closed_year_id", "level", "place_code", name="uq_closed_summaries_place"),
    )

    closed_year_id: Mapped[int] = mapped_column(ForeignKey(ClosedYear.id))
    level: Mapped[int]
    place_code: Mapped[str] = mapped_column(String(20))
    file_key: Mapped[str] = mapped_column(String(200))
    file_sha256: Mapped[str] = mapped_column(String(64))
    file_size: Mapped[int]


class RestatementReason(Model):
    """Why a measure of a place differs from what was published, as the office wrote it; the last holds."""

    __tablename__ = "restatement_reasons"
    __table_args__ = (CheckConstraint("length(reason) > 0", name="says_something"),)

    closed_year_id: Mapped[int] = mapped_column(ForeignKey(ClosedYear.id), index=True)
    measure: Mapped[str] = mapped_column(String(40))
    level: Mapped[int]
    place_code: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime] = mapped_column(default=now)
    written_by_name: Mapped[str] = mapped_column(String(200))
