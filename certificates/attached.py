"""The files that ride inside a PDF somebody hands in, read with care: nothing in it is believed."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from pyhanko.pdf_utils.generic import DictionaryObject, StreamObject
from pyhanko.pdf_utils.misc import PdfReadError
from pyhanko.pdf_utils.reader import PdfFileReader

MOST_FILES, BYTES_LIMIT, DEEPEST_TREE = 64, 32_000_000, 8
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
    names = reader.root.get("/Names", {})
    tree = names.get("/EmbeddedFiles") if isinstance(names, DictionaryObject) else None
    found: list[AttachedFile] = []
    for specification in _leaves(tree, DEEPEST_TREE) if tree is not None else ():
        found.append(_read(specification))
        if len(found) > MOST_FILES or sum(len(entry.data) for entry in found) > BYTES_LIMIT:
            raise PdfReadError(f"More than {MOST_FILES} files or {BYTES_LIMIT:,} bytes are attached.")
    return tuple(found)


def _leaves(node: Any, depth: int) -> Iterator[Any]:
    """Walk a name tree (section 7.9.6) in order, down to a depth that no honest file needs."""
    if depth == 0 or not isinstance(node, DictionaryObject):
        raise PdfReadError("The tree of attached files is broken.")
    entries = node.get("/Names", [])
    for place in range(1, len(entries), 2):
        yield entries[place]
    for child in node.get("/Kids", []):
        yield from _leaves(child.get_object(), depth - 1)


def _read(specification: Any) -> AttachedFile:
    if not isinstance(specification, DictionaryObject):
        raise PdfReadError("An attached file is not described.")
    body = specification["/EF"]["/F"]
    if not isinstance(body, StreamObject):
        raise PdfReadError("An attached file has no content.")
    return AttachedFile(
        name=_text(specification.get("/UF", specification.get("/F", ""))),
        mime=_text(body.get("/Subtype", "")).removeprefix("/"),
        description=_text(specification.get("/Desc", "")),
        relationship=_text(specification.get("/AFRelationship", "")).removeprefix("/"),
        data=body.data,
    )


def _text(value: Any) -> str:
    """Return a string that can always be shown and written as UTF-8."""
    return str(value)[:_TEXT_LIMIT].encode("utf-8", "replace").decode()
