"""A PDF file as bytes: objects one after another, the cross-reference table and the trailer.

Follows ISO 32000-1 section 7.5. Objects that many files share are written once and put in front.
"""

import hashlib
import re
import zlib
from collections.abc import Sequence

_DELIMITERS, _ESCAPED = re.compile(r"[()\\]"), r"\\\g<0>"
_HEADER = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"


class SharedObjects:
    """Finished objects, numbered from 1, that every file of a design begins with."""

    def __init__(self) -> None:
        self._parts = [_HEADER]
        self._length = len(_HEADER)
        self._entries: list[bytes] = []

    def add(self, body: bytes) -> str:
        """Add an indirect object; return the reference to it."""
        self._entries.append(_entry(self._length))
        part = _indirect(len(self._entries), body)
        self._parts.append(part)
        self._length += len(part)
        return f"{len(self._entries)} 0 R"

    def finish(self) -> tuple[bytes, bytes, int]:
        """Return the bytes, their cross-reference entries and the number of objects."""
        return b"".join(self._parts), b"".join(self._entries), len(self._entries)


class PdfFile:
    """One file: shared objects first, its own after them."""

    def __init__(self, shared: tuple[bytes, bytes, int]) -> None:
        front, self._shared_entries, self._count = shared
        self._parts = [front]
        self._length = len(front)
        self._entries: list[bytes] = []

    def add(self, body: bytes) -> str:
        """Add an indirect object; return the reference to it."""
        self._count += 1
        self._entries.append(_entry(self._length))
        part = _indirect(self._count, body)
        self._parts.append(part)
        self._length += len(part)
        return f"{self._count} 0 R"

    def next_references(self, count: int) -> list[str]:
        """Return references to the objects that will be added next, for objects that name each other."""
        return [f"{self._count + ahead} 0 R" for ahead in range(1, count + 1)]

    def finish(self, root: str, info: str) -> bytes:
        """Return the whole file; its ID is a digest of its objects, so equal content gives equal bytes."""
        body = b"".join(self._parts)
        mark = hashlib.sha256(body).hexdigest()[:32].encode()
        size = self._count + 1
        table = b"xref\n0 %d\n0000000000 65535 f \n%s%s" % (
            size,
            self._shared_entries,
            b"".join(self._entries),
        )
        trailer = b"trailer\n<</Size %d/Root %s/Info %s/ID[<%s><%s>]>>\nstartxref\n%d\n%%%%EOF\n" % (
            size,
            root.encode(),
            info.encode(),
            mark,
            mark,
            len(body),
        )
        return body + table + trailer


def stream(data: bytes, entries: str = "", level: int = 9) -> bytes:
    """Return a compressed stream object; `entries` are further entries of its dictionary."""
    packed = zlib.compress(data, level)
    return b"<<%s/Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (
        entries.encode(),
        len(packed),
        packed,
    )


def text_string(text: str) -> str:
    """Return a PDF text string (ISO 32000-1 section 7.9.2.2): plain for ASCII, else UTF-16."""
    if text.isascii() and text.isprintable():
        return f"({_DELIMITERS.sub(_ESCAPED, text)})"
    return f"<FEFF{text.encode('utf-16-be').hex().upper()}>"


def names(references: Sequence[tuple[str, str]]) -> str:
    """Return a dictionary of named references."""
    return f"<<{''.join(f'/{name} {reference}' for name, reference in references)}>>"


def _entry(offset: int) -> bytes:
    return b"%010d 00000 n \n" % offset


def _indirect(number: int, body: bytes) -> bytes:
    return b"%d 0 obj\n%s\nendobj\n" % (number, body)
