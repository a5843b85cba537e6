"""Pages of archives: ordering one of a cohort, how far it is, and the file to take away."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext
from flask_login import current_user

from gdt import documents
from gdt.access import Permission, requires
from gdt.certification.addresses import chunks_of, file_answer
from gdt.certification.archives import archiving, queries
from gdt.certification.archives.models import ArchiveForm
from gdt.certification.blueprint import certification
from gdt.errors import DomainError, RecordNotFound
from gdt.exports import hands_out
from gdt.training.queries import get_cohort

KINDS = {ArchiveForm.ZIP: "application/zip", ArchiveForm.PRINT: "application/pdf"}


@certification.get("/certificate-archives/<int:archive_id>")
@requires(Permission.CERTIFICATES_READ)
def archive(archive_id: int) -> ResponseReturnValue:
    record = queries.get_archive(current_user, archive_id)
    return render_template("certification/archive.html", archive=record)


@certification.get("/certificate-archives/<int:archive_id>/file")
@requires(Permission.CERTIFICATES_READ)
@hands_out(
    lazy_gettext("an archive of certificates"),
    of=lambda archive_id: queries.get_archive(current_user, archive_id),
)
def archive_file(archive_id: int) -> ResponseReturnValue:
    record = queries.get_archive(current_user, archive_id)
    if record.file_key is None:
        raise RecordNotFound
    stream = chunks_of(documents.open_to_read(record.file_key))
    name = f"{record.cohort.code if record.cohort else record.batch} certificates.{record.form.ending}"
    response = file_answer(stream, KINDS[record.form], name)
    response.headers["Content-Length"] = str(record.file_size)
    return response


@certification.post("/cohorts/<code>/certificates/archives")
@requires(Permission.COHORTS_MANAGE)
def order_archive(code: str) -> ResponseReturnValue:
    cohort = get_cohort(current_user, code)
    try:
        record = archiving.order_archive(actor=current_user, subject=cohort)
    except DomainError as error:
        flash(error.message, "attention")
        return redirect(url_for(".cohort_certificates", code=cohort.code))
    return redirect(url_for(".archive", archive_id=record.id))
