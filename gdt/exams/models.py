"""Exams, their sittings, and the results people had in them."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Numeric,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gdt.accounts.models import User
from gdt.database import Model, now
from gdt.filters import day
from gdt.people.models import Person
from gdt.training.models import Cohort, Course


class Exam(Model):
    """The exam of a course and its rule; `mark_tolerance` is how far two marks may be apart and agree."""

    __tablename__ = "exams"
    __table_args__ = (
        UniqueConstraint("id", "course_id"),
        CheckConstraint("0 < pass_mark AND pass_mark <= maximum_mark", name="pass_mark_within_maximum"),
        CheckConstraint("attempts_allowed >= 1 AND resit_after_days >= 0", name="attempts_make_sense"),
    )

    code: Mapped[str] = mapped_column(String(20), unique=True)
    course_id: Mapped[int] = mapped_column(ForeignKey(Course.id), index=True)
    title: Mapped[str] = mapped_column(String(120))
    pass_mark: Mapped[Decimal] = mapped_column(Numeric(6, 2))
    maximum_mark: Mapped[Decimal] = mapped_column(Numeric(6, 2))
    attempts_allowed: Mapped[int]
    resit_after_days: Mapped[int]
    asks_second_mark: Mapped[bool] = mapped_column(default=False)
    mark_tolerance: Mapped[Decimal] = mapped_column(Numeric(6, 2), default=Decimal(0))
    course: Mapped[Course] = relationship(lazy="joined")

    def __str__(self) -> str:
        return self.title


class Sitting(Model):
    """An exam held on a day for a cohort, on a platform; the exam is one of the cohort's course.

    Where it `is_marked_twice`, a mark becomes a result once two markers agree or somebody else decided.
    """

    __tablename__ = "sittings"
    __table_args__ = (
        ForeignKeyConstraint(
            ["exam_id", "course_id"], ["exams.id", "exams.course_id"], name="fk_sittings_exam"
        ),
        ForeignKeyConstraint(
            ["cohort_id", "course_id"], ["cohorts.id", "cohorts.course_id"], name="fk_sittings_cohort"
        ),
        UniqueConstraint("id", "exam_id"),
        UniqueConstraint("cohort_id", "exam_id", "held_on"),
    )

    code: Mapped[str] = mapped_column(String(40), unique=True)
    exam_id: Mapped[int] = mapped_column(index=True)
    cohort_id: Mapped[int] = mapped_column()
    course_id: Mapped[int]
    held_on: Mapped[date] = mapped_column(index=True)
    platform: Mapped[str] = mapped_column(String(80))
    is_marked_twice: Mapped[bool] = mapped_column(default=False)
    exam: Mapped[Exam] = relationship(lazy="joined", primaryjoin=Exam.id == exam_id, foreign_keys=[exam_id])
    cohort: Mapped[Cohort] = relationship(
        lazy="joined", primaryjoin=Cohort.id == cohort_id, foreign_keys=[cohort_id]
    )

    def __str__(self) -> str:
        return f"{self.exam.title}, {day(self.held_on)}"


class ResultOutcome(StrEnum):
    PASSED = "passed"
    FAILED = "failed"
    ABSENT = "absent"


class Result(Model):
    """What one person had in one sitting; the outcome is derived from the mark by the exam's rule."""

    __tablename__ = "results"
    __table_args__ = (
        ForeignKeyConstraint(
            ["sitting_id", "exam_id"], ["sittings.id", "sittings.exam_id"], name="fk_results_sitting"
        ),
        UniqueConstraint("sitting_id", "person_id"),
        UniqueConstraint("exam_id", "person_id", "attempt"),
        CheckConstraint("(outcome = 'absent') = (mark IS NULL)", name="absent_means_no_mark"),
        CheckConstraint("mark >= 0", name="mark_not_negative"),
        CheckConstraint("attempt >= 1", name="attempts_start_at_one"),
        Index("ix_results_counted", "exam_id", "person_id", "outcome", "sitting_id"),
    )

    sitting_id: Mapped[int] = mapped_column()
    exam_id: Mapped[int]
    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id), index=True)
    attempt: Mapped[int]
    mark: Mapped[Decimal | None] = mapped_column(Numeric(6, 2))
    outcome: Mapped[ResultOutcome]
    recorded_at: Mapped[datetime] = mapped_column(default=now)
    sitting: Mapped[Sitting] = relationship(primaryjoin=Sitting.id == sitting_id, foreign_keys=[sitting_id])
    person: Mapped[Person] = relationship()
    corrections: Mapped[list["ResultCorrection"]] = relationship(back_populates="result")

    def __str__(self) -> str:
        return f"{self.sitting}, {self.outcome.value}"


class ResultCorrection(Model):
    """A changed mark: the old value, the new one, who and why."""

    __tablename__ = "result_corrections"

    result_id: Mapped[int] = mapped_column(ForeignKey(Result.id), index=True)
    old_mark: Mapped[Decimal | None] = mapped_column(Numeric(6, 2))
    new_mark: Mapped[Decimal | None] = mapped_column(Numeric(6, 2))
    reason: Mapped[str] = mapped_column(Text)
    corrected_by_id: Mapped[int | None] = mapped_column(ForeignKey(User.id))
    corrected_by_name: Mapped[str] = mapped_column(String(200))
    corrected_at: Mapped[datetime] = mapped_column(default=now)
    result: Mapped[Result] = relationship(back_populates="corrections")
