"""Archives: all certificates of a cohort or a batch as a ZIP or one PDF to print, streamed into the store."""

import re
import secrets
import unicodedata
import zipfile
from collections.abc import Iterator
from typing import Any, BinaryIO

from flask_babel import gettext as _

from gdt import audit, documents, jobs
from gdt.access import OFFICE, Viewer
from gdt.certification.archives import queries
from gdt.certification.archives.models import ArchiveForm, CertificateArchive
from gdt.certification.archives.printing import write_prints
from gdt.certification.batches.models import CertificateBatch
from gdt.certification.drawing.documents import stored_pdf
from gdt.certification.models import Certificate, CertificateState
from gdt.database import db, now, reading, unit_of_work
from gdt.errors import DomainError
from gdt.jobs import JobState
from gdt.training.models import Cohort

FOLDER = "archives"
PROGRESS_EVERY = 100
WITHDRAWN = frozenset({CertificateState.REVOKED, CertificateState.REPLACED})
_UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*\u200b-\u200f\u202a-\u202e\u2066-\u2069]+')
_LONGEST_NAME = 180  # bytes; every file system takes 255, and the number and the ending come on top


def order_archive(
    *, actor: Viewer, subject: Cohort | CertificateBatch, form: ArchiveForm = ArchiveForm.ZIP
) -> CertificateArchive:
    """Order one file of everything issued in a cohort or a batch so far. Raises DomainError on nothing."""
    count = queries.count_for_archive(actor, subject)
    if count == 0:
        raise DomainError(_("No certificate was issued here yet."))
    archive = CertificateArchive(form=form, ordered_by_id=actor.id, job_total=count)
    institution_id = None
    if isinstance(subject, Cohort):
        archive.cohort_id, institution_id = subject.id, subject.institution_id
        summary = _("Ordered the ZIP of cohort %(code)s", code=subject.code)
    else:
        archive.batch_id = subject.id
        summary = _("Ordered the %(form)s file of %(batch)s", form=form.value, batch=subject)
    db.session.add(archive)
    audit.record(actor, "ordered", archive, summary, institution_id=institution_id)
    jobs.start(archive, wait_seconds=1.5)
    return archive


def file_name(number: str, printed_name: str) -> str:
    """`GDT-2026-000123 Nguyễn Văn An.pdf`: a name every operating system can keep, in the person's script."""
    plain = _UNSAFE.sub(" ", unicodedata.normalize("NFC", printed_name))
    short = plain.encode()[:_LONGEST_NAME].decode(errors="ignore")
    return " ".join(f"{number} {short}".split()).rstrip(". ") + ".pdf"


def _write(archive_id: int) -> dict[str, Any]:
    """Write the file before the transaction that announces it, so that no lock is held meanwhile."""
    with reading():
        archive = queries.get_archive(OFFICE, archive_id)
        if archive.is_finished:
            return {}
        db.session.expunge_all()  # a plain record from here on
    key = f"{FOLDER}/{archive_id}-{secrets.token_hex(8)}.{archive.form.ending}"
    with documents.open_to_write(key) as out:
        written = _WRITERS[archive.form](archive, out)
    return {"file_key": key, "file_size": documents.size(key), **written}


def _write_zip(archive: CertificateArchive, out: BinaryIO) -> dict[str, int]:
    done = 0
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as bundle:
        for done, certificate in enumerate(queries.every_certificate(archive), start=1):
            bundle.writestr(_entry(certificate), stored_pdf(certificate))
            if done % PROGRESS_EVERY == 0:
                _say(archive.id, done)
    return {"job_total": done}


def _write_print(archive: CertificateArchive, out: BinaryIO) -> dict[str, int]:
    """A page for each certificate that stands; paper cannot be called back, so the others are left out."""
    standing = _Standing(archive)
    try:
        pages = write_prints(standing, out)
    except ValueError as error:
        raise DomainError(
            _("None of these certificates stands any more: there is nothing to print.")
        ) from error
    return {"job_total": pages, "left_out": standing.left_out}


class _Standing:
    """The certificates of an archive that are neither revoked nor replaced; tells how far the file is."""

    def __init__(self, archive: CertificateArchive) -> None:
        self.archive, self.left_out = archive, 0

    def __iter__(self) -> Iterator[Certificate]:
        for done, certificate in enumerate(queries.every_certificate(self.archive), start=1):
            if done % PROGRESS_EVERY == 0:
                _say(self.archive.id, done)
            if certificate.state(now().date()) in WITHDRAWN:
                self.left_out += 1
            else:
                yield certificate


_WRITERS = {ArchiveForm.ZIP: _write_zip, ArchiveForm.PRINT: _write_print}


@jobs.job(CertificateArchive, prepare=_write)
def announce(archive: CertificateArchive, written: dict[str, Any]) -> None:
    """Make the finished file the archive's own."""
    for column, value in written.items():
        setattr(archive, column, value)
    archive.job_done, archive.job_state = archive.job_total, JobState.DONE


def _entry(certificate: Certificate) -> zipfile.ZipInfo:
    day, name = certificate.issued_on, file_name(certificate.number, certificate.facts["printed_name"])
    return zipfile.ZipInfo(name, (day.year, day.month, day.day, 0, 0, 0))


def _say(archive_id: int, done: int) -> None:
    with unit_of_work():
        archive = queries.get_archive(OFFICE, archive_id)
        archive.job_state, archive.job_done = JobState.RUNNING, done
