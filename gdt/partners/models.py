"""Partner institutions, the countries and regions they work in, and the agreements that bind them."""

from datetime import date, timedelta
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gdt.database import Model

EXPIRING = timedelta(days=180)
GRACE = timedelta(days=90)


class Region(Model):
    """A region as the programme groups countries, which is not the UN's grouping."""

    __tablename__ = "regions"

    code: Mapped[str] = mapped_column(String(20), unique=True)
    name: Mapped[str] = mapped_column(String(60), unique=True)
    position: Mapped[int]


class Country(Model):
    """A country of the network; its name comes from CLDR in the page's language."""

    __tablename__ = "countries"

    code: Mapped[str] = mapped_column(String(2), unique=True)
    region_id: Mapped[int] = mapped_column(ForeignKey(Region.id), index=True)
    m49_subregion: Mapped[str] = mapped_column(String(3))
    region: Mapped[Region] = relationship(lazy="joined")


class InstitutionKind(StrEnum):
    UNIVERSITY = "university"
    COLLEGE = "college"
    TRAINING_INSTITUTION = "training institution"
    GOVERNMENT_BODY = "government body"


class InstitutionStatus(StrEnum):
    """Derived from the agreements on a day, never typed."""

    APPLICANT = "applicant"
    IN_FORCE = "in force"
    EXPIRING = "expiring"
    IN_GRACE = "in grace"
    LAPSED = "lapsed"
    CLOSED = "closed"


class Institution(Model):
    __tablename__ = "institutions"

    code: Mapped[str] = mapped_column(String(20), unique=True)
    name: Mapped[str] = mapped_column(String(200), unique=True)
    native_name: Mapped[str | None] = mapped_column(String(200))
    kind: Mapped[InstitutionKind]
    country_id: Mapped[int] = mapped_column(ForeignKey(Country.id), index=True)
    city: Mapped[str] = mapped_column(String(100))
    website: Mapped[str | None] = mapped_column(String(200))
    joined_on: Mapped[date | None]
    closed_on: Mapped[date | None]
    country: Mapped[Country] = relationship(lazy="joined")
    agreements: Mapped[list["Agreement"]] = relationship(
        back_populates="institution", order_by="Agreement.starts_on"
    )

    def __str__(self) -> str:
        return self.name

    def agreement_in_force(self, day: date) -> "Agreement | None":
        return next((a for a in reversed(self.agreements) if a.starts_on <= day <= a.ends_on), None)

    def status(self, day: date) -> InstitutionStatus:
        if self.closed_on and self.closed_on <= day:
            return InstitutionStatus.CLOSED
        begun = [a for a in self.agreements if a.starts_on <= day]
        if not begun:
            return InstitutionStatus.APPLICANT
        last_day = max(a.ends_on for a in begun)
        if day <= last_day - EXPIRING:
            return InstitutionStatus.IN_FORCE
        if day <= last_day:
            has_next = any(a.starts_on > day for a in self.agreements)
            return InstitutionStatus.IN_FORCE if has_next else InstitutionStatus.EXPIRING
        return InstitutionStatus.IN_GRACE if day <= last_day + GRACE else InstitutionStatus.LAPSED


class AgreementKind(StrEnum):
    MEMORANDUM = "memorandum"
    PROGRAMME_AGREEMENT = "programme agreement"
    EXTENSION = "extension"


class Agreement(Model):
    """A signed term. A renewal points at the term it extends.

    The chain is kept by the database: `extends_id` is unique, so it never forks; the composite key says that
    the extended term is of the same institution and ends on `extends_ends_on`, and the check that this one
    starts later, so terms of one chain never overlap.
    """

    __tablename__ = "agreements"
    __table_args__ = (
        UniqueConstraint("id", "institution_id", "ends_on"),
        ForeignKeyConstraint(
            ["extends_id", "institution_id", "extends_ends_on"],
            ["agreements.id", "agreements.institution_id", "agreements.ends_on"],
            name="fk_agreements_extends",
        ),
        CheckConstraint("starts_on <= ends_on", name="starts_before_it_ends"),
        CheckConstraint("(extends_id IS NULL) = (extends_ends_on IS NULL)", name="extends_one_term"),
        CheckConstraint(
            "extends_ends_on IS NULL OR starts_on > extends_ends_on", name="terms_do_not_overlap"
        ),
        CheckConstraint("(kind = 'extension') = (extends_id IS NOT NULL)", name="extension_extends"),
        CheckConstraint("teachers_target >= 0 AND students_target >= 0", name="targets_not_negative"),
    )

    institution_id: Mapped[int] = mapped_column(ForeignKey(Institution.id), index=True)
    kind: Mapped[AgreementKind]
    signed_on: Mapped[date]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    signatories: Mapped[str] = mapped_column(String(400))
    document_key: Mapped[str | None] = mapped_column(String(200))
    extends_id: Mapped[int | None] = mapped_column(unique=True)
    extends_ends_on: Mapped[date | None]
    teachers_target: Mapped[int] = mapped_column(default=0)
    students_target: Mapped[int] = mapped_column(default=0)
    institution: Mapped[Institution] = relationship(back_populates="agreements")

    def __str__(self) -> str:
        return f"{self.kind.value} {self.starts_on:%Y}–{self.ends_on:%Y}"
