"""The marks of people who asked to be forgotten: enough to know them again in a file, not to say who."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from gdt.database import Model, now


class ForgottenMark(Model):
    """One e-mail address, or one number at one institution, as a hash under a key of the installation.

    It names nobody and leads to no row; it is kept so that a file of before does not bring her back.
    """

    __tablename__ = "forgotten_marks"

    mark: Mapped[str] = mapped_column(String(64), unique=True)
    forgotten_at: Mapped[datetime] = mapped_column(default=now, index=True)
