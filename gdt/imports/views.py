"""Pages of an import: what was understood, what to do about it, what was kept, and undoing it."""

from io import BytesIO
from pathlib import PurePath

from flask import flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_login import current_user

from gdt import documents
from gdt.access import Permission, requires
from gdt.database import db
from gdt.errors import DomainError
from gdt.exports import hands_out
from gdt.facets import chosen, facet
from gdt.imports import row_views  # noqa: F401
from gdt.imports.blueprint import imports as imports
from gdt.imports.checking import discard
from gdt.imports.declaring import declarations_of, keep_declarations
from gdt.imports.dependent_words import dependent_words
from gdt.imports.keeping import confirm
from gdt.imports.kinds import all_kinds, kind_of
from gdt.imports.models import Upload, UploadState
from gdt.imports.pages import NEEDS, count_needing, rows_page, state_counts
from gdt.imports.queries import UploadFilter, count_by_kind, get_upload, uploads
from gdt.imports.returning import first_handed_back, refused_workbook
from gdt.imports.rows import RowState
from gdt.imports.undoing import Deeds, find_dependents, names_of, undo
from gdt.imports.wording import (
    UPLOAD_STATES,
    columns_in_words,
    notices_of,
    summary,
    words_of,
)
from gdt.imports.working import do_portion  # noqa: F401
from gdt.paging import page_of


@imports.get("/imports")
@requires(Permission.IMPORTS_MANAGE)
def uploads_list() -> ResponseReturnValue:
    args = request.args
    wanted = UploadFilter(args.get("q", ""), args.get("kind", ""), args.get("state", ""))
    counts = count_by_kind(current_user)
    kinds = {kind.name: kind.label for kind in all_kinds()}
    groups = [
        facet(_("Kind"), "kind", [(name, kinds[name], counts[name]) for name in kinds if name in counts]),
        facet(_("State"), "state", [(s.value, word, None) for s, (word, _shape) in UPLOAD_STATES.items()]),
    ]
    page = page_of(
        db.session, uploads(current_user, wanted), order=[Upload.id.desc()], after=args.get("after")
    )
    return render_template(
        "imports/uploads_list.html", page=page, kinds=kinds, groups=groups, chosen_filters=chosen(groups),
        states=UPLOAD_STATES,
    )  # fmt: skip


@imports.get("/imports/<int:upload_id>")
@requires(Permission.IMPORTS_MANAGE)
def upload(upload_id: int) -> ResponseReturnValue:
    record = get_upload(current_user, upload_id)
    if "X-Fragment" in request.headers and record.state in {UploadState.ASKING, UploadState.CHECKED}:
        return render_template("imports/read_through.html", upload=record)
    if record.state is UploadState.ASKING:
        return redirect(url_for(".columns", upload_id=record.id))
    if record.state is UploadState.CHECKED:
        return _check_page(record)
    kind = kind_of(record.kind)
    return render_template(
        "imports/outcome.html",
        upload=record,
        kind=kind,
        subject=kind.subject(current_user, record.subject_id),
        problems=first_handed_back(record) if record.state is UploadState.KEPT else [],
        notices=notices_of(record),
    )


def _check_page(record: Upload) -> str:
    kind = kind_of(record.kind)
    needing = count_needing(record, kind)
    state = request.args.get("state", "" if request.args.get("q") or not needing else NEEDS)
    words = request.args.get("q", "")
    return render_template(
        "imports/check.html",
        upload=record,
        kind=kind,
        subject=kind.subject(current_user, record.subject_id),
        needing=needing,
        state=state,
        states=state_counts(record, kind),
        page=rows_page(record, kind, state=state, words=words, after=request.args.get("after")),
        summary=summary(record, needing),
        declarations=declarations_of(record),
        notices=notices_of(record),
        words={state.value: words_of(kind, state) for state in RowState},
        **columns_in_words(record),
    )


@imports.post("/imports/<int:upload_id>/keep")
@requires(Permission.IMPORTS_MANAGE)
def keep_upload(upload_id: int) -> ResponseReturnValue:
    record = get_upload(current_user, upload_id)
    try:
        keep_declarations(actor=current_user, upload=record, is_confirmed="declared" in request.form)
    except DomainError as error:
        flash(error.message, "attention")
    else:
        confirm(actor=current_user, upload=record)
    return redirect(url_for(".upload", upload_id=upload_id))


@imports.post("/imports/<int:upload_id>/discard")
@requires(Permission.IMPORTS_MANAGE)
def discard_upload(upload_id: int) -> ResponseReturnValue:
    record = get_upload(current_user, upload_id)
    try:
        discard(actor=current_user, upload=record)
    except DomainError as error:
        flash(error.message, "problem")
        return redirect(url_for(".upload", upload_id=upload_id))
    flash(_("The file is put aside. Nothing of it was kept."))
    subject = kind_of(record.kind).subject(current_user, record.subject_id)
    return redirect(url_for(subject.page, **subject.key))


@imports.route("/imports/<int:upload_id>/undo", methods=["GET", "POST"])
@requires(Permission.IMPORTS_MANAGE)
def undo_upload(upload_id: int) -> ResponseReturnValue:
    record = get_upload(current_user, upload_id)
    if request.method == "POST":
        undo(actor=current_user, upload=record)
    if request.method == "POST" or not record.can_be_undone:
        return redirect(url_for(".upload", upload_id=upload_id))
    kind, deeds = kind_of(record.kind), Deeds(record)
    dependents = find_dependents(record, deeds)
    return render_template(
        "imports/undo_upload.html",
        upload=record,
        kind=kind,
        subject=kind.subject(current_user, record.subject_id),
        counts=deeds.counts,
        dependents=dependents,
        names=names_of(dependents),
        dependent_words=dependent_words,
    )


@imports.get("/imports/<int:upload_id>/refused-rows")
@requires(Permission.IMPORTS_MANAGE)
@hands_out(
    lazy_gettext("the refused rows of a file"), of=lambda upload_id: get_upload(current_user, upload_id)
)
def refused_rows(upload_id: int) -> ResponseReturnValue:
    file = refused_workbook(get_upload(current_user, upload_id))
    return send_file(BytesIO(file.data), file.content_type, as_attachment=True, download_name=file.filename)


@imports.get("/imports/<int:upload_id>/file")
@requires(Permission.IMPORTS_MANAGE)
@hands_out(
    lazy_gettext("a file as it was handed in"), of=lambda upload_id: get_upload(current_user, upload_id)
)
def upload_file(upload_id: int) -> ResponseReturnValue:
    record = get_upload(current_user, upload_id)
    name = PurePath(record.filename).name or "file"
    content = BytesIO(documents.read(record.document_key))
    return send_file(content, "application/octet-stream", as_attachment=True, download_name=name)
