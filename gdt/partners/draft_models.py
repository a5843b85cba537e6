"""Drafts of agreements: what is proposed to an institution, until both sides have signed it."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gdt.database import Model, now
from gdt.partners.agreement_states import Life
from gdt.partners.models import Agreement, AgreementKind, Institution, YearlyTargets

_IS_OPEN = text("agreement_id IS NULL AND withdrawn_at IS NULL")


class AgreementDraft(YearlyTargets, Model):
    """A term to be signed. Once it is, the agreement it became keeps what was agreed.

    An institution has one open draft of a kind at a time.
    """

    __tablename__ = "agreement_drafts"
    __table_args__ = (
        CheckConstraint("starts_on <= ends_on", name="starts_before_it_ends"),
        CheckConstraint("(kind = 'extension') = (extends_id IS NOT NULL)", name="extension_extends"),
        CheckConstraint("teachers_target >= 0 AND students_target >= 0", name="targets_not_negative"),
        CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_because IS NULL)", name="withdrawn_with_a_reason"
        ),
        CheckConstraint("agreement_id IS NULL OR withdrawn_at IS NULL", name="signed_or_withdrawn"),
        Index(
            "uq_agreement_drafts_open",
            "institution_id",
            "kind",
            unique=True,
            sqlite_where=_IS_OPEN,
            postgresql_where=_IS_OPEN,
        ),
    )

    institution_id: Mapped[int] = mapped_column(ForeignKey(Institution.id), index=True)
    kind: Mapped[AgreementKind]
    extends_id: Mapped[int | None] = mapped_column(ForeignKey(Agreement.id), index=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    signs_for_partner: Mapped[str | None] = mapped_column(String(200))
    own_clauses: Mapped[str | None] = mapped_column(Text)
    drafted_at: Mapped[datetime] = mapped_column(default=now)
    drafted_by_name: Mapped[str] = mapped_column(String(200))
    withdrawn_at: Mapped[datetime | None]
    withdrawn_because: Mapped[str | None] = mapped_column(String(400))
    agreement_id: Mapped[int | None] = mapped_column(ForeignKey(Agreement.id), unique=True)
    institution: Mapped[Institution] = relationship()
    agreement: Mapped[Agreement | None] = relationship(foreign_keys=agreement_id)

    def __str__(self) -> str:
        return f"draft of {self.kind.value} {self.starts_on:%Y}–{self.ends_on:%Y}"

    @property
    def is_open(self) -> bool:
        return self.agreement_id is None and self.withdrawn_at is None

    @property
    def life(self) -> Life:
        return Life(
            starts_on=self.starts_on,
            ends_on=self.ends_on,
            is_signed=self.agreement_id is not None,
            is_withdrawn=self.withdrawn_at is not None,
        )
