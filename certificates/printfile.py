"""One PDF of many certificates for the print shop: unsigned, streamed, fonts and art in it once."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import BinaryIO

from certificates.content import CertificateContent
from certificates.designs import PAGE, Design, newest_design
from certificates.embedding import FontCollection
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
    """A certificate to print, with the design it was issued with; the newest of its kind when left out."""

    content: CertificateContent
    design: Design | None = None


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
        self.press, self.fonts = press, press.new_fonts()
        self.marker = Marker(press.design, lasting=True)
        self.plate: Plate = press.set_up(pdf.add)
        self.resources = pdf.reserve()
        self._pdf, self._shared = pdf, dict[bytes, str]()

    def contents(self, content: CertificateContent) -> str:
        """Write what is new on a page; return references to all that it shows."""
        shared, own = self.marker.draw_apart(content, self.fonts)
        if shared not in self._shared:
            if len(self._shared) >= _SHARED_KEPT:
                self._shared.clear()
            self._shared[shared] = self._pdf.add(stream(shared))
        return f"{self.plate.art} {self._shared[shared]} {self._pdf.add(stream(own, level=5))}"


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
        press.check(sheet.content)
        if press not in self._sets:
            self._sets[press] = _Set(press, self._pdf)
        used = self._sets[press]
        contents = used.contents(sheet.content)
        page = f"<</Type/Page/Parent {self._branch}/Resources {used.resources}/Contents[{contents}]>>"
        self._leaves.append(self._pdf.add(page.encode()))
        self.pages += 1
        if len(self._leaves) == _BRANCH:
            self._close_branch()

    def close(self) -> None:
        if self._leaves:
            self._close_branch()
        for used in self._sets.values():
            self._pdf.set(used.resources, used.plate.resources(_embedded(used.fonts, self._pdf)).encode())
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


def _embedded(fonts: FontCollection, pdf: PdfStream) -> list[tuple[str, str]]:
    return [(subset.name, subset.write(pdf.add)) for subset in fonts.subsets.values()]
