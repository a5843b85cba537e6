"""Pages that add places, pictures and evidence to a project, and give them out to those who may see it."""

from collections.abc import Callable
from pathlib import PurePath
from typing import Any

from flask import Response, flash, redirect, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_login import current_user
from werkzeug.datastructures import CombinedMultiDict, FileStorage
from wtforms.fields.choices import SelectChoice

from gdt import documents
from gdt.access import Permission, requires
from gdt.community import parts, queries
from gdt.community.blueprint import community
from gdt.community.evidence_files import MIMETYPES
from gdt.community.forms import EvidenceForm, PictureForm, PlaceForm
from gdt.community.models import Project, ProjectEvidence, ProjectPicture, ProjectPlace
from gdt.community.queries import get_project
from gdt.errors import DomainError
from gdt.exports import hands_out
from gdt.filters import country_name
from gdt.forms import BaseForm, form_page
from gdt.partners.queries import list_countries

MANAGE = Permission.PROJECTS_MANAGE


@community.route("/projects/<code>/places/new", methods=["GET", "POST"])
@requires(MANAGE)
def add_place(code: str) -> ResponseReturnValue:
    record, countries = get_project(current_user, code), {c.code: c for c in list_countries()}
    form = PlaceForm(request.form, data={"country_code": record.institution.country.code})
    named = sorted((country_name(known), known) for known in countries)
    form.country_code.choices = [SelectChoice(known, name) for name, known in named]

    def add() -> None:
        typed = form.values()
        country = countries[typed.pop("country_code")]
        parts.add_place(actor=current_user, project=record, country=country, **typed)

    done = _added(record, form, add, _("The place is added."))
    return done or form_page("community/add_place.html", form, project=record)


@community.route("/projects/<code>/pictures/new", methods=["GET", "POST"])
@requires(MANAGE)
def add_picture(code: str) -> ResponseReturnValue:
    record = get_project(current_user, code)
    form = PictureForm(CombinedMultiDict((request.files, request.form)))

    def add() -> None:
        content, name = uploaded(form.picture.data)
        parts.add_picture(
            actor=current_user, project=record, content=content, filename=name, alt=form.alt.data or ""
        )

    done = _added(record, form, add, _("The picture is added."))
    return done or form_page("community/add_picture.html", form, project=record)


@community.route("/projects/<code>/evidence/new", methods=["GET", "POST"])
@requires(MANAGE)
def add_evidence(code: str) -> ResponseReturnValue:
    record = get_project(current_user, code)
    form = EvidenceForm(CombinedMultiDict((request.files, request.form)))

    def add() -> None:
        content, name = uploaded(form.evidence.data)
        parts.add_evidence(actor=current_user, project=record, content=content, filename=name)

    done = _added(record, form, add, _("The evidence is added."))
    return done or form_page("community/add_evidence.html", form, project=record)


@community.post("/projects/<code>/places/<int:place_id>/remove")
@requires(MANAGE)
def remove_place(code: str, place_id: int) -> ResponseReturnValue:
    record = get_project(current_user, code)
    return _removed(record, queries.get_place(record, place_id))


@community.post("/projects/<code>/pictures/<int:picture_id>/remove")
@requires(MANAGE)
def remove_picture(code: str, picture_id: int) -> ResponseReturnValue:
    record = get_project(current_user, code)
    return _removed(record, queries.get_picture(record, picture_id))


@community.post("/projects/<code>/evidence/<int:evidence_id>/remove")
@requires(MANAGE)
def remove_evidence(code: str, evidence_id: int) -> ResponseReturnValue:
    record = get_project(current_user, code)
    return _removed(record, queries.get_evidence(record, evidence_id))


@community.get("/projects/<code>/pictures/<int:picture_id>")
@requires(Permission.PROJECTS_READ)
def picture(code: str, picture_id: int) -> ResponseReturnValue:
    return picture_answer(queries.get_picture(get_project(current_user, code), picture_id))


@community.get("/projects/<code>/evidence/<int:evidence_id>")
@requires(Permission.PROJECTS_READ)
@hands_out(
    lazy_gettext("evidence of a project"), of=lambda code, evidence_id: get_project(current_user, code)
)
def evidence(code: str, evidence_id: int) -> ResponseReturnValue:
    kept = queries.get_evidence(get_project(current_user, code), evidence_id)
    return evidence_answer(kept)


def picture_answer(kept: ProjectPicture) -> Response:
    """The picture's bytes; `?size=large` asks for the large one."""
    key = kept.file_key if request.args.get("size") == "large" else kept.small_key
    return Response(documents.read(key), content_type="image/jpeg")


def evidence_answer(kept: Any) -> Response:
    """A file of evidence as a download, never shown inside our own pages."""
    ending = PurePath(kept.file_key).suffix
    name = kept.name if kept.name.lower().endswith(ending) else f"{kept.name}{ending}"
    stream = documents.open_to_read(kept.file_key)
    return send_file(stream, MIMETYPES[ending], as_attachment=True, download_name=name)


def uploaded(file: Any) -> tuple[bytes, str]:
    """The bytes and the name of a chosen file; nothing where none was chosen."""
    is_chosen = isinstance(file, FileStorage) and file.filename
    return (file.read(), file.filename or "") if is_chosen else (b"", "")


def _added(record: Project, form: BaseForm, add: Callable[[], None], said: str) -> ResponseReturnValue | None:
    if request.method != "POST" or not form.validate():
        return None
    try:
        add()
    except DomainError as error:
        form.reject(error)
        return None
    flash(said)
    return redirect(url_for(".project", code=record.code))


def _removed(record: Project, part: ProjectPlace | ProjectPicture | ProjectEvidence) -> ResponseReturnValue:
    parts.remove_part(actor=current_user, project=record, part=part)
    flash(_("It is taken off."))
    return redirect(url_for(".project", code=record.code))
