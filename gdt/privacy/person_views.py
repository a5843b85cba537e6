"""The tab of a person about her data: her copy, what she was told, what she took back, being forgotten."""

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from gdt.access import Permission, requires
from gdt.people.queries import get_person
from gdt.privacy.blueprint import privacy
from gdt.privacy.consents import list_guardian_words, list_notices, list_withdrawals, withdraw_consent
from gdt.privacy.own_copy import as_json, make_copy
from gdt.privacy.own_copy_pdf import own_copy_pdf
from gdt.privacy.queries import list_of_person
from gdt.privacy.wording import STATES

KINDS = {"json": "application/json", "pdf": "application/pdf"}


@privacy.get("/people/<int:person_id>/privacy")
@requires(Permission.PRIVACY_ASK)
def person_privacy(person_id: int) -> ResponseReturnValue:
    person = get_person(current_user, person_id)
    return render_template(
        "privacy/person_privacy.html",
        person=person,
        requests=list_of_person(person),
        notices=list_notices(person),
        guardians=list_guardian_words(person),
        withdrawals=list_withdrawals(person),
        STATES=STATES,
    )


@privacy.post("/people/<int:person_id>/copy")
@requires(Permission.PRIVACY_ASK)
def copy_person(person_id: int) -> ResponseReturnValue:
    person = get_person(current_user, person_id)
    form = chosen_form()
    return copy_answer(make_copy(actor=current_user, person=person, form=form), form)


@privacy.post("/people/<int:person_id>/withdraw")
@requires(Permission.PRIVACY_ASK)
def withdraw(person_id: int) -> ResponseReturnValue:
    person = get_person(current_user, person_id)
    withdraw_consent(actor=current_user, person=person)
    flash(_("Recorded. Gender is gone, and strangers see the paper alone."))
    return redirect(url_for(".person_privacy", person_id=person.id))


def chosen_form() -> str:
    return "json" if request.form.get("form") == "json" else "pdf"


def copy_answer(copy: dict[str, object], form: str) -> Response:
    """The copy as a file that no cache keeps."""
    content = as_json(copy) if form == "json" else own_copy_pdf(copy)
    response = Response(content, content_type=KINDS[form])
    response.headers.set("Content-Disposition", "attachment", filename=f"gdt-own-copy.{form}")
    response.headers["Cache-Control"] = "no-store"
    return response
