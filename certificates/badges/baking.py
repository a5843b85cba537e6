"""A badge inside its picture: the credential in one iTXt chunk of a PNG (Open Badges 3.0 section 5.3.2)."""

import struct
import zlib
from collections.abc import Iterator

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_KEYWORD = b"openbadgecredential\0"
_HEAD = _KEYWORD + bytes(4)
"""Keyword, not compressed, method 0, no language, no translated keyword (PNG section 11.3.3.4)."""


class InvalidPicture(ValueError):
    """The file is not a PNG, is damaged, or holds no badge or more than one."""


def bake(png: bytes, credential: str) -> bytes:
    """Return the PNG with the credential's JSON in it, in the place of one it may hold already.

    Raises InvalidPicture.
    """
    parts = [part for part in _chunks(png) if not _is_badge(part)]
    baked = (b"iTXt", _HEAD + credential.encode())
    return _SIGNATURE + b"".join(_packed(kind, data) for kind, data in [*parts[:-1], baked, parts[-1]])


def unbake(png: bytes) -> str:
    """Return the credential's JSON out of a PNG. Raises InvalidPicture."""
    found = [data for kind, data in _chunks(png) if _is_badge((kind, data))]
    if len(found) != 1:
        raise InvalidPicture(f"The picture holds {len(found) or 'no'} badges; it must hold one.")
    if not found[0].startswith(_HEAD):
        raise InvalidPicture("The badge in the picture is compressed, which the standard forbids.")
    try:
        return found[0].removeprefix(_HEAD).decode()
    except UnicodeDecodeError as error:
        raise InvalidPicture("The badge in the picture is not UTF-8.") from error


def _is_badge(part: tuple[bytes, bytes]) -> bool:
    return part[0] == b"iTXt" and part[1].startswith(_KEYWORD)


def _packed(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield type and data of every chunk to IEND, which must end the file (PNG section 5.3)."""
    if not png.startswith(_SIGNATURE):
        raise InvalidPicture("The file is not a PNG.")
    at, kind = len(_SIGNATURE), b""
    while kind != b"IEND":
        head = png[at : at + 8]
        length, kind = struct.unpack(">I4s", head) if len(head) == 8 else (0, b"")
        data, sum_ = png[at + 8 : at + 8 + length], png[at + 8 + length : at + 12 + length]
        if sum_ != struct.pack(">I", zlib.crc32(kind + data)):
            raise InvalidPicture("The PNG is damaged or cut off.")
        yield kind, data
        at += 12 + length
    if at != len(png):
        raise InvalidPicture("Something stands behind the end of the PNG.")
