"""Applications of institutions that want to join, what was said about each, and the office's checklist."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gdt.database import Model, now
from gdt.joining.application_states import FINAL, ApplicationState, CheckItem
from gdt.partners.models import Country, Institution, InstitutionKind


class InstitutionApplication(Model):
    """What an institution told of itself. `link_key` names it in the applicant's link, sealed by our key."""

    __tablename__ = "institution_applications"
    __table_args__ = (
        CheckConstraint(
            "(state = 'accepted') = (institution_id IS NOT NULL)", name="accepted_as_institution"
        ),
        CheckConstraint(
            "(state IN ('accepted', 'declined')) = (decided_by_name IS NOT NULL)"
            " AND (decided_by_name IS NULL) = (decided_at IS NULL)",
            name="decided_by_somebody",
        ),
        CheckConstraint("state <> 'declined' OR reason IS NOT NULL", name="declined_with_a_reason"),
        Index(None, "state", "id"),
    )

    link_key: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    native_name: Mapped[str | None] = mapped_column(String(200))
    kind: Mapped[InstitutionKind]
    country_id: Mapped[int] = mapped_column(ForeignKey(Country.id), index=True)
    city: Mapped[str] = mapped_column(String(100))
    website: Mapped[str | None] = mapped_column(String(200))
    teaches: Mapped[str] = mapped_column(Text)
    teachers_a_year: Mapped[int]
    students_a_year: Mapped[int]
    module_titles: Mapped[list[str]] = mapped_column(JSON)
    lead_name: Mapped[str] = mapped_column(String(200))
    lead_duty: Mapped[str] = mapped_column(String(200))
    lead_email: Mapped[str] = mapped_column(String(254), index=True)
    applied_at: Mapped[datetime] = mapped_column(default=now)
    confirmed_at: Mapped[datetime | None]
    state: Mapped[ApplicationState] = mapped_column(default=ApplicationState.RECEIVED)
    decided_at: Mapped[datetime | None]
    decided_by_name: Mapped[str | None] = mapped_column(String(200))
    reason: Mapped[str | None] = mapped_column(Text)
    institution_id: Mapped[int | None] = mapped_column(ForeignKey(Institution.id), unique=True)
    country: Mapped[Country] = relationship(lazy="joined")
    institution: Mapped[Institution | None] = relationship()
    notes: Mapped[list["ApplicationNote"]] = relationship(order_by="ApplicationNote.id")
    checks: Mapped[list["ApplicationCheck"]] = relationship(
        order_by="ApplicationCheck.id", cascade="all, delete-orphan"
    )

    def __str__(self) -> str:
        return self.name

    @property
    def is_open(self) -> bool:
        return self.state not in FINAL


class Voice(StrEnum):
    """Who speaks; what is said inside the applicant never sees."""

    APPLICANT = "applicant"
    OFFICE = "office"
    INSIDE = "inside"


class ApplicationNote(Model):
    """What somebody said about an application; nothing is ever taken back."""

    __tablename__ = "application_notes"

    application_id: Mapped[int] = mapped_column(ForeignKey(InstitutionApplication.id), index=True)
    written_at: Mapped[datetime] = mapped_column(default=now)
    voice: Mapped[Voice]
    author_name: Mapped[str] = mapped_column(String(200))
    words: Mapped[str] = mapped_column(Text)


class ApplicationCheck(Model):
    """An item of the checklist that was done: by whom, when, and what was found."""

    __tablename__ = "application_checks"
    __table_args__ = (UniqueConstraint("application_id", "item"),)

    application_id: Mapped[int] = mapped_column(ForeignKey(InstitutionApplication.id))
    item: Mapped[CheckItem]
    done_at: Mapped[datetime] = mapped_column(default=now)
    done_by_name: Mapped[str] = mapped_column(String(200))
    found: Mapped[str | None] = mapped_column(String(300))
