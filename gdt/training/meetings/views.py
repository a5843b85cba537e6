"""Pages of a training's timetable, its calendar file, and who was in each meeting."""

import re
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from gdt.access import Permission, requires
from gdt.database import now
from gdt.errors import DomainError
from gdt.filters import ngettext
from gdt.forms import form_page
from gdt.partners.time_zones import clock_in, zone_name
from gdt.training.blueprint import training as training_pages
from gdt.training.meetings import queries, services
from gdt.training.meetings.forms import DayForm, MeetingForm
from gdt.training.meetings.models import Meeting
from gdt.training.meetings.timetable import calendar_of, lines_of
from gdt.training.models import TeacherTraining
from gdt.training.training_queries import get_training

READ, MANAGE = Permission.TRAININGS_READ, Permission.TRAININGS_MANAGE
TICKED = re.compile(r"d([0-9]{1,9})_([0-9]{1,9})")  # drawn for a participant and a meeting


@training_pages.context_processor
def _words() -> dict[str, Any]:
    return {"zone_name": zone_name, "clock_in": clock_in}


@training_pages.get("/trainings/<code>/timetable")
@requires(READ)
def timetable(code: str) -> ResponseReturnValue:
    record = get_training(code)
    meetings, zones = queries.list_meetings(record), queries.list_zones(record)
    return render_template(
        "training/meetings/timetable.html",
        training=record,
        lines=lines_of(meetings, zones),
        zone=zones[0],
        zones=zones[1:],
        attended=queries.count_attended(record),
        days=_days(meetings, zones[0]),
        now=now(),
    )


def _days(meetings: Any, zone: str) -> list[date]:
    """The days on which meetings began, the latest first: attendance can be recorded of them."""
    begun = [one for one in meetings if one.called_off_at is None and one.starts_at <= now()]
    days = [one.starts_at.astimezone(ZoneInfo(zone)).date() for one in begun]
    return sorted(set(days), reverse=True)


@training_pages.get("/trainings/<code>/timetable.ics")
@requires(READ)
def timetable_ics(code: str) -> ResponseReturnValue:
    record = get_training(code)
    return calendar_of(record, queries.list_meetings(record), url_for(".timetable", code=record.code))


@training_pages.route("/trainings/<code>/meetings/new", methods=["GET", "POST"])
@requires(MANAGE)
def new_meeting(code: str) -> ResponseReturnValue:
    record = get_training(code)
    form = MeetingForm(request.form, data={"on": record.starts_on})
    form.offer(record.modules)
    if request.method == "POST" and form.validate():
        try:
            services.add_meeting(actor=current_user, training=record, **form.typed())
            flash(_("The meeting is in the timetable."))
            return redirect(url_for(".timetable", code=record.code))
        except DomainError as error:
            form.reject(error)
    zone = queries.zone_of_training(record)
    return form_page("training/meetings/new_meeting.html", form, training=record, zone=zone)


@training_pages.route("/trainings/<code>/meetings/<int:meeting_id>/edit", methods=["GET", "POST"])
@requires(MANAGE)
def edit_meeting(code: str, meeting_id: int) -> ResponseReturnValue:
    record = get_training(code)
    meeting, zone = queries.get_meeting(record, meeting_id), queries.zone_of_training(record)
    form = MeetingForm(request.form, data=_drawn(meeting, zone))
    form.offer(record.modules)
    if request.method == "POST" and form.validate():
        try:
            services.change_meeting(actor=current_user, meeting=meeting, **form.typed())
            flash(_("The changes are kept. Calendars learn them when they fetch the file again."))
            return redirect(url_for(".timetable", code=record.code))
        except DomainError as error:
            form.reject(error)
    page = "training/meetings/edit_meeting.html"
    return form_page(page, form, training=record, meeting=meeting, zone=zone)


def _drawn(meeting: Meeting, zone: str) -> dict[str, Any]:
    begins, ends = (one.astimezone(ZoneInfo(zone)) for one in (meeting.starts_at, meeting.ends_at))
    hours = {"on": begins.date(), "begins": begins.time(), "ends": ends.time()}
    return hours | {"title": meeting.title, "place": meeting.place, "module": str(meeting.module_id or "")}


@training_pages.post("/trainings/<code>/meetings/<int:meeting_id>/call-off")
@requires(MANAGE)
def call_off_meeting(code: str, meeting_id: int) -> ResponseReturnValue:
    record = get_training(code)
    services.call_off(actor=current_user, meeting=queries.get_meeting(record, meeting_id))
    flash(_("The meeting is called off. It stays in the timetable as such, so that calendars learn it."))
    return redirect(url_for(".timetable", code=record.code))


@training_pages.route("/trainings/<code>/attendance", methods=["GET", "POST"])
@requires(MANAGE)
def attendance(code: str) -> ResponseReturnValue:
    record, form = get_training(code), DayForm(request.form or request.args)
    meetings: list[Meeting] = []
    if form.day.data is not None:
        try:
            meetings = services.meetings_on(record, form.day.data)
            if request.method == "POST" and form.validate():
                return _keep(record, form.day.data)
        except DomainError as error:
            form.reject(error)
    return form_page(
        "training/meetings/attendance.html",
        form,
        training=record,
        days=services.days_begun(record),
        meetings=meetings,
        people=queries.list_participants(current_user, record) if meetings else [],
        known=queries.attendance_of(meetings),
        zone=queries.zone_of_training(record),
    )


def _keep(record: TeacherTraining, day: date) -> ResponseReturnValue:
    drawn = [found for name in request.form if (found := TICKED.fullmatch(name))]
    there = {(int(d[1]), int(d[2])): f"t{d[1]}_{d[2]}" in request.form for d in drawn}
    count = services.record_attendance(actor=current_user, training=record, day=day, there=there)
    flash(ngettext("%(num)s entry is kept.", "%(num)s entries are kept.", count))
    return redirect(url_for(".timetable", code=record.code))
