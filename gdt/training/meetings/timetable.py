"""The timetable of a training as lines of a page in several zones, and as a calendar file."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from flask import Response, current_app

from gdt.calendar_files import TimedEvent, calendar_file
from gdt.database import now
from gdt.partners.time_zones import clock_in, hour_in
from gdt.training.meetings.models import Meeting
from gdt.training.models import TeacherTraining


@dataclass(frozen=True)
class Line:
    """A meeting as it is read in one zone, and in others."""

    meeting: Meeting
    here: str
    elsewhere: list[tuple[str, str]]


def lines_of(meetings: Sequence[Meeting], zones: Sequence[str]) -> list[Line]:
    """The timetable as read in the first zone, with the hours of the others beside it."""
    return [
        Line(one, spoken(zones[0], one.starts_at, one.ends_at), _elsewhere(one, zones)) for one in meetings
    ]


def _elsewhere(meeting: Meeting, zones: Sequence[str]) -> list[tuple[str, str]]:
    """The other zones, but for those whose clocks show the same."""
    here = clock_in(zones[0], meeting.starts_at)
    return [
        (zone, spoken(zone, meeting.starts_at, meeting.ends_at))
        for zone in zones[1:]
        if clock_in(zone, meeting.starts_at) != here
    ]


def spoken(zone: str, starts_at: datetime, ends_at: datetime) -> str:
    """Write Mon 2 Feb 2026, 14:00 – 16:00, as people of a zone read the clock."""
    return f"{clock_in(zone, starts_at)} – {hour_in(zone, ends_at)}"


def calendar_of(training: TeacherTraining, meetings: Sequence[Meeting], page: str) -> Response:
    """The timetable as a calendar file; `page` is where its events lead."""
    return calendar_of_all(training.title, meetings, page, filename=f"{training.code}.ics")


def calendar_of_all(
    name: str, meetings: Sequence[Meeting], page: str, *, filename: str = "trainings.ics"
) -> Response:
    """Meetings of one or several trainings as a calendar file; without a page its events lead nowhere."""
    base = str(current_app.config["BASE_URL"])
    host = urlsplit(base).hostname or "gdt"
    content = calendar_file(
        name,
        host,
        [_event(one, base + page if page else "") for one in meetings],
        now(),
        maker="Teacher training",
    )
    headers = {"Content-Disposition": f'attachment; filename="{filename}"'}
    return Response(content, content_type="text/calendar; charset=utf-8", headers=headers)


def _event(meeting: Meeting, url: str) -> TimedEvent:
    training = meeting.training
    return TimedEvent(
        key=f"training-meeting-{meeting.id}",
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        summary=f"{meeting.title} ({training.title})",
        description=f"{training.title}. {training.trainers}",
        url=url,
        place=meeting.place,
        sequence=meeting.sequence,
        is_called_off=meeting.called_off_at is not None,
    )
