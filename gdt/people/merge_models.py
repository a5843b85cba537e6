"""Merges of two entries into one person, and what each did to which row, so that it can be undone."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gdt.accounts.models import User
from gdt.database import Model, now
from gdt.partners.models import Institution
from gdt.people.models import Person


class Merge(Model):
    """One entry became part of another. `institution_id` is the one place all their records were at, if any.

    A merge that was undone stays in the list of past ones.
    """

    __tablename__ = "person_merges"
    __table_args__ = (
        CheckConstraint("survivor_id <> merged_id", name="of_two_entries"),
        CheckConstraint("(undone_at IS NULL) = (undone_by_name IS NULL)", name="undone_by_someone"),
        Index(None, "survivor_id", "id"),
        Index(None, "institution_id", "id"),
    )

    survivor_id: Mapped[int] = mapped_column(ForeignKey(Person.id))
    merged_id: Mapped[int] = mapped_column(ForeignKey(Person.id), index=True)
    merged_name: Mapped[str] = mapped_column(String(200))
    institution_id: Mapped[int | None] = mapped_column(ForeignKey(Institution.id))
    merged_at: Mapped[datetime] = mapped_column(default=now)
    merged_by_id: Mapped[int | None] = mapped_column(ForeignKey(User.id))
    merged_by_name: Mapped[str] = mapped_column(String(200))
    undone_at: Mapped[datetime | None]
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey(User.id))
    undone_by_name: Mapped[str | None] = mapped_column(String(200))
    survivor: Mapped[Person] = relationship(foreign_keys=survivor_id)
    merged: Mapped[Person] = relationship(foreign_keys=merged_id)
    steps: Mapped[list["MergeStep"]] = relationship(back_populates="merge", order_by="MergeStep.position")

    def __str__(self) -> str:
        return self.merged_name


class Deed(StrEnum):
    """`kept` notes a row that stood for both, so that an earlier merge of it is not undone first."""

    CHANGED = "changed"
    REMOVED = "removed"
    KEPT = "kept"


class MergeStep(Model):
    """What a merge did to one row, in its order: the columns it changed, or the whole row it set aside."""

    __tablename__ = "person_merge_steps"
    __table_args__ = (UniqueConstraint("merge_id", "position"), Index(None, "table_name", "row_id"))

    merge_id: Mapped[int] = mapped_column(ForeignKey(Merge.id))
    position: Mapped[int]
    deed: Mapped[Deed]
    table_name: Mapped[str] = mapped_column(String(40))
    row_id: Mapped[int]
    before: Mapped[dict[str, Any]] = mapped_column(JSON)
    after: Mapped[dict[str, Any]] = mapped_column(JSON)
    merge: Mapped[Merge] = relationship(back_populates="steps")


def moved_ids(steps: Iterable[MergeStep], table_name: str) -> set[int]:
    """The rows of a table that went from one person to the other."""
    return {step.row_id for step in steps if step.table_name == table_name and "person_id" in step.after}
