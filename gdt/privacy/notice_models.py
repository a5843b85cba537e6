"""The privacy notice in its versions, who confirmed that people were given it, and consents taken back."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from gdt.database import Model, now
from gdt.imports.models import Upload
from gdt.partners.models import Institution
from gdt.people.models import Person


class PrivacyNotice(Model):
    """What people are told, word for word; a version is never changed, the next one takes its place."""

    __tablename__ = "privacy_notices"
    __table_args__ = (CheckConstraint("length(text) > 0", name="says_something"),)

    version: Mapped[int] = mapped_column(unique=True)
    text: Mapped[str] = mapped_column(Text)
    published_at: Mapped[datetime] = mapped_column(default=now)
    published_by_name: Mapped[str] = mapped_column(String(200))

    def __str__(self) -> str:
        return f"Privacy notice, version {self.version}"


class NoticeGiven(Model):
    """That everyone in a file was given a version of the notice, and guardians agreed where one is asked.

    `asked_age` is the age below which the country of the institution asks for a guardian, as it was then.
    """

    __tablename__ = "notices_given"

    notice_id: Mapped[int] = mapped_column(ForeignKey(PrivacyNotice.id), index=True)
    upload_id: Mapped[int] = mapped_column(ForeignKey(Upload.id), unique=True)
    institution_id: Mapped[int | None] = mapped_column(ForeignKey(Institution.id), index=True)
    asked_age: Mapped[int]
    confirmed_at: Mapped[datetime] = mapped_column(default=now)
    confirmed_by_name: Mapped[str] = mapped_column(String(200))
    notice: Mapped[PrivacyNotice] = relationship()
    upload: Mapped[Upload] = relationship()


class ConsentWithdrawal(Model):
    """A person took back what rests on her consent alone: gender, and what strangers see beyond the paper."""

    __tablename__ = "consent_withdrawals"

    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id), index=True)
    withdrawn_at: Mapped[datetime] = mapped_column(default=now)
    recorded_by_name: Mapped[str] = mapped_column(String(200))
    person: Mapped[Person] = relationship()
