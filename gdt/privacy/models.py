"""Requests to be forgotten: who asked, what the office decided, and how far the erasing is."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, ColumnElement, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gdt.accounts.models import User
from gdt.database import Model, now
from gdt.jobs import Work
from gdt.partners.models import Institution
from gdt.people.models import Person


class AskedBy(StrEnum):
    HOLDER = "holder"
    INSTITUTION = "institution"
    OFFICE = "office"
    RETENTION = "retention"
    RESTORE = "restore"


class RequestState(StrEnum):
    OPEN = "open"
    ERASING = "erasing"
    ERASED = "erased"
    DECLINED = "declined"


class Outcome(StrEnum):
    """What whoever verifies a certificate of hers is told from then on."""

    NUMBER = "number"
    NOTHING = "nothing"


class Stage(StrEnum):
    """What the next portion of the erasing does; each may be done twice."""

    UPLOADS = "uploads"
    RECORDS = "records"
    FILES = "files"
    TRACES = "traces"


class ErasureRequest(Work, Model):
    """A wish to be forgotten, and its work. `institution_id` is the one place she belongs to, if any.

    Its work waits as done until the office decides. `went` counts what was erased; no word of hers is kept.
    """

    __tablename__ = "erasure_requests"
    __table_args__ = (
        CheckConstraint("(state = 'open') = (decided_at IS NULL)", name="decided_at_a_moment"),
        CheckConstraint("(decided_at IS NULL) = (decided_by_name IS NULL)", name="decided_by_someone"),
        CheckConstraint(
            "(state IN ('erasing', 'erased')) = (outcome IS NOT NULL)", name="erased_with_a_choice"
        ),
        Index(
            "uq_erasure_requests_waiting",
            "person_id",
            unique=True,
            sqlite_where=text("state IN ('open', 'erasing')"),
            postgresql_where=text("state IN ('open', 'erasing')"),
        ),
        Index(None, "state", "id"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id))
    institution_id: Mapped[int | None] = mapped_column(ForeignKey(Institution.id), index=True)
    asked_by: Mapped[AskedBy]
    asked_by_name: Mapped[str] = mapped_column(String(200))
    asked_at: Mapped[datetime] = mapped_column(default=now)
    words: Mapped[str] = mapped_column(Text)
    state: Mapped[RequestState] = mapped_column(default=RequestState.OPEN)
    outcome: Mapped[Outcome | None]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey(User.id))
    decided_by_name: Mapped[str | None] = mapped_column(String(200))
    answer: Mapped[str | None] = mapped_column(Text)
    job_run: Mapped[int] = mapped_column(default=0)
    stage: Mapped[Stage] = mapped_column(default=Stage.UPLOADS)
    seen_upload_id: Mapped[int] = mapped_column(default=0)
    files: Mapped[list[str]] = mapped_column(JSON, default=list)
    went: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    erased_at: Mapped[datetime | None]
    person: Mapped[Person] = relationship()
    institution: Mapped[Institution | None] = relationship()

    def __str__(self) -> str:
        return f"Request {self.id} to be forgotten"

    @classmethod
    def is_to_be_done(cls) -> ColumnElement[bool]:
        return super().is_to_be_done() & (cls.state == RequestState.ERASING)
