"""The press: a design compiled once into finished PDF objects, then certificates printed from it.

Compiling draws the art and the fixed words with ReportLab and embeds the fonts they need. Printing
shapes what the content says, derives the QR symbol, embeds glyphs the design does not hold yet, and
puts the file together.
"""

import io
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from reportlab.pdfgen.canvas import Canvas

from certificates.art import engrave, operators
from certificates.attachments import Attachment, attach
from certificates.content import CertificateContent, InvalidContent
from certificates.design_parts import PAGE, Design
from certificates.designs import newest_design
from certificates.drawing import canvas_fonts, number, text_operators
from certificates.embedding import AddObject, FontCollection
from certificates.fonts import depends_on_fonts
from certificates.layout import fixed_layout
from certificates.logos import Logo, embed_logo
from certificates.marks import LOGO, Marker, line_operators
from certificates.pdffile import PdfFile, SharedObjects, names, stream, text_string
from certificates.shaping import shape_text
from certificates.signing import SignaturePlace, Signer, place_signature

AUTHOR = "Alibaba Global Digital Talent"
_LOGOS_KEPT = 64
_REPERTOIRE = "ABCDEFGHIJKLMNOPQRSTUVWXYZ abcdefghijklmnopqrstuvwxyz 0123456789 .,-\u2013\u00b7'()&:/\u00a0"


class _Draft(NamedTuple):
    """A file in the making, the entries of its sheet, and the reference to its information dictionary."""

    file: PdfFile
    sheet: str
    info: str


class Plate(NamedTuple):
    """Where a design's finished objects stand in a file: its art, its fonts by name, its forms."""

    art: str
    fonts: tuple[tuple[str, str], ...]
    forms: tuple[tuple[str, str], ...]

    def resources(self, fonts: Sequence[tuple[str, str]], logo: str = "") -> str:
        """Return the resources of a sheet that uses further fonts, and a logo that stands under `logo`."""
        drawn = [*self.forms, *([(LOGO, logo)] if logo else [])]
        return f"<</Font{names([*self.fonts, *fonts])}/XObject{names(drawn)}>>"


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
        box = f"/Type/XObject/Subtype/Form/BBox[-300 -300 {number(PAGE[0])} {number(PAGE[1])}]"
        self._art = stream(art.encode())
        self._forms = {name: stream(code.encode(), box) for name, code in forms.items()}
        shared = PdfFile()
        self._plate, self._marker = self.set_up(shared.add), Marker(self.design)
        self._shared = shared.share()
        self._with_logo: dict[Logo, tuple[SharedObjects, str]] = {}

    def set_up(self, add: AddObject) -> Plate:
        """Add what all sheets of the design share to a file; return where it stands there."""
        forms = tuple((name, add(form)) for name, form in self._forms.items())
        fonts = tuple((subset.name, subset.write(add)) for subset in self._fonts.subsets.values())
        return Plate(add(self._art), fonts, forms)

    def new_fonts(self) -> FontCollection:
        """Return a collection for glyphs beyond those that the design itself brings."""
        return FontCollection(self._fonts)

    def _front(self, logo: Logo | None) -> tuple[SharedObjects, str]:
        """Return what files with this logo begin with, and where the logo stands; made once for each logo."""
        if logo is None:
            return self._shared, ""
        if logo not in self._with_logo:
            file = PdfFile(self._shared)
            reference = embed_logo(logo, file.add)
            if len(self._with_logo) >= _LOGOS_KEPT:
                self._with_logo.pop(next(iter(self._with_logo)), None)
            self._with_logo[logo] = file.share(), reference
        return self._with_logo[logo]

    def check(self, content: CertificateContent, logo: Logo | None = None) -> None:
        """Raise InvalidContent when the content is of another kind or language, or refers to another logo."""
        if content.logo != (logo.sha256 if logo else None):
            raise InvalidContent(f"The logo the content refers to must be given with it: {content.logo}.")
        if logo and self.design.logo is None:
            raise InvalidContent(f"{self.design.name} has no place for a logo.")
        if content.kind != self.design.kind or content.language != self.language:
            raise InvalidContent(
                f"kind {content.kind} in {content.language} cannot be printed with {self.design.name} "
                f"in {self.language}."
            )

    def render(
        self,
        content: CertificateContent,
        *,
        signer: Signer | None = None,
        signed_at: datetime | None = None,
        attachments: Sequence[Attachment] = (),
        logo: Logo | None = None,
    ) -> bytes:
        """Return the PDF of one certificate: A4 landscape, fonts embedded, bytes always the same.

        Signed last, when a signer is given together with the moment (which needs a time zone) that the
        signature shall name. Raises UnprintableText, InvalidContent when the content is of another kind
        or language, InvalidAttachment, CertificateNotInForce, SigningFailed, and ValueError for a signer
        without a moment or a moment without a signer.
        """
        if (signer is None) != (signed_at is None):
            raise ValueError("signer and signed_at go together.")
        self.check(content, logo)
        draft = self._begin(content, logo)
        attached = attach(draft.file, attachments)
        place = place_signature(draft.file, signer, signed_at) if signer and signed_at else None
        return self._finish(draft, attached, place)

    def _begin(self, content: CertificateContent, logo: Logo | None) -> _Draft:
        """Start the file with everything the sheet shows, and what the file says of itself."""
        fonts = self.new_fonts()
        page = self._marker.draw(content, fonts, logo)
        shared, placed = self._front(logo)
        file = PdfFile(shared)
        own = [(subset.name, subset.write(file.add, level=4)) for subset in fonts.subsets.values()]
        marks = file.add(stream(page, level=5))
        title = f"{self.design.title} {content.number}"
        stamp = f"(D:{content.issued_on:%Y%m%d}000000Z)"
        info = file.add(
            f"<</Title{text_string(f'{title}: {content.printed_name}')}/Author{text_string(AUTHOR)}"
            f"/Subject{text_string(content.achievement)}/Keywords{text_string(content.code)}"
            f"/CreationDate{stamp}/ModDate{stamp}>>".encode()
        )
        sheet = (
            f"/MediaBox[0 0 {PAGE[0]} {PAGE[1]}]/Contents[{self._plate.art} {marks}]"
            f"/Resources{self._plate.resources(own, placed)}"
        )
        return _Draft(file, sheet, info)

    def _finish(self, draft: _Draft, attached: str, place: SignaturePlace | None) -> bytes:
        """Add the sheet and the catalogue, then sign."""
        file = draft.file
        sheet, pages = file.next_references(2)
        fields, form = (place.page_entries, place.catalogue_entries) if place else ("", "")
        file.add(f"<</Type/Page/Parent {pages}{draft.sheet}{fields}>>".encode())
        file.add(f"<</Type/Pages/Count 1/Kids[{sheet}]>>".encode())
        root = file.add(
            f"<</Type/Catalog/Pages {pages}/Lang({self.language})"
            f"/ViewerPreferences<</DisplayDocTitle true>>{attached}{form}>>".encode()
        )
        whole = file.finish(root, draft.info)
        return place.fill(whole) if place else whole


@depends_on_fonts
@lru_cache(maxsize=64)
def press_for(design: Design, language: str) -> Press:
    """Return the press of a design in a language, compiled on first use and kept."""
    return Press(design, language)


def render_certificate(
    content: CertificateContent,
    design: Design | None = None,
    *,
    signer: Signer | None = None,
    signed_at: datetime | None = None,
    attachments: Sequence[Attachment] = (),
    logo: Logo | None = None,
) -> bytes:
    """Return the PDF of a certificate, with the newest design of its kind unless one is given.

    `logo` is the one the content refers to. Raises InvalidDesign, and what Press.render raises.
    """
    press = press_for(design or newest_design(content.kind), content.language)
    return press.render(content, signer=signer, signed_at=signed_at, attachments=attachments, logo=logo)
