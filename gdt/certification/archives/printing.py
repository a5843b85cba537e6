"""The print file: many certificates as one PDF for the print shop, drawn anew from what was frozen."""

from collections.abc import Iterable
from typing import BinaryIO

from certificates import Sheet, content_from_facts, write_print_file
from gdt.certification.designs.looks import design_of, look_at_issue
from gdt.certification.models import Certificate


def write_prints(certificates: Iterable[Certificate], file: BinaryIO) -> int:
    """Write one unsigned PDF with a page for each certificate, in their order; return how many pages.

    Reads the frozen facts and the design's version alone, so the paper says what the document says whatever
    was changed since. `certificates` may be a generator that fetches them by portions; memory stays flat.
    Raises ValueError when there are none.
    """
    sources: dict[str, str] = {}
    return write_print_file((_sheet(certificate, sources) for certificate in certificates), file)


def _sheet(certificate: Certificate, sources: dict[str, str]) -> Sheet:
    look = look_at_issue(certificate, sources)
    return Sheet(content_from_facts(certificate.facts), design_of(look), look.logo)
