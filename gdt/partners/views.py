"""Pages about the partner network."""

from datetime import date
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from wtforms import SelectChoice

from gdt.access import Permission, requires
from gdt.database import db, now
from gdt.errors import DomainError
from gdt.facets import chosen
from gdt.filters import country_name
from gdt.forms import form_page
from gdt.histories import history_of
from gdt.imports.upload_pages import template_file, upload_page
from gdt.paging import page_of
from gdt.partners import agreement_views, contact_views, draft_views, listing, services  # noqa: F401
from gdt.partners.blueprint import partners as partners
from gdt.partners.contact_queries import list_contacts
from gdt.partners.contact_words import DUTIES
from gdt.partners.draft_queries import list_open_drafts
from gdt.partners.forms import EditInstitutionForm, NewInstitutionForm, choices_of
from gdt.partners.institutions_kind import INSTITUTIONS, the_network
from gdt.partners.listing import ORDERS, Narrowing
from gdt.partners.models import Institution
from gdt.partners.queries import get_institution, list_agreements, list_countries
from gdt.partners.standing import AGREEMENT_KINDS, KINDS, standing_of
from gdt.partners.term_states import agreed_sentence, term_state
from gdt.partners.time_zones import keeps_several, zone_label
from gdt.spreadsheets.writing import write_csv

ROWS = 20  # beside all the choices these stay a light page


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
        terms=[(term, AGREEMENT_KINDS[term.kind], term_state(term, terms, today)) for term in terms],
        drafts=[(draft, AGREEMENT_KINDS[draft.kind]) for draft in list_open_drafts(record)],
        current_term=(term := record.agreement_in_force(today)),
        agreed=agreed_sentence(*term.targets_in(today.year)) if term else None,
        contacts=list_contacts(record),
        DUTIES=DUTIES,
        today=today,
        zone=_zone_in_words(record),
        past=history_of(record),
    )


@partners.route("/institutions/<code>/edit", methods=["GET", "POST"])
@requires(Permission.INSTITUTIONS_MANAGE)
def edit_institution(code: str) -> ResponseReturnValue:
    record = get_institution(current_user, code)
    drawn = {"country_code": record.country.code, "seen": services.state_of(record)}
    form = EditInstitutionForm(request.form, obj=record, data=drawn)
    form.offer_zones(record.country.code, now())
    form.country_code.choices = _countries()
    if request.method == "POST" and form.validate():
        try:
            services.change_institution(viewer=current_user, institution=record, **form.values())
            flash(_("The facts of %(name)s are kept.", name=record.name))
            return redirect(url_for(".institution", code=record.code))
        except DomainError as error:
            form.reject(error)
    return form_page("partners/edit_institution.html", form, institution=record)


def _zone_in_words(record: Institution) -> str | None:
    """Where the clocks of its country differ, which it keeps."""
    return zone_label(record.zone, now()) if keeps_several(record.country.code, now()) else None


def _asked() -> tuple[date, Narrowing, str, list[Any]]:
    """The day, and what the address narrows the list to and sorts it by."""
    sort = request.args.get("sort", "name")
    sort = sort if sort in ORDERS else "name"
    return now().date(), Narrowing.read(request.args), sort, ORDERS[sort]


def _countries() -> list[SelectChoice]:
    """The programme's countries as the page's language names and sorts them."""
    named = {country.code: country_name(country.code) for country in list_countries()}
    return choices_of(dict(sorted(named.items(), key=lambda pair: pair[1])))
