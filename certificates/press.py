"""The press: a design compiled once into finished PDF objects, then certificates printed from it.

Compiling draws the art and the fixed words with ReportLab and embeds the fonts they need. Printing
shapes what the content says, derives the QR symbol, embeds glyphs the design does not hold yet, and
puts the file together.
"""

import io
from functools import cache

from reportlab.pdfgen.canvas import Canvas

from certificates.art import engrave, operators
from certificates.content import CertificateContent, InvalidContent
from certificates.designs import PAGE, Colour, Design, newest_design
from certificates.drawing import canvas_fonts, number, text_operators
from certificates.embedding import FontCollection
from certificates.fonts import depends_on_fonts
from certificates.layout import Layout, PlacedLine, fixed_layout, lay_out
from certificates.pdffile import PdfFile, names, stream, text_string
from certificates.qr import qr_symbol, symbol_operators
from certificates.shaping import shape_text

AUTHOR = "Alibaba Global Digital Talent"
_LINES_KEPT = 4096
_REPERTOIRE = "ABCDEFGHIJKLMNOPQRSTUVWXYZ abcdefghijklmnopqrstuvwxyz 0123456789 .,-\u2013\u00b7'()&:/\u00a0"


class Press:
    """One design in one language, ready to print certificates; safe to share between threads."""

    def __init__(self, design: Design, language: str = "en") -> None:
        self.design, self.language = design, language
        canvas = Canvas(io.BytesIO(), pagesize=PAGE)
        forms = engrave(canvas, design)
        for line in fixed_layout(design, language).lines:
            canvas._code.append(line_operators(canvas_fonts(canvas), line))
        self._fonts = canvas_fonts(canvas)
        text_operators(self._fonts, shape_text(_REPERTOIRE, design.styles["text"]), 0, 0, 1)
        self._compile(operators(canvas), forms)

    def _compile(self, art: str, forms: dict[str, str]) -> None:
        shared = PdfFile()
        box = f"/Type/XObject/Subtype/Form/BBox[-300 -300 {number(PAGE[0])} {number(PAGE[1])}]"
        placed = [(name, shared.add(stream(code.encode(), box))) for name, code in forms.items()]
        self._font_names = [(s.name, s.write(shared.add)) for s in self._fonts.subsets.values()]
        self._art = shared.add(stream(art.encode()))
        self._forms = names(placed)
        self._shared = shared.share()
        self._printed: dict[PlacedLine, str] = {}

    def render(self, content: CertificateContent) -> bytes:
        """Return the PDF of one certificate: A4 landscape, fonts embedded, bytes always the same.

        Raises UnprintableText, and InvalidContent when the content is of another kind or language.
        """
        if content.kind != self.design.kind or content.language != self.language:
            raise InvalidContent(
                f"kind {content.kind} in {content.language} cannot be printed with {self.design.name} "
                f"in {self.language}."
            )
        layout = lay_out(content, self.design)
        fonts = FontCollection(self._fonts)
        page = "\n".join([*self._lines(layout, fonts), self._rules(layout), self._symbol(content)])
        return self._assemble(content, page.encode(), fonts)

    def _lines(self, layout: Layout, fonts: FontCollection) -> list[str]:
        """Lines that come again (layout keeps them) and need no new glyph are written once."""
        drawn = []
        for line in layout.lines:
            code = self._printed.get(line)
            if code is None:
                used = fonts.glyph_count
                code = line_operators(fonts, line)
                if line.kept and used == fonts.glyph_count:
                    self._remember(line, code)
            drawn.append(code)
        return drawn

    def _remember(self, line: PlacedLine, code: str) -> None:
        if len(self._printed) >= _LINES_KEPT:
            self._printed.clear()
        self._printed[line] = code

    def _rules(self, layout: Layout) -> str:
        rules = "".join(
            f"{number(left)} {number(y)} m {number(right)} {number(y)} l\n" for left, right, y in layout.rules
        )
        return f"0.5 w {_rgb(self.design.colours['soft'])} RG\n{rules}S" if rules else ""

    def _symbol(self, content: CertificateContent) -> str:
        check, symbol = self.design.check, qr_symbol(content.verify_url)
        scale = f"{check.size / symbol.size:.4f}"
        ink = _rgb(self.design.colours["ink"])
        place = f"{scale} 0 0 {scale} {number(check.x)} {number(check.y)} cm"
        return f"q {ink} rg {place}\n{symbol_operators(symbol)}f Q"

    def _assemble(self, content: CertificateContent, page: bytes, fonts: FontCollection) -> bytes:
        file = PdfFile(self._shared)
        own = [(subset.name, subset.write(file.add, level=4)) for subset in fonts.subsets.values()]
        marks = file.add(stream(page, level=5))
        title = f"{self.design.title} {content.number}"
        stamp = f"(D:{content.issued_on:%Y%m%d}000000Z)"
        info = file.add(
            f"<</Title{text_string(f'{title}: {content.printed_name}')}/Author{text_string(AUTHOR)}"
            f"/Subject{text_string(content.achievement)}/Keywords{text_string(content.code)}"
            f"/CreationDate{stamp}/ModDate{stamp}>>".encode()
        )
        sheet, pages = file.next_references(2)
        file.add(
            f"<</Type/Page/Parent {pages}/MediaBox[0 0 {PAGE[0]} {PAGE[1]}]/Contents[{self._art} {marks}]"
            f"/Resources<</Font{names([*self._font_names, *own])}/XObject{self._forms}>>>>".encode()
        )
        file.add(f"<</Type/Pages/Count 1/Kids[{sheet}]>>".encode())
        root = file.add(
            f"<</Type/Catalog/Pages {pages}/Lang({content.language})"
            f"/ViewerPreferences<</DisplayDocTitle true>>>>".encode()
        )
        return file.finish(root, info)


def line_operators(fonts: FontCollection, line: PlacedLine) -> str:
    """Return the operators that draw one placed line in its colour."""
    shaped = shape_text(line.text, line.style)
    return f"{_rgb(line.colour)} rg {text_operators(fonts, shaped, line.x, line.y, line.size)}"


@depends_on_fonts
@cache
def press_for(design: Design, language: str) -> Press:
    """Return the press of a design in a language, compiled on first use and kept."""
    return Press(design, language)


def render_certificate(content: CertificateContent, design: Design | None = None) -> bytes:
    """Return the PDF of a certificate, with the newest design of its kind unless one is given.

    Raises UnprintableText, InvalidContent, InvalidDesign.
    """
    return press_for(design or newest_design(content.kind), content.language).render(content)


def _rgb(colour: Colour) -> str:
    return " ".join(f"{part:g}" for part in colour)
