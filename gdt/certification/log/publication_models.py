"""What the office published once and for all, such as an annual summary: sealed in the log, never changed."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from gdt.database import Model


class LogPublication(Model):
    """A document and the file of its facts, with the fingerprints that stand in the log.

    `position` is that of its entry; `number` is its name there, such as GDT-SUMMARY-2025.
    """

    __tablename__ = "log_publications"

    number: Mapped[str] = mapped_column(String(60), unique=True)
    design: Mapped[str] = mapped_column(String(60))
    file_key: Mapped[str] = mapped_column(String(200))
    file_sha256: Mapped[str] = mapped_column(String(64))
    file_size: Mapped[int]
    facts_key: Mapped[str] = mapped_column(String(200))
    facts_sha256: Mapped[str] = mapped_column(String(64))
    position: Mapped[int] = mapped_column(unique=True)

    def __str__(self) -> str:
        return self.number
