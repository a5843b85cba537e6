"""A PDF file of any length, written as it goes: what is finished leaves memory, only its place is kept.

Follows ISO 32000-1 section 7.5, like pdffile, whose files are one certificate each.
"""

import hashlib
from array import array
from typing import BinaryIO

from certificates.pdffile import stream

_HEADER = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
_PACKED = 200
"""Small objects to an object stream; readers unpack a whole one to look at one object."""

_FREE, _AT, _INSIDE = 0, 1, 2
_LEVEL = 6


class PdfStream:
    """A file in the making. Twelve bytes of memory are kept for each object that was written."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self._digest, self._length = file, hashlib.sha256(), 0
        self._kinds, self._places, self._more = array("B", [_FREE]), array("Q", [0]), array("H", [65535])
        self._waiting: list[tuple[int, bytes]] = []
        self._put(_HEADER)

    def reserve(self) -> str:
        """Return the reference to an object that will be set later, for objects that name each other."""
        self._kinds.append(_FREE)
        self._places.append(0)
        self._more.append(0)
        return f"{len(self._kinds) - 1} 0 R"

    def add(self, body: bytes) -> str:
        """Add an indirect object; return the reference to it."""
        reference = self.reserve()
        self.set(reference, body)
        return reference

    def set(self, reference: str, body: bytes) -> None:
        """Write the object a reserved reference stands for; streams by themselves, others packed."""
        number = int(reference.split()[0])
        if body.endswith(b"endstream"):
            self._write(number, body)
            return
        self._waiting.append((number, body))
        if len(self._waiting) == _PACKED:
            self._pack()

    def finish(self, root: str, info: str) -> None:
        """Close the file with a cross-reference stream; its ID is a digest of all that stands before."""
        self._pack()
        start, mark = self._length, self._digest.hexdigest()[:32]
        own = int(self.reserve().split()[0])
        self._enter(own, _AT, start, 0)
        table = b"".join(
            bytes([kind]) + place.to_bytes(5, "big") + more.to_bytes(2, "big")
            for kind, place, more in zip(self._kinds, self._places, self._more, strict=True)
        )
        entries = f"/Type/XRef/Size {own + 1}/W[1 5 2]/Root {root}/Info {info}/ID[<{mark}><{mark}>]"
        self._put(b"%d 0 obj\n%s\nendobj\n" % (own, stream(table, entries, _LEVEL)))
        self._put(b"startxref\n%d\n%%%%EOF\n" % start)

    def _pack(self) -> None:
        if not self._waiting:
            return
        own = int(self.reserve().split()[0])
        heads, at = [], 0
        for place, (number, body) in enumerate(self._waiting):
            self._enter(number, _INSIDE, own, place)
            heads.append(b"%d %d" % (number, at))
            at += len(body) + 1
        head = b" ".join(heads) + b"\n"
        entries = f"/Type/ObjStm/N {len(heads)}/First {len(head)}"
        bodies = b"\n".join(body for _number, body in self._waiting)
        self._waiting = []
        self._write(own, stream(head + bodies, entries, _LEVEL))

    def _write(self, number: int, body: bytes) -> None:
        self._enter(number, _AT, self._length, 0)
        self._put(b"%d 0 obj\n%s\nendobj\n" % (number, body))

    def _enter(self, number: int, kind: int, place: int, more: int) -> None:
        self._kinds[number], self._places[number], self._more[number] = kind, place, more

    def _put(self, data: bytes) -> None:
        self._file.write(data)
        self._digest.update(data)
        self._length += len(data)
