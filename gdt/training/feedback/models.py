"""What participants say of a training: who was asked is known, who said what is not."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gdt.database import Model, now
from gdt.training.feedback.totals import Pace
from gdt.training.models import TeacherTraining, TrainingParticipant


class FeedbackRequest(Model):
    """A secret link by which one participant answers once; no moment of it, which would tell whose it is."""

    __tablename__ = "feedback_requests"

    participant_id: Mapped[int] = mapped_column(
        ForeignKey(TrainingParticipant.id, ondelete="CASCADE"), unique=True
    )
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    asked_at: Mapped[datetime] = mapped_column(default=now)
    is_answered: Mapped[bool] = mapped_column(default=False)
    participant: Mapped[TrainingParticipant] = relationship()


class TrainingFeedback(Model):
    """One answer, which points at the training alone."""

    __tablename__ = "training_feedbacks"
    __table_args__ = (CheckConstraint("usefulness BETWEEN 1 AND 5", name="usefulness_from_1_to_5"),)

    training_id: Mapped[int] = mapped_column(ForeignKey(TeacherTraining.id), index=True)
    usefulness: Mapped[int]
    pace: Mapped[Pace]
    recommends: Mapped[bool]
    words: Mapped[str] = mapped_column(Text, default="")
