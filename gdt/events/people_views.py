"""Invitations and the list of an event: who was asked, who has a place, who came."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext, ngettext
from flask_login import current_user
from wtforms import SelectChoice

from gdt.access import Permission, requires
from gdt.certification.addresses import csv_answer
from gdt.database import db
from gdt.errors import DomainError
from gdt.events import people_queries, queries, words
from gdt.events.attendance_kind import ATTENDANCE, subject_of
from gdt.events.attending import tick_list
from gdt.events.blueprint import events
from gdt.events.forms import InviteForm
from gdt.events.inviting import Invited, coordinators_of, invite
from gdt.events.models import Event
from gdt.exports import hands_out
from gdt.forms import form_page
from gdt.imports.upload_pages import template_file, upload_page
from gdt.paging import page_of
from gdt.partners.queries import list_institutions
from gdt.security import record_id

ROWS = 40


@events.route("/events/<code>/invite", methods=["GET", "POST"])
@requires(Permission.EVENTS_MANAGE)
def invite_people(code: str) -> ResponseReturnValue:
    record, form = queries.get_event(code), InviteForm(request.form)
    institutions = {one.code: one for one in list_institutions(current_user)}
    form.institutions.choices = [SelectChoice(one.code, one.name) for one in institutions.values()]
    if request.method == "POST" and form.validate():
        try:
            guests = coordinators_of([institutions[key] for key in form.institutions.data or []])
            guests += [Invited(*one) for one in words.read_guests(form.people.data or "")]
            count = invite(actor=current_user, event=record, guests=guests)
            flash(ngettext("%(num)s person is invited.", "%(num)s people are invited.", count))
            return redirect(url_for(".desk", code=record.code))
        except DomainError as error:
            form.reject(error)
    return form_page("events/invite_people.html", form, event=record)


@events.get("/events/<code>/people")
@requires(Permission.EVENTS_READ)
def event_people(code: str) -> ResponseReturnValue:
    record = queries.get_event_for(current_user, code)
    return _people_page(record)


@events.post("/events/<code>/attendance")
@requires(Permission.EVENTS_MANAGE)
def tick_attendance(code: str) -> ResponseReturnValue:
    record = queries.get_event(code)
    shown = [record_id(key) for key in request.form.get("shown", "").split()]
    present = {record_id(key) for key in request.form.getlist("present")}
    try:
        changed = tick_list(actor=current_user, event=record, shown_ids=shown[:ROWS], present_ids=present)
        flash(ngettext("%(num)s tick is kept.", "%(num)s ticks are kept.", changed))
    except DomainError as error:
        flash(error.message)
    after = request.form.get("next") or request.args.get("after")
    return redirect(url_for(".event_people", code=record.code, after=after, q=request.args.get("q") or None))


@events.get("/events/<code>/people.csv")
@requires(Permission.EVENTS_READ)
@hands_out(lazy_gettext("the people of an event"), of=lambda code: queries.get_event_for(current_user, code))
def event_people_csv(code: str) -> ResponseReturnValue:
    record = queries.get_event_for(current_user, code)
    found = db.session.scalars(people_queries.select_registrations(current_user, record))
    came = {None: "", True: _("came"), False: _("did not come")}
    rows = (
        (
            one.name,
            one.email,
            one.from_where,
            words.WAYS[one.way],
            words.PLACES[one.state][0],
            came[one.has_come],
        )
        for one in found.all()
    )
    header = (_("Name"), _("E-mail address"), _("From"), _("Takes part"), _("Place"), _("Attendance"))
    return csv_answer(header, rows, f"{record.code}.csv")


@events.get("/events/<code>/attendance-template.xlsx")
@requires(Permission.EVENTS_MANAGE)
@hands_out(lazy_gettext("the people of an event"), of=lambda code: queries.get_event(code))
def attendance_template(code: str) -> ResponseReturnValue:
    return template_file(ATTENDANCE, subject_of(queries.get_event(code)))


@events.route("/events/<code>/attendance-file", methods=["GET", "POST"])
@requires(Permission.EVENTS_MANAGE)
def upload_attendance(code: str) -> ResponseReturnValue:
    return upload_page(ATTENDANCE, subject_of(queries.get_event(code)))


def _people_page(record: Event) -> ResponseReturnValue:
    search = request.args.get("q", "").strip()
    statement = people_queries.select_registrations(current_user, record, text=search)
    after = request.args.get("after")
    return render_template(
        "events/event_people.html",
        event=record,
        search=search,
        page=page_of(db.session, statement, order=people_queries.ORDER, after=after, size=ROWS),
        people=people_queries.count_people(current_user, record),
        has_begun=words.has_begun(record),
    )
