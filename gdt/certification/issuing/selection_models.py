"""Which cohorts an order was placed over, and which of them have been gone through."""

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from gdt.certification.batches.models import CertificateBatch
from gdt.database import Model
from gdt.training.models import Cohort


class CertificateBatchCohort(Model):
    """A cohort of a batch over many, in the order its certificates are numbered."""

    __tablename__ = "certificate_batch_cohorts"
    __table_args__ = (
        UniqueConstraint("batch_id", "cohort_id"),
        UniqueConstraint("batch_id", "position"),
        Index(None, "batch_id", "is_checked", "position"),
    )

    batch_id: Mapped[int] = mapped_column(ForeignKey(CertificateBatch.id))
    cohort_id: Mapped[int] = mapped_column(ForeignKey(Cohort.id), index=True)
    position: Mapped[int]
    is_checked: Mapped[bool] = mapped_column(default=False)
