"""The office's pages of applications: the list, one with its checklist, and what is answered."""

from datetime import timedelta

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from gdt.access import Permission, requires
from gdt.columns import header_key
from gdt.database import db, now
from gdt.errors import DomainError
from gdt.facets import chosen, facet
from gdt.forms import form_page
from gdt.histories import history_of
from gdt.joining import queries, reviewing
from gdt.joining.application_states import ApplicationState, CheckItem
from gdt.joining.blueprint import joining
from gdt.joining.forms import AcceptForm, SayForm, TickForm
from gdt.joining.models import InstitutionApplication
from gdt.joining.words import ITEMS, STATES, VOICES
from gdt.paging import page_of
from gdt.partners.standing import KINDS

ROWS = 20
TERM_YEARS = 3


@joining.get("/applications")
@requires(Permission.INSTITUTIONS_MANAGE)
def applications() -> ResponseReturnValue:
    words = request.args.get("q", "").strip()
    state = next((one for one in ApplicationState if one.value == request.args.get("state")), None)
    counts = queries.count_by_state(current_user, words)
    groups = [facet(_("State"), "state", [(s.value, STATES[s][0], counts.get(s, 0)) for s in STATES])]
    statement = queries.list_applications(current_user, state, words)
    return render_template(
        "joining/applications.html",
        page=page_of(db.session, statement, order=queries.ORDER, after=request.args.get("after"), size=ROWS),
        total=counts.get(state, 0) if state else sum(counts.values()),
        groups=groups,
        narrowed=chosen(groups),
        states=STATES,
    )


@joining.get("/applications/<int:application_id>")
@requires(Permission.INSTITUTIONS_MANAGE)
def application(application_id: int) -> ResponseReturnValue:
    return _page(queries.get_application(current_user, application_id), SayForm())


@joining.post("/applications/<int:application_id>/check")
@requires(Permission.INSTITUTIONS_MANAGE)
def check(application_id: int) -> ResponseReturnValue:
    record, form = queries.get_application(current_user, application_id), TickForm(request.form)
    item = form.chosen
    if form.validate() and item is not None:
        try:
            if request.form.get("act") == "open again":
                reviewing.untick(actor=current_user, application=record, item=item)
            else:
                reviewing.tick(actor=current_user, application=record, item=item, found=form.found.data)
            return redirect(url_for(".application", application_id=record.id, _anchor="checklist"))
        except DomainError as error:
            form.reject(error)
    elif item is None:
        form.form_errors.append(_("Choose an item of the checklist."))
    return _page(record, form)


@joining.post("/applications/<int:application_id>/say")
@requires(Permission.INSTITUTIONS_MANAGE)
def say(application_id: int) -> ResponseReturnValue:
    record, form = queries.get_application(current_user, application_id), SayForm(request.form)
    acts = {
        "ask": (reviewing.ask_back, _("Asked. The application waits for the answer.")),
        "decline": (reviewing.decline, _("Declined. The lead is told by mail.")),
    }
    act, said = acts.get(form.act.data or "", (reviewing.comment, _("Noted. The applicant does not see it.")))
    if form.validate():
        try:
            act(actor=current_user, application=record, words=form.words.data or "")
            flash(said)
            return redirect(url_for(".application", application_id=record.id))
        except DomainError as error:
            form.reject(error)
    return _page(record, form)


@joining.route("/applications/<int:application_id>/accept", methods=["GET", "POST"])
@requires(Permission.INSTITUTIONS_MANAGE)
def accept(application_id: int) -> ResponseReturnValue:
    record = queries.get_application(current_user, application_id)
    form = AcceptForm(request.form, data=_proposed(record))
    if request.method == "POST" and form.validate():
        try:
            institution = reviewing.accept(actor=current_user, application=record, **form.values())
            flash(_("%(name)s is registered, its lead is invited, and a draft is ready.", name=institution))
            return redirect(url_for("partners.institution", code=institution.code))
        except DomainError as error:
            form.reject(error)
    return form_page("joining/accept.html", form, application=record)


def _proposed(record: InstitutionApplication) -> dict[str, object]:
    """Three years from the first day of next month, with the numbers of the application."""
    first = (now().date().replace(day=1) + timedelta(days=32)).replace(day=1)
    initials = "".join(word[0] for word in record.name.split() if word[0].isalpha())
    return {
        "code": header_key(initials)[:20],
        "starts_on": first,
        "ends_on": first.replace(year=first.year + TERM_YEARS) - timedelta(days=1),
        "teachers_target": record.teachers_a_year,
        "students_target": record.students_a_year,
    }


def _page(record: InstitutionApplication, form: SayForm | TickForm) -> ResponseReturnValue:
    about = (record.name, record.native_name, record.country)
    similar = queries.list_similar_institutions(*about)
    return form_page(
        "joining/application.html",
        form,
        application=record,
        say=form if isinstance(form, SayForm) else SayForm(),
        kind=KINDS[record.kind],
        standing=STATES[record.state],
        checklist=[(item, ITEMS[item], _done(record, item)) for item in CheckItem],
        open_items=len(reviewing.open_items(record)),
        similar=[one for one in similar if one.id != record.institution_id],
        others=queries.list_similar_applications(*about, but=record.id),
        voices=VOICES,
        states=STATES,
        past=history_of(record),
    )


def _done(record: InstitutionApplication, item: CheckItem) -> object:
    return next((check for check in record.checks if check.item is item), None)
