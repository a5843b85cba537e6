"""The process in which untrusted files are read: it knows no secrets, no network and its limits."""

import gc
import os
import resource
import sys
from collections.abc import Callable, Iterator
from itertools import islice
from typing import IO, Any, Final, NamedTuple

from gdt.spreadsheets.csv_files import TextTable
from gdt.spreadsheets.encodings import decide_encoding
from gdt.spreadsheets.file_kinds import kind_of
from gdt.spreadsheets.frames import Readable, Writable, read_frame, write_frame
from gdt.spreadsheets.limits import HEADER_WITHIN, MAX_BYTES, Row, Unreadable
from gdt.spreadsheets.ods_file import OdsBook
from gdt.spreadsheets.workbooks import CalamineBook
from gdt.spreadsheets.xls_file import measure_xls
from gdt.spreadsheets.xlsx_archive import clean_copy

_MEGABYTE: Final = 1024 * 1024
_ROOM: Final = 110 * _MEGABYTE
_ROOM_AT_MOST: Final = 1536 * _MEGABYTE
_PER_CELL: Final = 130
_AT_ONCE: Final = 400
_LONGEST_SHOWN: Final = 500


class Room(NamedTuple):
    """What reading a file may use: an empty file, and a call that allows so many bytes of memory more."""

    file: IO[bytes]
    allow: Callable[[int], None]


def main() -> None:
    """Answer the parent about the file behind the first descriptor; the second is a file to write to."""
    gc.disable()
    about = read_frame(sys.stdin.buffer)
    _limit(about["seconds"])
    with os.fdopen(int(sys.argv[1]), "rb") as file:
        file.seek(0)
        data = file.read(MAX_BYTES + 1)
    with os.fdopen(int(sys.argv[2]), "w+b") as room:
        serve(data, about["filename"], Room(room, allow), sys.stdin.buffer, sys.stdout.buffer)


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


def serve(data: bytes, filename: str, room: Room, commands: Readable, answers: Writable) -> None:
    """Say what the file holds, then answer each command until the parent goes."""
    try:
        document = _opened(data, filename, room)
        write_frame(answers, document.opened())
        while True:
            document.answer(read_frame(commands), answers)
    except Unreadable as reason:
        write_frame(answers, {"unreadable": [reason.code, reason.facts]})
    except MemoryError:
        write_frame(answers, {"unreadable": ["too_demanding", {}]})
    except (EOFError, BrokenPipeError):
        return


def _opened(data: bytes, filename: str, room: Room) -> "_Text | _Book":
    kind = kind_of(data, filename)
    return _Text(data) if kind == "text" else _Book(data, kind, room)


def _book(data: bytes, kind: str, room: Room) -> CalamineBook | OdsBook:
    if kind == "ods":
        return OdsBook(data)
    if kind == "xls":
        measured = measure_xls(data)
        room.file.write(data)
    else:
        measured = clean_copy(data, room.file)
    room.file.flush()
    room.allow(measured.unpacked + measured.cells * _PER_CELL)
    return CalamineBook(room.file, measured.marks, is_1904=measured.is_1904)


class _Text:
    """A text file: one table, read in flat memory."""

    def __init__(self, data: bytes) -> None:
        encoding = decide_encoding(data)
        self.encoding = encoding.name
        self.table = TextTable(data, encoding.name, encoding.start)

    def opened(self) -> dict[str, Any]:
        return {"kind": "text", "encoding": self.encoding, "readings": self.table.readings()}

    def answer(self, command: dict[str, Any], answers: Writable) -> None:
        _stream(self.table.rows(command["delimiter"]), answers)
        write_frame(answers, {"end": {}})


class _Book:
    """A workbook: sheets that are shown first and then read."""

    def __init__(self, data: bytes, kind: str, room: Room) -> None:
        self.book = _book(data, kind, room)

    def opened(self) -> dict[str, Any]:
        return {"kind": "book", "sheets": self.book.sheets, "is_1904": self.book.is_1904}

    def answer(self, command: dict[str, Any], answers: Writable) -> None:
        rows = self.book.sheet(command["sheet"])
        if command["ask"] == "first":
            first = [
                Row(line, [cell[:_LONGEST_SHOWN] for cell in cells])
                for line, cells in islice(rows, HEADER_WITHIN)
            ]
            merged = [one for one in rows.merged if one[0][0] < first[-1].line] if first else []
            write_frame(answers, {"rows": first, "size": rows.size(), "merged": merged[:1000]})
        else:
            _stream(iter(rows), answers)
            write_frame(answers, {"end": rows.facts()})


def _stream(rows: Iterator[Row], answers: Writable) -> None:
    while portion := list(islice(rows, _AT_ONCE)):
        write_frame(answers, {"rows": portion})
