"""Pages about signed agreements: recording one, its own page, its document, and its end."""

from typing import Any

from flask import flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_login import current_user
from werkzeug.datastructures import CombinedMultiDict, FileStorage

from gdt import documents
from gdt.access import Permission, requires
from gdt.database import now
from gdt.errors import DomainError, RecordNotFound
from gdt.exports import hands_out
from gdt.filters import period
from gdt.forms import form_page
from gdt.histories import history_of
from gdt.partners import agreements
from gdt.partners.agreement_forms import TERMINATE, TerminateForm
from gdt.partners.agreement_states import Act, is_possible, state_on
from gdt.partners.blueprint import partners
from gdt.partners.draft_queries import chain_of, find_draft_of, find_renewal_draft, list_reminders
from gdt.partners.drafting import years_of
from gdt.partners.forms import AgreementForm, SignedDocumentForm, choices_of
from gdt.partners.models import Agreement, AgreementKind, Institution
from gdt.partners.permitted import PartnerAct, why_not
from gdt.partners.queries import get_agreement, get_institution, list_agreements
from gdt.partners.standing import AGREEMENT_KINDS
from gdt.partners.term_states import AUDIENCES, REMINDER_STATES, sentence_of, term_state
from gdt.partners.terminating import refuse_termination, terminate_agreement


@partners.context_processor
def _words() -> dict[str, Any]:
    return {"AUDIENCES": AUDIENCES, "REMINDER_STATES": REMINDER_STATES}


@partners.app_context_processor
def _offered() -> dict[str, Any]:
    """For the pages of all features: why a partner is not offered something just now."""

    def refused(record: Institution | None, act: PartnerAct) -> str | None:
        return why_not(record, act, viewer=current_user)

    return {"PartnerAct": PartnerAct, "why_not": refused}


@partners.route("/institutions/<code>/agreements/new", methods=["GET", "POST"])
@requires(Permission.AGREEMENTS_MANAGE)
def new_agreement(code: str) -> ResponseReturnValue:
    record = get_institution(current_user, code)
    form = _agreement_form(list_agreements(record))
    if request.method == "POST" and form.validate():
        try:
            document = uploaded(form.document.data)
            term = agreements.sign_agreement(
                viewer=current_user, institution=record, document=document, **form.agreed()
            )
            flash(_("The agreement is recorded."))
            return redirect(url_for(".agreement", code=record.code, agreement_id=term.id))
        except DomainError as error:
            form.reject(error)
    return form_page("partners/new_agreement.html", form, institution=record)


@partners.get("/institutions/<code>/agreements/<int:agreement_id>")
@requires(Permission.INSTITUTIONS_READ)
def agreement(code: str, agreement_id: int) -> ResponseReturnValue:
    record = get_institution(current_user, code)
    term, terms, today = get_agreement(record, agreement_id), list_agreements(record), now().date()
    life = term.life(terms)
    return render_template(
        "partners/agreement.html",
        institution=record,
        term=term,
        kind=AGREEMENT_KINDS[term.kind],
        state=state_on(life, today),
        standing=sentence_of(life, today),
        targets=[(year, *term.targets_in(year)) for year in years_of(term)],
        chain=[(one, term_state(one, terms, today)) for one in chain_of(term, terms)],
        reminders=list_reminders(term),
        draft=find_draft_of(term),
        next_draft=find_renewal_draft(term),
        can_be_renewed=is_possible(Act.RENEW, life, today),
        can_be_terminated=is_possible(Act.TERMINATE, life, today),
        past=history_of(term),
    )


@partners.route("/institutions/<code>/agreements/<int:agreement_id>/file", methods=["GET", "POST"])
@requires(Permission.AGREEMENTS_MANAGE)
def file_document(code: str, agreement_id: int) -> ResponseReturnValue:
    record = get_institution(current_user, code)
    term = get_agreement(record, agreement_id)
    form = SignedDocumentForm(CombinedMultiDict((request.files, request.form)))
    if request.method == "POST" and form.validate():
        try:
            content = uploaded(form.document.data) or b""
            agreements.file_signed_document(viewer=current_user, agreement=term, document=content)
            flash(_("The signed document is kept."))
            return redirect(url_for(".agreement", code=record.code, agreement_id=term.id))
        except DomainError as error:
            form.reject(error)
    return form_page("partners/file_document.html", form, institution=record, term=term)


@partners.get("/institutions/<code>/agreements/<int:agreement_id>.pdf")
@requires(Permission.INSTITUTIONS_READ)
@hands_out(
    lazy_gettext("a signed agreement"),
    of=lambda code, agreement_id: get_agreement(get_institution(current_user, code), agreement_id),
)
def agreement_document(code: str, agreement_id: int) -> ResponseReturnValue:
    term = get_agreement(get_institution(current_user, code), agreement_id)
    if term.document_key is None:
        raise RecordNotFound
    name = f"{code.lower()}-agreement-{term.starts_on}.pdf"
    return send_file(
        documents.open_to_read(term.document_key), "application/pdf", as_attachment=True, download_name=name
    )


@partners.route("/institutions/<code>/agreements/<int:agreement_id>/terminate", methods=["GET", "POST"])
@requires(Permission.AGREEMENTS_MANAGE)
def terminate(code: str, agreement_id: int) -> ResponseReturnValue:
    record = get_institution(current_user, code)
    term = get_agreement(record, agreement_id)
    form = TerminateForm(request.form, word=TERMINATE)
    try:
        refuse_termination(term.life(list_agreements(record)), now().date())
        if request.method == "POST" and form.validate():
            days = {"last_day": form.last_day.data, "reason": form.reason.data}
            terminate_agreement(viewer=current_user, institution=record, agreement=term, **days)
            flash(_("The agreement is terminated."))
            return redirect(url_for(".agreement", code=record.code, agreement_id=term.id))
    except DomainError as error:
        form.reject(error)
    page, status = form_page("partners/terminate.html", form, institution=record, term=term, word=TERMINATE)
    return page, status if request.method == "POST" else 200


def uploaded(file: Any) -> bytes | None:
    """The bytes of a chosen file; None when none was chosen."""
    return file.read() if isinstance(file, FileStorage) and file.filename else None


def asked_to_extend(terms: Any) -> Agreement | None:
    """The term the address names, unless it was renewed already."""
    renewed = {term.extends_id for term in terms}
    open_terms = [term for term in terms if term.id not in renewed]
    return next((term for term in open_terms if str(term.id) == request.args.get("extends")), None)


def terms_to_extend(terms: Any) -> Any:
    """The institution's terms as choices, and none of them."""
    named = {
        term.id: f"{AGREEMENT_KINDS[term.kind]}, {period(term.starts_on, term.ends_on)}" for term in terms
    }
    return choices_of({0: _("None: this is a new agreement")} | named)


def drawn_as_extension(term: Agreement) -> dict[str, Any]:
    starts_on, ends_on = agreements.following_term(term, now().date())
    return {
        "kind": AgreementKind.EXTENSION,
        "extends_id": term.id,
        "starts_on": starts_on,
        "ends_on": ends_on,
        "teachers_target": term.teachers_target,
        "students_target": term.students_target,
    }


def _agreement_form(terms: Any) -> AgreementForm:
    """The form for a new term; arriving from "renew" it is drawn as the extension of that term."""
    asked = asked_to_extend(terms)
    drawn = drawn_as_extension(asked) if asked else {"kind": AgreementKind.PROGRAMME_AGREEMENT}
    form = AgreementForm(CombinedMultiDict((request.files, request.form)), data=drawn)
    form.extends_id.choices = terms_to_extend(terms)
    return form
