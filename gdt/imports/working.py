"""The work of an upload as a job: reading a large one, keeping what was confirmed, undoing what was kept."""

from dataclasses import dataclass, field

from sqlalchemy import update

from gdt import audit, documents, jobs
from gdt.access import OFFICE
from gdt.database import db, reading, unit_of_work
from gdt.imports.checking import checked_rows, collector_resting, open_file, put_on_record
from gdt.imports.frames import Staging
from gdt.imports.keeping import keep_portion
from gdt.imports.kind_parts import Subject
from gdt.imports.kinds import Kind, kind_of
from gdt.imports.models import Upload, UploadState
from gdt.imports.queries import register_stamp
from gdt.imports.understanding import Understood
from gdt.imports.undoing import undo_now
from gdt.jobs import JobState
from gdt.spreadsheets.refusals import Refused


@dataclass
class Reading:
    """What reading a file came to, or why it cannot be read; `stamp` is where the register stood before."""

    stamp: str = ""
    found: Understood | None = None
    staging: Staging = field(default_factory=Staging)
    refusal: str = ""


def read_ahead(upload_id: int) -> Reading | None:
    """Read and decide every row without holding a lock; None where there is nothing to read.

    The register is looked at a chunk of rows at a time. What moves in it meanwhile is minded when the rows
    are kept, as after any check.
    """
    told = Reading()
    with reading():
        upload = db.session.get(Upload, upload_id)
        if upload is None or upload.state is not UploadState.READING:
            return None
        kind, told.stamp = kind_of(upload.kind), register_stamp()
        subject = kind.subject(OFFICE, upload.subject_id)
        data = documents.read(upload.document_key)
        try:
            told.found = open_file(kind, subject, upload.filename, data, upload)
        except Refused as refusal:
            told.refusal = refusal.reason
    if told.found and not told.found.question:
        _stage(upload_id, kind, subject, told.found, told)
    return told


def _stage(upload_id: int, kind: Kind, subject: Subject, found: Understood, told: Reading) -> None:
    with reading():
        upload = db.session.get(Upload, upload_id)
        if upload is not None and upload.uploaded_by is not None:
            audit.act_for(upload.uploaded_by)
        rows = checked_rows(kind, subject, found, kind.checker(subject, found.columns))
    try:
        with collector_resting():
            while True:
                with reading():
                    chunk = next(rows, None)
                if chunk is None:
                    break
                told.staging.add(chunk)
                _tell_how_far(upload_id, told.staging.rows)
    except Refused as refusal:
        told.refusal = refusal.reason


def _tell_how_far(upload_id: int, rows: int) -> None:
    here = update(Upload).where(Upload.id == upload_id, Upload.state == UploadState.READING)
    with unit_of_work():
        db.session.execute(here.values(job_done=rows, job_state=JobState.RUNNING))


def finish_reading(upload: Upload, told: Reading) -> None:
    """Put what was read on the record, in the caller's transaction."""
    upload.job_state = JobState.DONE
    if told.refusal or told.found is None:
        upload.note = told.refusal
        upload.state = UploadState.ASKING if upload.header else UploadState.DISCARDED
        upload.question = {"refused": told.refusal} if upload.header else {}
        return
    put_on_record(upload, told.found, told.staging, told.stamp)


@jobs.job(Upload, prepare=read_ahead)
def do_portion(upload: Upload, told: Reading | None) -> None:
    """Do the next portion; a file that nobody confirmed has nothing to do."""
    if upload.uploaded_by is not None:
        audit.act_for(upload.uploaded_by)
    if upload.state is UploadState.READING:
        finish_reading(upload, told or Reading())
    elif upload.state is UploadState.KEEPING:
        keep_portion(upload)
    elif upload.state is UploadState.UNDOING:
        undo_now(upload)
    else:
        upload.job_state = JobState.DONE
