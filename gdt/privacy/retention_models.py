"""What retention took away, and when."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from gdt.database import Model, now


class RetentionKind(StrEnum):
    SIGN_INS = "sign-ins"
    RESETS = "password resets"
    MAIL_ADDRESSES = "mail addresses"
    UPLOADED_FILES = "uploaded files"
    MARKS = "marks of the forgotten"
    PEOPLE = "people"
    CONTACTS = "contacts"


class RetentionRun(Model):
    """So many rows of a kind went on a day; people only after somebody of the office confirmed the list."""

    __tablename__ = "retention_runs"
    __table_args__ = (
        CheckConstraint("went > 0", name="something_went"),
        CheckConstraint("(kind = 'people') = (confirmed_by_name IS NOT NULL)", name="people_are_confirmed"),
        Index(None, "went_at"),
    )

    kind: Mapped[RetentionKind]
    went_at: Mapped[datetime] = mapped_column(default=now)
    went: Mapped[int]
    confirmed_by_name: Mapped[str | None] = mapped_column(String(200))
