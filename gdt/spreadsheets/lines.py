"""The line of a row where several sheets are read as one: a number that also holds which sheet."""

from collections.abc import Sequence
from typing import Any, Final

from flask_babel import gettext as _

SHEET: Final = 1_000_000  # more than the lines a sheet may have


class SheetLine(int):
    """A line that says in words which of the sheets it is of; the same number without them is a plain one."""

    sheets: Sequence[str]

    def __str__(self) -> str:
        return in_words(self, self.sheets)


def line_of(line: int, sheets: Sequence[str]) -> int:
    """Return the line as one that knows its sheets, if there are several."""
    if len(sheets) < 2:
        return line
    known = SheetLine(line)
    known.sheets = sheets
    return known


def like(one: int, line: int) -> int:
    """Return `line` as a line of the same sheets as `one`."""
    return line_of(line, one.sheets) if isinstance(one, SheetLine) else line


def in_words(line: int, sheets: Sequence[str]) -> str:
    """Return a line as its owner looks it up: "12", or "12 of “Class B”" where there are several sheets."""
    place, row = divmod(int(line), SHEET)
    if len(sheets) < 2 or place >= len(sheets):
        return str(int(line))
    return str(_("%(line)s of “%(sheet)s”", line=row, sheet=sheets[place]))


def with_line_in_words(facts: dict[str, Any], place: int, sheets: Sequence[str]) -> dict[str, Any]:
    """Return facts in which a line of the sheet at `place` says which sheet it is of."""
    return {**facts, "line": in_words(facts["line"] + place * SHEET, sheets)} if "line" in facts else facts
