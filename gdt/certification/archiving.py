"""Archives: all certificates of a cohort in one ZIP, streamed into the document store."""

import re
import secrets
import unicodedata
import zipfile
from typing import Any

from flask_babel import gettext as _

from gdt import audit, documents, jobs
from gdt.access import OFFICE, Viewer
from gdt.certification import queries
from gdt.certification.documents import stored_pdf
from gdt.certification.models import Certificate, CertificateArchive
from gdt.database import db, reading, unit_of_work
from gdt.errors import DomainError
from gdt.jobs import JobState
from gdt.training.models import Cohort

PROGRESS_EVERY = 100
_UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*\u200b-\u200f\u202a-\u202e\u2066-\u2069]+')
_LONGEST_NAME = 180  # bytes; every file system takes 255, and the number and the ending come on top


def order_archive(*, actor: Viewer, cohort: Cohort) -> CertificateArchive:
    """Order a ZIP of everything issued in the cohort so far. Raises DomainError when that is nothing."""
    count = queries.count_of_cohort(actor, cohort)
    if count == 0:
        raise DomainError(_("No certificate was issued in this cohort yet."))
    archive = CertificateArchive(cohort_id=cohort.id, ordered_by_id=actor.id, job_total=count)
    db.session.add(archive)
    summary = _("Ordered the ZIP of cohort %(code)s", code=cohort.code)
    audit.record(actor, "ordered", archive, summary, institution_id=cohort.institution_id)
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
        certificates = queries.list_of_cohort(OFFICE, archive.cohort)
        db.session.expunge_all()  # plain records from here on: no transaction stays open while the file grows
    key = f"archives/{archive_id}-{secrets.token_hex(8)}.zip"
    with documents.open_to_write(key) as out, zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as bundle:
        for done, certificate in enumerate(certificates, start=1):
            bundle.writestr(_entry(certificate), stored_pdf(certificate))
            if done % PROGRESS_EVERY == 0:
                _say(archive_id, done)
    return {"file_key": key, "file_size": documents.size(key), "job_total": len(certificates)}


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
