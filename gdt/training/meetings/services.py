"""The office makes the timetable of a training, and records who was there."""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from gdt import audit
from gdt.access import OFFICE, Viewer
from gdt.database import db, now
from gdt.errors import DomainError
from gdt.filters import day as written
from gdt.filters import ngettext, period
from gdt.partners.time_zones import clock_in
from gdt.training.meetings import queries
from gdt.training.meetings.models import Meeting, MeetingAttendance
from gdt.training.models import TeacherTraining

TOLD = ("title", "module_id", "starts_at", "ends_at", "place")  # what a change of makes calendars wrong


def add_meeting(
    *, actor: Viewer, training: TeacherTraining, on: date, begins: time, ends: time, **facts: Any
) -> Meeting:
    """Put a meeting into the timetable; its hours are those of the training's zone."""
    starts_at, ends_at = _moments(training, on, begins, ends)
    meeting = Meeting(training=training, starts_at=starts_at, ends_at=ends_at, **facts)
    _keep(meeting)
    audit.record(actor, "added", meeting, _("Added the meeting %(what)s.", what=_told(training, meeting)))
    return meeting


def change_meeting(
    *, actor: Viewer, meeting: Meeting, on: date, begins: time, ends: time, **facts: Any
) -> None:
    """Move or rename a meeting; calendars learn it by its rising sequence, under the same key."""
    training, before = meeting.training, {name: getattr(meeting, name) for name in TOLD}
    starts_at, ends_at = _moments(training, on, begins, ends)
    was = _told(training, meeting)
    for name, value in (facts | {"starts_at": starts_at, "ends_at": ends_at}).items():
        setattr(meeting, name, value)
    if before == {name: getattr(meeting, name) for name in TOLD}:
        return
    meeting.sequence += 1
    _keep(meeting)
    said = _("Changed the meeting %(before)s to %(after)s.", before=was, after=_told(training, meeting))
    audit.record(actor, "changed", meeting, said)


def call_off(*, actor: Viewer, meeting: Meeting) -> None:
    """A meeting that will not be; it stays in the timetable as called off, so that calendars learn it."""
    if meeting.called_off_at is not None:
        return
    if any(one.was_there for one in queries.attendance_of([meeting]).values()):
        raise DomainError(_("Somebody was there, so this meeting was held."))
    meeting.called_off_at, meeting.sequence = now(), meeting.sequence + 1
    said = _("Called off the meeting %(what)s.", what=_told(meeting.training, meeting))
    audit.record(actor, "called off", meeting, said)


def days_begun(training: TeacherTraining) -> list[date]:
    """The days of which attendance can be recorded by now, in the training's zone."""
    begun = [one for one in queries.list_meetings(training) if one.starts_at <= now()]
    return _days([one for one in begun if one.called_off_at is None], queries.zone_of_training(training))


def _days(meetings: list[Meeting], zone: str) -> list[date]:
    return list(dict.fromkeys(one.starts_at.astimezone(ZoneInfo(zone)).date() for one in meetings))


def meetings_on(training: TeacherTraining, day: date) -> list[Meeting]:
    """The meetings of a day in the training's zone. Raises DomainError where there is none to attend."""
    zone = queries.zone_of_training(training)
    held = [one for one in queries.list_meetings(training) if one.called_off_at is None]
    found = [one for one in held if one.is_on(day, zone)]
    if not found:
        raise DomainError(_no_meeting(day, _days(held, zone)), "day")
    if found[0].starts_at > now():
        raise DomainError(
            _("The first meeting of %(day)s begins at %(at)s. Record who was there afterwards.")
            % {"day": written(day), "at": clock_in(zone, found[0].starts_at)},
            "day",
        )
    return found


def _no_meeting(day: date, days: list[date]) -> str:
    if not days:
        return str(_("There is no meeting on %(day)s: this training has no timetable yet.", day=written(day)))
    return str(
        _(
            "There is no meeting on %(day)s. The meetings are on %(days)s.",
            day=written(day),
            days=", ".join(written(one) for one in days),
        )
    )


def record_attendance(
    *, actor: Viewer, training: TeacherTraining, day: date, there: Mapping[tuple[int, int], bool]
) -> int:
    """Keep who was in the meetings of a day (by participant and meeting); returns how many entries changed.

    Raises DomainError for a day without a meeting, and for one that has not begun.
    """
    meetings = {one.id for one in meetings_on(training, day)}
    people = {one.id for one in queries.list_participants(OFFICE, training)}
    known = queries.attendance_of(meetings_on(training, day))
    changed = 0
    for (participant_id, meeting_id), was_there in there.items():
        if meeting_id not in meetings or participant_id not in people:
            continue
        entry = known.get((participant_id, meeting_id))
        if entry is None:
            entry = MeetingAttendance(participant_id=participant_id, meeting_id=meeting_id)
            entry.training_id = training.id
            db.session.add(entry)
        elif entry.was_there == was_there:
            continue
        entry.was_there, changed = was_there, changed + 1
    if changed:
        said = ngettext(
            "Recorded the attendance of %(day)s: %(num)s entry.",
            "Recorded the attendance of %(day)s: %(num)s entries.",
            changed,
            day=written(day),
        )
        audit.record(actor, "recorded", training, said)
    return changed


def _moments(training: TeacherTraining, on: date, begins: time, ends: time) -> tuple[datetime, datetime]:
    if not training.starts_on <= on <= training.ends_on:
        raise DomainError(
            _(
                "The training is on %(period)s. Choose one of its days.",
                period=period(training.starts_on, training.ends_on),
            ),
            "on",
        )
    if ends <= begins:
        raise DomainError(_("It ends before it begins. Correct one of the hours."), "ends")
    zone = ZoneInfo(queries.zone_of_training(training))
    return datetime.combine(on, begins, zone), datetime.combine(on, ends, zone)


def _keep(meeting: Meeting) -> None:
    try:
        with db.session.begin_nested():
            db.session.add(meeting)
    except IntegrityError as error:
        raise DomainError(_("This meeting is in the timetable already."), "title") from error


def _told(training: TeacherTraining, meeting: Meeting) -> str:
    return f"{meeting.title}, {clock_in(queries.zone_of_training(training), meeting.starts_at)}"
