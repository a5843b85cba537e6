"""Pages about designs: the versions, one of them with its specimens, bringing and publishing one."""

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.datastructures import CombinedMultiDict

from gdt.access import Permission, requires
from gdt.certification.addresses import file_answer
from gdt.certification.blueprint import certification
from gdt.certification.designs import previews, queries, services, wording
from gdt.certification.designs.forms import DesignForm, PublishForm
from gdt.certification.designs.languages import ENGLISH
from gdt.certification.designs.versions import get_version, list_versions
from gdt.errors import DomainError, RecordNotFound
from gdt.filters import language_name
from gdt.forms import form_page
from gdt.histories import history_of


@certification.get("/certificate-designs")
@requires(Permission.DESIGNS_MANAGE)
def designs() -> ResponseReturnValue:
    return render_template("certification/designs.html", versions=list_versions(), states=wording.STATES)


@certification.route("/certificate-designs/new", methods=["GET", "POST"])
@requires(Permission.DESIGNS_MANAGE)
def new_design() -> ResponseReturnValue:
    form = DesignForm(CombinedMultiDict((request.files, request.form)))
    if request.method == "POST" and form.validate():
        try:
            record = services.keep_design(actor=current_user, content=form.content)
            flash(_("%(name)s is kept as a draft. Look at it, then publish it.", name=record.name))
            return redirect(url_for(".design", name=record.name))
        except DomainError as error:
            form.reject(error)
    return form_page("certification/new_design.html", form)


@certification.get("/certificate-designs/<name>")
@requires(Permission.DESIGNS_MANAGE)
def design(name: str) -> ResponseReturnValue:
    version, record = get_version(name), queries.find_design(name)
    return render_template(
        "certification/design.html",
        version=version,
        states=wording.STATES,
        languages=(ENGLISH, *sorted(version.languages, key=language_name)),
        past=history_of(record) if record else None,
    )


@certification.get("/certificate-designs/<name>.toml")
@requires(Permission.DESIGNS_MANAGE)
def design_file(name: str) -> ResponseReturnValue:
    version = get_version(name)
    if version.source is None:
        raise RecordNotFound
    return file_answer(version.source.encode(), "application/toml; charset=utf-8", f"{name}.toml")


@certification.get("/certificate-designs/<name>/specimen.pdf")
@requires(Permission.DESIGNS_MANAGE)
def design_specimen(name: str) -> ResponseReturnValue:
    language = request.args.get("language", ENGLISH)
    return _shown(previews.preview_version(get_version(name), language), f"{name} {language}.pdf")


@certification.get("/certificate-designs/<name>/worst-names.pdf")
@requires(Permission.DESIGNS_MANAGE)
def design_worst_names(name: str) -> ResponseReturnValue:
    language = request.args.get("language", ENGLISH)
    pdf = previews.preview_worst_names(get_version(name), language)
    return _shown(pdf, f"{name} {language} worst names.pdf")


@certification.route("/certificate-designs/<name>/publish", methods=["GET", "POST"])
@requires(Permission.DESIGNS_MANAGE)
def publish_design(name: str) -> ResponseReturnValue:
    version = get_version(name)
    form = PublishForm(request.form, name=name, data={"seen": version.sha256})
    if request.method == "POST" and form.validate():
        try:
            services.publish_design(actor=current_user, name=name, seen=form.seen.data or "")
            flash(_("%(name)s is published. New certificates are drawn with it.", name=name))
            return redirect(url_for(".design", name=name))
        except DomainError as error:
            form.reject(error)
    return form_page("certification/publish_design.html", form, version=version)


@certification.post("/certificate-designs/<name>/discard")
@requires(Permission.DESIGNS_MANAGE)
def discard_design(name: str) -> ResponseReturnValue:
    services.discard_draft(actor=current_user, name=get_version(name).name)
    flash(_("The draft %(name)s is discarded.", name=name))
    return redirect(url_for(".designs"))


def _shown(pdf: bytes, name: str) -> Response:
    """A PDF the browser shows in its window."""
    response = Response(pdf, content_type="application/pdf")
    response.headers.set("Content-Disposition", "inline", filename=name)
    return response
