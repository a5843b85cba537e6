"""Status lists: which bit of which published list says that a badge was withdrawn."""

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gdt.certification.models import Certificate
from gdt.database import Model


class StatusList(Model):
    """A list of bits under an address that stands in badges for ever.

    `taken` counts the bits given out; `revision` rises with each one that is set, so that what was signed
    before is known to be old.
    """

    __tablename__ = "status_lists"

    number: Mapped[int] = mapped_column(unique=True)
    url: Mapped[str] = mapped_column(String(300), unique=True)
    size: Mapped[int]
    taken: Mapped[int] = mapped_column(default=0)
    revision: Mapped[int] = mapped_column(default=0)


class StatusEntry(Model):
    """The bit of one certificate's badge; set once it is revoked or replaced."""

    __tablename__ = "status_entries"
    __table_args__ = (
        UniqueConstraint("list_id", "bit"),
        Index(
            "ix_status_entries_set",
            "list_id",
            "bit",
            sqlite_where=text("is_set"),
            postgresql_where=text("is_set"),
        ),
    )

    certificate_id: Mapped[int] = mapped_column(ForeignKey(Certificate.id), unique=True)
    list_id: Mapped[int] = mapped_column(ForeignKey(StatusList.id))
    bit: Mapped[int]
    is_set: Mapped[bool] = mapped_column(default=False)
    certificate: Mapped[Certificate] = relationship()
    status_list: Mapped[StatusList] = relationship()
