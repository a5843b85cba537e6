"""Pages for the next edition of a certificate: the correction, both papers side by side, and the act."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from gdt.access import Permission, requires
from gdt.certification import queries
from gdt.certification.addresses import file_answer, today
from gdt.certification.blueprint import certification
from gdt.certification.drawing.documents import DATES
from gdt.certification.editions.corrections import CORRECTABLE
from gdt.certification.editions.editions import preview_edition
from gdt.certification.editions.forms import CorrectionForm
from gdt.certification.editions.reissuing import check_reissue, reissue_certificate
from gdt.certification.editions.replacing import check_replacement, replace_certificate
from gdt.certification.models import Certificate
from gdt.errors import DomainError
from gdt.forms import changes_nothing, form_page

Act = Callable[..., Any]


@certification.route("/certificates/<number>/replace", methods=["GET", "POST"])
@requires(Permission.CERTIFICATES_ISSUE)
def replace(number: str) -> ResponseReturnValue:
    record = queries.get_certificate(current_user, number)
    return _edition_page(record, "replace", check_replacement, replace_certificate)


@certification.route("/certificates/<number>/issue-anew", methods=["GET", "POST"])
@requires(Permission.CERTIFICATES_ISSUE)
def issue_anew(number: str) -> ResponseReturnValue:
    record = queries.get_certificate(current_user, number)
    return _edition_page(record, "issue_anew", check_reissue, reissue_certificate)


@certification.post("/certificates/<number>/preview.pdf")
@requires(Permission.CERTIFICATES_ISSUE)
@changes_nothing
def preview(number: str) -> ResponseReturnValue:
    record = queries.get_certificate(current_user, number)
    form = CorrectionForm.of(record, request.form)
    try:
        pdf = preview_edition(record, form.corrections.changes_to(record.facts))
    except DomainError as error:
        return render_template("certification/altered.html", message=error.message), 422
    response = file_answer(pdf, "application/pdf", f"{record.number} preview.pdf")
    response.headers.set("Content-Disposition", "inline", filename=f"{record.number} preview.pdf")
    return response


def _edition_page(record: Certificate, act: str, check: Act, carry_out: Act) -> ResponseReturnValue:
    """The form; then both papers side by side; then, on the officer's word, the new certificate."""
    form = CorrectionForm.of(record, request.form)
    context = {"certificate": record, "act": act, "today": today()}
    if request.method == "POST" and form.step.data != "edit" and form.validate():
        try:
            changes = check(certificate=record, corrections=form.corrections)
            if form.step.data != "issue":
                facts = [name for name in (*CORRECTABLE, *DATES) if record.facts.get(name) or name in changes]
                return form_page(
                    "certification/replace_check.html", form, changes=changes, facts=facts, **context
                )
            newer = carry_out(
                actor=current_user,
                certificate=record,
                reason=form.reason.data,
                corrections=form.corrections,
            )
        except DomainError as error:
            form.reject(error)
        else:
            flash(_("%(newer)s is issued in place of %(old)s.", newer=newer.number, old=record.number))
            return redirect(url_for(".certificate", number=newer.number))
    return form_page("certification/replace.html", form, **context)
