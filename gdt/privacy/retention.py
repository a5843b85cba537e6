"""Retention: what goes by itself when its time is over, and the people whose time is over, for the office."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final, TypeVar

from sqlalchemy import Select, func, select, update

from gdt import documents
from gdt.accounts.resetting import forget_old_requests
from gdt.accounts.sessions import forget_old_sign_ins
from gdt.certification.archives.models import CertificateArchive
from gdt.database import db, now, reading, unit_of_work
from gdt.imports.models import Upload, UploadState
from gdt.jobs import JobState
from gdt.outgoing import OutgoingMail
from gdt.people.forgotten import forget_old_marks
from gdt.privacy.contacts import forget_ended_contacts
from gdt.privacy.retention_models import RetentionKind, RetentionRun
from gdt.routines import routine

R = TypeVar("R")
FILES_KEPT, ADDRESSES_KEPT = timedelta(days=365), timedelta(days=730)
AT_A_TIME: Final = 200
DEALT_WITH = (UploadState.KEPT, UploadState.DISCARDED, UploadState.UNDONE)


@routine
def take_away_what_is_due() -> None:
    """Take away every kind that goes by itself, and note how much went; again takes nothing more."""
    went = {kind: take() for kind, take in BY_THEMSELVES.items()}
    with unit_of_work():
        db.session.add_all(RetentionRun(kind=kind, went=count) for kind, count in went.items() if count)


def _take_addresses() -> int:
    """Whom old mails went to, and what about; that something was mailed then stays."""
    with unit_of_work():
        old = OutgoingMail.settled_at < now() - ADDRESSES_KEPT, OutgoingMail.recipient != ""
        changed = db.session.execute(
            update(OutgoingMail).where(*old).values(recipient="", subject="", body="", server_answer=None)
        )
        return int(changed.rowcount)  # type: ignore[attr-defined]


def _take_files() -> int:
    """Files handed in, what was read in them, and files packed of certificates, a year after."""
    return _take(_due_uploads, _drop_upload) + _take(_due_archives, _drop_archive)


def _due_uploads(moment: datetime) -> Select[Upload]:
    due = Upload.uploaded_at < moment, Upload.state.in_(DEALT_WITH), Upload.document_key != ""
    return select(Upload).where(*due).order_by(Upload.id).limit(AT_A_TIME)


def _due_archives(moment: datetime) -> Select[CertificateArchive]:
    is_done = CertificateArchive.job_state == JobState.DONE, CertificateArchive.file_key.is_not(None)
    query = select(CertificateArchive).where(CertificateArchive.ordered_at < moment, *is_done)
    return query.order_by(CertificateArchive.id).limit(AT_A_TIME)


def _take(due: Callable[[datetime], Select[R]], drop: Callable[[R], list[str]]) -> int:
    """Portion by portion: the files first, so that no row forgets one that is still there."""
    went, moment = 0, now() - FILES_KEPT
    while True:
        with unit_of_work():
            found = db.session.scalars(due(moment)).all()
            for key in {key for record in found for key in drop(record)}:
                documents.remove(key)
        went += len(found)
        if not found:
            return went


def _drop_upload(upload: Upload) -> list[str]:
    shared = select(func.count(Upload.id)).where(
        Upload.document_key == upload.document_key,
        Upload.id != upload.id,
        Upload.uploaded_at >= now() - FILES_KEPT,
    )
    original = [] if db.session.scalar(shared) else [upload.document_key]
    gone = [*original, *([upload.checked_key] if upload.checked_key else []), *upload.journal]
    upload.document_key, upload.checked_key, upload.journal, upload.problems = "", None, [], []
    return gone


def _drop_archive(archive: CertificateArchive) -> list[str]:
    key, archive.file_key, archive.file_size = archive.file_key, None, None
    return [key] if key else []


BY_THEMSELVES: dict[RetentionKind, Callable[[], int]] = {
    RetentionKind.SIGN_INS: forget_old_sign_ins,
    RetentionKind.RESETS: forget_old_requests,
    RetentionKind.MAIL_ADDRESSES: _take_addresses,
    RetentionKind.UPLOADED_FILES: _take_files,
    RetentionKind.MARKS: forget_old_marks,
    RetentionKind.CONTACTS: forget_ended_contacts,
}


def last_runs() -> dict[RetentionKind, datetime]:
    """When something of each kind went last."""
    with reading():
        rows = db.session.execute(
            select(RetentionRun.kind, func.max(RetentionRun.went_at)).group_by(RetentionRun.kind)
        )
        return {row[0]: row[1] for row in rows}
