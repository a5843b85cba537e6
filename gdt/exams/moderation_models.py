"""Marks of sittings that are marked twice: who gave which, who decided between two, and why."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gdt.accounts.models import User
from gdt.database import Model, now
from gdt.exams.models import Sitting
from gdt.exams.moderation import Given, Marking, MarkingState
from gdt.people.models import Person

_ALL_OR_NONE = (
    "({0}_mark IS NULL) = ({0}_by_id IS NULL) AND ({0}_mark IS NULL) = ({0}_by_name IS NULL)"
    " AND ({0}_mark IS NULL) = ({0}_at IS NULL)"
)


class DoubleMark(Model):
    """What one person was given in a sitting that is marked twice. Only what stands becomes a result."""

    __tablename__ = "double_marks"
    __table_args__ = (
        UniqueConstraint("sitting_id", "person_id"),
        CheckConstraint("second_by_id <> first_by_id", name="second_by_another"),
        CheckConstraint(
            "decided_by_id <> first_by_id AND decided_by_id <> second_by_id", name="decided_by_a_third"
        ),
        CheckConstraint("(state = 'marked once') = (second_mark IS NULL)", name="two_marks_or_one"),
        CheckConstraint("(state = 'decided') = (decided_mark IS NOT NULL)", name="decided_with_a_mark"),
        CheckConstraint("(state = 'decided') = (reason IS NOT NULL)", name="decided_with_a_reason"),
        CheckConstraint(_ALL_OR_NONE.format("second"), name="second_is_whole"),
        CheckConstraint(_ALL_OR_NONE.format("decided"), name="decided_is_whole"),
        CheckConstraint(
            "first_mark >= 0 AND second_mark >= 0 AND decided_mark >= 0", name="marks_not_negative"
        ),
        Index(None, "state", "id"),
    )

    sitting_id: Mapped[int] = mapped_column(ForeignKey(Sitting.id))
    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id), index=True)
    state: Mapped[MarkingState] = mapped_column(default=MarkingState.ONCE)
    first_mark: Mapped[Decimal] = mapped_column(Numeric(6, 2))
    first_by_id: Mapped[int] = mapped_column(ForeignKey(User.id))
    first_by_name: Mapped[str] = mapped_column(String(200))
    first_at: Mapped[datetime] = mapped_column(default=now)
    second_mark: Mapped[Decimal | None] = mapped_column(Numeric(6, 2))
    second_by_id: Mapped[int | None] = mapped_column(ForeignKey(User.id))
    second_by_name: Mapped[str | None] = mapped_column(String(200))
    second_at: Mapped[datetime | None]
    decided_mark: Mapped[Decimal | None] = mapped_column(Numeric(6, 2))
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey(User.id))
    decided_by_name: Mapped[str | None] = mapped_column(String(200))
    decided_at: Mapped[datetime | None]
    reason: Mapped[str | None] = mapped_column(Text)
    sitting: Mapped[Sitting] = relationship()
    person: Mapped[Person] = relationship()

    def __str__(self) -> str:
        return f"{self.sitting}, {self.state.value}"

    @property
    def marking(self) -> Marking:
        """The row as the rules read it."""
        return Marking(
            self.state,
            Given(self.first_by_id, self.first_mark),
            _given(self.second_by_id, self.second_mark),
            _given(self.decided_by_id, self.decided_mark),
        )

    def mark_of(self, user_id: int | None) -> Decimal | None:
        """What somebody gave herself; nobody is shown the other's mark before her own is in."""
        marks = {self.first_by_id: self.first_mark, self.second_by_id: self.second_mark}
        return marks.get(user_id) if user_id else None


def _given(by: int | None, mark: Decimal | None) -> Given | None:
    return None if by is None or mark is None else Given(by, mark)
