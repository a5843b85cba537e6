"""Contacts: the named people of an institution, what each is there for, and from when to when."""

from datetime import date
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gdt.database import Model
from gdt.partners.models import Institution

_IS_OPEN = text("until_on IS NULL")


class Duty(StrEnum):
    """What a contact is there for; the order is the one of the lists."""

    PROGRAMME_LEAD = "programme lead"
    EXAM_OFFICER = "exam officer"
    SIGNATORY = "signatory"
    DATA_PROTECTION = "data protection"
    TECHNICAL = "technical contact"
    OTHER = "other"


class Contact(Model):
    """Somebody the programme turns to. She needs no account: a coordinator is a user, a contact is a record.

    `position` is what she is at home, such as Dean; `until_on` is the last day of the duty.
    """

    __tablename__ = "contacts"
    __table_args__ = (
        CheckConstraint("until_on IS NULL OR from_on <= until_on", name="from_before_until"),
        CheckConstraint("email IS NOT NULL OR phone IS NOT NULL", name="can_be_reached"),
        Index(
            "uq_contacts_open",
            "institution_id",
            "duty",
            "name",
            unique=True,
            sqlite_where=_IS_OPEN,
            postgresql_where=_IS_OPEN,
        ),
    )

    institution_id: Mapped[int] = mapped_column(ForeignKey(Institution.id), index=True)
    name: Mapped[str] = mapped_column(String(200))
    duty: Mapped[Duty]
    position: Mapped[str | None] = mapped_column(String(200))
    email: Mapped[str | None] = mapped_column(String(254), index=True)
    phone: Mapped[str | None] = mapped_column(String(40))
    from_on: Mapped[date]
    until_on: Mapped[date | None] = mapped_column(index=True)
    institution: Mapped[Institution] = relationship()

    def __str__(self) -> str:
        return self.name

    @property
    def signs_as(self) -> str:
        """Name and position, as they stand under a signature."""
        return f"{self.name}, {self.position}" if self.position else self.name

    def is_in_duty(self, day: date) -> bool:
        return self.from_on <= day and (self.until_on is None or self.until_on >= day)

    def has_ended(self, day: date) -> bool:
        return self.until_on is not None and self.until_on < day
