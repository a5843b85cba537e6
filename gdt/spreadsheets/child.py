"""The process in which untrusted files are read: it knows no secrets, no network and its limits."""

import gc
import os
import resource
import sys
from collections.abc import Callable
from typing import Any, Final

from gdt.spreadsheets.frames import Readable, Writable, read_frame, write_frame
from gdt.spreadsheets.limits import MAX_BYTES, Unreadable
from gdt.spreadsheets.opened_files import Book, Room, Text, open_file

Answer = Callable[[Text | Book, dict[str, Any], Writable], None]

_MEGABYTE: Final = 1024 * 1024
_ROOM: Final = 110 * _MEGABYTE
_ROOM_AT_MOST: Final = 1536 * _MEGABYTE


def main() -> None:
    """Read the file that the parent hands over, and answer what it asks about it."""
    begin(answer)


def answer(document: Text | Book, command: dict[str, Any], answers: Writable) -> None:
    """Answer a command about the rows of a document."""
    document.answer(command, answers)


def begin(answering: Answer) -> None:
    """Serve the file behind the descriptor that is the first argument; the second is a file to write to."""
    gc.disable()
    about = read_frame(sys.stdin.buffer)
    _limit(about["seconds"])
    with os.fdopen(int(sys.argv[1]), "rb") as file:
        file.seek(0)
        data = file.read(MAX_BYTES + 1)
    with os.fdopen(int(sys.argv[2]), "w+b") as room:
        given = Room(room, allow)
        serve(answering, data, about["filename"], given, sys.stdin.buffer, sys.stdout.buffer)


def _limit(seconds: int) -> None:
    """Take what is open now and so much more: address space, seconds, written bytes."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (128 * _MEGABYTE, 128 * _MEGABYTE))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    allow(0)


def allow(more: int) -> None:
    """Allow address space for a file that was measured: `more` bytes beside the room every file has."""
    wanted = min(_address_space() + _ROOM + more, _ROOM_AT_MOST)
    resource.setrlimit(resource.RLIMIT_AS, (wanted, _ROOM_AT_MOST))


def _address_space() -> int:
    try:
        with open("/proc/self/statm", "rb") as state:  # noqa: PTH123
            return int(state.read().split()[0]) * resource.getpagesize()
    except OSError:
        return 400 * _MEGABYTE


def serve(
    answering: Answer, data: bytes, filename: str, room: Room, commands: Readable, answers: Writable
) -> None:
    """Say what the file holds, then answer each command until the parent goes."""
    try:
        document = open_file(data, filename, room)
        write_frame(answers, document.opened())
        while True:
            answering(document, read_frame(commands), answers)
    except Unreadable as reason:
        write_frame(answers, {"unreadable": [reason.code, reason.facts]})
    except MemoryError:
        write_frame(answers, {"unreadable": ["too_demanding", {}]})
    except (EOFError, BrokenPipeError):
        return
