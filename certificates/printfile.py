"""One PDF of many certificates for the print shop: unsigned, streamed, fonts and art in it once."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import BinaryIO

from certificates.content import CertificateContent
from certificates.design_parts import PAGE, Design
from certificates.designs import newest_design
from certificates.logos import Logo, embed_logo
from certificates.marks import Marker
from certificates.pdffile import stream, text_string
from certificates.pdfstream import PdfStream
from certificates.press import AUTHOR, Plate, Press, press_for

_TITLE = "Certificates to print"
_SHARED_KEPT = 256
_BRANCH = 100
"""Pages to a node of the page tree, so that a reader finds any page of ten thousand in two steps."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A certificate to print, with the design it was issued with (or the newest of its kind) and its logo.

    One logo may serve many sheets, and is in the file once.
    """

    content: CertificateContent
    design: Design | None = None
    logo: Logo | None = None


def write_print_file(sheets: Iterable[Sheet], file: BinaryIO) -> int:
    """Write one PDF with a page for each certificate, in the order given; return the number of pages.

    A4 landscape, all fonts embedded, no signature and no badge: the paper, not the document. `sheets` may
    be a generator and `file` is only ever written to, so memory stays flat (about 50 bytes a page) however
    many there are. The same sheets give the same bytes. Kinds, designs and languages may be mixed.
    Raises ValueError when there are none, and what Press.render raises; `file` is then unfinished.
    """
    book = _Book(PdfStream(file))
    for sheet in sheets:
        book.print(sheet)
    if not book.pages:
        raise ValueError("There are no certificates to print.")
    book.close()
    return book.pages


class _Set:
    """One design in one language within the file, and what its pages have in common."""

    def __init__(self, press: Press, pdf: PdfStream) -> None:
        self._pdf, self._fonts = pdf, press.new_fonts()
        self._marker = Marker(press.design, lasting=True)
        self._plate: Plate = press.set_up(pdf.add)
        self._shared: dict[bytes, str] = {}
        self._resources: dict[Logo | None, str] = {}

    def page(self, content: CertificateContent, logo: Logo | None) -> str:
        """Write what is new on a page; return the entries that show all of it."""
        shared, own = self._marker.draw_apart(content, self._fonts, logo)
        if shared not in self._shared:
            if len(self._shared) >= _SHARED_KEPT:
                self._shared.clear()
            self._shared[shared] = self._pdf.add(stream(shared))
        if logo not in self._resources:
            self._resources[logo] = self._pdf.reserve()
        marks = f"{self._shared[shared]} {self._pdf.add(stream(own, level=5))}"
        return f"/Resources {self._resources[logo]}/Contents[{self._plate.art} {marks}]"

    def close(self) -> None:
        """Write the fonts the pages turned out to need, and the logos."""
        own = [(subset.name, subset.write(self._pdf.add)) for subset in self._fonts.subsets.values()]
        for logo, reference in self._resources.items():
            placed = embed_logo(logo, self._pdf.add) if logo else ""
            self._pdf.set(reference, self._plate.resources(own, placed).encode())


class _Book:
    """The file in the making: pages as they come, then the fonts they turned out to need."""

    def __init__(self, pdf: PdfStream) -> None:
        self.pages = 0
        self._pdf, self._root = pdf, pdf.reserve()
        self._sets: dict[Press, _Set] = {}
        self._branches: list[str] = []
        self._branch, self._leaves = pdf.reserve(), list[str]()

    def print(self, sheet: Sheet) -> None:
        press = press_for(sheet.design or newest_design(sheet.content.kind), sheet.content.language)
        press.check(sheet.content, sheet.logo)
        if press not in self._sets:
            self._sets[press] = _Set(press, self._pdf)
        page = self._sets[press].page(sheet.content, sheet.logo)
        self._leaves.append(self._pdf.add(f"<</Type/Page/Parent {self._branch}{page}>>".encode()))
        self.pages += 1
        if len(self._leaves) == _BRANCH:
            self._close_branch()

    def close(self) -> None:
        if self._leaves:
            self._close_branch()
        for used in self._sets.values():
            used.close()
        kids = " ".join(self._branches)
        box = f"/MediaBox[0 0 {PAGE[0]} {PAGE[1]}]"
        self._pdf.set(self._root, f"<</Type/Pages/Count {self.pages}/Kids[{kids}]{box}>>".encode())
        catalogue = f"<</Type/Catalog/Pages {self._root}/ViewerPreferences<</DisplayDocTitle true>>>>"
        title = text_string(f"{_TITLE}: {self.pages:,}")
        info = f"<</Title{title}/Author{text_string(AUTHOR)}>>"
        self._pdf.finish(self._pdf.add(catalogue.encode()), self._pdf.add(info.encode()))

    def _close_branch(self) -> None:
        kids = " ".join(self._leaves)
        node = f"<</Type/Pages/Parent {self._root}/Count {len(self._leaves)}/Kids[{kids}]>>"
        self._pdf.set(self._branch, node.encode())
        self._branches.append(self._branch)
        self._branch, self._leaves = self._pdf.reserve(), []
