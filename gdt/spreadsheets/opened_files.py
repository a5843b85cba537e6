"""A file as the process that reads it holds it: a text or a workbook that answers what it is asked."""

from collections.abc import Callable
from itertools import islice
from typing import IO, Any, Final, NamedTuple

from gdt.spreadsheets.csv_files import TextTable
from gdt.spreadsheets.encodings import decide_encoding
from gdt.spreadsheets.file_kinds import kind_of
from gdt.spreadsheets.frames import Writable, write_frame
from gdt.spreadsheets.limits import HEADER_WITHIN, Row
from gdt.spreadsheets.ods_file import OdsBook
from gdt.spreadsheets.portions import AT_ONCE, Portion, as_message
from gdt.spreadsheets.workbooks import CalamineBook
from gdt.spreadsheets.xls_file import measure_xls
from gdt.spreadsheets.xlsx_archive import clean_copy

_PER_CELL: Final = 130
_LONGEST_SHOWN: Final = 500


class Room(NamedTuple):
    """What reading a file may use: an empty file, and a call that allows so many bytes of memory more."""

    file: IO[bytes]
    allow: Callable[[int], None]


def open_file(data: bytes, filename: str, room: Room) -> "Text | Book":
    """Return what `data` holds, measured; `Unreadable` if it holds nothing that can be read."""
    kind = kind_of(data, filename)
    return Text(data) if kind == "text" else Book(data, kind, room)


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
    return CalamineBook(room.file, measured)


class Text:
    """A text file: one table, read in flat memory."""

    def __init__(self, data: bytes) -> None:
        encoding = decide_encoding(data)
        self.encoding = encoding.name
        self.table = TextTable(data, encoding.name, encoding.start)

    def opened(self) -> dict[str, Any]:
        """Say what the parent needs to choose how to read it."""
        return {"kind": "text", "encoding": self.encoding, "readings": self.table.readings()}

    def answer(self, command: dict[str, Any], answers: Writable) -> None:
        """Answer with all rows under the delimiter of the command."""
        for portion in self.table.portions(command["delimiter"]):
            write_frame(answers, as_message(portion))
        write_frame(answers, {"end": {}})


class Book:
    """A workbook: sheets that are shown first and then read."""

    def __init__(self, data: bytes, kind: str, room: Room) -> None:
        self.data, self.kind = data, kind
        self.book = _book(data, kind, room)

    def opened(self) -> dict[str, Any]:
        """Say what the parent needs to choose a sheet."""
        return {"kind": "book", "sheets": self.book.sheets, "is_1904": self.book.is_1904}

    def answer(self, command: dict[str, Any], answers: Writable) -> None:
        """Answer with the first rows of a sheet, or with all of them."""
        rows = self.book.sheet(command["sheet"])
        if command["ask"] == "first":
            first = [
                Row(line, [cell[:_LONGEST_SHOWN] for cell in cells])
                for line, cells in islice(rows, HEADER_WITHIN)
            ]
            merged = [one for one in rows.merged if one[0][0] < first[-1].line] if first else []
            write_frame(answers, {"rows": first, "size": rows.size(), "merged": merged[:1000]})
        else:
            left = iter(rows)
            while some := list(islice(left, AT_ONCE)):
                write_frame(answers, as_message(Portion.of(some)))
            write_frame(answers, {"end": rows.facts()})
