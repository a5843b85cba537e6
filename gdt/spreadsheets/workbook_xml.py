"""The parts of an .xlsx file beside its sheets: their names, the number formats, the shared texts."""

import re
from collections.abc import Iterable, Iterator
from itertools import accumulate
from operator import sub
from typing import Final, NamedTuple

from gdt.spreadsheets.limits import Unreadable
from gdt.spreadsheets.sheet_marks import PERCENT, shown_as
from gdt.spreadsheets.xml_walk import local, walk

_ANY_SHARED: Final = re.compile(rb"<(?:[^\s<>/]+:)?sst\b[^>]*")
_UNIQUE: Final = re.compile(rb"uniqueCount\s*=\s*[\"']([^\"']*)")
_USUAL_ITEM: Final = b"<si>"
_SHARED_ITEM: Final = re.compile(rb"<(?:[^\s<>/]+:)?si\b")
_BUILT_IN_PERCENT: Final = {"9", "10"}
_TRUE: Final = {"1", "true", "on"}


class Sheet(NamedTuple):
    """A sheet as the workbook lists it; `part` is the member of the archive that holds it."""

    name: str
    part: str
    is_visible: bool


class Workbook:
    """The sheets in their order and whether days count from 1904."""

    def __init__(self) -> None:
        self.sheets: list[Sheet] = []
        self.is_1904 = False


def workbook_of(book: Iterable[bytes], links: Iterable[bytes]) -> Workbook:
    """Return what xl/workbook.xml and its relations say."""
    targets: dict[str, str] = {}
    found = Workbook()

    def link(name: str, attributes: dict[str, str]) -> None:
        if local(name) == "Relationship":
            targets[attributes.get("Id", "")] = attributes.get("Target", "")

    def element(name: str, attributes: dict[str, str]) -> None:
        plain = {local(key): value for key, value in attributes.items()}
        if local(name) == "sheet":
            target = targets.get(plain.get("id", ""), "")
            part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            found.sheets.append(
                Sheet(plain.get("name", ""), part, plain.get("state", "visible") == "visible")
            )
        elif local(name) == "workbookPr":
            found.is_1904 = plain.get("date1904", "0") in _TRUE

    walk(links, link)
    walk(book, element)
    return found


def styles_shown(styles: Iterable[bytes]) -> dict[int, str]:
    """Return the cell styles under which a number reads otherwise, with "%" or its digits as "0000"."""
    codes: dict[str, str] = {}
    shown: dict[int, str] = {}
    state = {"is_cells": False, "count": 0}

    def element(name: str, attributes: dict[str, str]) -> None:
        tag = local(name)
        if tag == "numFmt":
            codes[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif tag in {"cellXfs", "cellStyleXfs", "dxfs"}:
            state["is_cells"] = tag == "cellXfs"
        elif tag == "xf" and state["is_cells"]:
            number = attributes.get("numFmtId", "0")
            kind = PERCENT if number in _BUILT_IN_PERCENT else shown_as(codes.get(number, ""))
            if kind:
                shown[state["count"]] = kind
            state["count"] += 1

    walk(styles, element)
    return shown


def shared_lengths(pieces: Iterator[bytes], lengths: list[int], *, is_shared: bool) -> Iterator[bytes]:
    """Yield the pieces of any part as they are; put into `lengths` how long each shared text of it is.

    A part that promises more texts than it has bytes is refused: a reader makes room for all at once.
    """
    position, last, promised = 0, -1, 0
    for piece in pieces:
        if b"sst" in piece and (head := _ANY_SHARED.search(piece)):
            is_shared, promised = True, max(promised, _promised(head[0]))
        if is_shared and (b"<!" in piece):
            raise Unreadable("damaged")
        starts = _starts_of_items(piece, position) if is_shared else []
        if starts:
            marks = [last, *starts] if last >= 0 else starts
            lengths += map(sub, marks[1:], marks)
            last = starts[-1]
        position += len(piece)
        yield piece
    if last >= 0:
        lengths.append(position - last)
    if promised > position:
        raise Unreadable("damaged")


def _starts_of_items(piece: bytes, position: int) -> list[int]:
    """Return where each shared text begins; where all begin as is usual, they are told by counting bytes."""
    if piece.count(b"<si") != piece.count(_USUAL_ITEM) or b":si" in piece:
        return [position + item.start() for item in _SHARED_ITEM.finditer(piece)]
    before, *others = map(len, piece.split(_USUAL_ITEM))
    steps = map(len(_USUAL_ITEM).__add__, others[:-1])
    return list(accumulate(steps, initial=position + before)) if others else []


def _promised(head: bytes) -> int:
    counts = _UNIQUE.findall(head)
    if not all(count.isdigit() for count in counts):
        raise Unreadable("damaged")
    return max(map(int, counts), default=0)
