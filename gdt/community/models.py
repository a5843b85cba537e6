"""Community projects and digital villages: what was done, where, for whom, and what the office made of it."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gdt.community.states import BEING_WRITTEN, ProjectState
from gdt.database import Model, now
from gdt.partners.models import Country, Institution


class ProjectKind(StrEnum):
    COMMUNITY_PROJECT = "community project"
    DIGITAL_VILLAGE = "digital village"


class Project(Model):
    """What an institution did for people around it. It counts once the office has looked at it.

    `code` stands in its public address and never changes. `may_be_shown` says that everybody who can be
    recognised in the pictures agreed; without it nothing of the project is public.
    """

    __tablename__ = "projects"
    __table_args__ = (
        CheckConstraint("ends_on IS NULL OR starts_on <= ends_on", name="starts_before_it_ends"),
        CheckConstraint(
            "people_taking_part >= 0 AND people_helped >= 0 AND products_helped >= 0"
            " AND businesses_helped >= 0",
            name="counts_not_negative",
        ),
        CheckConstraint("(state = 'draft') = (sent_at IS NULL)", name="sent_at_a_moment"),
        CheckConstraint("(state = 'asked back') = (question IS NOT NULL)", name="asked_back_with_a_question"),
        CheckConstraint("(state = 'declined') = (reason IS NOT NULL)", name="declined_with_a_reason"),
        CheckConstraint(
            "(state IN ('declined', 'counted')) = (decided_at IS NOT NULL)"
            " AND (decided_at IS NULL) = (decided_by_name IS NULL)",
            name="decided_by_somebody",
        ),
        Index(None, "institution_id", "state"),
        Index(None, "state", "starts_on"),
    )

    code: Mapped[str] = mapped_column(String(80), unique=True)
    institution_id: Mapped[int] = mapped_column(ForeignKey(Institution.id))
    kind: Mapped[ProjectKind]
    title: Mapped[str] = mapped_column(String(150))
    story: Mapped[str] = mapped_column(Text)
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    people_taking_part: Mapped[int] = mapped_column(default=0)
    people_helped: Mapped[int] = mapped_column(default=0)
    products_helped: Mapped[int] = mapped_column(default=0)
    businesses_helped: Mapped[int] = mapped_column(default=0)
    may_be_shown: Mapped[bool] = mapped_column(default=False)
    state: Mapped[ProjectState] = mapped_column(default=ProjectState.DRAFT)
    written_at: Mapped[datetime] = mapped_column(default=now)
    written_by_name: Mapped[str] = mapped_column(String(200))
    sent_at: Mapped[datetime | None]
    question: Mapped[str | None] = mapped_column(Text)
    answer: Mapped[str | None] = mapped_column(Text)
    reason: Mapped[str | None] = mapped_column(Text)
    decided_at: Mapped[datetime | None]
    decided_by_name: Mapped[str | None] = mapped_column(String(200))
    institution: Mapped[Institution] = relationship(lazy="joined", innerjoin=True)
    places: Mapped[list["ProjectPlace"]] = relationship(
        back_populates="project", order_by="ProjectPlace.id", cascade="all, delete-orphan"
    )
    pictures: Mapped[list["ProjectPicture"]] = relationship(
        back_populates="project", order_by="ProjectPicture.id", cascade="all, delete-orphan"
    )
    evidence: Mapped[list["ProjectEvidence"]] = relationship(
        back_populates="project", order_by="ProjectEvidence.id", cascade="all, delete-orphan"
    )

    def __str__(self) -> str:
        return self.title

    @property
    def is_being_written(self) -> bool:
        return self.state in BEING_WRITTEN

    @property
    def is_public(self) -> bool:
        return self.state is ProjectState.COUNTED and self.may_be_shown


class ProjectPlace(Model):
    """A place where a project worked; the coordinates are for the map, and optional."""

    __tablename__ = "project_places"
    __table_args__ = (
        UniqueConstraint("project_id", "country_id", "name"),
        CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", name="on_the_map_or_not"),
        CheckConstraint(
            "latitude BETWEEN -90 AND 90 AND longitude BETWEEN -180 AND 180", name="on_the_globe"
        ),
    )

    project_id: Mapped[int] = mapped_column(ForeignKey(Project.id))
    country_id: Mapped[int] = mapped_column(ForeignKey(Country.id), index=True)
    name: Mapped[str] = mapped_column(String(100))
    latitude: Mapped[Decimal | None] = mapped_column(Numeric(8, 5))
    longitude: Mapped[Decimal | None] = mapped_column(Numeric(8, 5))
    project: Mapped[Project] = relationship(back_populates="places")
    country: Mapped[Country] = relationship(lazy="joined", innerjoin=True)

    def __str__(self) -> str:
        return self.name


class ProjectPicture(Model):
    """A picture in two sizes, both drawn anew from its colours alone; `alt` says what it shows."""

    __tablename__ = "project_pictures"
    __table_args__ = (UniqueConstraint("project_id", "file_sha256"),)

    project_id: Mapped[int] = mapped_column(ForeignKey(Project.id))
    alt: Mapped[str] = mapped_column(String(300))
    file_key: Mapped[str] = mapped_column(String(200))
    file_sha256: Mapped[str] = mapped_column(String(64))
    small_key: Mapped[str] = mapped_column(String(200))
    width: Mapped[int]
    height: Mapped[int]
    project: Mapped[Project] = relationship(back_populates="pictures")

    def __str__(self) -> str:
        return self.alt


class ProjectEvidence(Model):
    """A file the office looks at before a project counts; never public."""

    __tablename__ = "project_evidence"
    __table_args__ = (UniqueConstraint("project_id", "file_sha256"),)

    project_id: Mapped[int] = mapped_column(ForeignKey(Project.id))
    name: Mapped[str] = mapped_column(String(150))
    file_key: Mapped[str] = mapped_column(String(200))
    file_sha256: Mapped[str] = mapped_column(String(64))
    file_size: Mapped[int]
    added_at: Mapped[datetime] = mapped_column(default=now)
    project: Mapped[Project] = relationship(back_populates="evidence")

    def __str__(self) -> str:
        return self.name
