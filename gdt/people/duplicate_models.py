"""Pairs of entries that are probably one person, and the keys by which they are found."""

from datetime import datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    SmallInteger,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gdt.accounts.models import User
from gdt.database import Model, now
from gdt.jobs import Work
from gdt.partners.models import Institution
from gdt.people.likeness import Reason
from gdt.people.models import Person


class PersonKey(Model):
    """One of the keys a person is found under by those like her: a hash, so that the index stays small."""

    __tablename__ = "person_keys"
    __table_args__ = (UniqueConstraint("person_id", "key"), Index(None, "key", "person_id"))

    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id, ondelete="CASCADE"))
    key: Mapped[int] = mapped_column(BigInteger)


class ProbablePair(Model):
    """Two entries that may be one person, why, and, once somebody said so, that they are not.

    `institution_id` is the one place both belong to if neither belongs elsewhere. A pair that was called
    different stays for ever, so that it is not offered again.
    """

    __tablename__ = "probable_pairs"
    __table_args__ = (
        UniqueConstraint("first_id", "second_id"),
        CheckConstraint("first_id < second_id", name="the_older_entry_first"),
        CheckConstraint("strength BETWEEN 1 AND 3", name="strength_has_a_word"),
        CheckConstraint(
            "(different_at IS NULL) = (different_by_name IS NULL)", name="called_different_by_someone"
        ),
        Index(None, "strength", "id"),
    )

    first_id: Mapped[int] = mapped_column(ForeignKey(Person.id, ondelete="CASCADE"))
    second_id: Mapped[int] = mapped_column(ForeignKey(Person.id, ondelete="CASCADE"), index=True)
    reason: Mapped[Reason]
    reasons: Mapped[list[str]] = mapped_column(JSON)
    strength: Mapped[int] = mapped_column(SmallInteger)
    institution_id: Mapped[int | None] = mapped_column(ForeignKey(Institution.id), index=True)
    found_at: Mapped[datetime] = mapped_column(default=now)
    different_at: Mapped[datetime | None]
    different_by_id: Mapped[int | None] = mapped_column(ForeignKey(User.id))
    different_by_name: Mapped[str | None] = mapped_column(String(200))
    first: Mapped[Person] = relationship(foreign_keys=first_id)
    second: Mapped[Person] = relationship(foreign_keys=second_id)

    def __str__(self) -> str:
        return f"{self.first} / {self.second}"

    @property
    def is_different(self) -> bool:
        return self.different_at is not None


class Comparison(Work, Model):
    """The one record of comparing everyone new or changed with those like them; its rows take turns on it."""

    __tablename__ = "people_comparisons"

    job_run: Mapped[int] = mapped_column(default=0)
    began_at: Mapped[datetime] = mapped_column(default=now)
    ended_at: Mapped[datetime | None]
