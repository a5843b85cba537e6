"""Pages of a roster: handing it in, checking what was understood, keeping it, and what became of it."""

from io import BytesIO

from flask import Response, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.datastructures import CombinedMultiDict

from gdt import documents
from gdt.access import Permission, requires
from gdt.errors import DomainError
from gdt.forms import form_page
from gdt.people.models import Upload, UploadKind, UploadState
from gdt.people.queries import get_upload, list_uploads
from gdt.people.roster import count_known
from gdt.people.roster_template import roster_template as template_file
from gdt.spreadsheets.handing_back import return_workbook
from gdt.spreadsheets.refusals import Refused
from gdt.training.blueprint import training
from gdt.training.forms import RosterForm
from gdt.training.models import Cohort
from gdt.training.queries import get_cohort, get_cohort_of
from gdt.training.roster_checking import RowState
from gdt.training.roster_keeping import check_upload, confirm_roster, discard_roster, read_checked
from gdt.training.roster_pages import changes_nothing, page_of_list, row_words, rows_in_state, summary

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@training.get("/cohorts/<code>/roster-template.xlsx")
@requires(Permission.COHORTS_MANAGE)
def roster_template(code: str) -> ResponseReturnValue:
    record = get_cohort(current_user, code)
    headers = {"Content-Disposition": f'attachment; filename="{record.code}-roster.xlsx"'}
    return Response(template_file(), mimetype=XLSX, headers=headers)


@training.route("/cohorts/<code>/roster", methods=["GET", "POST"])
@requires(Permission.COHORTS_MANAGE)
def upload_roster(code: str) -> ResponseReturnValue:
    record = get_cohort(current_user, code)
    form = RosterForm(CombinedMultiDict((request.files, request.form)))
    if request.method == "POST" and form.validate():
        file = form.file.data
        try:
            upload = check_upload(actor=current_user, cohort=record, filename=file.filename, data=file.read())
        except Refused as refusal:
            form.reject(DomainError(refusal.reason, "file"))
        else:
            return redirect(url_for(".roster_upload", upload_id=upload.id))
    uploads = list_uploads(UploadKind.ROSTER, record.id)
    return form_page("training/upload_roster.html", form, cohort=record, uploads=uploads)


@training.get("/roster-uploads/<int:upload_id>")
@requires(Permission.COHORTS_MANAGE)
def roster_upload(upload_id: int) -> ResponseReturnValue:
    upload, cohort = _found(upload_id)
    if upload.state is UploadState.CHECKED:
        return _check_page(upload, cohort)
    return render_template("training/roster_outcome.html", upload=upload, cohort=cohort)


def _check_page(upload: Upload, cohort: Cohort) -> str:
    checked = read_checked(upload)
    state = request.args.get("state", "")
    listed = upload.problems if state == RowState.REFUSED else rows_in_state(checked, state)
    return render_template(
        "training/roster_check.html",
        upload=upload,
        cohort=cohort,
        checked=checked,
        state=state,
        page=page_of_list(listed, request.args.get("after")),
        summary=summary(upload, checked),
        changes_nothing=changes_nothing(checked),
        row_words=row_words(),
    )


@training.post("/roster-uploads/<int:upload_id>/keep")
@requires(Permission.COHORTS_MANAGE)
def keep_roster(upload_id: int) -> ResponseReturnValue:
    upload, cohort = _found(upload_id)
    confirm_roster(actor=current_user, cohort=cohort, upload=upload)
    return redirect(url_for(".roster_upload", upload_id=upload.id))


@training.post("/roster-uploads/<int:upload_id>/discard")
@requires(Permission.COHORTS_MANAGE)
def discard_roster_upload(upload_id: int) -> ResponseReturnValue:
    upload, cohort = _found(upload_id)
    try:
        discard_roster(actor=current_user, cohort=cohort, upload=upload)
    except DomainError as error:
        flash(error.message, "problem")
        return redirect(url_for(".roster_upload", upload_id=upload.id))
    flash(_("The file is put aside. Nothing of it was kept."))
    return redirect(url_for(".cohort", code=cohort.code))


@training.get("/roster-uploads/<int:upload_id>/refused-rows")
@requires(Permission.COHORTS_MANAGE)
def refused_rows(upload_id: int) -> ResponseReturnValue:
    upload, _cohort = _found(upload_id)
    data = documents.read(upload.document_key)
    file = return_workbook(data, upload.filename, upload.problems, count_known)
    return send_file(BytesIO(file.data), file.content_type, as_attachment=True, download_name=file.filename)


def _found(upload_id: int) -> tuple[Upload, Cohort]:
    upload = get_upload(current_user, UploadKind.ROSTER, upload_id)
    return upload, get_cohort_of(upload)
