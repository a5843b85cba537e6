"""What anyone sees of events without an account: their pages, a place at one, the answer to an invitation."""

from typing import Any
from urllib.parse import urlsplit

from flask import Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from gdt.access import public
from gdt.calendar_files import TimedEvent, calendar_file
from gdt.certification.addresses import GUESSES
from gdt.database import now
from gdt.errors import DomainError, RecordNotFound
from gdt.events import inviting, people_queries, queries, registering, words
from gdt.events.blueprint import events
from gdt.events.forms import AnswerForm, PlaceForm
from gdt.events.links import INVITATION, PLACE, key_of
from gdt.events.models import Event, Way
from gdt.events.people_models import EventInvitation, EventRegistration
from gdt.events.registering import Guest
from gdt.events.states import EventState
from gdt.events.zones import ZONES, known
from gdt.filters import url_with
from gdt.forms import form_page
from gdt.security import limiter, secret, throttle_wrong

REGISTRATIONS = "60 per hour"


@events.get("/events", endpoint="events")
@public
def coming_events() -> ResponseReturnValue:
    return render_template(
        "events/events.html", coming=queries.list_coming(now()), past=queries.list_past(now())
    )


@events.get("/events/<code>")
@public
def event(code: str) -> ResponseReturnValue:
    record = queries.get_shown_event(code)
    zone = known(request.args.get("zone")) or _own_zone() or record.time_zone
    return render_template(
        "events/event.html",
        event=record,
        zone=zone,
        zones=sorted({*ZONES, record.time_zone, zone}),
        programme=words.programme(record, zone),
        signed=queries.list_signed_at(record),
        given=queries.list_given_at(record),
        is_open=record.takes_registrations(now()),
        address=url_with(),
    )


@events.get("/events/<code>/calendar.ics")
@public
def event_calendar(code: str) -> ResponseReturnValue:
    record = queries.get_shown_event(code)
    content = calendar_file(record.title, _host(), _entries(record), now(), maker="Events")
    answer = Response(content, mimetype="text/calendar")
    answer.headers["Content-Disposition"] = f"attachment; filename={record.code}.ics"
    return answer


@events.route("/events/<code>/register", methods=["GET", "POST"])
@public
@limiter.limit(REGISTRATIONS, exempt_when=lambda: request.method != "POST")
def register(code: str) -> ResponseReturnValue:
    record, form = queries.get_shown_event(code), PlaceForm(request.form)
    form.offer(record.ways)
    if not record.is_for_all or not record.takes_registrations(now()):
        return render_template("events/closed.html", event=record)
    if request.method == "POST" and form.validate():
        try:
            typed = form.values()
            place = queries.find_partner(typed["organisation"] or "")
            guest = Guest(**typed | {"way": Way(typed["way"]), "institution": place})
            registering.ask_for_place(event=record, guest=guest)
            return redirect(url_for(".registered", code=record.code))
        except DomainError as error:
            form.reject(error)
    return form_page("events/register.html", form, event=record)


@events.get("/events/<code>/registered")
@public
def registered(code: str) -> ResponseReturnValue:
    return render_template("events/registered.html", event=queries.get_shown_event(code))


@events.get(f"/{PLACE}/<token>")
@public
@throttle_wrong(GUESSES, of="event places")
@secret
def own_place(token: str) -> ResponseReturnValue:
    registration = _place(token)
    return render_template(
        "events/own_place.html",
        registration=registration,
        event=registration.event,
        token=token,
        is_over=registration.event.is_over(now()),
    )


@events.post(f"/{PLACE}/<token>/withdraw")
@public
@throttle_wrong(GUESSES, of="event places")
@secret
def give_place_back(token: str) -> ResponseReturnValue:
    try:
        registering.give_place_back(registration=_place(token))
        flash(_("Thank you for telling us."))
    except DomainError as error:
        flash(error.message)
    return redirect(url_for(".own_place", token=token))


@events.route(f"/{INVITATION}/<token>", methods=["GET", "POST"])
@public
@throttle_wrong(GUESSES, of="event invitations")
@secret
def answer_invitation(token: str) -> ResponseReturnValue:
    found = _invitation(token)
    form = AnswerForm(request.form, data={"name": found.name})
    form.offer(found.event.ways)
    if request.method == "POST" and form.validate():
        try:
            way = Way(form.way.data) if form.way.data else None
            is_coming = form.answer.data == "yes"
            inviting.answer_invitation(
                invitation=found, is_coming=is_coming, name=form.name.data or "", way=way
            )
            return redirect(url_for(".answer_invitation", token=token))
        except DomainError as error:
            form.reject(error)
    is_open = found.event.takes_registrations(now())
    return form_page(
        "events/answer_invitation.html", form, invitation=found, event=found.event, is_open=is_open
    )


def _own_zone() -> str | None:
    """The time of the institution of whoever is signed in, if she is of one."""
    place = current_user.institution if current_user.is_authenticated else None
    return str(place.zone) if place else None


def _entries(record: Event) -> list[TimedEvent]:
    """The event as a whole, or its programme line by line where it has one."""
    url = f"{current_app.config['BASE_URL']}{url_for('.event', code=record.code)}"
    place = record.place or ""
    state: dict[str, Any] = {
        "sequence": int(record.changed_at.timestamp()),
        "is_called_off": record.state is EventState.CANCELLED,
    }
    lines = [
        TimedEvent(
            f"event-session-{line.id}",
            line.starts_at,
            line.ends_at,
            f"{record.title}: {line.title}",
            line.speaker or "",
            url,
            ", ".join(filter(None, (line.room, place))),
            **state,
        )
        for line in record.sessions
    ]
    whole = (f"event-{record.id}", record.starts_at, record.ends_at, record.title, record.about, url, place)
    return lines or [TimedEvent(*whole, **state)]


def _host() -> str:
    return str(urlsplit(current_app.config["BASE_URL"]).hostname)


def _place(token: str) -> EventRegistration:
    key = key_of(PLACE, token)
    found = people_queries.find_registration(key) if key else None
    if found is None:
        raise RecordNotFound
    return found


def _invitation(token: str) -> EventInvitation:
    key = key_of(INVITATION, token)
    found = people_queries.find_invitation(key) if key else None
    if found is None:
        raise RecordNotFound
    return found
