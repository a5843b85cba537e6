"""An event and its programme as a calendar file that clients open (RFC 5545), in moments of UTC."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

LINE = 75  # octets of a content line before it is folded (section 3.1)


@dataclass(frozen=True)
class Entry:
    """Something from one moment to another. `key` names it for ever, so that a moved one moves."""

    key: str
    starts_at: datetime
    ends_at: datetime
    summary: str
    description: str
    place: str
    url: str
    is_cancelled: bool = False


def calendar_file(name: str, host: str, entries: Iterable[Entry], made_at: datetime, sequence: int) -> bytes:
    """The file in UTF-8 with CRLF line ends; a higher `sequence` replaces what a client has of each key."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//GDT Network//Events//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_escaped(name)}",
    ]
    for entry in entries:
        lines += _lines_of(entry, host, made_at, sequence)
    return "".join(f"{_folded(line)}\r\n" for line in [*lines, "END:VCALENDAR"]).encode()


def _lines_of(entry: Entry, host: str, made_at: datetime, sequence: int) -> list[str]:
    return [
        "BEGIN:VEVENT",
        f"UID:{entry.key}@{host}",
        f"DTSTAMP:{_utc(made_at)}",
        f"SEQUENCE:{sequence}",
        f"STATUS:{'CANCELLED' if entry.is_cancelled else 'CONFIRMED'}",
        f"DTSTART:{_utc(entry.starts_at)}",
        f"DTEND:{_utc(entry.ends_at)}",
        f"SUMMARY:{_escaped(entry.summary)}",
        *([f"DESCRIPTION:{_escaped(entry.description)}"] if entry.description else []),
        *([f"LOCATION:{_escaped(entry.place)}"] if entry.place else []),
        f"URL:{entry.url}",
        "END:VEVENT",
    ]


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _escaped(text: str) -> str:
    """Text as section 3.3.11 writes it."""
    for sign in ("\\", ";", ","):
        text = text.replace(sign, f"\\{sign}")
    return text.replace("\r\n", "\\n").replace("\n", "\\n")


def _folded(line: str) -> str:
    """The line broken into pieces of at most 75 octets, never inside a character."""
    pieces: list[bytes] = [b""]
    for character in line:
        letters = character.encode()
        if len(pieces[-1]) + len(letters) > LINE - (1 if len(pieces) > 1 else 0):
            pieces.append(b"")
        pieces[-1] += letters
    return b"\r\n ".join(pieces).decode()
