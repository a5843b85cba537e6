"""What one certificate adds to the sheet of its design: names, facts, signature rules and the QR symbol."""

from certificates.content import CertificateContent
from certificates.design_parts import Colour, Design
from certificates.drawing import number, text_operators
from certificates.embedding import FontCollection
from certificates.layout import Layout, PlacedLine, lay_out
from certificates.logos import Logo
from certificates.qr import qr_symbol, symbol_operators
from certificates.shaping import shape_text

LOGO = "L0"
"""The resource name of the institution's logo."""

_LINES_KEPT = 4096
_SHARES = {"left": 0.0, "center": 0.5, "right": 1.0}


class Marker:
    """Draws the marks of one design, and keeps the lines that come again on other certificates.

    `lasting` says that one font collection serves all of them, so that any glyph it holds stays where it is;
    otherwise each certificate has its own, and only lines within the design's glyphs are kept.
    """

    def __init__(self, design: Design, *, lasting: bool = False) -> None:
        self._design, self._lasting = design, lasting
        self._kept: dict[PlacedLine, str] = {}

    def draw(self, content: CertificateContent, fonts: FontCollection, logo: Logo | None = None) -> bytes:
        """Return the operators, noting the glyphs used in `fonts`. Raises UnprintableText."""
        layout = lay_out(content, self._design)
        lines = [self._line(line, fonts) for line in layout.lines]
        parts = [*lines, self._rules(layout), self._symbol(content), *self._logo(logo)]
        return "\n".join(parts).encode()

    def draw_apart(
        self, content: CertificateContent, fonts: FontCollection, logo: Logo | None = None
    ) -> tuple[bytes, bytes]:
        """Return the operators in two parts: what comes again on others of its batch, and what is its own."""
        layout = lay_out(content, self._design)
        shared = [self._line(line, fonts) for line in layout.lines if line.kept]
        own = [self._line(line, fonts) for line in layout.lines if not line.kept]
        return (
            "\n".join([*shared, self._rules(layout), *self._logo(logo)]).encode(),
            "\n".join([*own, self._symbol(content)]).encode(),
        )

    def _line(self, line: PlacedLine, fonts: FontCollection) -> str:
        """Return one line, written once if it comes again (layout keeps it)."""
        code = self._kept.get(line)
        if code is None:
            used = fonts.glyph_count
            code = line_operators(fonts, line)
            if line.kept and (self._lasting or used == fonts.glyph_count):
                self._keep(line, code)
        return code

    def _keep(self, line: PlacedLine, code: str) -> None:
        if len(self._kept) >= _LINES_KEPT:
            self._kept.clear()
        self._kept[line] = code

    def _logo(self, logo: Logo | None) -> list[str]:
        """Set the logo as large as its place allows, against its side and in the middle of the height."""
        place = self._design.logo
        if logo is None or place is None:
            return []
        scale = min(place.width / logo.width, place.height / logo.height)
        width, height = logo.width * scale, logo.height * scale
        x = place.x + _SHARES[place.side] * (place.width - width)
        y = place.y + (place.height - height) / 2
        return [f"q {number(width)} 0 0 {number(height)} {number(x)} {number(y)} cm /{LOGO} Do Q"]

    def _rules(self, layout: Layout) -> str:
        rules = "".join(
            f"{number(left)} {number(y)} m {number(right)} {number(y)} l\n" for left, right, y in layout.rules
        )
        return f"0.5 w {_rgb(self._design.colours['soft'])} RG\n{rules}S" if rules else ""

    def _symbol(self, content: CertificateContent) -> str:
        check, symbol = self._design.check, qr_symbol(content.verify_url)
        scale = f"{check.size / symbol.size:.4f}"
        ink = _rgb(self._design.colours["ink"])
        place = f"{scale} 0 0 {scale} {number(check.x)} {number(check.y)} cm"
        return f"q {ink} rg {place}\n{symbol_operators(symbol)}f Q"


def line_operators(fonts: FontCollection, line: PlacedLine) -> str:
    """Return the operators that draw one placed line in its colour."""
    shaped = shape_text(line.text, line.style)
    return f"{_rgb(line.colour)} rg {text_operators(fonts, shaped, line.x, line.y, line.size)}"


def _rgb(colour: Colour) -> str:
    return " ".join(f"{part:g}" for part in colour)
