"""Files that ride inside a PDF, such as the badge in JSON (ISO 32000-2 sections 7.11.4 and 14.13)."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from certificates.pdffile import PdfFile, stream, text_string

MOST_ATTACHMENTS, BYTES_LIMIT = 16, 8_000_000
_NAME_LIMIT, _DESCRIPTION_LIMIT, _LEVEL = 120, 200, 6
_MIME = re.compile(r"[a-z0-9][a-z0-9.+-]{0,60}/[a-z0-9][a-z0-9.+-]{0,60}")
_UNSAFE = re.compile(r'[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff<>:"/\\|?*]')


class InvalidAttachment(ValueError):
    """The file cannot be attached; the sentence says why."""


class Relationship(StrEnum):
    """What the attached file is to the document (ISO 32000-2 table 43)."""

    SOURCE = "Source"
    DATA = "Data"
    ALTERNATIVE = "Alternative"
    SUPPLEMENT = "Supplement"
    UNSPECIFIED = "Unspecified"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file to attach: a name without folders, its media type and its bytes. Raises InvalidAttachment."""

    name: str
    mime: str
    data: bytes
    description: str = ""
    relationship: Relationship = Relationship.DATA

    def __post_init__(self) -> None:
        if not 0 < len(self.name) <= _NAME_LIMIT or _UNSAFE.search(self.name) or set(self.name) == {"."}:
            raise InvalidAttachment(f"{self.name!r} cannot be the name of an attached file.")
        if not _MIME.fullmatch(self.mime):
            raise InvalidAttachment(f"{self.mime!r} is not a media type such as application/json.")
        if len(self.description) > _DESCRIPTION_LIMIT or not self.description.isprintable():
            raise InvalidAttachment(
                f"The description of {self.name} must be one line of up to {_DESCRIPTION_LIMIT} characters."
            )
        if not isinstance(self.relationship, Relationship):
            raise InvalidAttachment(f"{self.relationship!r} is not a relationship of an attached file.")


def attach(file: PdfFile, attachments: Sequence[Attachment]) -> str:
    """Add attached files to a PDF in the making; return the entries of its catalogue that name them.

    At most 16 files of 8 MB together, each name once. Raises InvalidAttachment.
    """
    if not attachments:
        return ""
    _check(attachments)
    named = {entry.name: _add(file, entry) for entry in attachments}
    tree = "".join(
        f"<{key.hex()}> {named[name]}" for key, name in sorted((_key(name), name) for name in named)
    )
    return f"/Names<</EmbeddedFiles<</Names[{tree}]>>>>/AF[{' '.join(named.values())}]"


def _check(attachments: Sequence[Attachment]) -> None:
    if len(attachments) > MOST_ATTACHMENTS:
        raise InvalidAttachment(f"{len(attachments)} files are attached; {MOST_ATTACHMENTS} may be.")
    if len({entry.name for entry in attachments}) < len(attachments):
        raise InvalidAttachment("Two attached files have the same name.")
    if sum(len(entry.data) for entry in attachments) > BYTES_LIMIT:
        raise InvalidAttachment(f"The attached files are larger than {BYTES_LIMIT:,} bytes together.")


def _add(file: PdfFile, attachment: Attachment) -> str:
    """Add the stream (table 44, with MD5 as its check sum asks) and the file specification (table 43)."""
    check = hashlib.md5(attachment.data, usedforsecurity=False).hexdigest()
    mime = re.sub("[^a-z0-9.-]", lambda found: f"#{ord(found[0]):02X}", attachment.mime)
    size = len(attachment.data)
    entries = f"/Type/EmbeddedFile/Subtype/{mime}/Params<</Size {size}/CheckSum<{check}>>>"
    body = file.add(stream(attachment.data, entries, _LEVEL))
    name = text_string(attachment.name)
    said = f"/Desc{text_string(attachment.description)}" if attachment.description else ""
    return file.add(
        f"<</Type/Filespec/F{name}/UF{name}{said}/AFRelationship/{attachment.relationship}"
        f"/EF<</F {body}/UF {body}>>>>".encode()
    )


def _key(name: str) -> bytes:
    """Return the bytes a name tree is sorted by (ISO 32000-1 section 7.9.6).

    UTF-16 throughout: some readers compare bytes and some compare text, and here both see one order.
    """
    return b"\xfe\xff" + name.encode("utf-16-be")
