"""Reporting rounds, each institution's report in one, late corrections, and rows changed after approval."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gdt.database import Model, now
from gdt.partners.models import Institution
from gdt.reporting.states import ReportState
from gdt.reporting.states import is_held as _is_held
from gdt.reporting.timing import Timing
from gdt.reporting.timing import timing as _timing


class ReportingRound(Model):
    """A year that every active institution reports, and the day by which it does."""

    __tablename__ = "reporting_rounds"
    __table_args__ = (UniqueConstraint("id", "year"),)

    year: Mapped[int] = mapped_column(unique=True)
    due_on: Mapped[date]
    opened_at: Mapped[datetime] = mapped_column(default=now)
    opened_by_name: Mapped[str] = mapped_column(String(200))

    def __str__(self) -> str:
        return f"Report of {self.year}"


class InstitutionReport(Model):
    """One institution's report of a year. `figures` is what stood there when it was last submitted.

    Triggers read `institution_id`, `year` and `state`: see `holding_triggers`.
    """

    __tablename__ = "institution_reports"
    __table_args__ = (
        UniqueConstraint("institution_id", "year"),
        ForeignKeyConstraint(
            ["round_id", "year"],
            ["reporting_rounds.id", "reporting_rounds.year"],
            name="fk_institution_reports_round",
        ),
        CheckConstraint("(state = 'open') = (submitted_at IS NULL)", name="submitted_at_a_moment"),
        CheckConstraint("(submitted_at IS NULL) = (first_submitted_on IS NULL)", name="submitted_first"),
        CheckConstraint(
            "state NOT IN ('approved', 'correcting') OR approved_at IS NOT NULL", name="approved_at_a_moment"
        ),
        CheckConstraint(
            "(state = 'correcting') = (correctable_until IS NOT NULL)", name="corrected_until_a_day"
        ),
        CheckConstraint("(state = 'queried') = (question IS NOT NULL)", name="queried_with_a_question"),
        Index(None, "round_id", "state"),
    )

    round_id: Mapped[int] = mapped_column()
    institution_id: Mapped[int] = mapped_column(ForeignKey(Institution.id))
    year: Mapped[int]
    state: Mapped[ReportState] = mapped_column(default=ReportState.OPEN)
    figures: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    first_submitted_on: Mapped[date | None]
    submitted_at: Mapped[datetime | None]
    submitted_by_name: Mapped[str | None] = mapped_column(String(200))
    question: Mapped[str | None] = mapped_column(Text)
    answer: Mapped[str | None] = mapped_column(Text)
    approved_at: Mapped[datetime | None]
    approved_by_name: Mapped[str | None] = mapped_column(String(200))
    correctable_until: Mapped[date | None]
    last_reminded_on: Mapped[date | None]
    round: Mapped[ReportingRound] = relationship(
        foreign_keys=[round_id], primaryjoin=round_id == ReportingRound.id, lazy="joined", innerjoin=True
    )
    institution: Mapped[Institution] = relationship(lazy="joined", innerjoin=True)
    corrections: Mapped[list["LateCorrection"]] = relationship(
        back_populates="report", order_by="LateCorrection.id.desc()"
    )

    def __str__(self) -> str:
        return f"Report of {self.year}, {self.institution.name}"

    def is_held(self, today: date) -> bool:
        """Whether the institution's rows of the year are locked."""
        return _is_held(self.state, self.correctable_until, today)

    def timing(self, today: date) -> Timing:
        return _timing(self.first_submitted_on, self.round.due_on, today)


class CorrectionState(StrEnum):
    ASKED = "asked"
    GRANTED = "granted"
    DECLINED = "declined"


class LateCorrection(Model):
    """An institution asks to correct what was approved; the office lets it until a day, or declines."""

    __tablename__ = "late_corrections"
    __table_args__ = (
        CheckConstraint("(state = 'asked') = (answered_at IS NULL)", name="answered_at_a_moment"),
        CheckConstraint("(state = 'granted') = (until_on IS NOT NULL)", name="granted_until_a_day"),
        Index(
            "uq_late_corrections_waiting",
            "report_id",
            unique=True,
            sqlite_where=text("state = 'asked'"),
            postgresql_where=text("state = 'asked'"),
        ),
    )

    report_id: Mapped[int] = mapped_column(ForeignKey(InstitutionReport.id), index=True)
    reason: Mapped[str] = mapped_column(Text)
    state: Mapped[CorrectionState] = mapped_column(default=CorrectionState.ASKED)
    asked_at: Mapped[datetime] = mapped_column(default=now)
    asked_by_name: Mapped[str] = mapped_column(String(200))
    until_on: Mapped[date | None]
    answer: Mapped[str | None] = mapped_column(Text)
    answered_at: Mapped[datetime | None]
    answered_by_name: Mapped[str | None] = mapped_column(String(200))
    report: Mapped[InstitutionReport] = relationship(back_populates="corrections")


class HeldChange(Model):
    """That this transaction changed rows of a sent report: triggers write it, the commit deletes it."""

    __tablename__ = "held_changes"

    report_id: Mapped[int]
