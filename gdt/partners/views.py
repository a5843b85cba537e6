"""Pages about the partner network."""

from datetime import date
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_login import current_user
from werkzeug.datastructures import CombinedMultiDict, FileStorage
from wtforms import SelectChoice

from gdt import documents
from gdt.access import Permission, requires
from gdt.database import db, now
from gdt.errors import DomainError, RecordNotFound
from gdt.exports import hands_out
from gdt.facets import chosen
from gdt.filters import country_name, period
from gdt.forms import form_page
from gdt.imports.upload_pages import template_file, upload_page
from gdt.paging import page_of
from gdt.partners import agreements, listing, services
from gdt.partners.forms import (
    AgreementForm,
    EditInstitutionForm,
    NewInstitutionForm,
    SignedDocumentForm,
    choices_of,
)
from gdt.partners.institutions_kind import INSTITUTIONS, the_network
from gdt.partners.listing import ORDERS, Narrowing
from gdt.partners.models import Agreement, AgreementKind
from gdt.partners.queries import get_agreement, get_institution, list_agreements, list_countries
from gdt.partners.standing import AGREEMENT_KINDS, KINDS, standing_of, term_state
from gdt.spreadsheets.writing import write_csv

ROWS = 20  # beside all the choices these stay a light page
partners = Blueprint("partners", __name__)


@partners.get("/institutions")
@requires(Permission.INSTITUTIONS_READ)
def institutions() -> ResponseReturnValue:
    today, wanted, sort, order = _asked()
    statement = listing.institutions(current_user, wanted, today)
    groups = listing.groups(current_user, wanted, today)
    page = page_of(db.session, statement, order=order, after=request.args.get("after"), size=ROWS)
    return render_template(
        "partners/institutions.html",
        page=page,
        rows=[(one, KINDS[one.kind], standing_of(one, one.agreements, today)) for one in page.items],
        total=listing.count_institutions(current_user, wanted, today),
        sort=sort,
        groups=groups,
        chosen_filters=chosen(groups),
    )


@partners.get("/institutions.csv")
@requires(Permission.INSTITUTIONS_READ)
def institutions_csv() -> ResponseReturnValue:
    today, wanted, _sort, order = _asked()
    rows = listing.rows_to_take_away(current_user, wanted, order, today)
    headers = {"Content-Disposition": f'attachment; filename="institutions-{today}.csv"'}
    return Response(write_csv(listing.HEADER, rows), mimetype="text/csv", headers=headers)


@partners.route("/institutions/new", methods=["GET", "POST"])
@requires(Permission.INSTITUTIONS_MANAGE)
def new_institution() -> ResponseReturnValue:
    form = NewInstitutionForm(request.form)
    form.country_code.choices = _countries()
    if request.method == "POST" and form.validate():
        try:
            record = services.register_institution(viewer=current_user, **form.values())
            flash(_("%(name)s is registered.", name=record.name))
            return redirect(url_for(".institution", code=record.code))
        except DomainError as error:
            form.reject(error)
    return form_page("partners/new_institution.html", form)


@partners.get("/institutions/template.xlsx")
@requires(Permission.INSTITUTIONS_MANAGE)
def institutions_template() -> ResponseReturnValue:
    return template_file(INSTITUTIONS, the_network())


@partners.route("/institutions/upload", methods=["GET", "POST"])
@requires(Permission.INSTITUTIONS_MANAGE)
def upload_institutions() -> ResponseReturnValue:
    return upload_page(INSTITUTIONS, the_network())


@partners.get("/institutions/<code>")
@requires(Permission.INSTITUTIONS_READ)
def institution(code: str) -> ResponseReturnValue:
    record = get_institution(current_user, code)
    terms = list_agreements(record)
    today = now().date()
    return render_template(
        "partners/institution.html",
        institution=record,
        kind=KINDS[record.kind],
        standing=standing_of(record, terms, today),
        terms=[(term, AGREEMENT_KINDS[term.kind], term_state(term, today)) for term in terms],
        current_term=record.agreement_in_force(today),
    )


@partners.route("/institutions/<code>/edit", methods=["GET", "POST"])
@requires(Permission.INSTITUTIONS_MANAGE)
def edit_institution(code: str) -> ResponseReturnValue:
    record = get_institution(current_user, code)
    drawn = {"country_code": record.country.code, "seen": services.state_of(record)}
    form = EditInstitutionForm(request.form, obj=record, data=drawn)
    form.country_code.choices = _countries()
    if request.method == "POST" and form.validate():
        try:
            services.change_institution(viewer=current_user, institution=record, **form.values())
            flash(_("The facts of %(name)s are kept.", name=record.name))
            return redirect(url_for(".institution", code=record.code))
        except DomainError as error:
            form.reject(error)
    return form_page("partners/edit_institution.html", form, institution=record)


@partners.route("/institutions/<code>/agreements/new", methods=["GET", "POST"])
@requires(Permission.AGREEMENTS_MANAGE)
def new_agreement(code: str) -> ResponseReturnValue:
    record = get_institution(current_user, code)
    form = _agreement_form(list_agreements(record))
    if request.method == "POST" and form.validate():
        try:
            document = _uploaded(form.document.data)
            agreements.sign_agreement(
                viewer=current_user, institution=record, document=document, **form.agreed()
            )
            flash(_("The agreement is recorded."))
            return redirect(url_for(".institution", code=record.code))
        except DomainError as error:
            form.reject(error)
    return form_page("partners/new_agreement.html", form, institution=record)


@partners.route("/institutions/<code>/agreements/<int:agreement_id>/file", methods=["GET", "POST"])
@requires(Permission.AGREEMENTS_MANAGE)
def file_document(code: str, agreement_id: int) -> ResponseReturnValue:
    record = get_institution(current_user, code)
    term = get_agreement(record, agreement_id)
    form = SignedDocumentForm(CombinedMultiDict((request.files, request.form)))
    if request.method == "POST" and form.validate():
        try:
            content = _uploaded(form.document.data) or b""
            agreements.file_signed_document(viewer=current_user, agreement=term, document=content)
            flash(_("The signed document is kept."))
            return redirect(url_for(".institution", code=record.code))
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


def _asked() -> tuple[date, Narrowing, str, list[Any]]:
    """The day, and what the address narrows the list to and sorts it by."""
    sort = request.args.get("sort", "name")
    sort = sort if sort in ORDERS else "name"
    return now().date(), Narrowing.read(request.args), sort, ORDERS[sort]


def _countries() -> list[SelectChoice]:
    """The programme's countries as the page's language names and sorts them."""
    named = {country.code: country_name(country.code) for country in list_countries()}
    return choices_of(dict(sorted(named.items(), key=lambda pair: pair[1])))


def _agreement_form(terms: Any) -> AgreementForm:
    """The form for a new term; arriving from "renew" it is drawn as the extension of that term."""
    renewed = {term.extends_id for term in terms}
    open_terms = [term for term in terms if term.id not in renewed]
    asked = next((term for term in open_terms if str(term.id) == request.args.get("extends")), None)
    drawn = _drawn_as_extension(asked) if asked else {"kind": AgreementKind.PROGRAMME_AGREEMENT}
    form = AgreementForm(CombinedMultiDict((request.files, request.form)), data=drawn)
    named = {
        term.id: f"{AGREEMENT_KINDS[term.kind]}, {period(term.starts_on, term.ends_on)}" for term in terms
    }
    form.extends_id.choices = choices_of({0: _("None: this is a new agreement")} | named)
    return form


def _drawn_as_extension(term: Agreement) -> dict[str, Any]:
    starts_on, ends_on = agreements.following_term(term)
    return {
        "kind": AgreementKind.EXTENSION,
        "extends_id": term.id,
        "starts_on": starts_on,
        "ends_on": ends_on,
        "teachers_target": term.teachers_target,
        "students_target": term.students_target,
    }


def _uploaded(file: Any) -> bytes | None:
    """The bytes of a chosen file; None when none was chosen."""
    return file.read() if isinstance(file, FileStorage) and file.filename else None
