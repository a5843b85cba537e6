"""Pages on which the office writes the curriculum: new modules and courses, drafts, and their materials."""

from typing import Any

from flask import flash, redirect, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.datastructures import CombinedMultiDict, FileStorage

from gdt import documents
from gdt.access import Permission, requires
from gdt.errors import DomainError, RecordNotFound
from gdt.forms import form_page
from gdt.training.blueprint import training
from gdt.training.curriculum import materials, queries, services
from gdt.training.curriculum.forms import (
    CourseVersionForm,
    MaterialForm,
    ModuleVersionForm,
    NewCourseForm,
    NewModuleForm,
    VersionForm,
)
from gdt.training.curriculum.material_files import MIMETYPES
from gdt.training.curriculum.states import VersionState
from gdt.training.models import Module
from gdt.training.queries import list_modules

MANAGE = Permission.CURRICULUM_MANAGE
EDIT = "versions/<int:number>/edit"


@training.route("/modules/new", methods=["GET", "POST"])
@requires(MANAGE)
def new_module() -> ResponseReturnValue:
    form = NewModuleForm(request.form, data={"label": "1", "languages": ["en"]})
    form.offer()
    if request.method == "POST" and form.validate():
        try:
            version = services.add_module(actor=current_user, **form.said())
            flash(_("The module is drafted. Add its materials, then publish it."))
            return redirect(url_for(".module", code=version.module.code))
        except DomainError as error:
            form.reject(error)
    return form_page("training/curriculum/new_module.html", form)


@training.route("/courses/new", methods=["GET", "POST"])
@requires(MANAGE)
def new_course() -> ResponseReturnValue:
    form = NewCourseForm(request.form, data={"label": "1", "languages": ["en"]})
    form.offer(_modules())
    if request.method == "POST" and form.validate():
        try:
            version = services.add_course(actor=current_user, **_with_modules(form.said()))
            flash(_("The course is drafted. Publish it once it is as it should be."))
            return redirect(url_for(".course", code=version.course.code))
        except DomainError as error:
            form.reject(error)
    return form_page("training/curriculum/new_course.html", form)


@training.route(
    f"/modules/<code>/{EDIT}", endpoint="edit_module", defaults={"kind": "module"}, methods=["GET", "POST"]
)
@training.route(
    f"/courses/<code>/{EDIT}", endpoint="edit_course", defaults={"kind": "course"}, methods=["GET", "POST"]
)
@requires(MANAGE)
def edit_version(kind: str, code: str, number: int) -> ResponseReturnValue:
    record = queries.get_item(current_user, kind, code)
    version = queries.get_version(current_user, record, number)
    if version.state is not VersionState.DRAFT:
        return redirect(url_for(f".{kind}_version", code=code, number=number))
    form = _form_of(kind, version)
    if request.method == "POST" and form.validate():
        try:
            services.change_draft(actor=current_user, version=version, **_with_modules(form.said()))
            flash(_("The draft is kept."))
            return redirect(url_for(f".{kind}_version", code=code, number=number))
        except DomainError as error:
            form.reject(error)
    page = "training/curriculum/edit_version.html"
    return form_page(page, form, record=record, kind=kind, version=version, is_first=number == 1)


def _form_of(kind: str, version: Any) -> VersionForm:
    said = {name: getattr(version, name) for name in ("label", "summary", "languages", "changes")}
    drawn = said | {"outcomes": "\n".join(version.outcomes)}
    if kind == "module":
        form: VersionForm = ModuleVersionForm(request.form, data=drawn | {"hours": version.hours})
        form.offer()
        return form
    chosen = {"modules": [module.id for module in version.modules]}
    form = CourseVersionForm(request.form, data=drawn | chosen)
    form.offer(_modules())
    return form


def _modules() -> list[tuple[int, str]]:
    return [(module.id, module.title) for module in list_modules()]


def _with_modules(said: dict[str, Any]) -> dict[str, Any]:
    """What was typed, with the chosen modules themselves."""
    if "modules" not in said:
        return said
    chosen: list[Module] = [module for module in list_modules() if module.id in said["modules"]]
    return said | {"modules": chosen}


@training.route("/modules/<code>/versions/<int:number>/materials", methods=["GET", "POST"])
@requires(MANAGE)
def new_material(code: str, number: int) -> ResponseReturnValue:
    record = queries.get_item(current_user, "module", code)
    version = queries.get_version(current_user, record, number)
    if version.state is not VersionState.DRAFT:
        return redirect(url_for(".module_version", code=code, number=number))
    form = MaterialForm(CombinedMultiDict((request.files, request.form)))
    form.offer()
    if request.method == "POST" and form.validate():
        try:
            _add(version, form)
            flash(_("The material is added."))
            return redirect(url_for(".module_version", code=code, number=number))
        except DomainError as error:
            form.reject(error)
    return form_page("training/curriculum/new_material.html", form, record=record, version=version)


def _add(version: Any, form: MaterialForm) -> None:
    file, about = form.file.data, {"title": form.title.data or "", "language": form.language.data}
    if isinstance(file, FileStorage) and file.filename:
        content = {"content": file.read(), "filename": file.filename}
        materials.add_file(actor=current_user, version=version, **about, **content)
    elif form.url.data:
        materials.add_link(actor=current_user, version=version, url=form.url.data, **about)
    else:
        raise DomainError(_("Choose a file, or give a link."), "file")


@training.post("/materials/<int:material_id>/remove")
@requires(MANAGE)
def remove_material(material_id: int) -> ResponseReturnValue:
    found = queries.get_material(current_user, material_id)
    version = found.version
    materials.take_out(actor=current_user, material=found)
    flash(_("It is taken out of the draft."))
    return redirect(url_for(".module_version", code=version.module.code, number=version.number))


@training.get("/materials/<int:material_id>")
@requires(Permission.COHORTS_READ)
def material(material_id: int) -> ResponseReturnValue:
    """A file as a download, never shown inside our own pages; a link is on the page itself."""
    found = queries.get_material(current_user, material_id)
    if found.file_key is None:
        raise RecordNotFound
    ending = found.file_key[found.file_key.rindex(".") :]
    stream = documents.open_to_read(found.file_key)
    return send_file(stream, MIMETYPES[ending], as_attachment=True, download_name=found.file_name)
