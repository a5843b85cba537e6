"""The same .xlsx workbook with the refused rows only: its parts are edited where they stand.

Rows that were kept are emptied and hidden, not moved: whatever points at a row (formats, charts, names,
validations, other sheets) still points at the right one, and a line keeps its number.
"""

import io
import re
import zipfile
from typing import Final

from gdt.spreadsheets.limits import Unreadable
from gdt.spreadsheets.returned_notes import note_parts, notes_of
from gdt.spreadsheets.returned_rows import Request
from gdt.spreadsheets.returned_sheet import SheetEditor, edited_sheet
from gdt.spreadsheets.returned_styles import MarkedStyles

_MOST: Final = 200 * 1024 * 1024
_VALUE: Final = re.compile(rb'<c\b[^>]*\bt="s"[^>]*><v>(\d+)</v>')
_ITEM: Final = re.compile(rb"<si\b[^>]*?(?:/>|>.*?</si>)", re.DOTALL)
_TYPES, _RELATIONS, _STRINGS, _STYLES = (
    "[Content_Types].xml",
    "xl/_rels/workbook.xml.rels",
    "xl/sharedStrings.xml",
    "xl/styles.xml",
)
_MACRO_TYPE: Final = b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"
_PLAIN_TYPE: Final = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_DROPPED: Final = re.compile(r"xl/(?:calcChain\.xml|vbaProject\w*\.bin|_rels/vbaProject\.bin\.rels)\Z")
_DROPPED_LINES: Final = re.compile(
    rb'<(?:Override|Relationship)\b[^>]*(?:calcChain|vbaProject)[^>]*/>|<Default Extension="bin"'
    rb"[^>]*vbaProject[^>]*/>"
)


def returned_xlsx(data: bytes, part: str, request: Request) -> bytes:
    """Return the workbook `data` with only the rows of `request` in the sheet `part`, marked and explained.

    `Unreadable("unusual")` if it is not written as spreadsheet programs write it, so that nothing could be
    promised. Macros do not travel, and formulas in the rows handed back become their values.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if sum(one.file_size for one in archive.infolist()) > _MOST:
            raise Unreadable("unpacks_too_far")
        parts = {one.filename: archive.read(one) for one in archive.infolist() if not one.is_dir()}
    if part not in parts or _TYPES not in parts or _STYLES not in parts:
        raise Unreadable("unusual")
    styles = MarkedStyles(parts[_STYLES])
    editor = SheetEditor(request, styles)
    parts[part] = edited_sheet(parts[part], editor)
    parts[_STYLES] = styles.content()
    _explain(parts, part, request)
    parts = {name: content for name, content in parts.items() if not _DROPPED.match(name)}
    for name in (_TYPES, _RELATIONS):
        parts[name] = _DROPPED_LINES.sub(b"", parts[name]).replace(_MACRO_TYPE, _PLAIN_TYPE)
    if _STRINGS in parts:
        parts[_STRINGS] = _used_only(parts[_STRINGS], parts)
    return _archive(parts)


def _explain(parts: dict[str, bytes], part: str, request: Request) -> None:
    """Put the reason as a note at each marked cell, unless the sheet has notes of its own."""
    if b"<legacyDrawing" in parts[part]:
        return
    folder, _, name = part.rpartition("/")
    relations = f"{folder}/_rels/{name}.rels"
    added = notes_of(parts[part], parts.get(relations), parts[_TYPES], request, note_parts(parts))
    if added:
        parts[part], parts[relations], parts[_TYPES] = added.sheet, added.relations, added.types
        parts.update(added.parts)


def _used_only(strings: bytes, parts: dict[str, bytes]) -> bytes:
    """Return the shared texts without those that no sheet shows any more: they were rows that were kept."""
    used = {
        int(number)
        for name, content in parts.items()
        if name.startswith("xl/worksheets/") and name.endswith(".xml")
        for number in _VALUE.findall(content)
    }
    count = iter(range(strings.count(b"<si") + 1))
    return _ITEM.sub(lambda item: item[0] if next(count) in used else b"<si><t/></si>", strings)


def _archive(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()
