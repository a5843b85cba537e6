"""Pages of the register: the people, one of them, and correcting her entry."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from gdt.access import Permission, may, requires
from gdt.database import db
from gdt.errors import DomainError
from gdt.facets import Group, chosen, facet
from gdt.forms import form_page
from gdt.histories import history_of
from gdt.paging import page_of
from gdt.partners.queries import list_institutions
from gdt.people import (  # noqa: F401
    account_belongings,
    affiliations,
    duplicate_views,
    leaving_views,
    merge_views,
)
from gdt.people.blueprint import people as people
from gdt.people.forms import number_form
from gdt.people.merge_queries import list_merges_into
from gdt.people.models import AffiliationRole, Person
from gdt.people.queries import PersonFilter, find_survivor_id, get_person, list_affiliations
from gdt.people.queries import persons as all_persons
from gdt.people.services import PersonFacts, correct_person
from gdt.people.words import GENDER_WORDS, ROLES

ORDERS: dict[str, list[Any]] = {
    "name": [Person.printed_name, Person.id],
    "-name": [Person.printed_name.desc(), Person.id.desc()],
    "new": [Person.id],
    "-new": [Person.id.desc()],
}


@people.get("/people")
@requires(Permission.PEOPLE_READ)
def persons() -> ResponseReturnValue:
    args = request.args
    wanted = PersonFilter(
        search=args.get("q", ""), institution_code=args.get("institution", ""), role=args.get("role", "")
    )
    sort = args.get("sort", "name")
    order = ORDERS.get(sort, ORDERS["name"])
    page = page_of(db.session, all_persons(current_user, wanted), order=order, after=args.get("after"))
    groups = _facets()
    return render_template(
        "people/persons.html",
        page=page,
        sort=sort,
        groups=groups,
        chosen_filters=chosen(groups),
        places={person.id: list_affiliations(current_user, person) for person in page.items},
        ROLES=ROLES,
    )


def _facets() -> list[Group]:
    groups = [facet(_("Role"), "role", [(role.value, ROLES[role], None) for role in AffiliationRole])]
    if not current_user.role.is_of_one_institution:
        choices = [(i.code, i.name, None) for i in list_institutions(current_user)]
        groups.append(facet(_("Institution"), "institution", choices))
    return groups


@people.get("/people/<int:person_id>")
@requires(Permission.PEOPLE_READ)
def person(person_id: int) -> ResponseReturnValue:
    survivor_id = find_survivor_id(current_user, person_id)
    if survivor_id is not None:
        return redirect(url_for(".person", person_id=survivor_id))
    record = get_person(current_user, person_id)
    return render_template(
        "people/person.html",
        person=record,
        places=list_affiliations(current_user, record),
        gender=GENDER_WORDS[record.gender] if record.gender else None,
        merges=list_merges_into(current_user, record) if may(current_user, Permission.PEOPLE_MERGE) else (),
        past=history_of(record),
        ROLES=ROLES,
    )


@people.route("/people/<int:person_id>/edit", methods=["GET", "POST"])
@requires(Permission.COHORTS_MANAGE)
def edit_person(person_id: int) -> ResponseReturnValue:
    record = get_person(current_user, person_id)
    places = list_affiliations(current_user, record)
    drawn = {f"number_{place.id}": place.own_number for place in places}
    drawn["gender"] = record.gender.value if record.gender else ""
    form = number_form(places)(request.form, obj=record, data=drawn)
    if request.method == "POST" and form.validate():
        try:
            facts = PersonFacts.typed(form.values())
            numbers = {place.id: form[f"number_{place.id}"].data or None for place in places}
            correct_person(actor=current_user, person=record, facts=facts, numbers=numbers)
        except DomainError as error:
            form.reject(error)
        else:
            flash(_("The entry of %(name)s is corrected.", name=record))
            return redirect(url_for(".person", person_id=person_id))
    return form_page("people/edit_person.html", form, person=record)
