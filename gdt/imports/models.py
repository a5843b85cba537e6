"""Files handed in: what was found in each, what people chose, what was kept, and how columns were read."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gdt.database import Model, now
from gdt.jobs import JobState, Work
from gdt.spreadsheets.lines import in_words


class UploadState(StrEnum):
    """Jobs read large files, keep and undo; `asking` waits for an answer, `checked` for the person's word."""

    READING = "reading"
    ASKING = "asking"
    CHECKED = "checked"
    KEEPING = "keeping"
    KEPT = "kept"
    DISCARDED = "discarded"
    UNDOING = "undoing"
    UNDONE = "undone"


class Upload(Work, Model):
    """A file someone handed in: the bytes as they came, what was found in it, and what was kept of it.

    `kind` names what its rows are, `subject_id` the record they go to; features above say what both mean.
    """

    __tablename__ = "uploads"
    __table_args__ = (
        Index(None, "kind", "subject_id"),
        Index(None, "institution_id", "id"),
        CheckConstraint("rows_in >= 0", name="counts_rows"),
    )

    kind: Mapped[str] = mapped_column(String(30))
    subject_id: Mapped[int]
    subject_name: Mapped[str] = mapped_column(String(300), default="")
    institution_id: Mapped[int | None] = mapped_column(ForeignKey("institutions.id"))
    uploaded_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    uploaded_at: Mapped[datetime] = mapped_column(default=now)
    filename: Mapped[str] = mapped_column(String(255))
    document_key: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(String(64))
    checked_key: Mapped[str | None] = mapped_column(String(200))  # what was understood, row by row
    state: Mapped[UploadState] = mapped_column(default=UploadState.CHECKED)
    job_run: Mapped[int] = mapped_column(default=0)  # undoing is a second run of work
    sheet: Mapped[str | None] = mapped_column(String(120))
    header: Mapped[list[str]] = mapped_column(JSON, default=list)
    mapping: Mapped[list[str]] = mapped_column(JSON, default=list)  # the field of each column, "" for aside
    day_order: Mapped[str | None] = mapped_column(String(12))
    scale: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # what marks are out of, and what here
    answers: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # what somebody said of the file
    question: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    notices: Mapped[list[Any]] = mapped_column(JSON, default=list)
    counts: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)  # rows by state
    choices: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)  # for all rows of a state
    stamp: Mapped[str | None] = mapped_column(String(60))  # where the register stood when it was checked
    journal: Mapped[list[str]] = mapped_column(JSON, default=list)  # documents: what each portion did
    rows_in: Mapped[int] = mapped_column(default=0)
    rows_kept: Mapped[int] = mapped_column(default=0)
    rows_matched: Mapped[int] = mapped_column(default=0)
    rows_refused: Mapped[int] = mapped_column(default=0)
    rows_changed: Mapped[int] = mapped_column(default=0)  # none the second time the same file comes
    rows_unchanged: Mapped[int] = mapped_column(default=0)
    problems: Mapped[list[dict[str, Any]]] = mapped_column(
        JSON, default=list
    )  # of rows refused while keeping
    note: Mapped[str | None] = mapped_column(Text)
    institution: Mapped[Any] = relationship("Institution")
    uploaded_by: Mapped[Any] = relationship("User")

    def __str__(self) -> str:
        return self.filename

    @property
    def can_be_undone(self) -> bool:
        """Whether it was kept and nobody is at work on it: all of it, or what came before a stop."""
        is_stopped = self.state is UploadState.KEEPING and self.job_state is JobState.FAILED
        return self.state is UploadState.KEPT or is_stopped

    @property
    def sheets(self) -> tuple[str, ...]:
        """The sheets that are read together, or the one; none of a text."""
        return tuple((self.answers or {}).get("sheets", ()) or filter(None, [self.sheet]))

    def line_words(self, line: int) -> str:
        """A line as the file's owner looks it up."""
        return in_words(line, self.sheets)

    @property
    def has_headings(self) -> bool:
        """Whether a row of the file names its columns, as far as that is known yet."""
        asked = (self.question or {}).get("headings", {})
        return (self.answers or {}).get("has_header", not asked.get("is_row", False)) is not False


class RowChange(Model):
    """What a person did to one row of a checked file: a cell corrected, a choice made.

    `row` is the row as it now stands, in the place of the one in the document; `texts` are the corrected
    cells by column; `was` is the state the document gives the row.
    """

    __tablename__ = "upload_row_changes"
    __table_args__ = (UniqueConstraint("upload_id", "line"),)

    upload_id: Mapped[int] = mapped_column(ForeignKey(Upload.id))
    line: Mapped[int]
    was: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(20))
    row: Mapped[list[Any]] = mapped_column(JSON)
    texts: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    choice: Mapped[str | None] = mapped_column(String(30))


class ColumnMemory(Model):
    """How an institution's file with such a header was read the last time somebody said so."""

    __tablename__ = "column_memories"
    __table_args__ = (UniqueConstraint("institution_id", "kind", "signature"),)

    institution_id: Mapped[int] = mapped_column(ForeignKey("institutions.id"))
    kind: Mapped[str] = mapped_column(String(30))
    signature: Mapped[str] = mapped_column(String(64))
    mapping: Mapped[list[str]] = mapped_column(JSON)
    day_order: Mapped[str | None] = mapped_column(String(12))
    remembered_at: Mapped[datetime] = mapped_column(default=now)
