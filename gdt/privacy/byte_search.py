"""Whether the bytes of a file hold one of some words, in the encodings and packings that files come in."""

import zlib
from collections.abc import Collection, Iterator
from html import escape
from io import BytesIO
from zipfile import BadZipFile, ZipFile

ENCODINGS = (
    "utf-8",
    "utf-16-le",
    "utf-16-be",
    "cp1252",
    "cp1251",
    "cp874",
    "gb18030",
    "big5",
    "shift_jis",
    "euc_kr",
)
_PIECE = 1 << 20


def holds_any(content: bytes, words: Collection[str]) -> bool:
    """Whether one of the words is in the file, or in a member of a ZIP, in any common encoding."""
    needles = _needles(words)
    if not needles:
        return False
    overlap = max(map(len, needles))
    return any(_is_in(piece, needles) for piece in _pieces(content, overlap))


def _needles(words: Collection[str]) -> set[bytes]:
    found: set[bytes] = set()
    for word in words:
        for form in {word, escape(word), word.lower(), word.upper()}:
            for encoding in ENCODINGS:
                try:
                    found |= {form.encode(encoding), form.encode(encoding).lower()}
                except UnicodeEncodeError:
                    continue
    return found


def _is_in(piece: bytes, needles: set[bytes]) -> bool:
    lowered = piece.lower()
    return any(needle in piece or needle in lowered for needle in needles)


def _pieces(content: bytes, overlap: int) -> Iterator[bytes]:
    """The file itself, and what is packed in it, a piece at a time, each reaching into the next."""
    yield content
    if not content.startswith(b"PK"):
        return
    try:
        with ZipFile(BytesIO(content)) as archive:
            for name in archive.namelist():
                with archive.open(name) as member:
                    before = b""
                    while piece := member.read(_PIECE):
                        yield before + piece
                        before = piece[-overlap:]
    except (BadZipFile, RuntimeError, OSError, zlib.error):
        return  # damaged, or locked with a password: nobody reads it, we least of all
