"""Designs the office brought or published, and how each institution's certificates look."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gdt.accounts.models import User
from gdt.certification.models import CertificateKind
from gdt.database import Model, now
from gdt.partners.models import Institution


class CertificateDesign(Model):
    """A version of a design, kept here whole so that every machine has it; a draft until it is published.

    `source` is its TOML and `sha256` the hash of that, taken when it was kept: a published version never
    changes, and one that did is not drawn with.
    """

    __tablename__ = "certificate_designs"
    __table_args__ = (
        UniqueConstraint("kind", "version"),
        CheckConstraint("version >= 1", name="versions_start_at_one"),
        CheckConstraint("(published_at IS NULL) = (published_by_name IS NULL)", name="published_by_somebody"),
    )

    name: Mapped[str] = mapped_column(String(40), unique=True)
    kind: Mapped[CertificateKind]
    version: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    source: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64))
    kept_at: Mapped[datetime] = mapped_column(default=now)
    kept_by_id: Mapped[int | None] = mapped_column(ForeignKey(User.id))
    kept_by_name: Mapped[str] = mapped_column(String(200))
    published_at: Mapped[datetime | None]
    published_by_name: Mapped[str | None] = mapped_column(String(200))

    def __str__(self) -> str:
        return self.name


class InstitutionLook(Model):
    """What an institution chose for its certificates: the language beside English, and its logo.

    Without a language its country's is taken. The logo's bytes lie in the document store under their hash.
    """

    __tablename__ = "institution_looks"

    institution_id: Mapped[int] = mapped_column(ForeignKey(Institution.id), unique=True)
    language: Mapped[str | None] = mapped_column(String(8))
    logo_sha256: Mapped[str | None] = mapped_column(String(64))
    institution: Mapped[Institution] = relationship()

    def __str__(self) -> str:
        return str(self.institution)
