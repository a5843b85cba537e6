"""Pages about the contacts of an institution: named, put right, ended, or taken away."""

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_login import current_user

from gdt.access import Permission, requires
from gdt.database import now
from gdt.errors import DomainError
from gdt.exports import hands_out
from gdt.forms import ConfirmForm, form_page
from gdt.partners import contacts
from gdt.partners.blueprint import partners
from gdt.partners.contact_forms import ContactForm, EndContactForm
from gdt.partners.contact_queries import get_contact, list_all_in_duty
from gdt.partners.contact_words import DUTIES
from gdt.partners.queries import get_institution
from gdt.spreadsheets.writing import write_csv

TAKE_AWAY = "take away"
HEADER = (
    *("Code", "Institution", "Country", "Duty", "Name", "Position"),
    *("E-mail address", "Telephone", "Has the duty since"),
)


@partners.get("/institutions/contacts.csv")
@requires(Permission.CONTACTS_MANAGE)
@hands_out(lazy_gettext("the contacts of institutions"))
def contacts_csv() -> ResponseReturnValue:
    rows = (
        (
            one.institution.code,
            one.institution.name,
            one.institution.country.code,
            DUTIES[one.duty],
            one.name,
            one.position,
            one.email,
            one.phone,
            one.from_on,
        )
        for one in list_all_in_duty(current_user, now().date())
    )
    headers = {"Content-Disposition": f'attachment; filename="contacts-{now().date()}.csv"'}
    return Response(write_csv(HEADER, rows), mimetype="text/csv", headers=headers)


@partners.route("/institutions/<code>/contacts/new", methods=["GET", "POST"])
@requires(Permission.CONTACTS_MANAGE)
def new_contact(code: str) -> ResponseReturnValue:
    record = get_institution(current_user, code)
    form = ContactForm(request.form, data={"from_on": now().date()})
    if request.method == "POST" and form.validate():
        try:
            contact = contacts.add_contact(viewer=current_user, institution=record, **form.facts())
            flash(_("%(name)s is a contact now.", name=contact.name))
            return redirect(url_for(".institution", code=record.code, _anchor="contacts"))
        except DomainError as error:
            form.reject(error)
    return form_page("partners/new_contact.html", form, institution=record)


@partners.route("/institutions/<code>/contacts/<int:contact_id>/edit", methods=["GET", "POST"])
@requires(Permission.CONTACTS_MANAGE)
def edit_contact(code: str, contact_id: int) -> ResponseReturnValue:
    record = get_institution(current_user, code)
    found = get_contact(record, contact_id)
    form = ContactForm(request.form, obj=found)
    if request.method == "POST" and form.validate():
        try:
            contacts.change_contact(viewer=current_user, contact=found, **form.facts())
            flash(_("What is known of %(name)s is kept.", name=found.name))
            return redirect(url_for(".institution", code=record.code, _anchor="contacts"))
        except DomainError as error:
            form.reject(error)
    return form_page("partners/edit_contact.html", form, institution=record, contact=found)


@partners.route("/institutions/<code>/contacts/<int:contact_id>/end", methods=["GET", "POST"])
@requires(Permission.CONTACTS_MANAGE)
def end_contact(code: str, contact_id: int) -> ResponseReturnValue:
    record = get_institution(current_user, code)
    found = get_contact(record, contact_id)
    form = EndContactForm(request.form, data={"until_on": found.until_on or now().date()})
    if request.method == "POST" and form.validate():
        try:
            contacts.end_contact(viewer=current_user, contact=found, **form.values())
            flash(_("The last day of %(name)s is kept.", name=found.name))
            return redirect(url_for(".institution", code=record.code, _anchor="contacts"))
        except DomainError as error:
            form.reject(error)
    return form_page("partners/end_contact.html", form, institution=record, contact=found)


@partners.route("/institutions/<code>/contacts/<int:contact_id>/take-away", methods=["GET", "POST"])
@requires(Permission.CONTACTS_MANAGE)
def take_away_contact(code: str, contact_id: int) -> ResponseReturnValue:
    record = get_institution(current_user, code)
    found = get_contact(record, contact_id)
    form = ConfirmForm(request.form, word=TAKE_AWAY)
    if request.method == "POST" and form.validate():
        contacts.take_away_contact(viewer=current_user, contact=found)
        flash(_("The entry is gone, and what the history said of the person."))
        return redirect(url_for(".institution", code=record.code, _anchor="contacts"))
    return form_page(
        "partners/take_away_contact.html", form, institution=record, contact=found, word=TAKE_AWAY
    )
