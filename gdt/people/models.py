"""Persons, and where they belong."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gdt.database import Model, now
from gdt.partners.models import Institution


class Gender(StrEnum):
    FEMALE = "female"
    MALE = "male"
    OTHER = "other"


class Person(Model):
    """One human being once. `printed_name` is what the paper says: never re-cased, never split."""

    __tablename__ = "persons"
    __table_args__ = (
        CheckConstraint("length(printed_name) > 0", name="has_a_name"),
        CheckConstraint("email = lower(email)", name="email_is_lower_case"),
        CheckConstraint("merged_into_id <> id", name="not_merged_into_itself"),
        Index(None, "printed_name", "id"),
    )

    printed_name: Mapped[str] = mapped_column(String(200))
    native_name: Mapped[str | None] = mapped_column(String(200))
    email: Mapped[str | None] = mapped_column(String(254), unique=True)
    gender: Mapped[Gender | None]
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"), index=True)
    erased_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
    affiliations: Mapped[list["Affiliation"]] = relationship(back_populates="person")

    def __str__(self) -> str:
        return self.printed_name


class AffiliationRole(StrEnum):
    TEACHER = "teacher"
    STUDENT = "student"


class Affiliation(Model):
    """A person at an institution in a role, under the institution's own number for her."""

    __tablename__ = "affiliations"
    __table_args__ = (
        UniqueConstraint("person_id", "institution_id", "role"),
        UniqueConstraint("institution_id", "role", "own_number"),
        CheckConstraint("until_on IS NULL OR from_on <= until_on", name="starts_before_it_ends"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id))
    institution_id: Mapped[int] = mapped_column(ForeignKey(Institution.id))
    role: Mapped[AffiliationRole]
    own_number: Mapped[str | None] = mapped_column(String(40))
    from_on: Mapped[date]
    until_on: Mapped[date | None]
    person: Mapped[Person] = relationship(back_populates="affiliations")
    institution: Mapped[Institution] = relationship()
