"""Files of many certificates, made as jobs: a ZIP of the files as issued, or one PDF to print."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gdt.accounts.models import User
from gdt.certification.batches.models import CertificateBatch
from gdt.database import Model, now
from gdt.jobs import Work
from gdt.training.models import Cohort


class ArchiveForm(StrEnum):
    ZIP = "zip"
    PRINT = "print"

    @property
    def ending(self) -> str:
        return "zip" if self is ArchiveForm.ZIP else "pdf"


class CertificateArchive(Work, Model):
    """All certificates of a cohort or of a batch in one file, kept to be fetched."""

    __tablename__ = "certificate_archives"
    __table_args__ = (
        CheckConstraint("(cohort_id IS NULL) <> (batch_id IS NULL)", name="of_a_cohort_or_a_batch"),
    )

    form: Mapped[ArchiveForm] = mapped_column(default=ArchiveForm.ZIP)
    cohort_id: Mapped[int | None] = mapped_column(ForeignKey(Cohort.id), index=True)
    batch_id: Mapped[int | None] = mapped_column(ForeignKey(CertificateBatch.id), index=True)
    ordered_by_id: Mapped[int | None] = mapped_column(ForeignKey(User.id))
    ordered_at: Mapped[datetime] = mapped_column(default=now)
    file_key: Mapped[str | None] = mapped_column(String(200))
    file_size: Mapped[int | None]
    left_out: Mapped[int] = mapped_column(default=0)
    cohort: Mapped[Cohort | None] = relationship()
    batch: Mapped[CertificateBatch | None] = relationship()

    def __str__(self) -> str:
        return f"Archive {self.id}"
