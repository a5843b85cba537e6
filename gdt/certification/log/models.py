"""The tamper-evident log as it is kept: every entry as written, the hashes over them, the signed heads.

Entries, tiles and heads are only ever added: triggers of the database refuse to change or delete them.
"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from certificates.log import Event
from gdt.certification.models import Certificate
from gdt.database import Model

APPEND_ONLY = ("log_leaves", "log_tiles", "log_heads", "log_publications")


class LogLeaf(Model):
    """One entry, byte for byte; positions count from 0 without gaps. What is published is no certificate."""

    __tablename__ = "log_leaves"
    __table_args__ = (
        UniqueConstraint("position"),
        UniqueConstraint("certificate_id", "event"),
        CheckConstraint("position >= 0", name="positions_start_at_zero"),
        CheckConstraint("(event = 'published') = (certificate_id IS NULL)", name="is_about_one_thing"),
    )

    position: Mapped[int]
    certificate_id: Mapped[int | None] = mapped_column(ForeignKey(Certificate.id))
    event: Mapped[Event]
    leaf: Mapped[str] = mapped_column(Text)
    certificate: Mapped[Certificate | None] = relationship()


class LogTile(Model):
    """The hashes of 64 full subtrees side by side, and the root over them, so that a proof reads few rows.

    `level` 0 holds the hashes of entries, each further level the roots of 64 tiles of the one below.
    """

    __tablename__ = "log_tiles"
    __table_args__ = (UniqueConstraint("level", "place"),)

    level: Mapped[int]
    place: Mapped[int]
    hashes: Mapped[bytes] = mapped_column(LargeBinary)
    root: Mapped[bytes] = mapped_column(LargeBinary)


class LogHead(Model):
    """The state of the log at a moment, signed. `note` is what is published and mailed.

    Numbers count from 1 without gaps, so that a head that is gone is missed. The newest seal of the trail at
    that moment stands beside it, and is mailed with it.
    """

    __tablename__ = "log_heads"
    __table_args__ = (
        UniqueConstraint("number"),
        UniqueConstraint("signed_on", "size"),
        Index(None, "size"),
    )

    number: Mapped[int]
    signed_on: Mapped[date]
    signed_at: Mapped[datetime]
    size: Mapped[int]
    root: Mapped[str] = mapped_column(String(64))
    note: Mapped[str] = mapped_column(Text)
    mailed_to: Mapped[int]
    trail_size: Mapped[int] = mapped_column(default=0)
    trail_hash: Mapped[str] = mapped_column(String(64), default="")

    def __str__(self) -> str:
        return f"Head of {self.signed_on.isoformat()}, {self.size} entries"


class CertificateSeal(Model):
    """The salt of an entry's commitment to a certificate's facts.

    Erasing a person destroys the salt; the entry then proves that something was issued, and not what it said.
    """

    __tablename__ = "certificate_seals"

    certificate_id: Mapped[int] = mapped_column(ForeignKey(Certificate.id), unique=True)
    salt: Mapped[str | None] = mapped_column(String(64))
