"""Which reminders of a qualification's end were sent: each once."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gdt.database import Model
from gdt.training.models import Qualification


class QualificationReminder(Model):
    """So many months before the last day of a qualification somebody was told, on a day."""

    __tablename__ = "qualification_reminders"
    __table_args__ = (
        UniqueConstraint("qualification_id", "months"),
        CheckConstraint("months > 0", name="is_before_the_end"),
    )

    qualification_id: Mapped[int] = mapped_column(ForeignKey(Qualification.id, ondelete="CASCADE"))
    months: Mapped[int]
    sent_on: Mapped[date]
    qualification: Mapped[Qualification] = relationship()
