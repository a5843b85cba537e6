"""Yearly targets the office sets, and how earlier years grew month by month."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from gdt.database import Model
from gdt.partners.models import Institution


class Target(Model):
    """What a year should reach in the network (level 0), a country (2) or an institution (3), by its id.

    None: nothing was set for this measure, and what the agreements say holds.
    """

    __tablename__ = "targets"
    __table_args__ = (
        UniqueConstraint("year", "level", "place_id"),
        CheckConstraint("level IN (0, 2, 3)", name="is_for_a_known_level"),
        CheckConstraint("(level = 0) = (place_id = 0)", name="is_for_one_place"),
        CheckConstraint("teachers >= 0 AND students >= 0", name="is_not_negative"),
        CheckConstraint("teachers IS NOT NULL OR students IS NOT NULL", name="says_something"),
    )

    year: Mapped[int]
    level: Mapped[int]
    place_id: Mapped[int]
    teachers: Mapped[int | None]
    students: Mapped[int | None]
    is_imported: Mapped[bool] = mapped_column(default=False)  # a list said so last, and nobody since

    def __str__(self) -> str:
        return f"Targets of {self.year}"


class SeasonMonth(Model):
    """How many an institution first counted in each month of a year, read from the rows on a day."""

    __tablename__ = "season_months"
    __table_args__ = (
        UniqueConstraint("institution_id", "year", "month"),
        CheckConstraint("month BETWEEN 1 AND 12", name="is_a_month"),
    )

    institution_id: Mapped[int] = mapped_column(ForeignKey(Institution.id))
    year: Mapped[int]
    month: Mapped[int]
    teachers: Mapped[int]
    students: Mapped[int]
    counted_on: Mapped[date]
