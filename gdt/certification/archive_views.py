"""Pages of archives: how far one is, and the file to take away."""

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from gdt import documents
from gdt.access import Permission, requires
from gdt.certification import archive_queries
from gdt.certification.addresses import chunks_of, file_answer
from gdt.certification.archive_models import ArchiveForm
from gdt.certification.blueprint import certification
from gdt.errors import RecordNotFound

KINDS = {ArchiveForm.ZIP: "application/zip", ArchiveForm.PRINT: "application/pdf"}


@certification.get("/certificate-archives/<int:archive_id>")
@requires(Permission.CERTIFICATES_READ)
def archive(archive_id: int) -> ResponseReturnValue:
    record = archive_queries.get_archive(current_user, archive_id)
    return render_template("certification/archive.html", archive=record)


@certification.get("/certificate-archives/<int:archive_id>/file")
@requires(Permission.CERTIFICATES_READ)
def archive_file(archive_id: int) -> ResponseReturnValue:
    record = archive_queries.get_archive(current_user, archive_id)
    if record.file_key is None:
        raise RecordNotFound
    stream = chunks_of(documents.open_to_read(record.file_key))
    name = f"{record.cohort.code if record.cohort else record.batch} certificates.{record.form.ending}"
    response = file_answer(stream, KINDS[record.form], name)
    response.headers["Content-Length"] = str(record.file_size)
    return response
