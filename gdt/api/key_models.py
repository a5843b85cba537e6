"""Idempotency keys: what a program named an upload, so that sending it twice hands it in once."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from gdt.accounts.models import User
from gdt.database import Model, now
from gdt.imports.models import Upload


class UploadKey(Model):
    """A key a user's program sent, the fingerprint of what came with it, and the upload that came of it."""

    __tablename__ = "upload_keys"
    __table_args__ = (UniqueConstraint("user_id", "key"),)

    user_id: Mapped[int] = mapped_column(ForeignKey(User.id, ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(100))
    fingerprint: Mapped[str] = mapped_column(String(64))
    upload_id: Mapped[int | None] = mapped_column(ForeignKey(Upload.id), index=True)
    made_at: Mapped[datetime] = mapped_column(default=now, index=True)
