"""Certificates as PDF: frozen facts in, finished bytes out; and the typography other documents borrow."""

from certificates.canvases import REPORTLAB_FONTS, new_canvas, register_fonts
from certificates.content import (
    CertificateContent,
    InvalidContent,
    Kind,
    ModuleLine,
    Signatory,
    content_from_json,
    content_to_json,
)
from certificates.designs import (
    Design,
    InvalidDesign,
    design_names,
    load_design,
    newest_design,
    parse_design,
)
from certificates.drawing import draw_text, text_width
from certificates.examples import example_content
from certificates.fonts import FontMissing, use_fonts_directory
from certificates.layout import Box, lay_out
from certificates.press import Press, press_for, render_certificate
from certificates.shaping import TextStyle, UnprintableText, is_right_to_left, unprintable_characters
from certificates.wrapping import wrap_text

__all__ = [
    "REPORTLAB_FONTS",
    "Box",
    "CertificateContent",
    "Design",
    "FontMissing",
    "InvalidContent",
    "InvalidDesign",
    "Kind",
    "ModuleLine",
    "Press",
    "Signatory",
    "TextStyle",
    "UnprintableText",
    "content_from_json",
    "content_to_json",
    "design_names",
    "draw_text",
    "example_content",
    "is_right_to_left",
    "lay_out",
    "load_design",
    "new_canvas",
    "newest_design",
    "parse_design",
    "press_for",
    "register_fonts",
    "render_certificate",
    "text_width",
    "unprintable_characters",
    "use_fonts_directory",
    "wrap_text",
]
