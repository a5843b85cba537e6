"""Certificates as PDF: frozen facts in, finished bytes out; and the typography other documents borrow."""

from certificates.canvases import new_canvas, register_fonts
from certificates.drawing import draw_text, text_width
from certificates.fonts import FontMissing, use_fonts_directory
from certificates.shaping import TextStyle, UnprintableText, is_right_to_left, unprintable_characters
from certificates.wrapping import wrap_text

__all__ = [
    "FontMissing",
    "TextStyle",
    "UnprintableText",
    "draw_text",
    "is_right_to_left",
    "new_canvas",
    "register_fonts",
    "text_width",
    "unprintable_characters",
    "use_fonts_directory",
    "wrap_text",
]
