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
from gdt.impact.period_words import period_label, period_words
from gdt.impact.periods import Period
from gdt.partners.models import Institution
from gdt.reporting.states import ReportState
from gdt.reporting.states import is_held as _is_held
from gdt.reporting.timing import Timing
from gdt.reporting.timing import timing as _timing


class ReportingRound(Model):
    """A period that active institutions report, and the day by which they do.

    `kinds` are those of the institutions that are asked, none for all. The code is its place in an address.
    """

    __tablename__ = "reporting_rounds"
    __table_args__ = (
        UniqueConstraint("id", "year", "starts_on", "ends_on"),
        CheckConstraint(
            "starts_on <= ends_on"
            " AND substr(CAST(starts_on AS varchar), 1, 4) = substr(CAST(ends_on AS varchar), 1, 4)"
            " AND CAST(substr(CAST(starts_on AS varchar), 1, 4) AS integer) = year",
            name="days_of_one_year",
        ),
    )

    code: Mapped[str] = mapped_column(String(100), unique=True)
    year: Mapped[int]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    kinds: Mapped[list[str]] = mapped_column(JSON, default=list)
    due_on: Mapped[date]
    opened_at: Mapped[datetime] = mapped_column(default=now)
    opened_by_name: Mapped[str] = mapped_column(String(200))

    def __str__(self) -> str:
        return f"Report of {self.words}"

    @property
    def period(self) -> Period:
        return Period(self.starts_on, self.ends_on)

    @property
    def words(self) -> str:
        return period_words(self.period)

    @property
    def label(self) -> str:
        return period_label(self.period)

    @property
    def title(self) -> str:
        """The label, with the kinds of institutions where not all are asked."""
        return f"{self.label} ({', '.join(self.kinds)})" if self.kinds else self.label


class InstitutionReport(Model):
    """One institution's report of a period. `figures` is what stood there when it was last submitted.

    No two of an institution share a day: an exclusion constraint in PostgreSQL and triggers in SQLite see to
    it, made by the migration. Other triggers read the days and the state: see `holding_triggers`.
    """

    __tablename__ = "institution_reports"
    __table_args__ = (
        UniqueConstraint("institution_id", "starts_on"),
        ForeignKeyConstraint(
            ["round_id", "year", "starts_on", "ends_on"],
            [
                "reporting_rounds.id",
                "reporting_rounds.year",
                "reporting_rounds.starts_on",
                "reporting_rounds.ends_on",
            ],
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
    starts_on: Mapped[date]
    ends_on: Mapped[date]
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
        return f"Report of {self.words}, {self.institution.name}"

    @property
    def period(self) -> Period:
        return Period(self.starts_on, self.ends_on)

    @property
    def period_code(self) -> str:
        return self.period.code

    @property
    def words(self) -> str:
        return period_words(self.period)

    @property
    def label(self) -> str:
        return period_label(self.period)

    def is_held(self, today: date) -> bool:
        """Whether the institution's rows of these days are locked."""
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
