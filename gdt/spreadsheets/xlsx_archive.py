"""The guard before an .xlsx file is read: it measures everything, then hands on a clean copy."""

import io
import re
import xml.parsers.expat
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO, Final

from gdt.spreadsheets.limits import MAX_MEMBERS, MAX_RATIO, MAX_TEXT, MAX_UNPACKED_BYTES, Unreadable
from gdt.spreadsheets.measured import Measured
from gdt.spreadsheets.sheet_xml import SheetScan, SheetWalk, TextWalk
from gdt.spreadsheets.workbook_xml import Workbook, shared_lengths, styles_shown, workbook_of

_RATIO_FROM: Final = 1024 * 1024
_PIECE: Final = 256 * 1024
_LONGEST_TAG: Final = 4 * 1024 * 1024
_VALUE: Final = re.compile(rb"<v>(\d{1,9})(?![\d.])")
WORKBOOK_PART: Final = "xl/workbook.xml"


@contextmanager
def damage_named() -> Iterator[None]:
    """Turn what a broken archive or broken XML raises into `Unreadable`."""
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, xml.parsers.expat.ExpatError) as error:
        raise Unreadable("damaged") from error
    except (EOFError, RuntimeError, ValueError, LookupError, OSError) as error:
        raise Unreadable("damaged") from error


def clean_copy(data: bytes, target: IO[bytes]) -> Measured:
    """Write to `target` an archive with only the XML of the workbook `data`, each byte of it measured.

    What is measured is what is read: no second reading of the original archive can differ. Memory stays
    flat. `Unreadable` if it is broken, unpacks too far, or a sheet reaches too far or repeats much text.
    """
    with damage_named(), zipfile.ZipFile(io.BytesIO(data)) as archive:
        return _Guard(archive).copy(target)


def xml_parts(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """Return the XML members of an archive; `Unreadable` if they are too many or unpack too far."""
    if len(archive.infolist()) > MAX_MEMBERS:
        raise Unreadable("unpacks_too_far")
    parts = [one for one in archive.NameToInfo.values() if one.filename.lower().endswith((".xml", ".rels"))]
    unpacked = sum(part.file_size for part in parts)
    packed = sum(part.compress_size for part in parts)
    if unpacked > MAX_UNPACKED_BYTES or (unpacked > _RATIO_FROM and unpacked > packed * MAX_RATIO):
        raise Unreadable("unpacks_too_far")
    return parts


def pieces(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield the content of a part in pieces that end where a tag ends or a text does."""
    rest = b""
    with archive.open(part) as source:
        while chunk := source.read(_PIECE):
            if b"\0" in chunk:
                raise Unreadable("damaged")
            rest += chunk
            cut = rest.rfind(b"<")
            if cut > 0:
                yield rest[:cut]
                rest = rest[cut:]
            elif len(rest) > _LONGEST_TAG:
                raise Unreadable("unpacks_too_far")
    yield rest


class _Guard:
    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        self.parts = {part.filename.lower(): part for part in xml_parts(archive)}
        self.scans: dict[str, SheetScan] = {}
        self.lengths: list[int] = []
        self.shown: dict[int, str] = {}

    def copy(self, target: IO[bytes]) -> Measured:
        styles = self._named("xl/styles.xml")
        self.shown = styles_shown(self._pieces(styles)) if styles else {}
        measured = Measured(sum(part.file_size for part in self.parts.values()))
        with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as copy:
            for name, part in self.parts.items():
                self._copy_part(copy, name, part)
        for name, scan in self.scans.items():
            measured.cells += self._measure(name, scan)
        book, empty = self._workbook(), SheetScan({})
        measured.is_1904 = book.is_1904
        for sheet in book.sheets:
            name = sheet.part.lower()
            measured.marks.append(self.scans.get(name, empty).marks)
            measured.parts.append(self.parts[name].filename if name in self.parts else "")
        return measured

    def _named(self, name: str) -> zipfile.ZipInfo | None:
        return self.parts.get(name)

    def _pieces(self, part: zipfile.ZipInfo) -> Iterator[bytes]:
        return pieces(self.archive, part)

    def _workbook(self) -> Workbook:
        book, links = self._named(WORKBOOK_PART), self._named("xl/_rels/workbook.xml.rels")
        if not (book and links):
            raise Unreadable("damaged")
        return workbook_of(self._pieces(book), self._pieces(links))

    def _copy_part(self, copy: zipfile.ZipFile, name: str, part: zipfile.ZipInfo) -> None:
        scan = SheetScan(self.shown) if "/worksheets/" in name and name.endswith(".xml") else None
        feeds: list[Callable[[bytes], None]] = [scan.feed] if scan else []
        is_shared = "sharedstrings" in name
        with copy.open(zipfile.ZipInfo(part.filename), "w") as out:
            for piece in shared_lengths(self._pieces(part), self.lengths, is_shared=is_shared):
                out.write(piece)
                for feed in feeds:
                    feed(piece)
        if scan:
            self.scans[name] = scan

    def _text_at_most(self, name: str) -> int:
        """Return how much text a sheet can hold, each of its numbers taken for that of a shared text."""
        total, lengths = 0, self.lengths
        for piece in self._pieces(self.parts[name]):
            numbers = map(int, _VALUE.findall(piece))
            total += sum(lengths[number] for number in numbers if number < len(lengths))
        return total

    def _measure(self, name: str, scan: SheetScan) -> int:
        """Refuse a sheet that reaches too far, or repeats long shared texts until memory ends."""
        longest = max(self.lengths, default=0)
        if scan.is_ordinary and scan.cells * longest <= MAX_TEXT:
            return scan.cells
        if scan.is_ordinary and self._text_at_most(name) <= MAX_TEXT:
            return scan.cells
        walk = SheetWalk(self.shown)
        walk.parse(self._pieces(self.parts[name]))
        if not scan.is_ordinary:
            scan.marks = walk.marks
        if walk.references * longest > MAX_TEXT:
            TextWalk(self.lengths).parse(self._pieces(self.parts[name]))
        return max(walk.cells, scan.cells)
