"""Curriculum, teacher training, qualifications, and the cohorts in which students learn."""

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
from gdt.database import Model, now
from gdt.partners.models import Institution
from gdt.people.guardians import GuardianWord
from gdt.people.models import Person

DONE = text("completed_on IS NOT NULL")


class Mode(StrEnum):
    ONLINE = "online"
    ON_SITE = "on site"
    HYBRID = "hybrid"


class Module(Model):
    """A unit of the curriculum, with its hours."""

    __tablename__ = "modules"
    __table_args__ = (CheckConstraint("hours > 0", name="has_hours"),)

    code: Mapped[str] = mapped_column(String(20), unique=True)
    title: Mapped[str] = mapped_column(String(120), unique=True)
    hours: Mapped[int]
    version: Mapped[str] = mapped_column(String(20))

    def __str__(self) -> str:
        return self.title


class Course(Model):
    """A set of modules with an exam rule and a certificate."""

    __tablename__ = "courses"

    code: Mapped[str] = mapped_column(String(20), unique=True)
    title: Mapped[str] = mapped_column(String(120), unique=True)
    description: Mapped[str] = mapped_column(Text)
    modules: Mapped[list[Module]] = relationship(secondary="course_modules", order_by=Module.id)

    def __str__(self) -> str:
        return self.title


class CourseModule(Model):
    __tablename__ = "course_modules"
    __table_args__ = (UniqueConstraint("course_id", "module_id"),)

    course_id: Mapped[int] = mapped_column(ForeignKey(Course.id))
    module_id: Mapped[int] = mapped_column(ForeignKey(Module.id), index=True)


class TeacherTraining(Model):
    """A train-the-trainer course run by the office for teachers of several institutions."""

    __tablename__ = "teacher_trainings"
    __table_args__ = (CheckConstraint("starts_on <= ends_on", name="starts_before_it_ends"),)

    code: Mapped[str] = mapped_column(String(30), unique=True)
    title: Mapped[str] = mapped_column(String(160))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    mode: Mapped[Mode]
    host_id: Mapped[int | None] = mapped_column(ForeignKey(Institution.id), index=True)
    trainers: Mapped[str] = mapped_column(String(400))
    host: Mapped[Institution | None] = relationship()
    modules: Mapped[list[Module]] = relationship(secondary="training_modules", order_by=Module.id)

    def __str__(self) -> str:
        return self.title


class TrainingModule(Model):
    __tablename__ = "training_modules"
    __table_args__ = (UniqueConstraint("training_id", "module_id"),)

    training_id: Mapped[int] = mapped_column(ForeignKey(TeacherTraining.id))
    module_id: Mapped[int] = mapped_column(ForeignKey(Module.id), index=True)


class TrainingParticipant(Model):
    """A teacher in a training, counted for the institution that sent her."""

    __tablename__ = "training_participants"
    __table_args__ = (
        UniqueConstraint("training_id", "person_id"),
        UniqueConstraint("id", "training_id"),
        UniqueConstraint("id", "person_id"),
    )

    training_id: Mapped[int] = mapped_column(ForeignKey(TeacherTraining.id))
    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id), index=True)
    institution_id: Mapped[int] = mapped_column(ForeignKey(Institution.id), index=True)
    training: Mapped[TeacherTraining] = relationship()
    person: Mapped[Person] = relationship()
    institution: Mapped[Institution] = relationship()
    outcomes: Mapped[list["TrainingOutcome"]] = relationship(back_populates="participant")


class Outcome(StrEnum):
    PASSED = "passed"
    ASKED_TO_REPEAT = "asked to repeat"
    FAILED = "failed"
    WITHDREW = "withdrew"


class TrainingOutcome(Model):
    """What came of one participant in one module of the training; only its own modules can have one."""

    __tablename__ = "training_outcomes"
    __table_args__ = (
        UniqueConstraint("participant_id", "module_id"),
        ForeignKeyConstraint(
            ["participant_id", "training_id"],
            ["training_participants.id", "training_participants.training_id"],
            name="fk_training_outcomes_participant",
        ),
        ForeignKeyConstraint(
            ["training_id", "module_id"],
            ["training_modules.training_id", "training_modules.module_id"],
            name="fk_training_outcomes_module",
        ),
        CheckConstraint("attended OR outcome <> 'passed'", name="passed_means_attended"),
    )

    participant_id: Mapped[int] = mapped_column()
    training_id: Mapped[int] = mapped_column(index=True)
    module_id: Mapped[int] = mapped_column(ForeignKey(Module.id), index=True)
    attended: Mapped[bool]
    outcome: Mapped[Outcome]
    participant: Mapped[TrainingParticipant] = relationship(
        back_populates="outcomes",
        foreign_keys=[participant_id],
        primaryjoin=participant_id == TrainingParticipant.id,
    )
    module: Mapped[Module] = relationship(foreign_keys=[module_id])


class Qualification(Model):
    """Lets a teacher teach a module while it lasts; given by a passed outcome, once."""

    __tablename__ = "qualifications"
    __table_args__ = (
        UniqueConstraint("person_id", "module_id", "valid_from"),
        CheckConstraint("valid_from <= valid_until", name="starts_before_it_ends"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id))
    module_id: Mapped[int] = mapped_column(ForeignKey(Module.id), index=True)
    institution_id: Mapped[int] = mapped_column(ForeignKey(Institution.id), index=True)
    outcome_id: Mapped[int | None] = mapped_column(ForeignKey(TrainingOutcome.id), unique=True)
    valid_from: Mapped[date]
    valid_until: Mapped[date]
    person: Mapped[Person] = relationship()
    module: Mapped[Module] = relationship()
    institution: Mapped[Institution] = relationship()

    def is_valid_on(self, day: date) -> bool:
        return self.valid_from <= day <= self.valid_until


class CohortStage(StrEnum):
    """Where a cohort stands on a day."""

    UPCOMING = "upcoming"
    RUNNING = "running"
    ENDED = "ended"


class Cohort(Model):
    """One run of a course for students at one institution."""

    __tablename__ = "cohorts"
    __table_args__ = (
        CheckConstraint("starts_on <= ends_on", name="starts_before_it_ends"),
        UniqueConstraint("id", "course_id"),
        Index(None, "institution_id", "starts_on", "id"),
    )

    code: Mapped[str] = mapped_column(String(30), unique=True)
    institution_id: Mapped[int] = mapped_column(ForeignKey(Institution.id))
    course_id: Mapped[int] = mapped_column(ForeignKey(Course.id), index=True)
    term: Mapped[str] = mapped_column(String(60))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    mode: Mapped[Mode]
    language: Mapped[str] = mapped_column(String(8))
    created_at: Mapped[datetime] = mapped_column(default=now)
    institution: Mapped[Institution] = relationship(lazy="joined")
    course: Mapped[Course] = relationship(lazy="joined")
    modules: Mapped[list[Module]] = relationship(secondary="cohort_modules", order_by=Module.id)
    teachers: Mapped[list[Person]] = relationship(secondary="cohort_teachers", order_by=Person.printed_name)

    def __str__(self) -> str:
        return f"{self.course.title}, {self.term}"

    def stage(self, day: date) -> CohortStage:
        if day < self.starts_on:
            return CohortStage.UPCOMING
        return CohortStage.RUNNING if day <= self.ends_on else CohortStage.ENDED


class CohortModule(Model):
    """A module taught in a cohort: one of its course's."""

    __tablename__ = "cohort_modules"
    __table_args__ = (UniqueConstraint("cohort_id", "module_id"),)

    cohort_id: Mapped[int] = mapped_column(ForeignKey(Cohort.id))
    module_id: Mapped[int] = mapped_column(ForeignKey(Module.id), index=True)


class CohortTeacher(Model):
    __tablename__ = "cohort_teachers"
    __table_args__ = (UniqueConstraint("cohort_id", "person_id"),)

    cohort_id: Mapped[int] = mapped_column(ForeignKey(Cohort.id))
    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id), index=True)


class EnrolmentState(StrEnum):
    ENROLLED = "enrolled"
    COMPLETED = "completed"
    WITHDREW = "withdrew"


class Enrolment(Model):
    """A person in a cohort, once. A completed enrolment is what "trained" means."""

    __tablename__ = "enrolments"
    __table_args__ = (
        UniqueConstraint("cohort_id", "person_id"),
        CheckConstraint("(state = 'completed') = (completed_on IS NOT NULL)", name="completed_has_its_day"),
        CheckConstraint("attendance_percent BETWEEN 0 AND 100", name="attendance_is_a_percentage"),
        Index(None, "completed_on", "cohort_id", "person_id", sqlite_where=DONE, postgresql_where=DONE),
        Index("ix_enrolments_counted", "person_id", "completed_on", "cohort_id"),
    )

    cohort_id: Mapped[int] = mapped_column(ForeignKey(Cohort.id))
    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id))
    state: Mapped[EnrolmentState] = mapped_column(default=EnrolmentState.ENROLLED)
    attendance_percent: Mapped[int | None]
    completed_on: Mapped[date | None]
    upload_id: Mapped[int | None] = mapped_column(ForeignKey("uploads.id"))  # files are never deleted
    guardian: Mapped[GuardianWord | None]
    cohort: Mapped[Cohort] = relationship()
    person: Mapped[Person] = relationship()


class HeadcountMeasure(StrEnum):
    """What a partner reports as a number when it cannot name people."""

    TEACHERS_CERTIFIED = "teachers certified"
    STUDENTS_TRAINED = "students trained"
    EXAMS_TAKEN = "exams taken"
    EXAMS_PASSED = "exams passed"


class Headcount(Model):
    """A number reported without names, claimed until the office verifies it."""

    __tablename__ = "headcounts"
    __table_args__ = (
        UniqueConstraint("institution_id", "module_id", "year", "measure"),
        CheckConstraint("people > 0", name="counts_people"),
        CheckConstraint("(verified_at IS NULL) = (verified_by_name IS NULL)", name="verified_by_someone"),
    )

    institution_id: Mapped[int] = mapped_column(ForeignKey(Institution.id))
    module_id: Mapped[int] = mapped_column(ForeignKey(Module.id), index=True)
    year: Mapped[int] = mapped_column(index=True)
    measure: Mapped[HeadcountMeasure]
    people: Mapped[int]
    evidence: Mapped[str] = mapped_column(Text)
    verified_at: Mapped[datetime | None]
    verified_by_id: Mapped[int | None] = mapped_column(ForeignKey(User.id))
    verified_by_name: Mapped[str | None] = mapped_column(String(200))
    institution: Mapped[Institution] = relationship()
    module: Mapped[Module] = relationship()

    def __str__(self) -> str:
        return f"{self.people} {self.measure.value}, {self.year}"
