"""Certificates as PDF: frozen facts in, finished bytes out; and the typography other documents borrow."""

from certificates.attachments import Attachment, InvalidAttachment, Relationship
from certificates.canvases import REPORTLAB_FONTS, new_canvas, register_fonts
from certificates.content import (
    CertificateContent,
    InvalidContent,
    Kind,
    ModuleLine,
    Signatory,
    content_from_facts,
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
from certificates.development import make_development_key
from certificates.drawing import draw_text, text_width
from certificates.examples import example_content
from certificates.fonts import FontMissing, use_fonts_directory
from certificates.keys import CertificateNotInForce, InvalidKey, SigningKey, key_id, load_signing_key
from certificates.layout import Box, lay_out
from certificates.press import Press, press_for, render_certificate
from certificates.printfile import Sheet, write_print_file
from certificates.shaping import TextStyle, UnprintableText, is_right_to_left, unprintable_characters
from certificates.signing import Signer, SigningFailed
from certificates.wrapping import wrap_text

__all__ = [
    "REPORTLAB_FONTS",
    "Attachment",
    "Box",
    "CertificateContent",
    "CertificateNotInForce",
    "Design",
    "FontMissing",
    "InvalidAttachment",
    "InvalidContent",
    "InvalidDesign",
    "InvalidKey",
    "Kind",
    "ModuleLine",
    "Press",
    "Relationship",
    "Sheet",
    "Signatory",
    "Signer",
    "SigningFailed",
    "SigningKey",
    "TextStyle",
    "UnprintableText",
    "content_from_facts",
    "content_from_json",
    "content_to_json",
    "design_names",
    "draw_text",
    "example_content",
    "is_right_to_left",
    "key_id",
    "lay_out",
    "load_design",
    "load_signing_key",
    "make_development_key",
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
    "write_print_file",
]
