"""Where a coordinator or the office notes that somebody leaves an institution, or comes back."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from gdt.access import Permission, requires
from gdt.errors import DomainError
from gdt.forms import form_page
from gdt.people.blueprint import people
from gdt.people.forms import leaving_form
from gdt.people.leaving import note_leaving
from gdt.people.queries import get_person, list_affiliations


@people.route("/people/<int:person_id>/leaving", methods=["GET", "POST"])
@requires(Permission.COHORTS_MANAGE)
def leaving(person_id: int) -> ResponseReturnValue:
    person = get_person(current_user, person_id)
    places = list_affiliations(current_user, person)
    drawn = {f"until_{place.id}": place.until_on for place in places}
    form = leaving_form(places)(request.form, data=drawn)
    if request.method == "POST" and form.validate():
        try:
            days = {place.id: form[f"until_{place.id}"].data for place in places}
            changed = note_leaving(actor=current_user, person=person, last_days=days)
        except DomainError as error:
            form.reject(error)
        else:
            flash(_("Kept.") if changed else _("Nothing was changed."))
            return redirect(url_for(".person", person_id=person.id))
    return form_page("people/leaving.html", form, person=person)
