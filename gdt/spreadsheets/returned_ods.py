"""The same .ods spreadsheet with the refused rows only: emptied and hidden where rows were kept."""

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from gdt.spreadsheets.limits import Unreadable
from gdt.spreadsheets.returned_rows import Complaint, Request

_MOST: Final = 200 * 1024 * 1024
_TABLE: Final = re.compile(r"<table:table\b[^>]*>.*?</table:table>", re.DOTALL)
_ROW: Final = re.compile(r"<table:table-row\b([^>]*?)(?:/>|>(.*?)</table:table-row>)", re.DOTALL)
_CELL: Final = re.compile(
    r"<table:(covered-)?table-cell\b([^>]*?)(?:/>|>(.*?)</table:(?:covered-)?table-cell>)", re.DOTALL
)
_ROWS: Final = re.compile(r'\stable:number-rows-repeated="(\d{1,7})"')
_COLUMNS: Final = re.compile(r'\stable:number-columns-repeated="(\d{1,5})"')
_SPAN: Final = re.compile(r'\stable:number-(rows|columns)-spanned="(\d{1,7})"')
_HIDDEN: Final = re.compile(r'\stable:visibility="[^"]*"')
_STYLE: Final = re.compile(r'\stable:style-name="([^"]*)"')
_ROOT: Final = "<office:document-content "
_NAMES: Final = {
    "fo": "urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0",
    "style": "urn:oasis:names:tc:opendocument:xmlns:style:1.0",
}
_NO_STYLES: Final = "<office:automatic-styles/>"
_STYLES_END: Final = "</office:automatic-styles>"
_BACKGROUND: Final = '<style:table-cell-properties fo:background-color="#ffe08a"{more}/>'
_UNWRITABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_MACROS: Final = re.compile(r"(?:Basic|Scripts)/")
_MACRO_ENTRIES: Final = re.compile(rb'<manifest:file-entry\b[^>]*full-path="(?:Basic|Scripts)/[^>]*/>')
_EMPTY_CELL: Final = "<table:table-cell/>"
_MANIFEST: Final = "META-INF/manifest.xml"


def returned_ods(data: bytes, index: int, request: Request) -> bytes:
    """Return the spreadsheet `data` with only the rows of `request` in its sheet `index`, marked, explained.

    Nothing moves, and macros do not travel. `Unreadable("unusual")` if it is not written as LibreOffice
    writes it.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if sum(one.file_size for one in archive.infolist()) > _MOST:
            raise Unreadable("unpacks_too_far")
        parts = {one.filename: archive.read(one) for one in archive.infolist() if not one.is_dir()}
    content = _prepared(parts["content.xml"].decode("utf-8"))
    tables = list(_TABLE.finditer(content))
    is_nested = content.count("<table:table ") != len(tables)
    if index >= len(tables) or is_nested or _STYLES_END not in content:
        raise Unreadable("unusual")
    editor = _Editor(request, content)
    edited = editor.table(tables[index][0])
    content = content[: tables[index].start()] + edited + content[tables[index].end() :]
    parts["content.xml"] = content.replace(_STYLES_END, editor.new_styles() + _STYLES_END, 1).encode()
    if _MANIFEST in parts:
        parts[_MANIFEST] = _MACRO_ENTRIES.sub(b"", parts[_MANIFEST])
    return _archive({name: part for name, part in parts.items() if not _MACROS.match(name)})


def _prepared(content: str) -> str:
    """Return the content with room for styles and the names that they are written with."""
    content = content.replace(_NO_STYLES, _NO_STYLES[:-2] + ">" + _STYLES_END, 1)
    for prefix, name in _NAMES.items():
        if f"xmlns:{prefix}=" not in content:
            content = content.replace(_ROOT, f'{_ROOT}xmlns:{prefix}="{name}" ', 1)
    return content


def _archive(parts: dict[str, bytes]) -> bytes:
    """Return the archive; its kind stands first and is not compressed, so that programs know it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in sorted(parts, key=lambda name: name != "mimetype"):
            kind = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            archive.writestr(zipfile.ZipInfo(name), parts[name], kind)
    return out.getvalue()


class _Editor:
    """Edits the rows of one sheet, and remembers the marked styles it needed."""

    def __init__(self, request: Request, content: str) -> None:
        self.request, self.content = request, content
        self.styles: dict[str, str] = {}
        self.merged: dict[int, dict[int, str]] = {}
        self.line = 0
        self.seen: set[int] = set()

    def table(self, table: str) -> str:
        """Return a table as it is handed back."""
        self.line = 0
        for found in _ROW.finditer(table):
            self._take_apart(found)
        self.line = 0
        edited = _ROW.sub(lambda found: "".join(self._lines(found)), table)
        if self.request.rows.keys() - self.seen:
            raise Unreadable("unusual")
        return edited

    def _take_apart(self, found: re.Match[str]) -> None:
        """Keep what is merged down from a row that goes to rows that stay."""
        first = self.line + 1
        self.line += _count(_ROWS, found[1])
        stays = first in self.request.rows or first <= self.request.last_header_line
        if stays or "number-rows-spanned" not in found[0]:
            return
        for column, cell in enumerate(_cells(found[2] or "")):
            down = next((int(span[2]) for span in _SPAN.finditer(cell) if span[1] == "rows"), 1)
            for line in self.request.rows if down > 1 else ():
                if first < line < first + down:
                    self.merged.setdefault(line, {})[column] = _SPAN.sub("", cell)

    def _lines(self, found: re.Match[str]) -> Iterator[str]:
        first, count = self.line + 1, _count(_ROWS, found[1])
        self.line += count
        attributes = _ROWS.sub("", found[1])
        if "<text:p" not in found[0] and "office:value" not in found[0]:
            yield found[0]
            return
        emptied = 0
        for line in range(first, first + count):
            if line not in self.request.rows and line > self.request.last_header_line:
                emptied += 1
                continue
            yield _hidden(emptied)
            emptied = 0
            yield self._row(line, attributes, found[2] or "")
        yield _hidden(emptied)

    def _row(self, line: int, attributes: str, content: str) -> str:
        complaint = self.request.rows.get(line)
        if complaint is None and line != self.request.header_line:
            return f"<table:table-row{attributes}>{content}</table:table-row>"
        cells = _cells(content)
        cells += [_EMPTY_CELL] * (self.request.column + 1 - len(cells))
        if complaint:
            self.seen.add(line)
            attributes = _HIDDEN.sub("", attributes)
            self._mark(cells, line, complaint)
        said = complaint.reason if complaint else self.request.title
        cells[self.request.column] = (
            f'<table:table-cell table:style-name="{self._marked("")}" office:value-type="string">'
            f"<text:p>{_escaped(said)}</text:p></table:table-cell>"
        )
        return f"<table:table-row{attributes}>{''.join(cells)}</table:table-row>"

    def _mark(self, cells: list[str], line: int, complaint: Complaint) -> None:
        for column, cell in self.merged.get(line, {}).items():
            cells[column] = cell
        for column, reason in complaint.cells:
            note = f"<office:annotation><text:p>{_escaped(reason)}</text:p></office:annotation>"
            found = _CELL.fullmatch(cells[column])
            if found:
                style = _STYLE.search(found[2])
                name = self._marked(style[1] if style else "")
                attributes = f' table:style-name="{name}"' + _STYLE.sub("", found[2])
                inside = note + (found[3] or "")
                cells[column] = f"<table:table-cell{attributes}>{inside}</table:table-cell>"

    def _marked(self, style: str) -> str:
        """Return the name of the style that is `style` with the mark behind it."""
        if style not in self.styles:
            name = f"gdt{len(self.styles)}"
            self.styles[style] = name
        return self.styles[style]

    def new_styles(self) -> str:
        """Return the marked styles; each is its origin with another background."""
        return "".join(self._new_style(style, name) for style, name in self.styles.items())

    def _new_style(self, style: str, name: str) -> str:
        start = f'<style:style style:name="{style}" style:family="table-cell"'
        at = self.content.find(start) if style else -1
        if at < 0:
            parent = f" style:parent-style-name={quoteattr(style)}" if style else ""
            wrap = "" if style else ' fo:wrap-option="wrap"'
            return (
                f'<style:style style:name="{name}" style:family="table-cell"{parent}>'
                f"{_BACKGROUND.format(more=wrap)}</style:style>"
            )
        head = self.content[at : self.content.index(">", at)].removesuffix("/")
        # The other properties of a cell's own style (borders, alignment) come along with its text ones.
        end = self.content.find("</style:style>", at)
        inside = (
            ""
            if self.content[self.content.index(">", at) - 1] == "/"
            else self.content[self.content.index(">", at) + 1 : end]
        )
        inside = re.sub(r'\sfo:background-color="[^"]*"', "", inside)
        plain = re.sub(
            r"<style:table-cell-properties\b",
            '<style:table-cell-properties fo:background-color="#ffe08a"',
            inside,
        )
        inside = plain if plain != inside else _BACKGROUND.format(more="") + inside
        return head.replace(f'style:name="{style}"', f'style:name="{name}"', 1) + f">{inside}</style:style>"


def _cells(content: str) -> list[str]:
    """Return the cells of a row one by one, without the empty ones at its end."""
    cells: list[str] = []
    for found in _CELL.finditer(content):
        count = _count(_COLUMNS, found[2])
        if found[3] is None and "office:value" not in found[2] and count > 300:
            break
        cells += [_COLUMNS.sub("", found[0])] * min(count, 1024)
    return cells


def _count(pattern: re.Pattern[str], attributes: str) -> int:
    found = pattern.search(attributes)
    return int(found[1]) if found else 1


def _hidden(count: int) -> str:
    if not count:
        return ""
    return (
        f'<table:table-row table:visibility="collapse" table:number-rows-repeated="{count}">'
        f"{_EMPTY_CELL}</table:table-row>"
    )


def _escaped(text: str) -> str:
    return escape(_UNWRITABLE.sub("\ufffd", text))
