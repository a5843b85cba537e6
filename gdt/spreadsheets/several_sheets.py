"""Several sheets of a workbook as one table: those with the same columns, one after the other."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from flask_babel import gettext as _

from gdt.spreadsheets.limits import MAX_ROWS, Row, Unreadable
from gdt.spreadsheets.lines import SHEET, line_of, with_line_in_words
from gdt.spreadsheets.notices import Notice
from gdt.spreadsheets.reading import Table, read_table
from gdt.spreadsheets.refusals import Refused, refused
from gdt.spreadsheets.tables import Recognise

_TOLD_ONCE = "other_sheets"


def _key(text: str) -> str:
    return "".join(text.casefold().split())


def columns_key(header: Iterable[str]) -> tuple[str, ...]:
    """Return what is alike in two headers with the same columns, in whatever order."""
    return tuple(sorted(_key(text) for text in header))


def read_sheets(data: bytes, filename: str, recognise: Recognise, sheets: Sequence[str] = ()) -> Table:
    """Return the table of a file, or of these sheets of it; each row's line knows which sheet it is of.

    The columns are those of the first sheet. Raises `Refused`, also where a sheet has others.
    """
    first = read_table(data, filename, recognise, sheet=sheets[0] if sheets else None)
    if len(sheets) < 2:
        return first
    others = [name for name in first.sheets if name not in sheets]
    told = ", ".join(f"“{name}”" for name in sheets)
    notices = [one for one in first.notices if one.code != _TOLD_ONCE]
    notices.append(Notice("sheets_together", {"sheets": told, "others": ", ".join(others)}))
    table = replace(first, notices=notices)
    table.rows = _all_rows(first, data, filename, recognise, sheets, notices)
    table.again = lambda: read_sheets(data, filename, recognise, sheets).rows
    return table


def _all_rows(
    first: Table,
    data: bytes,
    filename: str,
    recognise: Recognise,
    sheets: Sequence[str],
    notices: list[Notice],
) -> Iterator[Row]:
    count = 0
    for place, name in enumerate(sheets):
        table = read_table(data, filename, recognise, sheet=name) if place else first
        order = _order(first.header, table.header, name)
        for row in table.rows:
            count += 1
            cells = row.cells if order is None else _in_order(row.cells, order)
            yield Row(line_of(row.line + place * SHEET, sheets), cells)
        told = [one for one in table.notices if one.code != _TOLD_ONCE and one not in notices]
        notices += [Notice(one.code, with_line_in_words(dict(one.facts), place, sheets)) for one in told]
        if count > MAX_ROWS:
            raise refused(Unreadable("too_many_rows"))


def _order(wanted: list[str], header: list[str], sheet: str) -> list[int] | None:
    """Where each wanted column stands in a sheet, None if all stand alike; `Refused` if it has others."""
    keys, ours = [_key(text) for text in header], [_key(text) for text in wanted]
    if keys == ours:
        return None
    if columns_key(header) != columns_key(wanted):
        raise Refused(
            _("The sheet “%(sheet)s” has other columns. Read it by itself, or make them alike.", sheet=sheet)
        )
    return [keys.index(key) for key in ours]


def _in_order(cells: list[str], order: list[int]) -> list[str]:
    padded = cells + [""] * (len(order) - len(cells))
    return [padded[place] for place in order] + padded[len(order) :]
