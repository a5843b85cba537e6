"""Pages about how an institution's certificates look: its language, its logo, a specimen of each kind."""

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.datastructures import CombinedMultiDict
from wtforms import SelectChoice

from gdt import documents
from gdt.access import Permission, requires
from gdt.certification.blueprint import certification
from gdt.certification.designs import look_choosing, previews, queries
from gdt.certification.designs.forms import LookForm
from gdt.certification.designs.languages import ENGLISH, OF_COUNTRIES, language_for
from gdt.certification.designs.looks import logo_key
from gdt.certification.models import CertificateKind
from gdt.errors import DomainError, RecordNotFound
from gdt.filters import language_name
from gdt.forms import form_page
from gdt.partners.models import Institution
from gdt.partners.queries import get_institution


@certification.get("/institutions/<code>/certificate-look")
@requires(Permission.INSTITUTIONS_READ)
def look(code: str) -> ResponseReturnValue:
    institution = get_institution(current_user, code)
    chosen = queries.find_look(institution)
    language = language_for(institution.country.code, chosen.language if chosen else None)
    return render_template(
        "certification/look.html",
        institution=institution,
        chosen=chosen,
        language=None if language == ENGLISH else language,
        kinds=list(CertificateKind),
    )


@certification.route("/institutions/<code>/certificate-look/edit", methods=["GET", "POST"])
@requires(Permission.DESIGNS_MANAGE)
def edit_look(code: str) -> ResponseReturnValue:
    institution = get_institution(current_user, code)
    chosen = queries.find_look(institution)
    drawn = {"language": (chosen.language if chosen else None) or ""}
    form = LookForm(CombinedMultiDict((request.files, request.form)), data=drawn)
    form.language.choices = _languages(institution)
    if request.method == "POST" and form.validate():
        try:
            _choose(institution, form)
            flash(_("New certificates of %(name)s will look like this.", name=institution.name))
            return redirect(url_for(".look", code=institution.code))
        except DomainError as error:
            form.reject(error)
    return form_page("certification/edit_look.html", form, institution=institution, chosen=chosen)


@certification.get("/institutions/<code>/certificate-look/<kind>.pdf")
@requires(Permission.INSTITUTIONS_READ)
def look_specimen(code: str, kind: str) -> ResponseReturnValue:
    institution = get_institution(current_user, code)
    if kind not in list(CertificateKind):
        raise RecordNotFound
    pdf = previews.preview_institution(institution, CertificateKind(kind))
    response = Response(pdf, content_type="application/pdf")
    response.headers.set("Content-Disposition", "inline", filename=f"{institution.code} {kind}.pdf")
    return response


@certification.get("/institutions/<code>/logo.png")
@requires(Permission.INSTITUTIONS_READ)
def logo(code: str) -> ResponseReturnValue:
    chosen = queries.find_look(get_institution(current_user, code))
    if chosen is None or chosen.logo_sha256 is None:
        raise RecordNotFound
    return Response(documents.read(logo_key(chosen.logo_sha256)), content_type="image/png")


def _choose(institution: Institution, form: LookForm) -> None:
    look_choosing.choose_look(
        actor=current_user,
        institution=institution,
        language=form.language.data or None,
        logo=form.picture,
        removes_logo=form.removes_logo.data,
    )


def _languages(institution: Institution) -> list[SelectChoice]:
    """Its country's own language, English alone, and every language the designs in use have."""
    own = OF_COUNTRIES.get(institution.country.code)
    label = _("that of its country: %(language)s", language=language_name(own) if own else _("English alone"))
    named = {code: language_name(code) for code in look_choosing.languages_in_use()}
    others = sorted(named.items(), key=lambda pair: pair[1])
    choices = [("", label), (ENGLISH, _("none: English alone")), *others]
    return [SelectChoice(value, label) for value, label in choices]
