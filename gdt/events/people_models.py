"""Who was invited to an event and what was answered, who has a place or waits for one, and who came."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gdt.database import Model, now
from gdt.events.models import Event, Way
from gdt.events.states import PlaceState
from gdt.partners.models import Institution


class EventInvitation(Model):
    """A mail with a link by which one person answers once, without an account."""

    __tablename__ = "event_invitations"
    __table_args__ = (
        UniqueConstraint("event_id", "email"),
        CheckConstraint("(answered_at IS NULL) = (is_coming IS NULL)", name="answered_with_yes_or_no"),
    )

    event_id: Mapped[int] = mapped_column(ForeignKey(Event.id))
    institution_id: Mapped[int | None] = mapped_column(ForeignKey(Institution.id), index=True)
    email: Mapped[str] = mapped_column(String(254))
    name: Mapped[str] = mapped_column(String(200))
    link_key: Mapped[str] = mapped_column(String(40), unique=True)
    invited_at: Mapped[datetime] = mapped_column(default=now)
    invited_by_name: Mapped[str] = mapped_column(String(200))
    answered_at: Mapped[datetime | None]
    is_coming: Mapped[bool | None]
    event: Mapped[Event] = relationship()
    institution: Mapped[Institution | None] = relationship()

    def __str__(self) -> str:
        return f"{self.event}, {self.institution or self.name}"


class EventRegistration(Model):
    """Somebody's place at an event, taken or waited for since `asked_at`. `link_key` names it in her mails.

    `has_come` is None until somebody ticked the list.
    """

    __tablename__ = "event_registrations"
    __table_args__ = (
        UniqueConstraint("event_id", "email"),
        CheckConstraint("has_come IS NULL OR state = 'registered'", name="came_with_a_place"),
        CheckConstraint("(has_come IS NULL) = (ticked_by_name IS NULL)", name="ticked_by_somebody"),
        Index(None, "event_id", "state", "asked_at"),
    )

    event_id: Mapped[int] = mapped_column(ForeignKey(Event.id))
    institution_id: Mapped[int | None] = mapped_column(ForeignKey(Institution.id), index=True)
    email: Mapped[str] = mapped_column(String(254))
    name: Mapped[str] = mapped_column(String(200))
    organisation: Mapped[str | None] = mapped_column(String(200))
    way: Mapped[Way]
    state: Mapped[PlaceState]
    asked_at: Mapped[datetime] = mapped_column(default=now)
    link_key: Mapped[str] = mapped_column(String(40), unique=True)
    has_come: Mapped[bool | None]
    ticked_by_name: Mapped[str | None] = mapped_column(String(200))
    event: Mapped[Event] = relationship()
    institution: Mapped[Institution | None] = relationship()

    def __str__(self) -> str:
        return f"{self.event}, {self.id}"

    @property
    def from_where(self) -> str:
        """The institution, or what was typed of another organisation."""
        return self.institution.name if self.institution else (self.organisation or "")
