"""The guard before an .xlsx file is read: it measures everything, then hands on a clean copy."""

import io
import re
import xml.parsers.expat
import zipfile
import zlib
from abc import ABC, abstractmethod
from typing import Final

from flask_babel import gettext as _

from gdt.sheet_limits import (
    MAX_AREA,
    MAX_COLUMNS,
    MAX_MEMBERS,
    MAX_RATIO,
    MAX_REACH_ROW,
    MAX_TEXT,
    MAX_UNPACKED_BYTES,
    Refused,
)

_RATIO_FROM: Final = 1024 * 1024
_CELL: Final = re.compile(r"([A-Za-z]{1,7})([0-9]{1,9})\Z")
# A sheet in which every cell element is an _ORDINARY one lies within columns A to ZZ, rows 1 to 999999.
_ANY_CELL: Final = re.compile(rb"<(?:[^\s<>/!?]+:)?c[\s/>]")
_ORDINARY: Final = re.compile(rb'<c r="[A-Z]{1,2}[1-9][0-9]{0,5}"')
_FAR: Final = re.compile(rb'<c r="(?:[A-Z]{2}|[A-Z][3-9][0-9]{5})')
_UNIQUE: Final = re.compile(rb"uniqueCount\s*=\s*[\"']([^\"']*)")
_SHARED: Final = re.compile(rb"<(?:[^\s<>/]+:)?sst\b")
_SHARED_ITEM: Final = re.compile(rb"<(?:[^\s<>/]+:)?si\b")


def clean_copy(data: bytes) -> bytes:
    """Return an archive with only the XML of the workbook `data`, each byte of it measured.

    What is measured is what is read: no second reading of the original archive can differ. `Refused`
    if it is broken, unpacks too far, or a sheet reaches too far or repeats too much text.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _copy(archive)
    except (zipfile.BadZipFile, zlib.error, xml.parsers.expat.ExpatError) as error:
        raise _broken() from error
    except (EOFError, RuntimeError, ValueError, LookupError, OSError) as error:
        raise _broken() from error


def _broken() -> Refused:
    return Refused(
        _(
            "This workbook is damaged. Open it in your spreadsheet program, save it again and "
            "upload that file."
        )
    )


def _too_large() -> Refused:
    return Refused(
        _(
            "This workbook unpacks to more than can be read here. Keep only the table, without "
            "pictures and other sheets, save it as .xlsx and upload it again."
        )
    )


def _copy(archive: zipfile.ZipFile) -> bytes:
    if len(archive.infolist()) > MAX_MEMBERS:
        raise _too_large()
    parts = [
        part for part in archive.NameToInfo.values() if part.filename.lower().endswith((".xml", ".rels"))
    ]
    unpacked = sum(part.file_size for part in parts)
    packed = sum(part.compress_size for part in parts)
    if unpacked > MAX_UNPACKED_BYTES or (unpacked > _RATIO_FROM and unpacked > packed * MAX_RATIO):
        raise _too_large()
    copy, sheets, strings = io.BytesIO(), [], b""
    with zipfile.ZipFile(copy, "w", zipfile.ZIP_STORED) as target:
        for part in parts:
            content = archive.read(part)
            if b"\0" in content or _promises_too_much(content):
                raise _broken()
            if b"sheetData" in content:
                sheets.append(content)
            if _SHARED.search(content):
                strings += content
            target.writestr(zipfile.ZipInfo(part.filename), content)
    _measure(sheets, strings)
    return copy.getvalue()


def _promises_too_much(content: bytes) -> bool:
    """Tell whether a part names more texts than it has bytes; a reader makes room for all of them at once."""
    return any(not count.isdigit() or int(count) > len(content) for count in _UNIQUE.findall(content))


def _measure(sheets: list[bytes], strings: bytes) -> None:
    """Refuse sheets that reach too far, or that repeat long shared texts until memory ends."""
    lengths = [len(item) for item in _SHARED_ITEM.split(strings)[1:]] or [len(strings)]
    if b"<!" in strings:
        raise _broken()
    longest = max(lengths)
    for content in sheets:
        cells = _count_if_ordinary(content)
        if cells is not None and cells * longest <= MAX_TEXT:
            continue
        reach = _Reach()
        reach.parse(content)
        if reach.references * longest > MAX_TEXT:
            _TextLength(lengths).parse(content)


def _count_if_ordinary(content: bytes) -> int | None:
    """Return the number of cells of a sheet that plainly stays within A1 to Z299999, None of any other.

    This answers for nearly every honest file five times faster than the walk over its elements.
    """
    cells = len(_ANY_CELL.findall(content))
    is_ordinary = b"<!" not in content and len(_ORDINARY.findall(content)) == cells
    return cells if is_ordinary and not _FAR.search(content) else None


class _Sheet(ABC):
    """A walk over one sheet: its position follows the cells as a reader of the sheet follows them."""

    def __init__(self) -> None:
        self.row = self.column = 0
        self.is_reference = False
        self.parser = xml.parsers.expat.ParserCreate()
        self.parser.StartElementHandler = self.start
        self.parser.StartDoctypeDeclHandler = self.refuse_doctype

    def parse(self, content: bytes) -> None:
        self.parser.Parse(content, True)

    def refuse_doctype(self, *_: object) -> None:
        raise _broken()

    def start(self, name: str, attributes: dict[str, str]) -> None:
        tag = name if ":" not in name else name.rpartition(":")[2]
        if tag == "c":
            self.is_reference = attributes.get("t") == "s"
            self.column += 1
            if "r" in attributes:
                self.row, self.column = _position(attributes["r"])
        elif tag == "row":
            self.row, self.column = int(attributes.get("r", self.row + 1)), 0
        elif tag in {"v", "is"}:
            self.value()

    @abstractmethod
    def value(self) -> None:
        """Notice that a cell has a value."""


class _Reach(_Sheet):
    """How far the filled cells of a sheet reach, and how many point at a shared text."""

    def __init__(self) -> None:
        super().__init__()
        self.last_row = self.last_column = self.references = 0

    def value(self) -> None:
        self.references += self.is_reference
        if self.row <= self.last_row and self.column <= self.last_column:
            return
        self.last_row = max(self.last_row, self.row)
        self.last_column = max(self.last_column, self.column)
        is_far = self.last_row > MAX_REACH_ROW or self.last_column > MAX_COLUMNS
        if is_far or self.last_row * self.last_column > MAX_AREA:
            raise Refused(
                _(
                    "A sheet has a filled cell far outside its table (row %(row)s, column %(column)s). "
                    "Copy only the table into a new workbook, save it as .xlsx and upload it again.",
                    row=f"{self.row:,}",
                    column=f"{self.column:,}",
                )
            )


class _TextLength(_Sheet):
    """How much text the cells of a sheet hold once their shared texts stand in them."""

    def __init__(self, lengths: list[int]) -> None:
        super().__init__()
        self.lengths, self.longest, self.total = lengths, max(lengths), 0
        self.digits: list[str] = []
        self.parser.CharacterDataHandler = self.digits.append
        self.parser.EndElementHandler = self.end

    def value(self) -> None:
        self.digits.clear()

    def end(self, name: str) -> None:
        if not self.is_reference or name.rpartition(":")[2] != "v":
            return
        index = int("".join(self.digits))
        self.total += self.lengths[index] if 0 <= index < len(self.lengths) else self.longest
        if self.total > MAX_TEXT:
            raise _too_large()


def _position(reference: str) -> tuple[int, int]:
    found = _CELL.match(reference)
    if not found:
        raise _broken()
    column = 0
    for letter in found[1].upper():
        column = column * 26 + ord(letter) - 64
    return int(found[2]), column
