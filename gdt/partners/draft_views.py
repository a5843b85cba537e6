"""Pages about drafts of agreements: proposed, put right, taken away as a paper, signed or withdrawn."""

from io import BytesIO

from flask import flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_login import current_user
from werkzeug.datastructures import CombinedMultiDict

from gdt.access import Permission, requires
from gdt.database import now
from gdt.errors import DomainError
from gdt.exports import hands_out
from gdt.forms import form_page
from gdt.histories import history_of
from gdt.partners import drafting
from gdt.partners.agreement_forms import DraftForm, NewDraftForm, SignDraftForm, WithdrawForm, yearly_form
from gdt.partners.agreement_paper import draw_agreement
from gdt.partners.agreement_states import state_on
from gdt.partners.agreement_views import asked_to_extend, drawn_as_extension, terms_to_extend, uploaded
from gdt.partners.agreement_wording import paper_of, reference_of
from gdt.partners.blueprint import partners
from gdt.partners.contact_queries import find_signatory
from gdt.partners.draft_queries import find_extended, get_draft
from gdt.partners.models import AgreementKind
from gdt.partners.queries import get_institution, list_agreements
from gdt.partners.standing import AGREEMENT_KINDS
from gdt.partners.term_states import word_of


@partners.route("/institutions/<code>/drafts/new", methods=["GET", "POST"])
@requires(Permission.AGREEMENTS_MANAGE)
def new_draft(code: str) -> ResponseReturnValue:
    record = get_institution(current_user, code)
    terms = list_agreements(record)
    asked = asked_to_extend(terms)
    drawn = drawn_as_extension(asked) if asked else {"kind": AgreementKind.PROGRAMME_AGREEMENT}
    signs = find_signatory(record, now().date())
    drawn |= {"signs_for_partner": signs.signs_as[:200]} if signs else {}
    form = NewDraftForm(request.form, data=drawn)
    form.extends_id.choices = terms_to_extend(terms)
    if request.method == "POST" and form.validate():
        try:
            draft = drafting.prepare_draft(viewer=current_user, institution=record, **form.proposed())
            flash(_("The draft is ready. Take the paper away and have it signed."))
            return redirect(url_for(".draft", code=record.code, draft_id=draft.id))
        except DomainError as error:
            form.reject(error)
    return form_page("partners/new_draft.html", form, institution=record)


@partners.get("/institutions/<code>/drafts/<int:draft_id>")
@requires(Permission.INSTITUTIONS_READ)
def draft(code: str, draft_id: int) -> ResponseReturnValue:
    record = get_institution(current_user, code)
    found = get_draft(record, draft_id)
    state = word_of(state_on(found.life, now().date()))
    return render_template(
        "partners/draft.html",
        institution=record,
        draft=found,
        reference=reference_of(found),
        kind=AGREEMENT_KINDS[found.kind],
        standing=(_("Signed"), "ok") if found.agreement_id else state,
        extended=find_extended(found),
        targets=[(year, *found.targets_in(year)) for year in drafting.years_of(found)],
        past=history_of(found),
    )


@partners.get("/institutions/<code>/drafts/<int:draft_id>.pdf")
@requires(Permission.INSTITUTIONS_READ)
@hands_out(
    lazy_gettext("an agreement to be signed"),
    of=lambda code, draft_id: get_draft(get_institution(current_user, code), draft_id),
)
def draft_paper(code: str, draft_id: int) -> ResponseReturnValue:
    found = get_draft(get_institution(current_user, code), draft_id)
    pdf = draw_agreement(paper_of(found, find_extended(found), now().date()))
    name = f"{reference_of(found)}-{code.lower()}.pdf"
    return send_file(BytesIO(pdf), "application/pdf", as_attachment=True, download_name=name)


@partners.route("/institutions/<code>/drafts/<int:draft_id>/edit", methods=["GET", "POST"])
@requires(Permission.AGREEMENTS_MANAGE)
def edit_draft(code: str, draft_id: int) -> ResponseReturnValue:
    record = get_institution(current_user, code)
    found = get_draft(record, draft_id)
    form = DraftForm(request.form, obj=found)
    if request.method == "POST" and form.validate():
        try:
            drafting.change_draft(viewer=current_user, draft=found, **form.values())
            flash(_("The draft is changed. Papers taken away before say something else."))
            return redirect(url_for(".draft", code=record.code, draft_id=found.id))
        except DomainError as error:
            form.reject(error)
    return form_page("partners/edit_draft.html", form, institution=record, draft=found)


@partners.route("/institutions/<code>/drafts/<int:draft_id>/targets", methods=["GET", "POST"])
@requires(Permission.AGREEMENTS_MANAGE)
def draft_targets(code: str, draft_id: int) -> ResponseReturnValue:
    record = get_institution(current_user, code)
    found = get_draft(record, draft_id)
    years = drafting.years_of(found)
    drawn = {
        f"{what}_{year}": number
        for year in years
        for what, number in zip(("teachers", "students"), found.targets_in(year), strict=True)
    }
    form = yearly_form(years)(request.form, data=drawn)
    if request.method == "POST" and form.validate():
        typed = form.values()
        targets = {year: (typed[f"teachers_{year}"], typed[f"students_{year}"]) for year in years}
        try:
            drafting.set_yearly_targets(viewer=current_user, draft=found, targets=targets)
            flash(_("The yearly targets are kept."))
            return redirect(url_for(".draft", code=record.code, draft_id=found.id))
        except DomainError as error:
            form.reject(error)
    return form_page("partners/draft_targets.html", form, institution=record, draft=found)


@partners.route("/institutions/<code>/drafts/<int:draft_id>/sign", methods=["GET", "POST"])
@requires(Permission.AGREEMENTS_MANAGE)
def sign_draft(code: str, draft_id: int) -> ResponseReturnValue:
    record = get_institution(current_user, code)
    found = get_draft(record, draft_id)
    form = SignDraftForm(CombinedMultiDict((request.files, request.form)))
    if request.method == "POST" and form.validate():
        try:
            facts = form.values() | {"document": uploaded(form.document.data) or b""}
            term = drafting.sign_draft(viewer=current_user, draft=found, **facts)
            flash(_("The agreement is signed, and its document is kept."))
            return redirect(url_for(".agreement", code=record.code, agreement_id=term.id))
        except DomainError as error:
            form.reject(error)
    return form_page("partners/sign_draft.html", form, institution=record, draft=found)


@partners.route("/institutions/<code>/drafts/<int:draft_id>/withdraw", methods=["GET", "POST"])
@requires(Permission.AGREEMENTS_MANAGE)
def withdraw_draft(code: str, draft_id: int) -> ResponseReturnValue:
    record = get_institution(current_user, code)
    found = get_draft(record, draft_id)
    form = WithdrawForm(request.form)
    if request.method == "POST" and form.validate():
        try:
            drafting.withdraw_draft(viewer=current_user, draft=found, reason=form.reason.data)
            flash(_("The draft is withdrawn."))
            return redirect(url_for(".institution", code=record.code))
        except DomainError as error:
            form.reject(error)
    return form_page("partners/withdraw_draft.html", form, institution=record, draft=found)
