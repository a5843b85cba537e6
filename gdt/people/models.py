"""Persons, and where they belong."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Connection,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    event,
    text,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gdt.database import Model, now
from gdt.partners.models import Institution
from gdt.people.name_keys import KEY_LENGTH
from gdt.people.name_keys import name_key as key_of


class Gender(StrEnum):
    FEMALE = "female"
    MALE = "male"
    OTHER = "other"


def _key_of_inserted(context: Any) -> str:
    """The key of a row that is inserted in bulk, past the mapped objects."""
    return key_of(context.get_current_parameters()["printed_name"])


class Person(Model):
    """One human being once. `printed_name` is what the paper says: never re-cased, never split."""

    __tablename__ = "persons"
    __table_args__ = (
        CheckConstraint("length(printed_name) > 0", name="has_a_name"),
        CheckConstraint("email = lower(email)", name="email_is_lower_case"),
        CheckConstraint("merged_into_id <> id", name="not_merged_into_itself"),
        Index(None, "printed_name", "id"),
        Index(
            "ix_persons_to_compare",
            "id",
            sqlite_where=text("compared_at IS NULL"),
            postgresql_where=text("compared_at IS NULL"),
        ),
        Index(
            "ix_persons_merged_into_id",  # of few: of all, its statistics would say that it finds nobody
            "merged_into_id",
            sqlite_where=text("merged_into_id IS NOT NULL"),
            postgresql_where=text("merged_into_id IS NOT NULL"),
        ),
    )

    printed_name: Mapped[str] = mapped_column(String(200))
    name_key: Mapped[str] = mapped_column(String(KEY_LENGTH), default=_key_of_inserted, index=True)
    native_name: Mapped[str | None] = mapped_column(String(200))
    email: Mapped[str | None] = mapped_column(String(254), unique=True)
    gender: Mapped[Gender | None]
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"))
    erased_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
    compared_at: Mapped[datetime | None]  # with those like her; None: she is new, or was changed since
    affiliations: Mapped[list["Affiliation"]] = relationship(back_populates="person")

    def __str__(self) -> str:
        return self.printed_name


@event.listens_for(Person.printed_name, "set")
def _keep_the_key_true(person: Person, printed_name: str, _before: object, _initiator: object) -> None:
    person.name_key = key_of(printed_name)


@event.listens_for(Person.printed_name, "set")
@event.listens_for(Person.native_name, "set")
@event.listens_for(Person.email, "set")
@event.listens_for(Person.gender, "set")
def _compare_again(person: Person, _value: object, _before: object, _initiator: object) -> None:
    person.compared_at = None


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


@event.listens_for(Affiliation, "after_insert")
@event.listens_for(Affiliation, "after_update")
def _compare_whom_it_places(_mapper: object, connection: Connection, affiliation: Affiliation) -> None:
    connection.execute(
        update(Person).where(Person.id == affiliation.person_id).values(compared_at=None),
    )
