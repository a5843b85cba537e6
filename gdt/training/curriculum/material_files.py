"""Tells whether a file handed in as teaching material is one we keep, and what it is by its first bytes."""

import io
import zipfile
from pathlib import PurePath
from typing import Final

from flask_babel import gettext as _

from gdt.errors import DomainError

MOST_BYTES: Final = 10 * 1024 * 1024
MOST_ENTRIES: Final = 5_000  # a presentation of two hundred slides has about two thousand
FIELD = "file"
MIMETYPES: Final = {
    ".pdf": "application/pdf",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".odp": "application/vnd.oasis.opendocument.presentation",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".jpg": "image/jpeg",
    ".png": "image/png",
}
_STARTS = {b"%PDF-": ".pdf", b"\xff\xd8\xff": ".jpg", b"\x89PNG\r\n\x1a\n": ".png"}
_PARTS = {"ppt/presentation.xml": ".pptx", "word/document.xml": ".docx", "xl/workbook.xml": ".xlsx"}
_OPEN = {MIMETYPES[ending]: ending for ending in (".odp", ".odt")}
_SAME = {".jpeg": ".jpg", ".jpe": ".jpg"}


def ending_of(content: bytes, filename: str) -> str:
    """The ending of a file by what it holds, never by its name. Raises DomainError at "file" otherwise."""
    if not content:
        raise DomainError(_("Choose a file that is not empty."), FIELD)
    if len(content) > MOST_BYTES:
        raise DomainError(
            _("This file is larger than 10 MB. Make its pictures smaller, or give a link to it."), FIELD
        )
    named = PurePath(filename).suffix.lower()
    named = _SAME.get(named, named)
    held = next((ending for start, ending in _STARTS.items() if content.startswith(start)), None)
    held = held or _of_an_archive(content)
    if held is None and named in MIMETYPES:
        raise DomainError(
            _(
                "The name of this file ends in %(e)s, but it holds none. Save it anew, and send that.",
                e=named,
            ),
            FIELD,
        )
    if held is None:
        raise DomainError(
            _("This is not a PDF, presentation, text, workbook or picture. Save it as one of them."), FIELD
        )
    if named != held:
        raise DomainError(
            _("The name of this file ends in %(e)s, but it holds a %(h)s. Save it anew.", e=named, h=held),
            FIELD,
        )
    return held


def _of_an_archive(content: bytes) -> str | None:
    """What an office's file is, by its parts: nothing is unpacked but the few bytes that name its kind."""
    if not content.startswith(b"PK\x03\x04"):
        return None
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
            if len(names) > MOST_ENTRIES:
                return None
            if any(PurePath(name).name.lower() == "vbaproject.bin" for name in names):
                raise DomainError(_("This file holds macros. Save it without them, and send that."), FIELD)
            return _office_kind(archive, names)
    except (zipfile.BadZipFile, OSError, ValueError, KeyError, RuntimeError) as error:
        raise DomainError(_("This file is damaged. Save it again, and send that."), FIELD) from error


def _office_kind(archive: zipfile.ZipFile, names: set[str]) -> str | None:
    if "mimetype" in names:
        with archive.open("mimetype") as told:
            return _OPEN.get(told.read(100).decode("ascii", "replace").strip())
    if "[Content_Types].xml" not in names:
        return None
    return next((ending for part, ending in _PARTS.items() if part in names), None)


def tidy_name(filename: str, ending: str) -> str:
    """The name of a file without its folders, short enough to be kept, with the ending it deserves."""
    stem = PurePath(filename.replace("\\", "/")).stem or "material"
    return f"{stem[:110]}{ending}"
