"""Pages of the office about events: the list, a plan, its programme, and what was signed and given there."""

from collections.abc import Callable

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from wtforms import SelectChoice

from gdt.access import Permission, requires
from gdt.database import now
from gdt.errors import DomainError
from gdt.events import people_queries, people_views, public_views, queries, services, words
from gdt.events.blueprint import events
from gdt.events.forms import CancelForm, EventForm, GivenForm, NewEventForm, SessionForm
from gdt.events.models import Event
from gdt.events.zones import local
from gdt.filters import day
from gdt.forms import BaseForm, form_page
from gdt.histories import history_of
from gdt.partners.time_zones import zone_name
from gdt.recognition.words import honoured

__all__ = ["events", "people_views", "public_views"]
READ, MANAGE = Permission.EVENTS_READ, Permission.EVENTS_MANAGE
CANCEL_WORD = "cancel"

events.app_template_global("event_of")(queries.find_event_of)
events.app_template_global("events_of_awards")(queries.list_events_of_awards)


@events.context_processor
def _words() -> dict[str, object]:
    return {
        "EVENT_MODES": words.MODES,
        "EVENT_WAYS": words.WAYS,
        "EVENT_PLACES": words.PLACES,
        "event_standing": words.standing,
        "event_times": words.times,
        "event_place": words.place,
        "OWN_PLACES": words.OWN_PLACES,
        "zone_name": zone_name,
        "honoured": honoured,
    }


@events.get("/events/all")
@requires(READ)
def all_events() -> ResponseReturnValue:
    return render_template("events/all_events.html", rows=queries.list_every_event(current_user))


@events.route("/events/new", methods=["GET", "POST"])
@requires(MANAGE)
def new_event() -> ResponseReturnValue:
    form = NewEventForm(request.form)
    if request.method == "POST" and form.validate():
        try:
            values = form.values()
            code = values.pop("code")
            record = services.plan_event(actor=current_user, code=code, plan=values)  # type: ignore[arg-type]
            flash(_("The event is drafted. Add its programme, then announce it."))
            return redirect(url_for(".desk", code=record.code))
        except DomainError as error:
            form.reject(error)
    return form_page("events/new_event.html", form)


@events.get("/events/<code>/desk")
@requires(READ)
def desk(code: str) -> ResponseReturnValue:
    record = queries.get_event_for(current_user, code)
    return render_template(
        "events/desk.html",
        event=record,
        programme=words.programme(record, record.time_zone),
        people=people_queries.count_people(current_user, record),
        invitations=people_queries.list_invitations(current_user, record),
        signed=queries.list_signed_at(record),
        given=queries.list_given_at(record),
        past=history_of(record),
        is_open=record.takes_registrations(now()),
        is_over=record.is_over(now()),
        has_begun=record.starts_at <= now(),
    )


@events.route("/events/<code>/edit", methods=["GET", "POST"])
@requires(MANAGE)
def edit_event(code: str) -> ResponseReturnValue:
    record = queries.get_event(code)
    zone = record.time_zone
    shown = {"starts_at": local(record.starts_at, zone), "ends_at": local(record.ends_at, zone)}
    form = EventForm(request.form, obj=record, **shown)
    for name in shown:
        if not request.form:
            form[name].data = shown[name]

    def change() -> None:
        told = services.change_event(actor=current_user, event=record, plan=form.values())  # type: ignore[arg-type]
        if told:
            flash(ngettext("%(num)s person is told by mail.", "%(num)s people are told by mail.", told))

    done = _carry_out(record, form, change, _("The changes are kept."))
    return done or form_page("events/edit_event.html", form, event=record)


@events.route("/events/<code>/sessions/new", methods=["GET", "POST"])
@requires(MANAGE)
def new_session(code: str) -> ResponseReturnValue:
    record = queries.get_event(code)
    last = record.sessions[-1].ends_at if record.sessions else record.starts_at
    form = SessionForm(request.form, data={"starts_at": local(last, record.time_zone)})

    def add() -> None:
        services.add_session(actor=current_user, event=record, **form.values())

    done = _carry_out(record, form, add, _("It stands in the programme."))
    return done or form_page("events/new_session.html", form, event=record)


@events.post("/events/<code>/sessions/<int:session_id>/remove")
@requires(MANAGE)
def remove_session(code: str, session_id: int) -> ResponseReturnValue:
    record = queries.get_event(code)
    line = queries.get_session(record, session_id)
    services.remove_session(actor=current_user, event=record, session=line)
    flash(_("“%(title)s” is off the programme.", title=line.title))
    return redirect(url_for(".desk", code=record.code))


@events.post("/events/<code>/announce")
@requires(MANAGE)
def announce(code: str) -> ResponseReturnValue:
    record = queries.get_event(code)
    try:
        services.announce_event(actor=current_user, event=record)
        flash(_("Announced. Everybody sees its page now."))
    except DomainError as error:
        flash(error.message)
    return redirect(url_for(".desk", code=record.code))


@events.route("/events/<code>/cancel", methods=["GET", "POST"])
@requires(MANAGE)
def cancel_event(code: str) -> ResponseReturnValue:
    record, form = queries.get_event(code), CancelForm(request.form, word=CANCEL_WORD)
    if request.method == "POST" and form.validate():
        try:
            told = services.cancel_event(actor=current_user, event=record, reason=form.reason.data or "")
            flash(
                ngettext(
                    "Cancelled. %(num)s person is told by mail.",
                    "Cancelled. %(num)s people are told by mail.",
                    told,
                )
            )
            return redirect(url_for(".desk", code=record.code))
        except DomainError as error:
            form.reject(error)
    told = len(people_queries.list_to_tell(record))
    return form_page("events/cancel_event.html", form, event=record, told=told, word=CANCEL_WORD)


@events.route("/events/<code>/given", methods=["GET", "POST"])
@requires(MANAGE)
def given(code: str) -> ResponseReturnValue:
    record, form = queries.get_event(code), _given_form(queries.get_event(code))

    def keep() -> None:
        services.say_what_was_given(
            actor=current_user,
            event=record,
            agreement_ids=form.agreements.data or [],
            nomination_ids=form.awards.data or [],
        )

    done = _carry_out(record, form, keep, _("Kept. It stands on the page of the event."))
    return done or form_page("events/given.html", form, event=record)


def _given_form(record: Event) -> GivenForm:
    tied = {
        "agreements": [tie.agreement_id for tie in record.signings],
        "awards": [tie.nomination_id for tie in record.honours],
    }
    form = GivenForm(request.form, data=tied)
    form.agreements.choices = [
        SelectChoice(one.id, f"{one.institution.name}, {day(one.signed_on)}")
        for one in queries.list_agreements_of_its_days(record)
    ]
    form.awards.choices = [
        SelectChoice(one.id, f"{one.nominee}: {one.category.name}")
        for one in queries.list_awards_of_its_days(record)
    ]
    return form


def _carry_out(
    record: Event, form: BaseForm, act: Callable[[], object], said: str
) -> ResponseReturnValue | None:
    """Do what was typed and lead back to the desk; None: show the form, and what stands against it."""
    if request.method != "POST" or not form.validate():
        return None
    try:
        act()
    except DomainError as error:
        form.reject(error)
        return None
    flash(said)
    return redirect(url_for(".desk", code=record.code))
