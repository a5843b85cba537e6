"""Partner institutions, the countries and regions they work in, and the agreements that bind them."""

from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, ForeignKey, ForeignKeyConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gdt.database import Model
from gdt.partners.agreement_states import EXPIRING as EXPIRING
from gdt.partners.agreement_states import GRACE as GRACE
from gdt.partners.agreement_states import Life
from gdt.partners.time_zones import zone_of


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
    """A partner. `time_zone` is its own where its country keeps several; else its country's is meant."""

    __tablename__ = "institutions"

    code: Mapped[str] = mapped_column(String(20), unique=True)
    name: Mapped[str] = mapped_column(String(200), unique=True)
    native_name: Mapped[str | None] = mapped_column(String(200))
    kind: Mapped[InstitutionKind]
    country_id: Mapped[int] = mapped_column(ForeignKey(Country.id), index=True)
    city: Mapped[str] = mapped_column(String(100))
    website: Mapped[str | None] = mapped_column(String(200))
    time_zone: Mapped[str | None] = mapped_column(String(40))
    joined_on: Mapped[date | None]
    closed_on: Mapped[date | None]
    country: Mapped[Country] = relationship(lazy="joined")
    agreements: Mapped[list["Agreement"]] = relationship(
        back_populates="institution", order_by="Agreement.starts_on"
    )

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> str:
        """The time zone in which its people read the clock."""
        return self.time_zone or zone_of(self.country.code)

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
        has_grace = any(a.ends_on == last_day and a.agreed_until is None for a in begun)
        is_in_grace = has_grace and day <= last_day + GRACE
        return InstitutionStatus.IN_GRACE if is_in_grace else InstitutionStatus.LAPSED


class AgreementKind(StrEnum):
    MEMORANDUM = "memorandum"
    PROGRAMME_AGREEMENT = "programme agreement"
    EXTENSION = "extension"


class YearlyTargets:
    """What a term is to reach in a calendar year: what was agreed for that year, else for every year."""

    teachers_target: Mapped[int] = mapped_column(default=0)
    students_target: Mapped[int] = mapped_column(default=0)
    targets_by_year: Mapped[dict[str, list[int]] | None] = mapped_column(JSON(none_as_null=True))

    def targets_in(self, year: int) -> tuple[int, int]:
        """Teachers to certify and students to train."""
        by_year: Mapping[str, Sequence[int]] = self.targets_by_year or {}
        teachers, students = by_year.get(str(year), (self.teachers_target, self.students_target))
        return teachers, students


class Agreement(YearlyTargets, Model):
    """A signed term. A renewal points at the term it extends.

    `ends_on` is its last day in force; one that was terminated was signed until `agreed_until`.


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
    document_sha256: Mapped[str | None] = mapped_column(String(64))
    agreed_until: Mapped[date | None]
    termination_reason: Mapped[str | None] = mapped_column(String(400))
    institution: Mapped[Institution] = relationship(back_populates="agreements")

    def __str__(self) -> str:
        return f"{self.kind.value} {self.starts_on:%Y}–{self.ends_on:%Y}"

    def life(self, terms: Sequence["Agreement"]) -> Life:
        """The days that decide its state, among all the terms of the institution."""
        renewal = next((term for term in terms if term.extends_id == self.id), None)
        return Life(
            starts_on=self.starts_on,
            ends_on=self.ends_on,
            agreed_until=self.agreed_until,
            renewed_from=renewal.starts_on if renewal else None,
        )
