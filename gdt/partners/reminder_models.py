"""Reminders of an agreement's end: to whom, how long before, and what became of each."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gdt.database import Model
from gdt.partners.models import Agreement


class Audience(StrEnum):
    OFFICE = "office"
    INSTITUTION = "institution"


class ReminderState(StrEnum):
    """`due` waits for its day; `answered` led to something; `not needed` was settled before it was sent."""

    DUE = "due"
    SENT = "sent"
    ANSWERED = "answered"
    NOT_NEEDED = "not needed"


class AgreementReminder(Model):
    __tablename__ = "agreement_reminders"
    __table_args__ = (
        UniqueConstraint("agreement_id", "audience", "months"),
        CheckConstraint("months IN (9, 6, 3, 1)", name="at_set_times"),
        CheckConstraint("state NOT IN ('sent', 'answered') OR sent_at IS NOT NULL", name="sent_at_a_moment"),
        CheckConstraint(
            "(state IN ('answered', 'not needed')) = (settled_at IS NOT NULL)", name="settled_at_a_moment"
        ),
        Index(None, "state", "due_on"),
    )

    agreement_id: Mapped[int] = mapped_column(ForeignKey(Agreement.id))
    audience: Mapped[Audience]
    months: Mapped[int]
    due_on: Mapped[date]
    state: Mapped[ReminderState] = mapped_column(default=ReminderState.DUE)
    sent_at: Mapped[datetime | None]
    people: Mapped[int] = mapped_column(default=0)
    settled_at: Mapped[datetime | None]
    note: Mapped[str | None] = mapped_column(String(300))
    agreement: Mapped[Agreement] = relationship()

    def __str__(self) -> str:
        return f"reminder {self.months} months before the end"
