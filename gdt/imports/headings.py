"""Files whose first row is no heading we know: whether it is a row, and what the columns hold."""

from collections.abc import Sequence
from itertools import chain, islice
from typing import Any, Final

from flask_babel import gettext as _

from gdt.imports.kinds import Kind
from gdt.spreadsheets.headless import no_header
from gdt.spreadsheets.reading import Table, sheets_of
from gdt.spreadsheets.refusals import Refused
from gdt.spreadsheets.several_sheets import read_sheets

LOOKED_AT: Final = 200  # rows
SHOWN: Final = 8  # cells of the first row


def by_content(
    kind: Kind, data: bytes, filename: str, table: Table, *, sheets: Sequence[str], has_header: bool | None
) -> tuple[Table, list[str], dict[str, Any]]:
    """Return the table as it is to be read, the field of each column by its content, and what to ask.

    The first row is taken for a row like the others where each of its cells could stand in its column;
    `has_header` says what somebody said of it. Raises `Refused` where the content does not suffice.
    """
    rows = _columns_of(table)
    told = kind.tell_by_content(rows if any(map(any, rows)) else [[text] for text in table.header])
    is_row = not has_header if has_header is not None else _is_row(kind, table.header, told)
    first = list(table.header[:SHOWN])
    if is_row:
        table = read_sheets(data, filename, no_header, sheets or ([table.sheet] if table.sheet else []))
        rows = _columns_of(table)
        told = kind.tell_by_content(rows)
        first = [cells[0] for cells in rows[:SHOWN] if cells]
    if kind.missing(table.header, told):
        raise Refused(_not_told(kind, table, told, is_row=is_row))
    question = {"headings": {"is_row": is_row, "first": first}, "can_ask": True}
    return table, told, question | _other_sheets(data, filename, table)


def _columns_of(table: Table) -> list[list[str]]:
    """The first cells of each column; the rows stay to be read."""
    first = list(islice(table.rows, LOOKED_AT))
    table.rows = chain(first, table.rows)
    width = len(table.header)
    padded = [[*row.cells, *[""] * (width - len(row.cells))] for row in first]
    return [[cells[place] for cells in padded] for place in range(width)]


def _is_row(kind: Kind, header: list[str], told: list[str]) -> bool:
    alone = kind.tell_by_content([[text] for text in header])
    named = zip(alone, told, header, strict=True)
    return all(one == name for one, name, text in named if name and text and name not in kind.written_freely)


def _other_sheets(data: bytes, filename: str, table: Table) -> dict[str, Any]:
    """The sheets of a workbook that nothing tells apart."""
    filled = [one for one in sheets_of(data, filename) if one.is_visible] if table.sheet else []
    return (
        {
            "sheets": [
                {"name": one.name, "rows": one.rows, "header": one.header[:SHOWN], "is_alike": False}
                for one in filled
            ]
        }
        if len(filled) > 1
        else {}
    )


def _not_told(kind: Kind, table: Table, told: list[str], *, is_row: bool) -> str:
    if not is_row:
        return str(kind.missing(table.header, told))
    return str(
        _(
            "We found no headings in this file, and what stands in its columns does not tell us enough. "
            "Write headings into the first row, or copy your rows into the workbook to fill in and upload "
            "that."
        )
    )


def in_the_way(question: dict[str, Any]) -> str:
    """Why a file without known headings is not read where nobody can be asked."""
    return str(
        _(
            "We found no headings we know in this file; its first row is “%(first)s”. Write headings "
            "into the first row, or upload the file on its page, where you can say what each column holds.",
            first=" · ".join(filter(None, question["headings"]["first"])),
        )
    )
