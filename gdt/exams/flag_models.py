"""Sittings that are worth a look: the sums they are compared by, why they were flagged, what was found."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, Numeric, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gdt.database import Model, now
from gdt.exams.models import Exam, Sitting
from gdt.exams.suspicion import FlagRule
from gdt.partners.models import Institution


class SittingTally(Model):
    """The marks of a sitting as sums, so that others are compared with them without being read again.

    `is_stale` says that marks changed since; it is counted and looked at anew within the hour.
    """

    __tablename__ = "sitting_tallies"
    __table_args__ = (Index(None, "exam_id", "institution_id", "held_on"), Index(None, "is_stale"))

    sitting_id: Mapped[int] = mapped_column(ForeignKey(Sitting.id), unique=True)
    exam_id: Mapped[int] = mapped_column(ForeignKey(Exam.id))
    institution_id: Mapped[int] = mapped_column(ForeignKey(Institution.id))
    held_on: Mapped[date]
    marks: Mapped[int]
    total: Mapped[Decimal] = mapped_column(Numeric(12, 2))
    lowest: Mapped[Decimal] = mapped_column(Numeric(6, 2))
    highest: Mapped[Decimal] = mapped_column(Numeric(6, 2))
    at_pass: Mapped[int]
    is_stale: Mapped[bool] = mapped_column(default=False)


class FlagState(StrEnum):
    TO_LOOK_AT = "to look at"
    FINE = "fine"
    WRONG = "something was wrong"


class SittingFlag(Model):
    """A rule that found something in a sitting, and what came of looking. It holds nothing up.

    `is_present` says whether the last run still found it.
    """

    __tablename__ = "sitting_flags"
    __table_args__ = (
        UniqueConstraint("sitting_id", "rule"),
        CheckConstraint(
            "(state = 'to look at') = (looked_at IS NULL) AND (looked_at IS NULL) = (looked_by_name IS NULL)"
            " AND (looked_at IS NULL) = (note IS NULL)",
            name="looked_at_by_somebody",
        ),
        Index(None, "state", "id"),
    )

    sitting_id: Mapped[int] = mapped_column(ForeignKey(Sitting.id))
    rule: Mapped[FlagRule]
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    is_present: Mapped[bool] = mapped_column(default=True)
    found_at: Mapped[datetime] = mapped_column(default=now)
    state: Mapped[FlagState] = mapped_column(default=FlagState.TO_LOOK_AT)
    note: Mapped[str | None] = mapped_column(Text)
    looked_at: Mapped[datetime | None]
    looked_by_name: Mapped[str | None] = mapped_column(String(200))
    sitting: Mapped[Sitting] = relationship(lazy="joined", innerjoin=True)

    def __str__(self) -> str:
        return f"{self.rule.value}, {self.sitting}"
