"""Files for programs: handing in, answering, deciding, confirming, undoing, and what is handed back."""

from io import BytesIO
from typing import Any

from flask import jsonify, send_file, url_for
from flask_babel import lazy_gettext
from flask_login import current_user

from gdt.access import Permission
from gdt.accounts.token_models import TokenRight
from gdt.api import upload_shapes as shapes
from gdt.api.interface import api, door
from gdt.api.shapes import told_page
from gdt.api.subjects import subject_named
from gdt.api.upload_keys import hand_in_once
from gdt.api.upload_telling import tell_line, tell_listed, tell_upload
from gdt.api.uploading import (
    Answers,
    answer_upload,
    confirm_upload,
    decide,
    hand_in_answered,
    returned_workbook,
    try_out,
    undo_upload,
)
from gdt.database import db
from gdt.exports import hands_out
from gdt.imports.checking import discard
from gdt.imports.kinds import kind_of
from gdt.imports.models import Upload
from gdt.imports.pages import rows_page
from gdt.imports.queries import UploadFilter, get_upload, uploads
from gdt.paging import Page, page_of
from gdt.spreadsheets.handing_back import CONTENT_TYPES

ANSWERS = ("sheets", "day_order", "out_of", "has_header", "otherwise_on")
WORKBOOK = {"type": "string", "format": "binary"}
CSV, XLSX, ODS = (CONTENT_TYPES[suffix] for suffix in (".csv", ".xlsx", ".ods"))


@api.route("/uploads")
@door(Permission.IMPORTS_MANAGE, TokenRight.UPLOADS)
@api.arguments(shapes.UploadsAskedShape, location="query")
@api.response(200, shapes.UploadsShape)
def list_uploads(asked: dict[str, Any]) -> Any:
    """The files you may see, the newest first."""
    statement = uploads(current_user, UploadFilter(asked["q"], asked["kind"], asked["state"]))
    page = page_of(db.session, statement, order=[Upload.id.desc()], after=asked.get("after"), size=20)
    return told_page(page, tell_listed)


@api.route("/uploads", methods=["POST"])
@door(Permission.IMPORTS_MANAGE, TokenRight.UPLOADS, takes_files=True)
@api.arguments(shapes.KeyShape, location="headers")
@api.arguments(shapes.HandedInShape, location="multipart")
@api.alt_response(200, schema=shapes.TriedOutShape, description="What a dry run came to", success=True)
@api.response(201, shapes.UploadShape)
def hand_in_file(named: dict[str, Any], said: dict[str, Any]) -> Any:
    """Hand in a spreadsheet as it is: it is read and checked, and nothing is kept before you confirm."""
    kind, subject = subject_named(current_user, said["kind"], said["subject"])
    answers = {name: said[name] for name in ANSWERS if said.get(name) is not None}
    file = said["file"]
    about = {"filename": file.filename or "file", "data": file.read(), "answers": answers}
    if said["dry_run"]:
        tried = try_out(actor=current_user, kind=kind, subject=subject, **about)
        return jsonify(shapes.TriedOutShape().dump(tried))
    upload = hand_in_once(
        actor=current_user,
        key=named.get("key", ""),
        sent=(kind.name, subject.code, *(f"{name}={answers[name]}" for name in sorted(answers))),
        data=about["data"],
        hand_in=lambda: hand_in_answered(actor=current_user, kind=kind, subject=subject, **about),
    )
    return tell_upload(upload), 201, {"Location": url_for(".get_one_upload", upload_id=upload.id)}


@api.route("/uploads/<int:upload_id>")
@door(Permission.IMPORTS_MANAGE, TokenRight.UPLOADS)
@api.response(200, shapes.UploadShape)
def get_one_upload(upload_id: int) -> Any:
    """One file: its state, its counts, how far the work is."""
    return tell_upload(get_upload(current_user, upload_id))


@api.route("/uploads/<int:upload_id>/rows")
@door(Permission.IMPORTS_MANAGE, TokenRight.UPLOADS)
@api.arguments(shapes.RowsAskedShape, location="query")
@api.response(200, shapes.RowsShape)
def list_upload_rows(asked: dict[str, Any], upload_id: int) -> Any:
    """The rows of a file in a state, with the reasons at their cells."""
    record = get_upload(current_user, upload_id)
    kind = kind_of(record.kind)
    page: Page[Any] = Page([], None, None)
    if record.checked_key:
        page = rows_page(record, kind, state=asked["state"], words=asked["q"], after=asked.get("after"))
    return told_page(page, lambda line: tell_line(record, kind, line))


@api.route("/uploads/<int:upload_id>/answers", methods=["POST"])
@door(Permission.IMPORTS_MANAGE, TokenRight.UPLOADS, takes_files=True)
@api.arguments(shapes.SaidColumnsShape)
@api.response(200, shapes.UploadShape)
def answer_about_upload(said: Answers, upload_id: int) -> Any:
    """Answer what is asked of a file: its sheet, its columns, the order of its days, its marks."""
    record = get_upload(current_user, upload_id)
    answer_upload(actor=current_user, upload=record, answers=said)
    return tell_upload(record)


@api.route("/uploads/<int:upload_id>/decisions", methods=["POST"])
@door(Permission.IMPORTS_MANAGE, TokenRight.UPLOADS)
@api.arguments(shapes.DecisionsShape)
@api.response(200, shapes.UploadShape)
def decide_about_rows(said: dict[str, Any], upload_id: int) -> Any:
    """Say what waiting rows are, and correct cells."""
    record = get_upload(current_user, upload_id)
    decide(actor=current_user, upload=record, **said)
    return tell_upload(record)


@api.route("/uploads/<int:upload_id>/confirm", methods=["POST"])
@door(Permission.IMPORTS_MANAGE, TokenRight.UPLOADS)
@api.alt_response(422, response="UNPROCESSABLE_ENTITY")
@api.response(202, shapes.UploadShape)
def confirm_one_upload(upload_id: int) -> Any:
    """Keep the good rows; saying it twice changes nothing."""
    record = get_upload(current_user, upload_id)
    confirm_upload(actor=current_user, upload=record)
    return tell_upload(record)


@api.route("/uploads/<int:upload_id>/undo", methods=["POST"])
@door(Permission.IMPORTS_MANAGE, TokenRight.UPLOADS)
@api.alt_response(422, response="UNPROCESSABLE_ENTITY")
@api.response(202, shapes.UploadShape)
def undo_one_upload(upload_id: int) -> Any:
    """Take back everything a kept file did, while nothing depends on it."""
    record = get_upload(current_user, upload_id)
    undo_upload(actor=current_user, upload=record)
    return tell_upload(record)


@api.route("/uploads/<int:upload_id>/discard", methods=["POST"])
@door(Permission.IMPORTS_MANAGE, TokenRight.UPLOADS)
@api.alt_response(422, response="UNPROCESSABLE_ENTITY")
@api.response(200, shapes.UploadShape)
def discard_one_upload(upload_id: int) -> Any:
    """Put a file aside that nobody confirmed."""
    record = get_upload(current_user, upload_id)
    discard(actor=current_user, upload=record)
    return tell_upload(record)


@api.route("/uploads/<int:upload_id>/returned")
@door(Permission.IMPORTS_MANAGE, TokenRight.UPLOADS)
@api.alt_response(422, response="UNPROCESSABLE_ENTITY")
@api.alt_response(200, schema=WORKBOOK, content_type=CSV, success=True)
@api.alt_response(200, schema=WORKBOOK, content_type=ODS, success=True)
@hands_out(
    lazy_gettext("the refused rows of a file"), of=lambda upload_id: get_upload(current_user, upload_id)
)
@api.response(200, WORKBOOK, content_type=XLSX)
def get_returned_workbook(upload_id: int) -> Any:
    """The rows that were not kept, in the workbook they came in, with the reasons; 404 where all is well."""
    file = returned_workbook(get_upload(current_user, upload_id))
    return send_file(BytesIO(file.data), file.content_type, as_attachment=True, download_name=file.filename)
