"""A walk over the elements of some XML that unfolds nothing of its own making."""

import xml.parsers.expat
from collections.abc import Callable, Iterable
from typing import Any

from gdt.spreadsheets.limits import Unreadable


def local(name: str) -> str:
    """Return the name of an element or attribute without its prefix."""
    return name if ":" not in name else name.rpartition(":")[2]


def walk(pieces: Iterable[bytes], start: Callable[[str, dict[str, str]], None]) -> None:
    """Call `start` for each element of some XML; `Unreadable` at a document type of its own making."""
    parser = xml.parsers.expat.ParserCreate()
    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = refuse_doctype
    for piece in pieces:
        parser.Parse(piece, False)
    parser.Parse(b"", True)


def refuse_doctype(*_: Any) -> None:
    """Refuse entities that unfold without end."""
    raise Unreadable("damaged")
