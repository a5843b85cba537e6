"""Taking a file in: it is understood and checked row by row; nothing of it reaches the register yet."""

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from hashlib import sha256
from pathlib import PurePath

from flask_babel import gettext as _
from sqlalchemy import delete

from gdt import audit, documents
from gdt.access import Viewer
from gdt.database import db
from gdt.errors import DomainError
from gdt.imports.frames import Staging
from gdt.imports.kind_parts import Checker, Subject
from gdt.imports.kinds import Kind, kind_of
from gdt.imports.large_files import begin_reading, is_being_read, is_large
from gdt.imports.models import RowChange, Upload, UploadState
from gdt.imports.queries import find_same, get_upload, memory_of, register_stamp
from gdt.imports.row_reading import read_rows
from gdt.imports.rows import Checked, Read, ReadRows, RowState
from gdt.imports.same_again import AT_ONCE_ROWS, find_kept
from gdt.imports.scales import out_of
from gdt.imports.understanding import NOTHING, Said, Understood, understand
from gdt.jobs import JobState
from gdt.row_security import everything

UNDECIDED = (UploadState.READING, UploadState.ASKING, UploadState.CHECKED)


@everything()
def hand_in(*, actor: Viewer, kind: Kind, subject: Subject, filename: str, data: bytes) -> Upload:
    """Understand a file, check its rows and keep it with what was found; a large one is read as a job.

    Raises `Refused` when the file as a whole cannot be read, DomainError when none can be taken now; then
    nothing is stored. The same file handed in again before anybody decided is checked anew in its place;
    one that was kept, with nothing changed in the register since, answers with what was kept.
    """
    kind.refuse_at_all(subject)
    digest = sha256(data).hexdigest()
    upload = find_same(kind.name, subject.id, digest, UNDECIDED)
    upload = upload or find_kept(kind, subject, digest, most=AT_ONCE_ROWS)
    if upload is not None and (is_being_read(upload) or upload.stamp == register_stamp()):
        return upload
    if is_large(data):
        upload = upload or new_upload(actor, kind, subject, filename, data)
        begin_reading(upload, data)
        summary = _("Uploaded “%(file)s”.", file=upload)
    else:
        is_answered = upload is not None and upload.state is not UploadState.ASKING
        found = open_file(kind, subject, filename, data, upload if is_answered else None)
        with db.session.begin_nested():  # a file refused while its rows are read stands in no list
            upload = upload or new_upload(actor, kind, subject, filename, data)
            check(upload, kind, subject, found)
        told = _("Uploaded “%(file)s”, %(rows)s rows.", file=upload, rows=upload.rows_in)
        summary = told if upload.rows_in else _("Uploaded “%(file)s”.", file=upload)
    note(actor, "uploaded", subject, upload, summary)
    return upload


def open_file(
    kind: Kind,
    subject: Subject,
    filename: str,
    data: bytes,
    upload: Upload | None = None,
    *,
    said: Said = NOTHING,
    asks: bool = True,
) -> Understood:
    """The table of a file, read as it was read the last time where somebody said how."""
    memory = {key: told.mapping for key, told in memory_of(subject.institution_id, kind.name).items()}
    told = said_of(upload) if upload else said
    return understand(kind, data, filename, subject=subject, said=told, memory=memory, asks=asks)


def said_of(upload: Upload) -> Said:
    """What somebody said of a file on its pages."""
    return Said(
        upload.sheets,
        upload.mapping or None,
        upload.day_order,
        out_of(upload.scale.get("said", "")),
        upload.answers.get("has_header"),
        date.fromisoformat(day) if (day := upload.answers.get("otherwise_on")) else None,
    )


def new_upload(actor: Viewer, kind: Kind, subject: Subject, filename: str, data: bytes) -> Upload:
    """The record of a file, whose bytes are stored."""
    name = PurePath(filename.replace("\\", "/")).name[-255:]
    key, digest = documents.keep("imports", data, suffix=PurePath(name).suffix.lower()[:10])
    upload = Upload(
        kind=kind.name,
        subject_id=subject.id,
        subject_name=subject.name[:300],
        institution_id=subject.institution_id,
        uploaded_by_id=actor.id,
        filename=name,
        document_key=key,
        sha256=digest,
        job_state=JobState.DONE,  # nothing to do until somebody confirms
    )
    db.session.add(upload)
    db.session.flush()
    return upload


def check(upload: Upload, kind: Kind, subject: Subject, found: Understood) -> None:
    """Read and decide every row into a document, and put what was found on the record."""
    staging, stamp = Staging(), register_stamp()
    if not found.question:
        with collector_resting():
            for rows in checked_rows(kind, subject, found, kind.checker(subject, found.columns)):
                staging.add(rows)
    put_on_record(upload, found, staging, stamp)


def put_on_record(upload: Upload, found: Understood, staging: Staging, stamp: str) -> None:
    """What a file says, on its record; `stamp` is where the register stood before its rows were decided."""
    note_table(upload, found)
    upload.stamp, upload.note = stamp, None
    db.session.execute(delete(RowChange).where(RowChange.upload_id == upload.id))
    upload.question, upload.choices = found.question, {}
    upload.notices = [[one.code, dict(one.facts)] for one in found.table.notices]
    upload.state = UploadState.ASKING if found.question else UploadState.CHECKED
    upload.checked_key = None if found.question else staging.keep()
    count_rows(upload, dict(staging.counts))


def note_table(upload: Upload, found: Understood) -> None:
    upload.header, upload.mapping = list(found.table.header), list(found.mapping)
    upload.sheet = found.table.sheet or None
    upload.scale = found.ways.scale.as_json() if found.ways.scale else {}


def count_rows(upload: Upload, counts: dict[str, int]) -> None:
    """Put the rows by state on the record; what is still to be done is every row of the document."""
    upload.counts = counts
    upload.rows_in = upload.job_total = sum(counts.values())
    upload.rows_refused = counts.get(RowState.REFUSED, 0)
    upload.rows_matched = sum(
        counts.get(s, 0) for s in (RowState.KNOWN, RowState.CONFLICT, RowState.OTHER, RowState.UNCHANGED)
    )
    upload.rows_unchanged = counts.get(RowState.UNCHANGED, 0)


def checked_rows(
    kind: Kind, subject: Subject, found: Understood, checker: Checker
) -> Iterator[Sequence[Checked]]:
    """Yield the rows of a file in their order, each decided or refused, some thousand at a time."""
    for chunk in read_rows(kind, subject, found):
        if isinstance(chunk, ReadRows):
            yield checker.decide(chunk)
            continue
        good = [row for row in chunk if isinstance(row, Read)]
        decided = iter(checker.decide(good)) if good else iter(())
        yield [next(decided) if isinstance(row, Read) else row for row in chunk]


def discard(*, actor: Viewer, upload: Upload) -> None:
    """Put a checked file aside: nothing of it was kept, nothing will be."""
    upload = get_upload(actor, upload.id, is_held=True)
    if upload.state is UploadState.DISCARDED:
        return
    if upload.state not in UNDECIDED:
        raise DomainError(_("This file has been confirmed already, so it cannot be put aside."))
    upload.state = UploadState.DISCARDED
    subject = kind_of(upload.kind).subject(actor, upload.subject_id)
    note(actor, "discarded", subject, upload, _("Put “%(file)s” aside.", file=upload))


def note(
    actor: Viewer, action: str, subject: Subject, upload: Upload, summary: str, **details: object
) -> None:
    """Tell the trail of the record the file is about."""
    place = upload.institution_id
    audit.record(actor, action, subject.record or upload, summary, institution_id=place, **details)


@contextmanager
def collector_resting() -> Iterator[None]:
    """No search for cyclic garbage meanwhile: among many live rows it takes half the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
