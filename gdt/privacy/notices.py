"""The privacy notice: its versions, the one that holds, and publishing the next."""

from collections.abc import Sequence
from pathlib import Path

from flask_babel import gettext as _
from sqlalchemy import func, select

from gdt import audit
from gdt.access import Viewer
from gdt.database import db
from gdt.errors import DomainError, RecordNotFound
from gdt.privacy.notice_models import NoticeGiven, PrivacyNotice

DRAFT = Path(__file__).with_name("notice_draft.txt")


def find_current() -> PrivacyNotice | None:
    """The version that holds; None before the first was published."""
    return db.session.scalar(select(PrivacyNotice).order_by(PrivacyNotice.version.desc()).limit(1))


def list_versions() -> Sequence[tuple[PrivacyNotice, int]]:
    """Every version, newest first, and of how many files people confirmed that it was given."""
    given = (
        select(func.count(NoticeGiven.id)).where(NoticeGiven.notice_id == PrivacyNotice.id).scalar_subquery()
    )
    rows = db.session.execute(select(PrivacyNotice, given).order_by(PrivacyNotice.version.desc()))
    return [(row[0], row[1]) for row in rows]


def get_version(version: int) -> PrivacyNotice:
    found = db.session.scalar(select(PrivacyNotice).where(PrivacyNotice.version == version))
    if found is None:
        raise RecordNotFound
    return found


def draft() -> str:
    """What the next version begins with: the words that hold, or ours to begin with."""
    current = find_current()
    return current.text if current else DRAFT.read_text(encoding="utf-8")


def publish_notice(*, actor: Viewer, text: str) -> PrivacyNotice:
    """Publish the next version. Raises DomainError when it says what the last one says."""
    current = find_current()
    if current is not None and current.text == text:
        raise DomainError(_("These are the words of the version that holds. Change them first."), "text")
    record = PrivacyNotice(
        version=current.version + 1 if current else 1, text=text, published_by_name=actor.name
    )
    db.session.add(record)
    audit.record(
        actor, "published", record, _("Published version %(n)s of the privacy notice", n=record.version)
    )
    return record


def paragraphs(text: str) -> list[tuple[str, str]]:
    """The notice as (kind, words): a heading or a paragraph, in order."""
    found = []
    for line in text.splitlines():
        if words := line.strip():
            kind = "heading" if words.startswith("#") else "paragraph"
            found.append((kind, words.lstrip("# ").strip()))
    return found
