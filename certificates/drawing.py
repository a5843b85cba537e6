"""Putting text on a page: PDF text operators for shaped text, and drawing it on a ReportLab canvas.

`draw_text` works on any ReportLab canvas and takes the canvas's fill colour. Text can be copied out of
the file as it was written: glyphs that do not stand for their letters one by one carry ActualText
(ISO 32000-1 section 14.9.4).
"""

from typing import Any

from reportlab.pdfbase.pdfdoc import PDFDocument, PDFObject
from reportlab.pdfgen.canvas import Canvas

from certificates.embedding import FontCollection, FontSubset
from certificates.pdffile import text_string
from certificates.shaping import ShapedText, Span, TextStyle, shape_text

_SHARE_LEFT = {"left": 0.0, "center": 0.5, "right": 1.0}


def text_width(text: str, style: TextStyle, size: float) -> float:
    """Return the width of one line in points. Raises UnprintableText."""
    return visible_width(shape_text(text, style)) * size


def visible_width(shaped: ShapedText) -> float:
    """Return the width in em without the tracking after the last letter."""
    return max(shaped.width - shaped.trailing, 0.0)


def draw_text(
    canvas: Canvas, x: float, y: float, text: str, style: TextStyle, size: float, align: str = "left"
) -> float:
    """Draw one line with its baseline at y and return its width; lengths in points.

    `align` says where x lies on the line: "left", "center" or "right", whatever the script's
    direction. Fonts are embedded as subsets when the canvas is saved. Raises UnprintableText.
    """
    shaped = shape_text(text, style)
    width = visible_width(shaped) * size
    left = x - _SHARE_LEFT[align] * width
    canvas._code.append(text_operators(canvas_fonts(canvas), shaped, left, y, size))
    return width


def text_operators(fonts: FontCollection, shaped: ShapedText, x: float, y: float, size: float) -> str:
    """Return the operators of one text object (ISO 32000-1 section 9.4) and note the glyphs used."""
    writer = _TextWriter(fonts, size)
    for span in shaped.spans:
        writer.span(span)
    return f"BT {number(x)} {number(y)} Td {writer.finish()}ET"


def number(value: float) -> str:
    """Write a PDF number with at most two decimals; a hundredth of a point is 0.0035 mm."""
    return f"{value:.2f}".rstrip("0").rstrip(".") if value % 1 else str(int(value))


class _TextWriter:
    """Collects the operators of one line; the pen moves in thousandths of the current face's em."""

    def __init__(self, fonts: FontCollection, size: float) -> None:
        self._fonts, self._size = fonts, size
        self._font: FontSubset | None = None
        self._out: list[str] = []
        self._codes: list[str] = []
        self._row: list[str] = []
        self._gap = self._rise = 0.0

    def finish(self) -> str:
        self._end_row()
        return "".join(self._out)

    def span(self, span: Span) -> None:
        face, resource = span.face, self._fonts.resource
        placed = [(resource(face, glyph.id), glyph) for glyph in span.glyphs]
        exact = [subset.use(glyph.id, glyph.text) for subset, glyph in placed]
        plain = all(exact) and not span.spaced
        if not plain:
            self._end_row()
            self._out.append(f"/Span<</ActualText{text_string(span.text)}>>BDC ")
        for subset, glyph in placed:
            if subset is not self._font:
                self._change_font(subset)
            if glyph.dy != self._rise:
                self._change_rise(glyph.dy)
            self._gap += glyph.dx
            if self._gap >= 0.5 or self._gap <= -0.5:
                self._move()
            self._codes.append(subset.codes[glyph.id])
            self._gap += glyph.after
        if not plain:
            self._end_row()
            self._out.append("EMC ")

    def _change_rise(self, rise: float) -> None:
        self._end_row()
        self._rise = rise
        scale = self._font.face.scale if self._font else 1.0
        self._out.append(f"{number(rise * scale * self._size / 1000)} Ts ")

    def _change_font(self, subset: FontSubset) -> None:
        if self._font is not None:
            if abs(self._gap) >= 0.5:
                self._move()
            self._gap *= self._font.face.scale / subset.face.scale
        self._end_row()
        self._font = subset
        self._out.append(f"/{subset.name} {number(subset.face.scale * self._size)} Tf ")

    def _move(self) -> None:
        whole = round(self._gap)
        self._end_codes()
        self._row.append(str(-whole))
        self._gap -= whole

    def _end_codes(self) -> None:
        if self._codes:
            self._row.append(f"<{''.join(self._codes)}>")
            self._codes = []

    def _end_row(self) -> None:
        self._end_codes()
        if self._row:
            self._out.append(f"[{''.join(_spaced(self._row))}]TJ ")
            self._row = []


def _spaced(row: list[str]) -> list[str]:
    return [
        f" {item}" if i and item[0] != "<" and row[i - 1][0] != "<" else item for i, item in enumerate(row)
    ]


class _CanvasFonts(PDFObject):
    """Hangs our font collection on a ReportLab document, which calls addObjects when it is saved."""

    def __init__(self) -> None:
        self.collection = FontCollection()

    def addObjects(self, document: PDFDocument) -> None:  # noqa: N802  (ReportLab's name)
        def add(body: bytes) -> str:
            reference = document.Reference(_Finished(body))
            return f"{document.idToObjectNumberAndVersion[reference.name][0]} 0 R"

        fonts = document.idToObject["BasicFonts"].dict
        for subset in self.collection.subsets.values():
            fonts[subset.name] = _Finished(subset.write(add).encode())


class _Finished(PDFObject):
    """A PDF object already written out as bytes."""

    def __init__(self, body: bytes) -> None:
        self.body = body

    def format(self, _document: Any) -> bytes:
        return self.body


def canvas_fonts(canvas: Canvas) -> FontCollection:
    """Return the fonts draw_text has used on a canvas, which it embeds when it is saved."""
    document: PDFDocument = canvas._doc
    for font in document.delayedFonts:
        if isinstance(font, _CanvasFonts):
            return font.collection
    fonts = _CanvasFonts()
    document.delayedFonts.append(fonts)
    return fonts.collection
