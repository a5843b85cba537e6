"""The files that ride inside a PDF somebody hands in, read with care: nothing in it is believed."""

import hashlib
from dataclasses import dataclass, field
from typing import Any

from pyhanko.pdf_utils.generic import DictionaryObject, StreamObject
from pyhanko.pdf_utils.misc import PdfReadError
from pyhanko.pdf_utils.reader import PdfFileReader

from certificates.trees import name_tree_values

MOST_FILES, BYTES_LIMIT = 64, 32_000_000
_TEXT_LIMIT = 300


@dataclass(frozen=True, slots=True)
class AttachedFile:
    """A file found inside a PDF; name, media type and description as they stand there, cut at 300 signs."""

    name: str
    mime: str
    description: str
    relationship: str
    data: bytes = field(repr=False)

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


def attached_files(reader: PdfFileReader) -> tuple[AttachedFile, ...]:
    """Return what the tree of embedded files names (ISO 32000-1 section 7.11.4).

    At most 64 files of 32 MB together. Raises PdfReadError, and what else pyHanko raises on a broken file.
    """
    found: list[AttachedFile] = []
    for specification in name_tree_values(reader, "/EmbeddedFiles"):
        found.append(_read(specification))
        if len(found) > MOST_FILES or sum(len(entry.data) for entry in found) > BYTES_LIMIT:
            raise PdfReadError(f"More than {MOST_FILES} files or {BYTES_LIMIT:,} bytes are attached.")
    return tuple(found)


def _read(specification: Any) -> AttachedFile:
    if not isinstance(specification, DictionaryObject):
        raise PdfReadError("An attached file is not described.")
    body = specification["/EF"]["/F"]
    if not isinstance(body, StreamObject):
        raise PdfReadError("An attached file has no content.")
    return AttachedFile(
        name=printable(specification.get("/UF", specification.get("/F", ""))),
        mime=printable(body.get("/Subtype", "")).removeprefix("/"),
        description=printable(specification.get("/Desc", "")),
        relationship=printable(specification.get("/AFRelationship", "")).removeprefix("/"),
        data=body.data,
    )


def printable(value: Any) -> str:
    """Return the front of a text, up to 300 signs, so that it can always be written as UTF-8."""
    return str(value)[:_TEXT_LIMIT].encode("utf-8", "replace").decode()
