"""The styles of an .xlsx workbook, and beside each that is needed the same one with a mark."""

import re
from typing import Final

from gdt.spreadsheets.limits import Unreadable

_FILLS: Final = re.compile(rb"<fills\b[^>]*>(.*?)</fills>", re.DOTALL)
_FILL: Final = re.compile(rb"<fill\b[^>]*?(?:/>|>.*?</fill>)", re.DOTALL)
_FORMATS: Final = re.compile(rb"<cellXfs\b[^>]*>(.*?)</cellXfs>", re.DOTALL)
_FORMAT: Final = re.compile(rb"<xf\b[^>]*?/>|<xf\b[^>]*?>.*?</xf>", re.DOTALL)
_OLD_FILL: Final = re.compile(rb'\s(?:fillId|applyFill)="[^"]*"')
_MARK: Final = (
    b'<fill><patternFill patternType="solid"><fgColor rgb="FFFFE08A"/><bgColor indexed="64"/>'
    b"</patternFill></fill>"
)
_WRAPPED: Final = b'<alignment vertical="top" wrapText="1"/>'


class MarkedStyles:
    """Gives out the numbers of marked styles; `content` is the part with all of them in it."""

    def __init__(self, content: bytes) -> None:
        fills, formats = _FILLS.search(content), _FORMATS.search(content)
        if not (fills and formats):
            raise Unreadable("unusual")
        self._content, self._fills, self._formats = content, fills, formats
        self._fill_count = len(_FILL.findall(fills[1]))
        self._known = [found[0] for found in _FORMAT.finditer(formats[1])]
        self._added: list[bytes] = []
        self._numbers: dict[int | None, int] = {}

    def marked(self, style: int) -> int:
        """Return the number of the style that is `style` with the mark behind it."""
        if style not in self._numbers:
            source = self._known[style] if style < len(self._known) else b'<xf numFmtId="0" fontId="0"/>'
            head = b'<xf fillId="%d" applyFill="1"' % self._fill_count
            self._numbers[style] = self._add(_OLD_FILL.sub(b"", source).replace(b"<xf", head, 1))
        return self._numbers[style]

    def reason(self) -> int:
        """Return the number of the style for a reason: marked, and as many lines as it needs."""
        if None not in self._numbers:
            self._numbers[None] = self._add(
                b'<xf numFmtId="49" fontId="0" borderId="0" fillId="%d" applyFill="1" applyAlignment="1">'
                b"%b</xf>" % (self._fill_count, _WRAPPED)
            )
        return self._numbers[None]

    def _add(self, style: bytes) -> int:
        self._added.append(style)
        return len(self._known) + len(self._added) - 1

    def content(self) -> bytes:
        """Return the part with the marked styles behind those it had."""
        fills = b'<fills count="%d">%b%b</fills>' % (self._fill_count + 1, self._fills[1], _MARK)
        count = len(self._known) + len(self._added)
        formats = b'<cellXfs count="%d">%b%b</cellXfs>' % (count, self._formats[1], b"".join(self._added))
        return self._content.replace(self._fills[0], fills, 1).replace(self._formats[0], formats, 1)
