"""Tells whether a file a holder hands in as evidence is one we keep: a PDF or a photograph, not too large."""

from flask_babel import gettext as _

from gdt.errors import DomainError

MOST_BYTES = 5 * 1024 * 1024
_KINDS = {b"%PDF-": ".pdf", b"\xff\xd8\xff": ".jpg", b"\x89PNG\r\n\x1a\n": ".png"}


def kind_of(content: bytes) -> str:
    """The ending of the file by its first bytes, whatever its name says. Raises DomainError at "evidence"."""
    if len(content) > MOST_BYTES:
        raise DomainError(_("This file is larger than 5 MB. Send a smaller photograph or scan."), "evidence")
    for start, ending in _KINDS.items():
        if content.startswith(start):
            return ending
    raise DomainError(_("This file is not a PDF, a JPEG or a PNG. Choose another one."), "evidence")
