"""Versions of modules and courses, and the materials of each: what was taught stays as it was taught."""

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gdt.database import Model, now
from gdt.training.curriculum.states import VersionState
from gdt.training.models import Course, Module

_IS_DRAFT = text("state = 'draft'")
_DRAFT_HAS_NO_DAYS = "(state = 'draft') = (taught_from IS NULL)"
_PUBLISHED_BY = "(state = 'draft') = (published_by_name IS NULL)"
_RETIRED_HAS_AN_END = "(state = 'retired') = (taught_until IS NOT NULL)"
_DAYS_IN_ORDER = "taught_until >= taught_from"


class Version:
    """What every version says: its label, what is learned, in which languages, and what is new in it.

    It is taught to those who begin between two days; the last is open while nothing follows.
    """

    number: Mapped[int]
    label: Mapped[str] = mapped_column(String(20))
    summary: Mapped[str] = mapped_column(Text)
    outcomes: Mapped[list[str]] = mapped_column(JSON)
    languages: Mapped[list[str]] = mapped_column(JSON)
    changes: Mapped[str] = mapped_column(Text)
    state: Mapped[VersionState] = mapped_column(default=VersionState.DRAFT)
    taught_from: Mapped[date | None]
    taught_until: Mapped[date | None]
    published_at: Mapped[datetime | None]
    published_by_name: Mapped[str | None] = mapped_column(String(200))


class ModuleVersion(Version, Model):
    """A module as it is taught for some years: its hours and its materials."""

    __tablename__ = "module_versions"
    __table_args__ = (
        UniqueConstraint("module_id", "number"),
        UniqueConstraint("module_id", "label"),
        CheckConstraint("hours > 0", name="has_hours"),
        CheckConstraint(_DRAFT_HAS_NO_DAYS, name="draft_has_no_days"),
        CheckConstraint(_PUBLISHED_BY, name="published_by_someone"),
        CheckConstraint(_RETIRED_HAS_AN_END, name="retired_has_an_end"),
        CheckConstraint(_DAYS_IN_ORDER, name="days_in_order"),
        Index(
            "uq_module_versions_one_draft",
            "module_id",
            unique=True,
            sqlite_where=_IS_DRAFT,
            postgresql_where=_IS_DRAFT,
        ),
    )

    module_id: Mapped[int] = mapped_column(ForeignKey(Module.id))
    hours: Mapped[int]
    module: Mapped[Module] = relationship()
    materials: Mapped[list["Material"]] = relationship(
        order_by="Material.id", cascade="all, delete-orphan", back_populates="version"
    )

    def __str__(self) -> str:
        return f"{self.module.title} {self.label}"

    @property
    def item(self) -> Module:
        return self.module


class CourseVersion(Version, Model):
    """A course as it is taught for some years: its modules, and the exam's rule as it was at publishing."""

    __tablename__ = "course_versions"
    __table_args__ = (
        UniqueConstraint("course_id", "number"),
        UniqueConstraint("course_id", "label"),
        CheckConstraint(_DRAFT_HAS_NO_DAYS, name="draft_has_no_days"),
        CheckConstraint(_PUBLISHED_BY, name="published_by_someone"),
        CheckConstraint(_RETIRED_HAS_AN_END, name="retired_has_an_end"),
        CheckConstraint(_DAYS_IN_ORDER, name="days_in_order"),
        Index(
            "uq_course_versions_one_draft",
            "course_id",
            unique=True,
            sqlite_where=_IS_DRAFT,
            postgresql_where=_IS_DRAFT,
        ),
    )

    course_id: Mapped[int] = mapped_column(ForeignKey(Course.id))
    exam_rule: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    course: Mapped[Course] = relationship()
    modules: Mapped[list[Module]] = relationship(secondary="course_version_modules", order_by=Module.id)

    def __str__(self) -> str:
        return f"{self.course.title} {self.label}"

    @property
    def item(self) -> Course:
        return self.course


class CourseVersionModule(Model):
    __tablename__ = "course_version_modules"
    __table_args__ = (UniqueConstraint("version_id", "module_id"),)

    version_id: Mapped[int] = mapped_column(ForeignKey(CourseVersion.id, ondelete="CASCADE"))
    module_id: Mapped[int] = mapped_column(ForeignKey(Module.id), index=True)


class Material(Model):
    """What teachers take along: a file in the document store, or a link."""

    __tablename__ = "curriculum_materials"
    __table_args__ = (CheckConstraint("(url IS NULL) <> (file_key IS NULL)", name="is_a_file_or_a_link"),)

    version_id: Mapped[int] = mapped_column(ForeignKey(ModuleVersion.id), index=True)
    title: Mapped[str] = mapped_column(String(150))
    language: Mapped[str] = mapped_column(String(8))
    url: Mapped[str | None] = mapped_column(String(400))
    file_key: Mapped[str | None] = mapped_column(String(200))
    file_name: Mapped[str | None] = mapped_column(String(130))
    file_sha256: Mapped[str | None] = mapped_column(String(64))
    file_size: Mapped[int | None]
    added_at: Mapped[datetime] = mapped_column(default=now)
    version: Mapped[ModuleVersion] = relationship(back_populates="materials")

    def __str__(self) -> str:
        return self.title
