"""A ReportLab canvas set up the house way, and our fonts under ReportLab's own names for charts."""

import io
from typing import BinaryIO

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from certificates.fonts import font_stack

REPORTLAB_FONTS = {
    "GDT-Serif": ("serif", 400),
    "GDT-Serif-Bold": ("serif", 600),
    "GDT-Sans": ("sans", 400),
    "GDT-Sans-Bold": ("sans", 600),
}


def register_fonts() -> None:
    """Make the names in REPORTLAB_FONTS usable with drawString and reportlab.graphics.

    For charts and plain Latin or Cyrillic labels: no shaping, no fallback. May be called again.
    """
    for name, (family, weight) in REPORTLAB_FONTS.items():
        if name not in pdfmetrics.getRegisteredFontNames():
            face = font_stack(family, weight, False)[0].face
            font = TTFont(name, io.BytesIO(bytes(face.hb_face.blob.data)), shapable=False)
            font.face.name = name.encode()  # two fonts with one PostScript name would become one
            pdfmetrics.registerFont(font)


def new_canvas(
    file: BinaryIO, page_size: tuple[float, float], *, title: str, author: str, language: str = "en"
) -> Canvas:
    """Open a canvas whose bytes are reproducible, with metadata and without an unembedded Helvetica.

    `page_size` in points, `language` a BCP 47 tag.
    """
    register_fonts()
    canvas = Canvas(
        file, pagesize=page_size, invariant=1, pageCompression=1, lang=language, initialFontName="GDT-Serif"
    )
    canvas.setTitle(title)
    canvas.setAuthor(author)
    return canvas
