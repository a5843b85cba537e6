"""What a design looks like before anybody publishes it: specimens with the worst names we know."""

import dataclasses
from typing import BinaryIO

from certificates.design_parts import Design
from certificates.examples import example_content, example_logo
from certificates.logos import Logo
from certificates.press import render_certificate
from certificates.printfile import Sheet, write_print_file
from certificates.worst_names import SPECIMEN, worst_contents


def preview(design: Design, language: str = "en", logo: Logo | None = None) -> bytes:
    """Return one specimen of a design as PDF, with an ordinary name. Raises InvalidDesign, InvalidContent."""
    example = dataclasses.replace(example_content(design.kind), number=SPECIMEN, language=language)
    content = dataclasses.replace(example, logo=logo.sha256 if logo else None)
    return render_certificate(content, design, logo=logo)


def write_preview(design: Design, file: BinaryIO, language: str = "en") -> int:
    """Write a PDF with a specimen for each of the worst names; return the number of pages.

    Every other page carries a logo, if the design has a place for one. Raises InvalidDesign.
    """
    logo = example_logo() if design.logo else None
    sheets = []
    for place, (_label, content) in enumerate(worst_contents(design, language)):
        worn = None if place % 2 else logo
        sheets.append(Sheet(dataclasses.replace(content, logo=worn.sha256 if worn else None), design, worn))
    return write_print_file(sheets, file)
