"""The page where a file is handed in, for whichever record a feature has on its own page."""

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.datastructures import CombinedMultiDict

from gdt.errors import DomainError
from gdt.forms import form_page
from gdt.imports.checking import hand_in
from gdt.imports.forms import UploadForm
from gdt.imports.kind_parts import Subject
from gdt.imports.kinds import Kind
from gdt.imports.models import Upload, UploadState
from gdt.imports.queries import list_uploads
from gdt.imports.template_words import LANGUAGES, language_names
from gdt.imports.wording import UPLOAD_STATES
from gdt.spreadsheets.refusals import Refused

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def upload_page(kind: Kind, subject: Subject) -> ResponseReturnValue:
    """Show the form for a file, or take the one that was sent."""
    form = UploadForm(CombinedMultiDict((request.files, request.form)))
    form.file.label.text = str(kind.label)
    if request.method == "POST" and form.validate():
        try:
            upload = _handed_in(kind, subject, form)
            if upload.state is UploadState.KEPT:
                flash(_("This very file was kept before, and nothing has changed since."), "info")
            place = "imports.columns" if upload.question else "imports.upload"
            return redirect(url_for(place, upload_id=upload.id))
        except DomainError as error:
            form.reject(error)
    return form_page(
        "imports/upload_file.html",
        form,
        kind=kind,
        subject=subject,
        closed=_why_closed(kind, subject),
        uploads=list_uploads(kind.name, subject.id),
        states=UPLOAD_STATES,
        languages=language_names(),
        language=request.accept_languages.best_match(LANGUAGES, "en"),
    )


def _why_closed(kind: Kind, subject: Subject) -> str | None:
    """The sentence that stands in place of the form where no file could be taken."""
    try:
        kind.refuse_at_all(subject)
    except DomainError as refusal:
        return refusal.message
    return None


def _handed_in(kind: Kind, subject: Subject, form: UploadForm) -> Upload:
    file = form.file.data
    try:
        return hand_in(
            actor=current_user, kind=kind, subject=subject, filename=file.filename, data=file.read()
        )
    except Refused as refusal:
        raise DomainError(refusal.reason, "file") from refusal


def template_file(kind: Kind, subject: Subject) -> ResponseReturnValue:
    """A workbook to fill in, in the language the address asks for."""
    language = request.args.get("language", "en")
    language = language if language in LANGUAGES else "en"
    parts = (subject.code, kind.name, language if language != "en" else "")
    name = "-".join(part for part in parts if part)
    headers = {"Content-Disposition": f'attachment; filename="{name}.xlsx"'}
    return Response(kind.template(subject, language), mimetype=XLSX, headers=headers)
