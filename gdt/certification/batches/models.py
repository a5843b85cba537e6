"""Orders to certify: each is a batch of rows, and a row says what became of one certificate."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gdt.accounts.models import User
from gdt.certification.batches.stages import AT_WORK, Staged
from gdt.certification.eligibility.rules import Rule
from gdt.certification.models import Certificate, CertificateKind
from gdt.database import Model, now
from gdt.jobs import Work
from gdt.partners.models import Institution
from gdt.people.models import Person
from gdt.training.models import Cohort, Course


class CertificateBatch(Staged, Work, Model):
    """An order to certify: a cohort's students, those of many cohorts, or the teachers of a course.

    It is prepared (its rows gathered and checked) or placed with rows that were checked on its page, approved
    by a second person where it is large, and issued, each as a job. Its rows are all it will ever issue.
    """

    __tablename__ = "certificate_batches"
    __table_args__ = (
        CheckConstraint("kind = 'student' OR cohort_id IS NULL", name="only_students_come_in_cohorts"),
        CheckConstraint("kind = 'student' OR course_id IS NOT NULL", name="teachers_are_of_a_course"),
        CheckConstraint("decided_by_id <> ordered_by_id", name="decided_by_another"),
        CheckConstraint(
            "(approval IN ('given', 'declined')) = (decided_by_id IS NOT NULL)"
            " AND (decided_by_id IS NULL) = (decided_at IS NULL)"
            " AND (decided_by_id IS NULL) = (decided_by_name IS NULL)",
            name="decided_by_somebody",
        ),
        CheckConstraint(
            "approval IN ('not needed', 'given') OR stage NOT IN ('issuing', 'paused', 'issued')",
            name="issued_when_approved",
        ),
        CheckConstraint(
            "approval <> 'declined' OR decided_reason IS NOT NULL", name="declined_with_a_reason"
        ),
        Index(None, "stage"),
    )

    kind: Mapped[CertificateKind]
    cohort_id: Mapped[int | None] = mapped_column(ForeignKey(Cohort.id), index=True)
    course_id: Mapped[int | None] = mapped_column(ForeignKey(Course.id), index=True)
    ordered_by_id: Mapped[int | None] = mapped_column(ForeignKey(User.id))
    ordered_by_name: Mapped[str] = mapped_column(String(200))
    ordered_at: Mapped[datetime] = mapped_column(default=now)
    issued_on: Mapped[date]
    cohort: Mapped[Cohort | None] = relationship()
    course: Mapped[Course | None] = relationship()

    def __str__(self) -> str:
        return f"{self.subject}, batch {self.id}"

    @property
    def subject(self) -> str:
        """Whose certificates it is about, in words."""
        return self.title or str(self.cohort or self.course)

    @classmethod
    def is_to_be_done(cls) -> ColumnElement[bool]:
        return super().is_to_be_done() & cls.stage.in_(AT_WORK)


class BatchRowState(StrEnum):
    WAITING = "waiting"
    ISSUED = "issued"
    ALREADY = "already"
    REFUSED = "refused"
    CANCELLED = "cancelled"


class CertificateBatchRow(Model):
    """One person and thing of a batch, and what became of the certificate; `rule` is the first it fails."""

    __tablename__ = "certificate_batch_rows"
    __table_args__ = (
        UniqueConstraint("batch_id", "position"),
        UniqueConstraint("batch_id", "thing_earned"),
        CheckConstraint("(state = 'refused') = (reason IS NOT NULL)", name="refused_with_a_reason"),
        CheckConstraint(
            "(state IN ('issued', 'already')) = (certificate_id IS NOT NULL)", name="settled_by_a_certificate"
        ),
        Index(None, "batch_id", "state", "position"),
        Index(
            "uq_certificate_batch_rows_issued",
            "certificate_id",
            unique=True,
            sqlite_where=text("state = 'issued'"),
            postgresql_where=text("state = 'issued'"),
        ),
    )

    batch_id: Mapped[int] = mapped_column(ForeignKey(CertificateBatch.id))
    position: Mapped[int]
    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id), index=True)
    institution_id: Mapped[int] = mapped_column(ForeignKey(Institution.id))
    course_id: Mapped[int] = mapped_column(ForeignKey(Course.id))
    cohort_id: Mapped[int | None] = mapped_column(ForeignKey(Cohort.id))
    thing_earned: Mapped[str] = mapped_column(String(120))
    state: Mapped[BatchRowState] = mapped_column(default=BatchRowState.WAITING)
    rule: Mapped[Rule | None]
    reason: Mapped[str | None] = mapped_column(Text)
    certificate_id: Mapped[int | None] = mapped_column(ForeignKey(Certificate.id), index=True)
    person: Mapped[Person] = relationship()
    institution: Mapped[Institution] = relationship()
    cohort: Mapped[Cohort | None] = relationship()
    certificate: Mapped[Certificate | None] = relationship()
