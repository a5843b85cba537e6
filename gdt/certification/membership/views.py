"""Pages about partner certificates: an institution's own, and all that are ready."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from gdt.access import Permission, requires
from gdt.certification.addresses import today
from gdt.certification.blueprint import certification
from gdt.certification.membership import certifying, ending, queries  # noqa: F401  (ending is a routine)
from gdt.certification.membership.forms import PartnersForm
from gdt.errors import DomainError
from gdt.forms import form_page
from gdt.partners.models import Institution
from gdt.partners.queries import get_institution


@certification.get("/institutions/<code>/partner-certificate")
@requires(Permission.INSTITUTIONS_READ)
def partner_certificate(code: str) -> ResponseReturnValue:
    return _page(get_institution(current_user, code), PartnersForm(seen=1))


@certification.post("/institutions/<code>/partner-certificate/issue")
@requires(Permission.CERTIFICATES_ISSUE)
def issue_partner_certificate(code: str) -> ResponseReturnValue:
    institution, form = get_institution(current_user, code), PartnersForm(request.form)
    if form.validate():
        try:
            seen = form.seen.data or 0
            (issued,) = certifying.issue_partner_certificates(
                actor=current_user, institution=institution, seen=seen
            )
            flash(_("The partner certificate %(number)s is issued.", number=issued.number))
            return redirect(url_for(".partner_certificate", code=institution.code))
        except DomainError as error:
            form.reject(error)
    return _page(institution, form)


@certification.route("/certificates/ready/partners", methods=["GET", "POST"])
@requires(Permission.CERTIFICATES_ISSUE)
def ready_partners() -> ResponseReturnValue:
    form = PartnersForm(request.form)
    if request.method == "POST" and form.validate():
        try:
            issued = certifying.issue_partner_certificates(actor=current_user, seen=form.seen.data or 0)
            flash(ngettext("Issued %(num)s certificate.", "Issued %(num)s certificates.", len(issued)))
            return redirect(url_for(".ready_partners"))
        except DomainError as error:
            form.reject(error)
    findings = certifying.assess_partners(current_user, today())
    ready = min(sum(finding.is_ready for finding in findings), certifying.AT_ONCE)
    form.seen.data = ready
    return form_page("certification/ready_partners.html", form, findings=findings, ready=ready)


def _page(institution: Institution, form: PartnersForm) -> ResponseReturnValue:
    return form_page(
        "certification/partner_certificate.html",
        form,
        institution=institution,
        finding=certifying.assess_partner(institution, today()),
        certificates=queries.list_of_institution(institution),
        today=today(),
    )
