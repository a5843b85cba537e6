"""Pages of requests to be forgotten: the list, one of them, what would go and stay, and the decision."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from gdt.access import Permission, requires
from gdt.database import db
from gdt.errors import DomainError
from gdt.facets import chosen, facet
from gdt.forms import form_page
from gdt.histories import history_of
from gdt.paging import page_of
from gdt.people.queries import get_person
from gdt.privacy import queries
from gdt.privacy.blueprint import privacy
from gdt.privacy.forms import DeclineForm, ErasureForm, WishForm
from gdt.privacy.models import AskedBy, ErasureRequest, Outcome, RequestState
from gdt.privacy.requests import ask_to_forget, decline, erase_person, go_on, preview
from gdt.privacy.wording import STATES

WORD = "forget"


@privacy.get("/privacy/requests")
@requires(Permission.PRIVACY_ASK)
def erasure_requests() -> ResponseReturnValue:
    counts = queries.count_by_state(current_user)
    state = request.args.get("state", "")
    groups = [facet(_("State"), "state", [(s.value, STATES[s][0], counts.get(s, 0)) for s in RequestState])]
    statement = queries.requests(current_user, state)
    return render_template(
        "privacy/erasure_requests.html",
        page=page_of(db.session, statement, order=queries.ORDER, after=request.args.get("after")),
        total=sum(n for s, n in counts.items() if s.value == state or state not in list(RequestState)),
        groups=groups,
        narrowed=chosen(groups),
        STATES=STATES,
    )


@privacy.get("/privacy/requests/<int:erasure_id>")
@requires(Permission.PRIVACY_ASK)
def erasure_request(erasure_id: int) -> ResponseReturnValue:
    return _page(queries.get_request(current_user, erasure_id), ErasureForm(word=WORD))


@privacy.post("/privacy/requests/<int:erasure_id>/erase")
@requires(Permission.PRIVACY_MANAGE)
def erase(erasure_id: int) -> ResponseReturnValue:
    record, form = queries.get_request(current_user, erasure_id), ErasureForm(request.form, word=WORD)
    if not form.validate():
        return _page(record, form)
    erase_person(actor=current_user, request=record, outcome=Outcome(form.outcome.data))
    return redirect(url_for(".erasure_request", erasure_id=erasure_id))


@privacy.route("/privacy/requests/<int:erasure_id>/decline", methods=["GET", "POST"])
@requires(Permission.PRIVACY_MANAGE)
def decline_erasure(erasure_id: int) -> ResponseReturnValue:
    record, form = queries.get_request(current_user, erasure_id), DeclineForm(request.form)
    if request.method == "POST" and form.validate():
        try:
            decline(actor=current_user, request=record, words=form.words.data)
        except DomainError as error:
            form.reject(error)
        else:
            flash(_("Declined. Tell whoever asked."))
            return redirect(url_for(".erasure_request", erasure_id=erasure_id))
    return form_page("privacy/decline_erasure.html", form, record=record)


@privacy.post("/privacy/requests/<int:erasure_id>/go-on")
@requires(Permission.PRIVACY_MANAGE)
def go_on_erasing(erasure_id: int) -> ResponseReturnValue:
    go_on(actor=current_user, request=queries.get_request(current_user, erasure_id))
    return redirect(url_for(".erasure_request", erasure_id=erasure_id))


@privacy.route("/people/<int:person_id>/forget", methods=["GET", "POST"])
@requires(Permission.PRIVACY_ASK)
def ask_for_erasure(person_id: int) -> ResponseReturnValue:
    person, form = get_person(current_user, person_id), WishForm(request.form)
    if request.method == "POST" and form.validate():
        is_partner = current_user.role.is_of_one_institution
        asked_by = AskedBy.INSTITUTION if is_partner else AskedBy.OFFICE
        try:
            record = ask_to_forget(
                actor=current_user, person=person, words=form.words.data, asked_by=asked_by
            )
        except DomainError as error:
            form.reject(error)
        else:
            return redirect(url_for(".erasure_request", erasure_id=record.id))
    return form_page("privacy/ask_for_erasure.html", form, person=person)


def _page(record: ErasureRequest, form: ErasureForm) -> ResponseReturnValue:
    is_open = record.state is RequestState.OPEN
    return form_page(
        "privacy/erasure_request.html",
        form,
        record=record,
        preview=preview(record) if is_open else None,
        past=history_of(record),
        STATES=STATES,
        WORD=WORD,
    )
