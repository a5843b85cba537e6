"""Terms of certificates: which one renews which, and who was reminded that one ends."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gdt.certification.models import Certificate
from gdt.database import Model, now
from gdt.mail import OutgoingMail
from gdt.partners.models import Institution


class CertificateRenewal(Model):
    """A certificate for the next term of what another certified: a chain that never forks.

    Both are first editions, which stand for all editions of their term.
    """

    __tablename__ = "certificate_renewals"
    __table_args__ = (CheckConstraint("certificate_id <> renews_id", name="renews_another"),)

    certificate_id: Mapped[int] = mapped_column(ForeignKey(Certificate.id), unique=True)
    renews_id: Mapped[int] = mapped_column(ForeignKey(Certificate.id), unique=True)
    certificate: Mapped[Certificate] = relationship(foreign_keys=certificate_id)
    renews: Mapped[Certificate] = relationship(foreign_keys=renews_id)


class ExpiryDigest(Model):
    """The one mail a day that tells an institution's coordinators whose certificates end."""

    __tablename__ = "expiry_digests"
    __table_args__ = (UniqueConstraint("institution_id", "day"),)

    institution_id: Mapped[int] = mapped_column(ForeignKey(Institution.id))
    day: Mapped[date]


class ExpiryReminder(Model):
    """A reminder so many days before a certificate's end: each at most once.

    `mail` went to the holder, if there was an address; `digest` told the coordinators.
    """

    __tablename__ = "expiry_reminders"
    __table_args__ = (
        UniqueConstraint("certificate_id", "days_before"),
        CheckConstraint("days_before > 0", name="before_the_end"),
        Index(None, "digest_id", "institution_id"),
    )

    certificate_id: Mapped[int] = mapped_column(ForeignKey(Certificate.id))
    days_before: Mapped[int]
    institution_id: Mapped[int] = mapped_column(ForeignKey(Institution.id))
    made_at: Mapped[datetime] = mapped_column(default=now)
    mail_id: Mapped[int | None] = mapped_column(ForeignKey(OutgoingMail.id), index=True)
    digest_id: Mapped[int | None] = mapped_column(ForeignKey(ExpiryDigest.id))
    certificate: Mapped[Certificate] = relationship()
    mail: Mapped[OutgoingMail | None] = relationship()
