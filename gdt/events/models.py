"""Events of the programme: where and when, their programme, and what was signed and given at them."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gdt.database import Model, now
from gdt.events.states import EventState, is_over
from gdt.events.zones import days
from gdt.partners.models import Agreement
from gdt.recognition.models import Nomination
from gdt.training.models import Mode


class Way(StrEnum):
    """How somebody takes part."""

    ON_SITE = "on site"
    ONLINE = "online"


class Event(Model):
    """A conference or another gathering. `places` is how many the hall holds, or the meeting if it is online.

    `time_zone` is the one its clocks show; `online_url` is told to whoever has a place, and to nobody else.
    """

    __tablename__ = "events"
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="starts_before_it_ends"),
        CheckConstraint("places IS NULL OR places > 0", name="has_places"),
        CheckConstraint("mode = 'online' OR place IS NOT NULL", name="on_site_somewhere"),
        CheckConstraint(
            "(state = 'cancelled') = (cancelled_at IS NOT NULL)"
            " AND (cancelled_at IS NULL) = (cancelled_because IS NULL)",
            name="cancelled_with_a_reason",
        ),
        Index(None, "starts_at", "id"),
    )

    code: Mapped[str] = mapped_column(String(40), unique=True)
    title: Mapped[str] = mapped_column(String(150))
    about: Mapped[str] = mapped_column(Text)
    mode: Mapped[Mode]
    place: Mapped[str | None] = mapped_column(String(200))
    online_url: Mapped[str | None] = mapped_column(String(300))
    time_zone: Mapped[str] = mapped_column(String(40))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    places: Mapped[int | None]
    is_for_all: Mapped[bool] = mapped_column(default=True)
    register_until: Mapped[date | None]
    state: Mapped[EventState] = mapped_column(default=EventState.DRAFT)
    cancelled_at: Mapped[datetime | None]
    cancelled_because: Mapped[str | None] = mapped_column(String(400))
    changed_at: Mapped[datetime] = mapped_column(default=now)
    sessions: Mapped[list["EventSession"]] = relationship(
        back_populates="event",
        order_by="EventSession.starts_at, EventSession.id",
        cascade="all, delete-orphan",
    )
    signings: Mapped[list["EventAgreement"]] = relationship(
        back_populates="event", order_by="EventAgreement.id", cascade="all, delete-orphan"
    )
    honours: Mapped[list["EventAward"]] = relationship(
        back_populates="event", order_by="EventAward.id", cascade="all, delete-orphan"
    )

    def __str__(self) -> str:
        return self.title

    @property
    def days(self) -> tuple[date, date]:
        return days(self.starts_at, self.ends_at, self.time_zone)

    def is_over(self, moment: datetime) -> bool:
        return is_over(self.ends_at, moment)

    def takes_registrations(self, moment: datetime) -> bool:
        """Whether one may still ask for a place: it is announced, not over, and registration goes on."""
        is_open = (
            self.register_until is None or days(moment, moment, self.time_zone)[0] <= self.register_until
        )
        return self.state is EventState.ANNOUNCED and is_open and not self.is_over(moment)

    def uses_a_place(self, way: Way) -> bool:
        """Whether somebody who takes part this way counts against the places."""
        return way is Way.ON_SITE or self.mode is Mode.ONLINE

    @property
    def ways(self) -> list[Way]:
        """How one can take part."""
        on_site = [Way.ON_SITE] if self.mode is not Mode.ONLINE else []
        return [*on_site, Way.ONLINE] if self.mode is not Mode.ON_SITE else on_site


class EventSession(Model):
    """A line of the programme."""

    __tablename__ = "event_sessions"
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="starts_before_it_ends"),
        Index(None, "event_id", "starts_at"),
    )

    event_id: Mapped[int] = mapped_column(ForeignKey(Event.id))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    title: Mapped[str] = mapped_column(String(150))
    speaker: Mapped[str | None] = mapped_column(String(200))
    room: Mapped[str | None] = mapped_column(String(100))
    event: Mapped[Event] = relationship(back_populates="sessions")

    def __str__(self) -> str:
        return self.title


class EventAgreement(Model):
    """An agreement that was signed at an event; it is signed once."""

    __tablename__ = "event_agreements"
    __table_args__ = (UniqueConstraint("agreement_id"),)

    event_id: Mapped[int] = mapped_column(ForeignKey(Event.id), index=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey(Agreement.id))
    event: Mapped[Event] = relationship(back_populates="signings")
    agreement: Mapped[Agreement] = relationship()


class EventAward(Model):
    """An award that was given at an event; it is given once."""

    __tablename__ = "event_awards"
    __table_args__ = (UniqueConstraint("nomination_id"),)

    event_id: Mapped[int] = mapped_column(ForeignKey(Event.id), index=True)
    nomination_id: Mapped[int] = mapped_column(ForeignKey(Nomination.id))
    event: Mapped[Event] = relationship(back_populates="honours")
    nomination: Mapped[Nomination] = relationship()
