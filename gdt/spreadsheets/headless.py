"""A table without a header row: its columns are named by their letters, and its first row is a row."""

from flask_babel import gettext as _

from gdt.spreadsheets.limits import Row
from gdt.spreadsheets.returned_columns import OURS, our_header
from gdt.spreadsheets.returned_rows import letters_of
from gdt.spreadsheets.tables import Header


def no_header(_cells: list[str]) -> int:
    """Tell `read_table` that the file has no header row: it is passed in the place of what recognises one."""
    return 0


def lettered(first: list[Row]) -> Header | None:
    """Return a header that stands in no line: "Column A", "Column B"; None if there is no row.

    Rows above the table with one filled cell are its title where most rows have more; `rows` are those.
    A column in which we once wrote what is to be corrected is ours, though no header says so.
    """
    if not first:
        return None
    filled = [sum(map(bool, row.cells)) for row in first]
    is_wide = sum(count > 1 for count in filled) * 2 >= len(filled)
    start = next((place for place, count in enumerate(filled) if count > 1), 0) if is_wide else 0
    width = max(len(row.cells) for row in first)
    cells = [
        _name(place, [row.cells[place] for row in first if place < len(row.cells)]) for place in range(width)
    ]
    return Header(cells, 0, first[start].line - 1, 0, [row.cells for row in first[:start]])


def _name(place: int, texts: list[str]) -> str:
    told = [text for text in texts if text]
    is_ours = bool(told) and all(text.startswith(OURS) for text in told)
    return our_header(letters_of(place)) if is_ours else str(_("Column %(letter)s", letter=letters_of(place)))
