"""The print file: many certificates as one PDF for the print shop, drawn anew from what was frozen."""

from collections.abc import Iterable
from typing import BinaryIO

from certificates import Sheet, content_from_facts, load_design, write_print_file
from gdt.certification.models import Certificate


def write_prints(certificates: Iterable[Certificate], file: BinaryIO) -> int:
    """Write one unsigned PDF with a page for each certificate, in their order; return how many pages.

    Reads the frozen facts and the design's version alone, so the paper says what the document says whatever
    was changed since. `certificates` may be a generator that fetches them by portions; memory stays flat.
    Raises ValueError when there are none.
    """
    return write_print_file((_sheet(certificate) for certificate in certificates), file)


def _sheet(certificate: Certificate) -> Sheet:
    return Sheet(content_from_facts(certificate.facts), load_design(certificate.design))
