"""Certificates: what was earned, the bytes that say so, and whether they still stand."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gdt.accounts.models import User
from gdt.certification.rules import Rule
from gdt.certification.stages import AT_WORK, Staged
from gdt.database import Model, now
from gdt.jobs import Work
from gdt.partners.models import Institution
from gdt.people.models import Person
from gdt.training.models import Cohort, Course


class CertificateKind(StrEnum):
    TEACHER = "teacher"
    STUDENT = "student"
    AWARD = "award"
    PARTNER = "partner"


class CertificateState(StrEnum):
    VALID = "valid"
    EXPIRED = "expired"
    REVOKED = "revoked"
    REPLACED = "replaced"


class KeyKind(StrEnum):
    SIGNATURE = "signature"
    BADGE = "badge"


class CertificationKey(Model):
    """The public half of a key that signed a certificate or a badge; kept for ever, so that both verify.

    `name` is the key's own identifier: the front of the hash of the public key, or the Multikey of a badge.
    """

    __tablename__ = "certification_keys"

    kind: Mapped[KeyKind]
    name: Mapped[str] = mapped_column(String(80), unique=True)
    public: Mapped[str] = mapped_column(Text)
    is_development: Mapped[bool]
    first_used_at: Mapped[datetime] = mapped_column(default=now)

    def __str__(self) -> str:
        return self.name


class CertificateCounter(Model):
    """The last number given in a year: one row, taken in the transaction that issues, so no gaps."""

    __tablename__ = "certificate_counters"

    year: Mapped[int] = mapped_column(unique=True)
    last_serial: Mapped[int]


class Certificate(Model):
    """Frozen at issue: the printed facts, the design and its version, and the hash of the bytes.

    `thing_earned` names what it certifies (kind, course, person, term); with `edition` it is unique, so a
    thing is certified once however often a job runs, and a replacement is the next edition.
    """

    __tablename__ = "certificates"
    __table_args__ = (
        UniqueConstraint("year", "serial"),
        UniqueConstraint("thing_earned", "edition"),
        CheckConstraint("edition >= 1", name="editions_start_at_one"),
        CheckConstraint(
            "(revoked_at IS NULL) = (revoked_reason IS NULL)"
            " AND (revoked_at IS NULL) = (revoked_by_name IS NULL)",
            name="revoked_with_a_reason",
        ),
        CheckConstraint("(edition = 1) = (replaces_id IS NULL)", name="later_editions_replace"),
        CheckConstraint("(kind = 'partner') = (person_id IS NULL)", name="belongs_to_a_person"),
        Index(None, "institution_id", "kind", "issued_on"),
        Index(None, "kind", "issued_on"),
        Index(  # what the figures read, without the facts and the file of each
            "ix_certificates_counted",
            "edition",
            "kind",
            "person_id",
            "issued_on",
            "institution_id",
            "cohort_id",
            "course_id",
            "id",
        ),
        Index(
            "ix_certificates_revoked",
            "thing_earned",
            sqlite_where=text("revoked_at IS NOT NULL"),
            postgresql_where=text("revoked_at IS NOT NULL"),
        ),
    )

    number: Mapped[str] = mapped_column(String(20), unique=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    year: Mapped[int]
    serial: Mapped[int]
    kind: Mapped[CertificateKind]
    thing_earned: Mapped[str] = mapped_column(String(120))
    edition: Mapped[int] = mapped_column(default=1)
    person_id: Mapped[int | None] = mapped_column(ForeignKey(Person.id), index=True)
    institution_id: Mapped[int] = mapped_column(ForeignKey(Institution.id))
    course_id: Mapped[int | None] = mapped_column(ForeignKey(Course.id), index=True)
    cohort_id: Mapped[int | None] = mapped_column(ForeignKey(Cohort.id), index=True)
    issued_on: Mapped[date]
    issued_at: Mapped[datetime] = mapped_column(default=now)
    issued_by_id: Mapped[int | None] = mapped_column(ForeignKey(User.id))
    valid_until: Mapped[date | None]
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    design: Mapped[str] = mapped_column(String(40))
    file_key: Mapped[str] = mapped_column(String(200))
    file_sha256: Mapped[str] = mapped_column(String(64))
    file_size: Mapped[int]
    revoked_at: Mapped[datetime | None]
    revoked_reason: Mapped[str | None] = mapped_column(Text)
    revoked_by_id: Mapped[int | None] = mapped_column(ForeignKey(User.id))
    revoked_by_name: Mapped[str | None] = mapped_column(String(200))
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("certificates.id"), unique=True)
    person: Mapped[Person | None] = relationship()
    institution: Mapped[Institution] = relationship()
    course: Mapped[Course | None] = relationship()
    cohort: Mapped[Cohort | None] = relationship()
    replaces: Mapped["Certificate | None"] = relationship(
        remote_side="Certificate.id", back_populates="replaced_by"
    )
    replaced_by: Mapped["Certificate | None"] = relationship(back_populates="replaces", uselist=False)

    proof: Mapped["CertificateProof | None"] = relationship(back_populates="certificate", uselist=False)

    def __str__(self) -> str:
        return self.number

    def state(self, day: date) -> CertificateState:
        if self.replaced_by is not None:
            return CertificateState.REPLACED
        if self.revoked_at is not None:
            return CertificateState.REVOKED
        if self.valid_until is not None and self.valid_until < day:
            return CertificateState.EXPIRED
        return CertificateState.VALID


class CertificateProof(Model):
    """What a certificate was signed with, and its badge as issued; those issued before signing have none."""

    __tablename__ = "certificate_proofs"

    certificate_id: Mapped[int] = mapped_column(ForeignKey(Certificate.id), unique=True)
    signature_key_id: Mapped[int] = mapped_column(ForeignKey(CertificationKey.id), index=True)
    badge_key_id: Mapped[int] = mapped_column(ForeignKey(CertificationKey.id), index=True)
    badge: Mapped[str] = mapped_column(Text)
    certificate: Mapped[Certificate] = relationship(back_populates="proof")
    signature_key: Mapped[CertificationKey] = relationship(foreign_keys=signature_key_id)
    badge_key: Mapped[CertificationKey] = relationship(foreign_keys=badge_key_id)


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
        return f"Batch {self.id}"

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
