"""Pages of a sheet of results: handing it in, checking what was understood, keeping it, what became of it."""

from io import BytesIO

from flask import Response, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.datastructures import CombinedMultiDict

from gdt import documents
from gdt.access import Permission, requires
from gdt.errors import DomainError
from gdt.exams import uploading
from gdt.exams.blueprint import exams
from gdt.exams.forms import ResultsForm
from gdt.exams.models import Sitting
from gdt.exams.queries import get_sitting, get_sitting_by_id, list_members
from gdt.exams.results_sheet import count_known
from gdt.exams.sheet_checking import RowState
from gdt.forms import form_page
from gdt.people.models import Upload, UploadKind, UploadState
from gdt.people.queries import get_upload, list_uploads
from gdt.spreadsheets.handing_back import return_workbook
from gdt.spreadsheets.refusals import Refused
from gdt.spreadsheets.writing import write_xlsx
from gdt.training.models import EnrolmentState
from gdt.training.roster_pages import page_of_list

ROWS = 20  # beside ten problems these stay a light page
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@exams.get("/sittings/<code>/results-template.xlsx")
@requires(Permission.RESULTS_RECORD)
def results_template(code: str) -> ResponseReturnValue:
    record = get_sitting(current_user, code)
    here = [one for one in list_members(record) if one.state is not EnrolmentState.WITHDREW]
    rows = [(one.own_number, one.email, one.printed_name, None) for one in here]
    content = write_xlsx(["Student number", "E-mail", "Full name", "Mark"], rows, "Results")
    headers = {"Content-Disposition": f'attachment; filename="{record.code}-results.xlsx"'}
    return Response(content, mimetype=XLSX, headers=headers)


@exams.route("/sittings/<code>/results", methods=["GET", "POST"])
@requires(Permission.RESULTS_RECORD)
def upload_results(code: str) -> ResponseReturnValue:
    record = get_sitting(current_user, code)
    form = ResultsForm(CombinedMultiDict((request.files, request.form)))
    if request.method == "POST" and form.validate():
        try:
            upload = _handed_in(record, form)
            return redirect(url_for(".results_upload", upload_id=upload.id))
        except DomainError as error:
            form.reject(error)
    uploads = list_uploads(UploadKind.RESULTS, record.id)
    return form_page("exams/upload_results.html", form, sitting=record, uploads=uploads)


def _handed_in(sitting: Sitting, form: ResultsForm) -> Upload:
    file = form.file.data
    try:
        return uploading.check_results(
            viewer=current_user, sitting=sitting, filename=file.filename, data=file.read()
        )
    except Refused as refusal:
        raise DomainError(refusal.reason, "file") from refusal


@exams.get("/results-uploads/<int:upload_id>")
@requires(Permission.RESULTS_RECORD)
def results_upload(upload_id: int) -> ResponseReturnValue:
    upload, sitting = _found(upload_id)
    if upload.state is UploadState.CHECKED:
        return _check_page(upload, sitting)
    return render_template("exams/results_outcome.html", upload=upload, sitting=sitting)


def _check_page(upload: Upload, sitting: Sitting) -> str:
    checked = uploading.read_checked(upload)
    state = request.args.get("state", "")
    rows = [row for row in checked.rows if (row.state == state if state else row.state != RowState.REFUSED)]
    listed = upload.problems if state == RowState.REFUSED else rows
    return render_template(
        "exams/results_check.html",
        upload=upload,
        sitting=sitting,
        checked=checked,
        state=state,
        page=page_of_list(listed, request.args.get("after"), size=ROWS),
    )


@exams.post("/results-uploads/<int:upload_id>/keep")
@requires(Permission.RESULTS_RECORD)
def keep_results(upload_id: int) -> ResponseReturnValue:
    upload, sitting = _found(upload_id)
    uploading.confirm_results(viewer=current_user, sitting=sitting, upload=upload)
    return redirect(url_for(".results_upload", upload_id=upload.id))


@exams.post("/results-uploads/<int:upload_id>/discard")
@requires(Permission.RESULTS_RECORD)
def discard_results(upload_id: int) -> ResponseReturnValue:
    upload, sitting = _found(upload_id)
    try:
        uploading.discard_results(viewer=current_user, sitting=sitting, upload=upload)
    except DomainError as error:
        flash(error.message, "problem")
        return redirect(url_for(".results_upload", upload_id=upload.id))
    flash(_("The file is put aside. No mark of it was kept."))
    return redirect(url_for(".sitting", code=sitting.code))


@exams.get("/results-uploads/<int:upload_id>/refused-rows")
@requires(Permission.RESULTS_RECORD)
def refused_results(upload_id: int) -> ResponseReturnValue:
    upload, _sitting = _found(upload_id)
    data = documents.read(upload.document_key)
    file = return_workbook(data, upload.filename, upload.problems, count_known)
    return send_file(BytesIO(file.data), file.content_type, as_attachment=True, download_name=file.filename)


def _found(upload_id: int) -> tuple[Upload, Sitting]:
    upload = get_upload(current_user, UploadKind.RESULTS, upload_id)
    return upload, get_sitting_by_id(current_user, upload.subject_id)
