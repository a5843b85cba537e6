"""What looks unusual in a report, and what came of looking at it."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gdt.database import Model, now
from gdt.reporting.models import InstitutionReport
from gdt.reporting.risk_rules import Rule


class FindingState(StrEnum):
    TO_LOOK_AT = "to look at"
    FINE = "fine"
    TO_CORRECT = "to correct"


class RiskFinding(Model):
    """One rule that found one thing; the same thing found again is the same finding.

    `is_present` says whether the last run still found it; `is_sampled` whether the office must look at it.
    """

    __tablename__ = "risk_findings"
    __table_args__ = (
        UniqueConstraint("report_id", "rule", "subject"),
        CheckConstraint("(state = 'to look at') = (looked_at IS NULL)", name="looked_at_by_someone"),
        Index(None, "is_sampled", "state", "id"),
    )

    report_id: Mapped[int] = mapped_column(ForeignKey(InstitutionReport.id))
    rule: Mapped[Rule]
    subject: Mapped[str] = mapped_column(String(120))
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    is_sampled: Mapped[bool]
    is_present: Mapped[bool] = mapped_column(default=True)
    found_at: Mapped[datetime] = mapped_column(default=now)
    state: Mapped[FindingState] = mapped_column(default=FindingState.TO_LOOK_AT)
    note: Mapped[str | None] = mapped_column(Text)
    looked_at: Mapped[datetime | None]
    looked_by_name: Mapped[str | None] = mapped_column(String(200))
    report: Mapped[InstitutionReport] = relationship(lazy="joined", innerjoin=True)

    def __str__(self) -> str:
        return f"{self.rule.value}, {self.report}"
