"""Certificates: what was earned, the bytes that say so, and whether they still stand."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
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
    In use from `began_at` to `ended_at`, one of each kind at a time; without `began_at` it waits.
    From `compromised_from` on, it proves nothing by itself.
    """

    __tablename__ = "certification_keys"
    __table_args__ = (
        Index(
            "ix_certification_keys_in_use",
            "kind",
            unique=True,
            sqlite_where=text("began_at IS NOT NULL AND ended_at IS NULL"),
            postgresql_where=text("began_at IS NOT NULL AND ended_at IS NULL"),
        ),
    )

    kind: Mapped[KeyKind]
    name: Mapped[str] = mapped_column(String(80), unique=True)
    public: Mapped[str] = mapped_column(Text)
    is_development: Mapped[bool]
    first_used_at: Mapped[datetime] = mapped_column(default=now)
    began_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    compromised_from: Mapped[datetime | None]

    def __str__(self) -> str:
        return self.name

    @property
    def is_in_use(self) -> bool:
        return self.began_at is not None and self.ended_at is None


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
        CheckConstraint(  # an award is a person’s or an institution’s
            "kind = 'award' OR (kind = 'partner') = (person_id IS NULL)", name="belongs_to_a_person"
        ),
        Index(None, "institution_id", "kind", "issued_on"),
        Index(None, "issued_on", "id"),  # the order of the register
        Index(None, "kind", "issued_on", "id"),
        Index(None, "cohort_id", "person_id"),
        Index(  # beside the constraint, whose entries are nearly all NULL: SQLite would rather read the table
            "ix_certificates_replacing",
            "replaces_id",
            sqlite_where=text("replaces_id IS NOT NULL"),
            postgresql_where=text("replaces_id IS NOT NULL"),
        ),
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
            "ix_certificates_expiring",
            "valid_until",
            sqlite_where=text("valid_until IS NOT NULL"),
            postgresql_where=text("valid_until IS NOT NULL"),
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
    cohort_id: Mapped[int | None] = mapped_column(ForeignKey(Cohort.id))
    issued_on: Mapped[date]
    issued_at: Mapped[datetime] = mapped_column(default=now)
    issued_by_id: Mapped[int | None] = mapped_column(ForeignKey(User.id))
    valid_until: Mapped[date | None]
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    design: Mapped[str] = mapped_column(String(40))
    file_key: Mapped[str] = mapped_column(String(200))
    file_sha256: Mapped[str] = mapped_column(String(64), index=True)
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

    @property
    def is_forgotten(self) -> bool:
        """Whether its holder's data was erased: what is left says that it was issued, and not to whom."""
        return "forgotten" in self.facts

    @property
    def stopped_verifying(self) -> bool:
        """Whether it was forgotten so that nobody is told any more that it was issued."""
        return bool(self.facts.get("forgotten") == "nothing")

    def state(self, day: date) -> CertificateState:
        """A revoked one stays revoked even when a new one was issued in its place since."""
        if self.revoked_at is not None:
            return CertificateState.REVOKED
        if self.replaced_by is not None:
            return CertificateState.REPLACED
        if self.valid_until is not None and self.valid_until < day:
            return CertificateState.EXPIRED
        return CertificateState.VALID


class CertificateProof(Model):
    """What a certificate was signed with, and its badge as issued; those issued before signing have none.

    `badge_digest` is the hash by which the log knows the badge; one from before the log gets it on entering.
    """

    __tablename__ = "certificate_proofs"

    certificate_id: Mapped[int] = mapped_column(ForeignKey(Certificate.id), unique=True)
    signature_key_id: Mapped[int] = mapped_column(ForeignKey(CertificationKey.id), index=True)
    badge_key_id: Mapped[int] = mapped_column(ForeignKey(CertificationKey.id), index=True)
    badge: Mapped[str] = mapped_column(Text)
    badge_digest: Mapped[str | None] = mapped_column(String(64), index=True)
    certificate: Mapped[Certificate] = relationship(back_populates="proof")
    signature_key: Mapped[CertificationKey] = relationship(foreign_keys=signature_key_id)
    badge_key: Mapped[CertificationKey] = relationship(foreign_keys=badge_key_id)


class RegisterLog(Model):
    """One row: how many entries there are and when the last was written. Whoever writes holds it."""

    __tablename__ = "register_log"
    __table_args__ = (CheckConstraint("id = 1", name="is_one_row"),)

    size: Mapped[int]
    last_at: Mapped[datetime]
