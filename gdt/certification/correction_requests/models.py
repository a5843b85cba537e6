"""Correction requests: what a holder says is wrong on her certificate, and everything said about it since."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gdt.accounts.models import User
from gdt.certification.models import Certificate
from gdt.database import Model, now
from gdt.partners.models import Institution


class RequestState(StrEnum):
    """`asked` waits for the holder, `open` for the office; the other two are answers."""

    OPEN = "open"
    ASKED = "asked"
    REPLACED = "replaced"
    REFUSED = "refused"

    @property
    def is_answered(self) -> bool:
        return self in {self.REPLACED, self.REFUSED}


class CameBy(StrEnum):
    LINK = "link"
    CODE = "code"


class Voice(StrEnum):
    """Who speaks, and to whom: what is said inside, by the partner or the office, the holder never sees."""

    HOLDER = "holder"
    OFFICE = "office"
    INSIDE = "inside"


class CorrectionRequest(Model):
    """One fact of one certificate. One that came by the code is unconfirmed until her link says so."""

    __tablename__ = "correction_requests"
    __table_args__ = (
        CheckConstraint("(evidence_key IS NULL) = (evidence_name IS NULL)", name="evidence_has_a_name"),
        CheckConstraint(
            "(state IN ('replaced', 'refused')) = (answered_at IS NOT NULL)", name="answered_at_a_moment"
        ),
        Index(
            "uq_correction_requests_waiting",
            "certificate_id",
            "fact",
            unique=True,
            sqlite_where=text("state IN ('open', 'asked')"),
            postgresql_where=text("state IN ('open', 'asked')"),
        ),
        Index(None, "state", "id"),
    )

    certificate_id: Mapped[int] = mapped_column(ForeignKey(Certificate.id), index=True)
    institution_id: Mapped[int] = mapped_column(ForeignKey(Institution.id), index=True)
    fact: Mapped[str] = mapped_column(String(30))
    printed: Mapped[str | None] = mapped_column(Text)
    wanted: Mapped[str] = mapped_column(Text)
    why: Mapped[str] = mapped_column(Text)
    contact: Mapped[str | None] = mapped_column(String(254))
    evidence_key: Mapped[str | None] = mapped_column(String(200))
    evidence_name: Mapped[str | None] = mapped_column(String(200))
    came_by: Mapped[CameBy]
    confirmed_at: Mapped[datetime | None]
    asked_at: Mapped[datetime] = mapped_column(default=now)
    state: Mapped[RequestState] = mapped_column(default=RequestState.OPEN)
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey(User.id))
    certificate: Mapped[Certificate] = relationship()
    institution: Mapped[Institution] = relationship()
    notes: Mapped[list["CorrectionNote"]] = relationship(order_by="CorrectionNote.id")

    def __str__(self) -> str:
        return f"Correction {self.id}"


class CorrectionNote(Model):
    """What somebody said about a request; nothing is ever taken back."""

    __tablename__ = "correction_notes"

    request_id: Mapped[int] = mapped_column(ForeignKey(CorrectionRequest.id), index=True)
    written_at: Mapped[datetime] = mapped_column(default=now)
    voice: Mapped[Voice]
    author_name: Mapped[str] = mapped_column(String(200))
    words: Mapped[str] = mapped_column(Text)
