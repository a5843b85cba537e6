"""A PDF file as bytes: objects one after another and the cross-reference stream that finds them.

Follows ISO 32000-1 section 7.5. Objects that many files share are written once and put in front.
"""

import hashlib
import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

_DELIMITERS, _ESCAPED = re.compile(r"[()\\]"), r"\\\g<0>"
_HEADER = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"


@dataclass(frozen=True, slots=True)
class SharedObjects:
    """Finished objects that many files begin with: their bytes, cross-reference entries and count."""

    front: bytes
    entries: bytes
    count: int


class PdfFile:
    """One file in the making. Small objects are packed into a compressed object stream (section 7.5.7)."""

    def __init__(self, shared: SharedObjects | None = None) -> None:
        front = shared.front if shared else _HEADER
        self._parts, self._length = [front], len(front)
        self._count = shared.count if shared else 0
        self._shared_entries = shared.entries if shared else _entry(0, 0, 65535)
        self._entries: dict[int, bytes] = {}
        self._packed: list[tuple[int, bytes]] = []

    def add(self, body: bytes, *, packed: bool = True) -> str:
        """Add an indirect object; return the reference to it.

        Streams always stand by themselves; `packed=False` keeps another object in plain sight too, as a
        signature dictionary must be.
        """
        self._count += 1
        if packed and not body.endswith(b"endstream"):
            self._packed.append((self._count, body))
        else:
            self._write(self._count, body)
        return f"{self._count} 0 R"

    def next_references(self, count: int) -> list[str]:
        """Return references to the objects that will be added next, for objects that name each other."""
        return [f"{self._count + ahead} 0 R" for ahead in range(1, count + 1)]

    def share(self, level: int = 9) -> SharedObjects:
        """Close what was added so far, to be the front of other files."""
        self._pack(level)
        entries = b"".join(entry for _number, entry in sorted(self._entries.items()))
        return SharedObjects(b"".join(self._parts), self._shared_entries + entries, self._count)

    def finish(self, root: str, info: str) -> bytes:
        """Return the whole file; its ID is a digest of its objects, so equal content gives equal bytes.

        Closed by a cross-reference stream (section 7.5.8).
        """
        shared = self.share(level=5)
        mark, size = hashlib.sha256(shared.front).hexdigest()[:32], shared.count + 2
        table = shared.entries + _entry(1, len(shared.front), 0)
        head = (
            f"{size - 1} 0 obj\n<</Type/XRef/Size {size}/W[1 3 2]/Root {root}/Info {info}"
            f"/ID[<{mark}><{mark}>]/Length {len(table)}>>stream\n"
        )
        end = f"\nendstream\nendobj\nstartxref\n{len(shared.front)}\n%%EOF\n"
        return b"".join((shared.front, head.encode(), table, end.encode()))

    def _pack(self, level: int) -> None:
        if not self._packed:
            return
        self._count += 1
        heads, bodies, at = [], [], 0
        for place, (number, body) in enumerate(self._packed):
            self._entries[number] = _entry(2, self._count, place)
            heads.append(b"%d %d" % (number, at))
            bodies.append(body)
            at += len(body) + 1
        head = b" ".join(heads) + b"\n"
        entries = f"/Type/ObjStm/N {len(heads)}/First {len(head)}"
        self._packed = []
        self._write(self._count, stream(head + b"\n".join(bodies), entries, level))

    def _write(self, number: int, body: bytes) -> None:
        self._entries[number] = _entry(1, self._length, 0)
        part = b"%d 0 obj\n%s\nendobj\n" % (number, body)
        self._parts.append(part)
        self._length += len(part)


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


def _entry(kind: int, where: int, more: int) -> bytes:
    return bytes([kind]) + where.to_bytes(3, "big") + more.to_bytes(2, "big")
