"""The totals kept beside the rows: what each person was counted for, and every number of the figures."""

from datetime import date

from sqlalchemy import Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from gdt.database import Model


class CountingMark(Model):
    """A record whose facts changed in this transaction; triggers write it, settling takes it away."""

    __tablename__ = "counting_marks"

    subject: Mapped[str] = mapped_column(String(20))
    subject_id: Mapped[int]


class CountedPerson(Model):
    """The words a person is counted by (and her gender, if she gave one), under her own id.

    A certificate without a person counts under its institution's id, negative. Merged records count under the
    one that stays.
    """

    __tablename__ = "counted_people"

    completions: Mapped[str | None] = mapped_column(Text)
    results: Mapped[str | None] = mapped_column(Text)
    certificates: Mapped[str | None] = mapped_column(Text)


class CountedTotal(Model):
    """The numbers of one fact in one cell: a year (0: all), a place, a module (0: all) and a gender (0: all).

    `facts` counts the rows, `people` their keys, each once, `newcomers` the keys whose first fact in this
    place and module is of this year. `level` is 0 for the network, 1 a region, 2 a country, 3 an institution.
    Who gave no gender is in the numbers of all alone: the rest of them.
    """

    __tablename__ = "counted_totals"
    __table_args__ = (
        UniqueConstraint("fact", "year", "level", "place_id", "module_id", "gender"),
        Index(None, "level", "gender", "place_id", "year"),
    )

    fact: Mapped[str] = mapped_column(String(20))
    year: Mapped[int]
    level: Mapped[int]
    place_id: Mapped[int]
    module_id: Mapped[int]
    gender: Mapped[int] = mapped_column(default=0)
    facts: Mapped[int]
    people: Mapped[int]
    newcomers: Mapped[int]


class CountedPlace(Model):
    """Where an institution stood when its facts were last counted; the id is the institution's."""

    __tablename__ = "counted_places"

    country_id: Mapped[int]
    region_id: Mapped[int]


class CountedTeaching(Model):
    """That an institution taught a module (0: anything) from one year to another, first on a day."""

    __tablename__ = "counted_teaching"
    __table_args__ = (
        UniqueConstraint(
            "institution_id", "module_id", "first_year", "last_year", name="uq_counted_teaching_years"
        ),
    )

    institution_id: Mapped[int]
    module_id: Mapped[int]
    first_year: Mapped[int]
    last_year: Mapped[int]
    first_on: Mapped[date]
