"""What a sheet shows beside the values of its cells: errors, percentages, padded numbers, hidden rows."""

import re
from array import array
from collections.abc import Iterator
from typing import Final

from gdt.spreadsheets.cell_text import text_of

PERCENT: Final = "%"
_QUOTED: Final = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
_ZEROS: Final = re.compile(r"0{2,30}\Z")


class SheetMarks:
    """The marks of one sheet; rows and columns count from 1."""

    def __init__(self) -> None:
        self.hidden_rows: set[int] = set()
        self.hidden_columns: set[int] = set()
        self.places = array("Q")
        self.kinds: list[str] = []

    def add(self, row: int, column: int, kind: str) -> None:
        """Keep that a cell shows `kind`: "%", "0000" (so many digits) or an error such as "#N/A"."""
        if kind not in self.kinds:
            self.kinds.append(kind)
        self.places.append(row << 32 | column << 16 | min(self.kinds.index(kind), 0xFFFF))

    def by_row(self) -> Iterator[tuple[int, list[tuple[int, str]]]]:
        """Yield the rows that have marks with their columns and kinds, in order."""
        row, found = 0, list[tuple[int, str]]()
        for place in sorted(self.places):
            if place >> 32 != row:
                if found:
                    yield row, found
                row, found = place >> 32, []
            found.append((place >> 16 & 0xFFFF, self.kinds[place & 0xFFFF]))
        if found:
            yield row, found


def shown_as(format_code: str) -> str | None:
    """Return how a number format changes the reading of a number: "%", "0000", or None if it does not."""
    plain = _QUOTED.sub("", format_code).partition(";")[0]
    if "%" in plain:
        return PERCENT
    return plain if _ZEROS.match(plain) else None


def as_shown(value: object, kind: str) -> str:
    """Return the text a person sees in a cell with the mark `kind`."""
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if kind == PERCENT and is_number:
        return text_of(round(float(str(value)) * 100, 10)) + "%"
    if kind[:1] == "0" and is_number:
        return text_of(value).zfill(len(kind))
    return kind if kind[:1] == "#" else text_of(value)
