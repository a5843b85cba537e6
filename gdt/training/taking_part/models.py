"""What institutions are offered of a teacher training, what they answer, and whom they send."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gdt.database import Model, now
from gdt.partners.models import Institution
from gdt.people.models import Person
from gdt.training.models import TeacherTraining
from gdt.training.taking_part.states import InvitationState, PartState


class TrainingOffer(Model):
    """How many may take part in a training, until when institutions name them, and in which zone it is."""

    __tablename__ = "training_offers"
    __table_args__ = (CheckConstraint("places > 0", name="has_places"),)

    training_id: Mapped[int] = mapped_column(ForeignKey(TeacherTraining.id), unique=True)
    places: Mapped[int | None]
    name_until: Mapped[date | None]
    time_zone: Mapped[str] = mapped_column(String(40))
    training: Mapped[TeacherTraining] = relationship()


class TrainingInvitation(Model):
    """So many places of a training kept for an institution, until it answers and as long as it accepts."""

    __tablename__ = "training_invitations"
    __table_args__ = (
        UniqueConstraint("training_id", "institution_id"),
        CheckConstraint("places > 0", name="has_places"),
    )

    training_id: Mapped[int] = mapped_column(ForeignKey(TeacherTraining.id))
    institution_id: Mapped[int] = mapped_column(ForeignKey(Institution.id), index=True)
    places: Mapped[int]
    state: Mapped[InvitationState] = mapped_column(default=InvitationState.INVITED)
    invited_at: Mapped[datetime] = mapped_column(default=now)
    invited_by_name: Mapped[str] = mapped_column(String(200))
    answered_at: Mapped[datetime | None]
    answered_by_name: Mapped[str | None] = mapped_column(String(200))
    reason: Mapped[str | None] = mapped_column(String(400))
    training: Mapped[TeacherTraining] = relationship()
    institution: Mapped[Institution] = relationship()

    def __str__(self) -> str:
        return f"{self.training}, {self.institution}"


class TrainingApplication(Model):
    """A teacher named for a training: she takes part, waits in the order of `queued_at`, or no more."""

    __tablename__ = "training_applications"
    __table_args__ = (
        UniqueConstraint("training_id", "person_id"),
        Index(None, "training_id", "state", "queued_at"),
    )

    training_id: Mapped[int] = mapped_column(ForeignKey(TeacherTraining.id))
    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id), index=True)
    institution_id: Mapped[int] = mapped_column(ForeignKey(Institution.id), index=True)
    state: Mapped[PartState]
    queued_at: Mapped[datetime] = mapped_column(default=now)
    settled_at: Mapped[datetime] = mapped_column(default=now)
    named_by_name: Mapped[str] = mapped_column(String(200))
    confirmed_at: Mapped[datetime | None]  # when she said herself that she comes
    training: Mapped[TeacherTraining] = relationship()
    person: Mapped[Person] = relationship()
    institution: Mapped[Institution] = relationship()

    def __str__(self) -> str:
        return f"{self.person}, {self.training}"
