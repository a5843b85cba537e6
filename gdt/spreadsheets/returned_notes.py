"""The reasons as notes at the cells of an .xlsx sheet: texts, and the little boxes they are shown in."""

import re
from collections.abc import Container
from typing import Final, NamedTuple
from xml.sax.saxutils import escape

from gdt.spreadsheets.returned_rows import Request, letters_of

_MOST: Final = 2000
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_NO_RELATIONS: Final = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>'
)
_LINKS: Final = (
    f'<Relationship Id="rIdGdtNotes" Type="{_OFFICE}/comments" Target="/{{comments}}"/>'
    f'<Relationship Id="rIdGdtBoxes" Type="{_OFFICE}/vmlDrawing" Target="/{{drawing}}"/>'
)
_COMMENTS_TYPE: Final = (
    '<Override PartName="/{comments}" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"/>'
)
_DRAWING_TYPE: Final = (
    b'<Default Extension="vml" ContentType="application/vnd.openxmlformats-officedocument.vmlDrawing"/>'
)
# What may stand behind a legacyDrawing in a sheet (ECMA-376 18.3.1.99).
_BEHIND: Final = re.compile(
    rb"<(?:legacyDrawingHF|drawingHF|picture|oleObjects|controls|webPublishItems|tableParts|extLst)\b|</worksheet>"
)
_ROOT: Final = re.compile(rb"<worksheet\b[^>]*>")
_BOX: Final = (
    '<v:shape id="_x0000_s{number}" type="#_x0000_t202" style="position:absolute;width:220pt;height:60pt;'
    'z-index:1;visibility:hidden" fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/>'
    '<v:textbox/><x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/>'
    "<x:AutoFill>False</x:AutoFill><x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>"
)


class Notes(NamedTuple):
    """The parts that change when notes come to a sheet, and those that come with them."""

    sheet: bytes
    relations: bytes
    types: bytes
    parts: dict[str, bytes]


def note_parts(taken: Container[str]) -> tuple[str, str]:
    """Return the names of two parts for the notes of one more sheet, that are not `taken`."""
    pairs = ((f"xl/comments_gdt{n}.xml", f"xl/drawings/vmlDrawing_gdt{n}.vml") for n in ("", *range(2, 200)))
    return next(pair for pair in pairs if not (pair[0] in taken or pair[1] in taken))


def notes_of(
    sheet: bytes, relations: bytes | None, types: bytes, request: Request, names: tuple[str, str]
) -> Notes | None:
    """Return what changes with a note at each marked cell; None if the sheet cannot take any."""
    comments, drawing = names
    cells = [
        (line, column, reason)
        for line, complaint in sorted(request.rows.items())
        for column, reason in complaint.cells
    ][:_MOST]
    root, behind = _ROOT.search(sheet), _BEHIND.search(sheet)
    relations = relations or _NO_RELATIONS
    if not (cells and root and behind and b"</Relationships>" in relations and b"</Types>" in types):
        return None
    link = f'<legacyDrawing xmlns:r="{_OFFICE}" r:id="rIdGdtBoxes"/>'.encode()
    types = types.replace(b"</Types>", _COMMENTS_TYPE.format(comments=comments).encode() + b"</Types>", 1)
    if b'Extension="vml"' not in types:
        types = re.sub(rb"(<Types\b[^>]*>)", rb"\g<1>" + _DRAWING_TYPE, types, count=1)
    links = _LINKS.format(comments=comments, drawing=drawing)
    return Notes(
        sheet[: behind.start()] + link + sheet[behind.start() :],
        relations.replace(b"</Relationships>", links.encode() + b"</Relationships>", 1),
        types,
        {comments: _comments(cells), drawing: _boxes(cells)},
    )


def _comments(cells: list[tuple[int, int, str]]) -> bytes:
    texts = "".join(
        f'<comment ref="{letters_of(column)}{line}" authorId="0"><text><t xml:space="preserve">'
        f"{escape(reason)}</t></text></comment>"
        for (line, column), reason in {(line, column): text for line, column, text in cells}.items()
    )
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<comments '
        'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><authors><author>GDT</author>'
        f"</authors><commentList>{texts}</commentList></comments>"
    ).encode()


def _boxes(cells: list[tuple[int, int, str]]) -> bytes:
    places = sorted({(line, column) for line, column, _ in cells})
    boxes = "".join(
        _BOX.format(number=70001 + count, row=line - 1, column=column)
        for count, (line, column) in enumerate(places)
    )
    return (
        '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
        'xmlns:x="urn:schemas-microsoft-com:office:excel"><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" '
        'data="68,69,70"/></o:shapelayout><v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" '
        'path="m,l,21600r21600,l21600,xe"><v:stroke joinstyle="miter"/><v:path gradientshapeok="t" '
        f'o:connecttype="rect"/></v:shapetype>{boxes}</xml>'
    ).encode()
