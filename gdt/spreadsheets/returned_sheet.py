"""One sheet of an .xlsx workbook with its good rows emptied and hidden, the refused ones marked."""

import re
from collections.abc import Callable
from typing import Final
from xml.sax.saxutils import escape

from gdt.spreadsheets.limits import Unreadable
from gdt.spreadsheets.returned_rows import Request, column_of, letters_of
from gdt.spreadsheets.returned_styles import MarkedStyles

_DATA: Final = re.compile(rb"(<sheetData\b[^>]*>)(.*)(</sheetData>)", re.DOTALL)
_ROW: Final = re.compile(rb"<row\b([^>]*?)(?:/>|>(.*?)</row>)", re.DOTALL)
_CELL: Final = re.compile(rb"<c\b([^>]*?)(?:/>|>(.*?)</c>)", re.DOTALL)
_PLACE: Final = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
_LINE: Final = re.compile(rb'\br="(\d{1,7})"')
_STYLE: Final = re.compile(rb'\ss="(\d+)"')
_NOT_SEEN: Final = re.compile(rb'\s(?:hidden|spans|collapsed)="[^"]*"')
_FORMULA: Final = re.compile(rb"<f\b[^>]*?(?:/>|>.*?</f>)", re.DOTALL)
_MERGED: Final = re.compile(rb'<mergeCell\b[^>]*ref="([A-Z]+)(\d+):([A-Z]+)(\d+)"[^>]*/>')
_MERGES: Final = re.compile(rb"<mergeCells\b[^>]*>(.*?)</mergeCells>", re.DOTALL)
_FILTERS: Final = re.compile(rb"<filterColumn\b.*?</filterColumn>|<sortState\b.*?</sortState>", re.DOTALL)
_DIMENSION: Final = re.compile(rb"<dimension\b[^>]*/>")
_COLUMNS: Final = re.compile(rb"<cols>(.*?)</cols>", re.DOTALL)
_COLUMN_MAX: Final = re.compile(rb'\bmax="(\d+)"')
_UNWRITABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_WIDTH: Final = 60


class SheetEditor:
    """Edits the rows of one sheet as a request says."""

    def __init__(self, request: Request, styles: MarkedStyles) -> None:
        self.request, self.styles = request, styles
        self.unmerged: dict[int, dict[int, bytes]] = {}

    def row(self, found: re.Match[bytes]) -> bytes:
        """Return a row as it is handed back."""
        line = int(_required(_LINE.search(found[1]))[1])
        if line in self.request.rows:
            return self._refused(line, found)
        if line == self.request.header_line:
            cells = _cells(found[2] or b"")
            cells[self.request.column] = self._said(line, self.request.title)
            return _row(found[1], cells)
        return found[0] if line <= self.request.last_header_line else b'<row r="%d" hidden="1"/>' % line

    def _refused(self, line: int, found: re.Match[bytes]) -> bytes:
        complaint = self.request.rows[line]
        cells = _cells(_FORMULA.sub(b"", found[2] or b""))
        for column, content in self.unmerged.get(line, {}).items():
            cells[column] = _PLACE.sub(b'r="%b%d"' % (letters_of(column).encode(), line), content, count=1)
        for column, _reason in complaint.cells:
            cells[column] = self._marked(cells.get(column), column, line)
        cells[self.request.column] = self._said(line, complaint.reason)
        return _row(_NOT_SEEN.sub(b"", found[1]), cells)

    def _said(self, line: int, text: str) -> bytes:
        """Return the cell of the added column."""
        place, style = f"{letters_of(self.request.column)}{line}", self.styles.reason()
        content = escape(_UNWRITABLE.sub("\ufffd", text))
        return (
            f'<c r="{place}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{content}</t></is></c>'
        ).encode()

    def _marked(self, cell: bytes | None, column: int, line: int) -> bytes:
        place = b"%b%d" % (letters_of(column).encode(), line)
        if cell is None:
            return b'<c r="%b" s="%d"/>' % (place, self.styles.marked(0))
        end = cell.index(b">")
        style = _STYLE.search(cell, 0, end)
        marked = b' s="%d"' % self.styles.marked(int(style[1]) if style else 0)
        return cell[: style.start()] + marked + cell[style.end() :] if style else b"<c" + marked + cell[2:]


def edited_sheet(content: bytes, editor: SheetEditor) -> bytes:
    """Return the XML of a sheet as it is handed back; `Unreadable` if it is not written as usual."""
    data = _required(_DATA.search(content))
    rows = {int(_required(_LINE.search(found[1]))[1]): found for found in _ROW.finditer(data[2])}
    content = _DIMENSION.sub(b"", _MERGES.sub(_unmerger(editor, rows), content))
    missing = editor.request.rows.keys() - rows.keys()
    header = editor.request.header_line
    if missing or (header and header not in rows):
        raise Unreadable("unusual")
    edited = _ROW.sub(editor.row, data[2])
    content = content.replace(data[0], data[1] + edited + data[3], 1)
    return _with_column(_FILTERS.sub(b"", content), editor.request.column + 1)


def _unmerger(editor: SheetEditor, rows: dict[int, re.Match[bytes]]) -> Callable[[re.Match[bytes]], bytes]:
    """Return what takes apart cells merged down from a row that goes to rows that stay."""
    request = editor.request

    def keep(found: re.Match[bytes]) -> bytes:
        left, top, bottom = column_of(found[1].decode()), int(found[2]), int(found[4])
        stays = top in request.rows or top <= request.last_header_line
        inside = [line for line in request.rows if top < line <= bottom]
        if stays or not inside:
            return found[0]
        first = _cells(_FORMULA.sub(b"", rows[top][2] or b"")).get(left) if top in rows else None
        for line in inside if first else ():
            editor.unmerged.setdefault(line, {})[left] = first or b""
        return b""

    def edit(found: re.Match[bytes]) -> bytes:
        kept = _MERGED.sub(keep, found[1])
        count = kept.count(b"<mergeCell")
        return b'<mergeCells count="%d">%b</mergeCells>' % (count, kept) if count else b""

    return edit


def _with_column(content: bytes, number: int) -> bytes:
    """Return a sheet in which the column `number`, from 1, is wide enough to read; it never had a width."""
    width = b'<col min="%d" max="%d" width="%d" customWidth="1"/>' % (number, number, _WIDTH)
    if found := _COLUMNS.search(content):
        last = max(map(int, _COLUMN_MAX.findall(found[1])), default=0)
        return content if last >= number else content.replace(b"</cols>", width + b"</cols>", 1)
    return content.replace(b"<sheetData", b"<cols>" + width + b"</cols><sheetData", 1)


def _cells(content: bytes) -> dict[int, bytes]:
    """Return the cells of a row by their column."""
    places = ((_required(_PLACE.search(found[1]))[1], found[0]) for found in _CELL.finditer(content))
    return {column_of(place.decode()): cell for place, cell in places}


def _row(attributes: bytes, cells: dict[int, bytes]) -> bytes:
    return b"<row%b>%b</row>" % (attributes, b"".join(cells[column] for column in sorted(cells)))


def _required(found: re.Match[bytes] | None) -> re.Match[bytes]:
    if found is None:
        raise Unreadable("unusual")
    return found
