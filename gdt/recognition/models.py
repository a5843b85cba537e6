"""A year’s awards: its call, categories and criteria, the nominations, and the evidence for them."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gdt.accounts.models import User
from gdt.community.models import Project
from gdt.database import Model, now
from gdt.partners.models import Institution
from gdt.people.models import Person
from gdt.recognition.stages import NominationState, Stage, stage_on


class NomineeKind(StrEnum):
    INSTITUTION = "institution"
    LECTURER = "lecturer"
    STUDENT = "student"


class AwardCall(Model):
    """The awards of a year: when nominations are taken, and by when judges have judged."""

    __tablename__ = "award_calls"
    __table_args__ = (
        CheckConstraint("opens_on <= closes_on AND closes_on < judged_by", name="days_in_order"),
    )

    year: Mapped[int] = mapped_column(unique=True)
    opens_on: Mapped[date]
    closes_on: Mapped[date]
    judged_by: Mapped[date]
    categories: Mapped[list["AwardCategory"]] = relationship(
        back_populates="call", order_by="AwardCategory.position"
    )
    criteria: Mapped[list["AwardCriterion"]] = relationship(
        back_populates="call", order_by="AwardCriterion.position"
    )

    def __str__(self) -> str:
        return f"Awards {self.year}"

    def stage(self, day: date) -> Stage:
        return stage_on(day, self.opens_on, self.closes_on)


class AwardCategory(Model):
    """What an award is given for; a category is data of its year."""

    __tablename__ = "award_categories"
    __table_args__ = (UniqueConstraint("call_id", "name"), UniqueConstraint("id", "call_id"))

    call_id: Mapped[int] = mapped_column(ForeignKey(AwardCall.id))
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(100))
    description: Mapped[str] = mapped_column(String(500), default="")
    call: Mapped[AwardCall] = relationship(back_populates="categories")

    def __str__(self) -> str:
        return self.name


class AwardCriterion(Model):
    """What judges give points for, from 0 to `most`."""

    __tablename__ = "award_criteria"
    __table_args__ = (
        UniqueConstraint("call_id", "name"),
        UniqueConstraint("id", "call_id"),
        CheckConstraint("most BETWEEN 1 AND 100", name="has_points"),
    )

    call_id: Mapped[int] = mapped_column(ForeignKey(AwardCall.id))
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(100))
    most: Mapped[int]
    call: Mapped[AwardCall] = relationship(back_populates="criteria")

    def __str__(self) -> str:
        return self.name


_STANDS = "state <> 'withdrawn'"
_GIVEN = "state = 'given'"


class Nomination(Model):
    """An institution, or one of its lecturers or students, proposed for an award of a category.

    `citation` is the sentence on the honours page, `reason` the office’s own. Whoever nominated does not
    decide. `may_be_named` says that a person agrees to stand on the honours page by name.
    """

    __tablename__ = "award_nominations"
    __table_args__ = (
        ForeignKeyConstraint(
            ["category_id", "call_id"],
            ["award_categories.id", "award_categories.call_id"],
            name="fk_award_nominations_category",
        ),
        UniqueConstraint(
            "id", "call_id", "institution_id", "nominated_by_id", name="uq_award_nominations_whose"
        ),
        CheckConstraint("(nominee_kind = 'institution') = (person_id IS NULL)", name="people_are_persons"),
        CheckConstraint("decided_by_id <> nominated_by_id", name="decided_by_another"),
        CheckConstraint(
            "(state IN ('given', 'passed over')) = (decided_by_id IS NOT NULL)"
            " AND (decided_by_id IS NULL) = (reason IS NULL)"
            " AND (decided_by_id IS NULL) = (decided_by_name IS NULL)"
            " AND (decided_by_id IS NULL) = (decided_at IS NULL)",
            name="decided_with_a_reason",
        ),
        CheckConstraint("(state = 'given') = (given_on IS NOT NULL)", name="given_on_a_day"),
        CheckConstraint("(state = 'given') = (citation IS NOT NULL)", name="given_with_a_citation"),
        *(
            Index(
                f"uq_award_nominations_{name}",
                *columns,
                unique=True,
                sqlite_where=text(condition),
                postgresql_where=text(condition),
            )
            for name, columns, condition in (
                ("institution", ("category_id", "institution_id"), f"{_STANDS} AND person_id IS NULL"),
                ("person", ("category_id", "person_id"), f"{_STANDS} AND person_id IS NOT NULL"),
                ("given", ("category_id", "nominee_kind"), _GIVEN),
            )
        ),
        Index(None, "call_id", "state"),
    )

    call_id: Mapped[int] = mapped_column(ForeignKey(AwardCall.id))
    category_id: Mapped[int] = mapped_column()
    nominee_kind: Mapped[NomineeKind]
    institution_id: Mapped[int] = mapped_column(ForeignKey(Institution.id), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey(Person.id), index=True)
    project_id: Mapped[int | None] = mapped_column(ForeignKey(Project.id), index=True)
    case_for: Mapped[str] = mapped_column(Text)
    may_be_named: Mapped[bool] = mapped_column(default=False)
    state: Mapped[NominationState] = mapped_column(default=NominationState.NOMINATED)
    nominated_by_id: Mapped[int] = mapped_column(ForeignKey(User.id))
    nominated_by_name: Mapped[str] = mapped_column(String(200))
    nominated_at: Mapped[datetime] = mapped_column(default=now)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey(User.id))
    decided_by_name: Mapped[str | None] = mapped_column(String(200))
    decided_at: Mapped[datetime | None]
    reason: Mapped[str | None] = mapped_column(Text)
    given_on: Mapped[date | None]
    given_at_place: Mapped[str | None] = mapped_column(String(150))
    citation: Mapped[str | None] = mapped_column(String(400))
    told_at: Mapped[datetime | None]
    call: Mapped[AwardCall] = relationship(foreign_keys=[call_id], lazy="joined", innerjoin=True)
    category: Mapped[AwardCategory] = relationship(
        foreign_keys=[category_id],
        primaryjoin=category_id == AwardCategory.id,
        lazy="joined",
        innerjoin=True,
        overlaps="call",
    )
    institution: Mapped[Institution] = relationship(lazy="joined", innerjoin=True)
    person: Mapped[Person | None] = relationship(lazy="joined")
    project: Mapped[Project | None] = relationship()
    evidence: Mapped[list["NominationEvidence"]] = relationship(
        back_populates="nomination", order_by="NominationEvidence.id", cascade="all, delete-orphan"
    )

    def __str__(self) -> str:
        return f"{self.nominee} for {self.category.name} {self.call.year}"

    @property
    def nominee(self) -> str:
        """Whom the nomination is for, by name."""
        return self.institution.name if self.person is None else self.person.printed_name

    @property
    def thing_earned(self) -> str:
        """What its certificate is for, as certificates name it."""
        return f"award:{self.id}"


class NominationEvidence(Model):
    """A file that shows what the nomination says; for the nominating institution, the office and judges."""

    __tablename__ = "nomination_evidence"
    __table_args__ = (UniqueConstraint("nomination_id", "file_sha256"),)

    nomination_id: Mapped[int] = mapped_column(ForeignKey(Nomination.id))
    name: Mapped[str] = mapped_column(String(150))
    file_key: Mapped[str] = mapped_column(String(200))
    file_sha256: Mapped[str] = mapped_column(String(64))
    file_size: Mapped[int]
    nomination: Mapped[Nomination] = relationship(back_populates="evidence")

    def __str__(self) -> str:
        return self.name
