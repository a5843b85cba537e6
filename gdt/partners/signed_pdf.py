"""Tells whether bytes handed in as a signed agreement are a whole PDF of a size we keep."""

from flask_babel import gettext as _

from gdt.errors import DomainError

MAX_BYTES = 10 * 1024 * 1024
HEAD = 1024  # ISO 32000 lets other bytes stand before the header, readers accept them this far
TAIL = 2048


def check_signed_pdf(content: bytes, *, field: str) -> None:
    """Raises DomainError for `field` unless `content` is a PDF from its header to its end mark."""
    if not content:
        raise DomainError(_("This file is empty. Choose the scanned agreement as a PDF."), field)
    if len(content) > MAX_BYTES:
        raise DomainError(
            _("This file is larger than 10 MB. Scan it in grey or at a lower resolution."), field
        )
    if b"%PDF-" not in content[:HEAD]:
        raise DomainError(_("This file is not a PDF. Save or scan the agreement as a PDF first."), field)
    if b"%%EOF" not in content[-TAIL:]:
        raise DomainError(_("This PDF is cut off before its end. Save it again and choose it anew."), field)
