"""Certificates as PDF: frozen facts in, finished bytes out; and the typography other documents borrow."""

from certificates.attachments import Attachment, InvalidAttachment, Relationship
from certificates.canvases import REPORTLAB_FONTS, new_canvas, register_fonts
from certificates.checking import content_faults, design_faults
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
from certificates.design_parts import Design, InvalidDesign
from certificates.design_reading import parse_design
from certificates.designs import design_names, design_source, load_design, newest_design
from certificates.development import make_development_key
from certificates.drawing import draw_text, text_width
from certificates.examples import example_content, example_logo
from certificates.fonts import FontMissing, use_fonts_directory
from certificates.keys import CertificateNotInForce, InvalidKey, SigningKey, key_id, load_signing_key
from certificates.layout import Box, lay_out
from certificates.logos import InvalidLogo, Logo, read_logo
from certificates.press import Press, press_for, render_certificate
from certificates.previews import preview, write_preview
from certificates.printfile import Sheet, write_print_file
from certificates.shaping import TextStyle, UnprintableText, is_right_to_left, unprintable_characters
from certificates.signing import Signer, SigningFailed
from certificates.worst_names import WORST_NAMES, worst_contents
from certificates.wrapping import wrap_text

__all__ = [
    "REPORTLAB_FONTS",
    "WORST_NAMES",
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
    "InvalidLogo",
    "Kind",
    "Logo",
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
    "content_faults",
    "content_from_facts",
    "content_from_json",
    "content_to_json",
    "design_faults",
    "design_names",
    "design_source",
    "draw_text",
    "example_content",
    "example_logo",
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
    "preview",
    "read_logo",
    "register_fonts",
    "render_certificate",
    "text_width",
    "unprintable_characters",
    "use_fonts_directory",
    "worst_contents",
    "wrap_text",
    "write_preview",
    "write_print_file",
]
