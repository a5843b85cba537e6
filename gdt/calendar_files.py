"""Events as a calendar file that clients subscribe to or open (RFC 5545): whole days, and hours of a day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

LINE = 75  # octets of a content line before it is folded (section 3.1)


@dataclass(frozen=True)
class DayEvent:
    """Something on a day. `key` names it for ever, so that a changed day moves it instead of doubling it."""

    key: str
    day: date
    summary: str
    description: str
    url: str

    def lines(self) -> list[str]:
        """What is told of it alone; a day belongs to no zone."""
        return [
            f"DTSTART;VALUE=DATE:{self.day:%Y%m%d}",
            f"DTEND;VALUE=DATE:{self.day + timedelta(days=1):%Y%m%d}",
            "TRANSP:TRANSPARENT",
        ]


@dataclass(frozen=True)
class TimedEvent:
    """Something between two moments, which each client shows in its own zone.

    `sequence` rises with each change of time or place (section 3.8.7.4), so that clients take the later one
    for the truth; one that is called off stays in the file, as such, or it would stay in calendars for ever.
    """

    key: str
    starts_at: datetime
    ends_at: datetime
    summary: str
    description: str
    url: str
    place: str = ""
    sequence: int = 0
    is_called_off: bool = False

    def lines(self) -> list[str]:
        """What is told of it alone, in UTC: right in every zone, and no zone needs describing."""
        return [
            f"DTSTART:{_moment(self.starts_at)}",
            f"DTEND:{_moment(self.ends_at)}",
            f"SEQUENCE:{self.sequence}",
            f"STATUS:{'CANCELLED' if self.is_called_off else 'CONFIRMED'}",
            *([f"LOCATION:{_escaped(self.place)}"] if self.place else []),
        ]


def calendar_file(
    name: str,
    host: str,
    events: Iterable[DayEvent | TimedEvent],
    made_at: datetime,
    *,
    maker: str = "Renewals",
) -> bytes:
    """The file in UTF-8 with CRLF line ends; `host` completes the key of each event."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:-//GDT Network//{maker}//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_escaped(name)}",
    ]
    for event in events:
        lines += _lines_of(event, host, _moment(made_at))
    return "".join(f"{_folded(line)}\r\n" for line in [*lines, "END:VCALENDAR"]).encode()


def _lines_of(event: DayEvent | TimedEvent, host: str, stamp: str) -> list[str]:
    return [
        "BEGIN:VEVENT",
        f"UID:{event.key}@{host}",
        f"DTSTAMP:{stamp}",
        *event.lines(),
        f"SUMMARY:{_escaped(event.summary)}",
        *([f"DESCRIPTION:{_escaped(event.description)}"] if event.description else []),
        *([f"URL:{event.url}"] if event.url else []),
        "END:VEVENT",
    ]


def _moment(value: datetime) -> str:
    return f"{value.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _escaped(text: str) -> str:
    """Text as section 3.3.11 writes it."""
    for sign in ("\\", ";", ","):
        text = text.replace(sign, f"\\{sign}")
    return text.replace("\r\n", "\\n").replace("\n", "\\n")


def _folded(line: str) -> str:
    """The line broken into pieces of at most 75 octets, never inside a character."""
    pieces: list[str] = []
    piece = ""
    for character in line:
        if len((piece + character).encode()) > LINE - (1 if pieces else 0):
            pieces.append(piece)
            piece = ""
        piece += character
    return "\r\n ".join([*pieces, piece])
