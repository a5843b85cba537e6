"""Deliveries: which certificate was mailed to whom, as which mail; and the secret links in those mails."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gdt.certification.batches.models import CertificateBatch
from gdt.certification.models import Certificate
from gdt.database import Model, now
from gdt.mail import OutgoingMail
from gdt.partners.models import Institution
from gdt.people.models import Person


class MailedBatch(Model):
    """A batch whose holders are mailed when their certificates are issued; other batches mail nobody."""

    __tablename__ = "mailed_batches"

    batch_id: Mapped[int] = mapped_column(ForeignKey(CertificateBatch.id), unique=True)


class CertificateDelivery(Model):
    """One round of telling a holder. Round 1 is the issuing itself, every later one a person's decision.

    A holder without an address has a row too, so that somebody can see it and find one.
    """

    __tablename__ = "certificate_deliveries"
    __table_args__ = (
        UniqueConstraint("certificate_id", "round"),
        CheckConstraint("round >= 1", name="rounds_start_at_one"),
        CheckConstraint("(recipient IS NULL) = (mail_id IS NULL)", name="mailed_to_an_address"),
        Index(None, "batch_id", "is_latest", "id"),
    )

    certificate_id: Mapped[int] = mapped_column(ForeignKey(Certificate.id))
    round: Mapped[int]
    batch_id: Mapped[int | None] = mapped_column(ForeignKey(CertificateBatch.id))
    institution_id: Mapped[int] = mapped_column(ForeignKey(Institution.id), index=True)
    recipient: Mapped[str | None] = mapped_column(String(254))
    mail_id: Mapped[int | None] = mapped_column(ForeignKey(OutgoingMail.id), unique=True)
    is_latest: Mapped[bool] = mapped_column(default=True)
    ordered_at: Mapped[datetime] = mapped_column(default=now)
    certificate: Mapped[Certificate] = relationship()
    mail: Mapped[OutgoingMail | None] = relationship()

    def __str__(self) -> str:
        return f"Delivery {self.id}"


class HolderLink(Model):
    """A secret address of a holder's page; only its hash is kept. It ends when it went to a wrong address."""

    __tablename__ = "holder_links"

    token_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    certificate_id: Mapped[int] = mapped_column(ForeignKey(Certificate.id), index=True)
    recipient: Mapped[str] = mapped_column(String(254))
    made_at: Mapped[datetime] = mapped_column(default=now)
    ended_at: Mapped[datetime | None]
    certificate: Mapped[Certificate] = relationship()


class HolderChoice(Model):
    """What a holder lets the public page show beyond the paper; without a row, nothing."""

    __tablename__ = "holder_choices"

    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id), unique=True)
    shows_others: Mapped[bool] = mapped_column(default=False)
    profile_url: Mapped[str | None] = mapped_column(String(200))
    chosen_at: Mapped[datetime] = mapped_column(default=now)

    def __str__(self) -> str:
        return f"Holder's choice {self.id}"
