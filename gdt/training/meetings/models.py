"""The meetings of a teacher training, and who was there."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gdt.database import Model
from gdt.training.models import Module, TeacherTraining


class Meeting(Model):
    """A part of the timetable, between two moments; `sequence` rises with each change calendars learn."""

    __tablename__ = "training_meetings"
    __table_args__ = (
        UniqueConstraint("id", "training_id"),
        UniqueConstraint("training_id", "starts_at", "title"),
        CheckConstraint("starts_at < ends_at", name="starts_before_it_ends"),
        CheckConstraint("sequence >= 0", name="sequence_rises"),
    )

    training_id: Mapped[int] = mapped_column(ForeignKey(TeacherTraining.id))
    title: Mapped[str] = mapped_column(String(150))
    module_id: Mapped[int | None] = mapped_column(ForeignKey(Module.id), index=True)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    place: Mapped[str] = mapped_column(String(200), default="")
    sequence: Mapped[int] = mapped_column(default=0)
    called_off_at: Mapped[datetime | None]
    training: Mapped[TeacherTraining] = relationship()
    module: Mapped[Module | None] = relationship()

    def __str__(self) -> str:
        return self.title

    def is_on(self, day: object, zone: str) -> bool:
        """Whether it begins on a day, as the people of a zone count days."""
        return self.starts_at.astimezone(ZoneInfo(zone)).date() == day


class MeetingAttendance(Model):
    """Whether a participant was in a meeting of her training; no row means nobody has said."""

    __tablename__ = "meeting_attendances"
    __table_args__ = (
        UniqueConstraint("participant_id", "meeting_id"),
        ForeignKeyConstraint(
            ["participant_id", "training_id"],
            ["training_participants.id", "training_participants.training_id"],
            name="fk_meeting_attendances_participant",
        ),
        ForeignKeyConstraint(
            ["meeting_id", "training_id"],
            ["training_meetings.id", "training_meetings.training_id"],
            name="fk_meeting_attendances_meeting",
        ),
    )

    participant_id: Mapped[int]
    meeting_id: Mapped[int] = mapped_column(index=True)
    training_id: Mapped[int]
    was_there: Mapped[bool]
