"""Tells whether a file handed in as evidence is one we keep: a PDF or a photograph, as large as it may be."""

from pathlib import PurePath
from typing import Final

from flask_babel import gettext as _

from gdt.errors import DomainError

MOST_BYTES: Final = 10 * 1024 * 1024
FIELD = "evidence"
_STARTS = {b"%PDF-": ".pdf", b"\xff\xd8\xff": ".jpg", b"\x89PNG\r\n\x1a\n": ".png"}
_SAME = {".jpeg": ".jpg", ".jpe": ".jpg", ".jfif": ".jpg"}
MIMETYPES = {".pdf": "application/pdf", ".jpg": "image/jpeg", ".png": "image/png"}


def ending_of(content: bytes, filename: str) -> str:
    """The ending of a file by its first bytes. Raises DomainError at "evidence" for one we do not keep."""
    if not content:
        raise DomainError(_("Choose a file that is not empty."), FIELD)
    if len(content) > MOST_BYTES:
        raise DomainError(_("This file is larger than 10 MB. Send a smaller scan."), FIELD)
    held = next((ending for start, ending in _STARTS.items() if content.startswith(start)), None)
    named = PurePath(filename).suffix.lower()
    named = _SAME.get(named, named)
    if held is None and named in MIMETYPES:
        raise DomainError(_("The name of this file ends in %(e)s, but it holds none.", e=named), FIELD)
    if held is None:
        raise DomainError(_("This file is not a PDF, a JPEG or a PNG. Choose another one."), FIELD)
    if named in MIMETYPES and named != held:
        raise DomainError(
            _("The name of this file ends in %(e)s, but it holds a %(h)s. Save it anew.", e=named, h=held),
            FIELD,
        )
    return held


def tidy_name(filename: str) -> str:
    """The name of a file without its folders, short enough to be kept."""
    name = PurePath(filename.replace("\\", "/")).name
    return name if len(name) <= 120 else f"{name[:100]}…{PurePath(name).suffix[:10]}"
