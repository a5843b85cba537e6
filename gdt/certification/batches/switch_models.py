"""The switch that halts all issuing: one row, which every transaction that issues holds on to."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from gdt.accounts.models import User
from gdt.database import Model, now


class IssuingSwitch(Model):
    """Whether issuing is halted, since when, by whom and why; what it was before stands in the trail."""

    __tablename__ = "issuing_switches"
    __table_args__ = (
        CheckConstraint("id = 1", name="there_is_one"),
        CheckConstraint("NOT is_halted OR reason IS NOT NULL", name="halted_with_a_reason"),
    )

    is_halted: Mapped[bool] = mapped_column(default=False)
    turned_at: Mapped[datetime] = mapped_column(default=now)
    turned_by_id: Mapped[int | None] = mapped_column(ForeignKey(User.id))
    turned_by_name: Mapped[str] = mapped_column(String(200), default="")
    reason: Mapped[str | None] = mapped_column(Text)

    def __str__(self) -> str:
        return "All issuing"
