"""Reads an uploaded spreadsheet into a header and rows, or says in words why it cannot."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from gdt.spreadsheets.encodings import decide_encoding
from gdt.spreadsheets.headless import lettered, no_header
from gdt.spreadsheets.limits import MAX_COLUMNS, Row, Unreadable
from gdt.spreadsheets.notices import Notice
from gdt.spreadsheets.parsing import Parsing
from gdt.spreadsheets.portions import Portion, Rows
from gdt.spreadsheets.refusals import refused
from gdt.spreadsheets.returned_columns import our_columns
from gdt.spreadsheets.tables import (
    Header,
    Recognise,
    best_header,
    best_reading,
    rows_below,
    without_ours,
)

_LEGACY_FROM = "utf"


class Sheet(NamedTuple):
    """A sheet of a workbook: how far it reaches, its best header and how many known columns that has."""

    name: str
    is_visible: bool
    rows: int
    columns: int
    header: list[str]
    score: int


@dataclass
class Table:
    """A header and the rows under it; `rows` is read once and may raise `Refused` while it is read.

    `written_header` is the header as it stands in the file, with the columns that we once added to it.
    `notices` is complete once the rows were read, and so is `first_lines`: for a file we handed back,
    the line each row had in the file that was first uploaded.
    """

    header: list[str]
    rows: Iterable[Row]
    header_line: int
    last_header_line: int = 0
    written_header: list[str] = field(default_factory=list)
    sheet: str = ""
    sheet_index: int = 0
    sheets: list[str] = field(default_factory=list)
    encoding: str = ""
    delimiter: str = ""
    is_1904: bool = False
    notices: list[Notice] = field(default_factory=list)
    first_lines: dict[int, int] = field(default_factory=dict)
    again: Callable[[], Iterable[Row]] = tuple  # reads the same rows once more

    @property
    def has_header(self) -> bool:
        return self.header_line > 0


def read_table(
    data: bytes,
    filename: str,
    recognise: Recognise | None = None,
    *,
    sheet: str | None = None,
    parsing: type[Parsing] = Parsing,
) -> Table:
    """Return the table in `data`, a file its owner calls `filename`.

    `recognise` counts the known columns in the cells of a row, 0 if a needed one is missing: of the
    first 30 rows the one with most is the header, titles above it are passed over. Without it the
    first row is the header; with `no_header` the columns are named by letters and every row is a row. Of
    several sheets `sheet` is read, or the one whose header has most known
    columns, a visible one first. Cells are NFC and trimmed, whole numbers without ".0", dates ISO; empty
    rows are left out. The file is read in a process of its own, which ends with the rows. Raises
    `Refused`, here or while the rows are read.
    """
    try:
        file = parsing(data, filename)
        known = recognise or (lambda cells: 0)
        is_text = file.opened["kind"] == "text"
        table = _text_table(file, known) if is_text else _book_table(file, known, sheet)
        table.again = lambda: read_table(data, filename, recognise, sheet=sheet, parsing=parsing).rows
        return table
    except Unreadable as reason:
        raise refused(reason) from reason


def decoded(data: bytes) -> str:
    """Return the text of `data`, which is no table; `Refused` if its encoding is not certain."""
    try:
        encoding = decide_encoding(data)
    except Unreadable as reason:
        raise refused(reason) from reason
    return data[encoding.start :].decode(encoding.name)


def sheets_of(data: bytes, filename: str, recognise: Recognise | None = None) -> list[Sheet]:
    """Return the sheets that hold something, in their order; a text file has none. Raises `Refused`."""
    known = recognise or (lambda cells: 0)
    try:
        with Parsing(data, filename) as file:
            found = [
                (one, file.ask(ask="first", sheet=one["index"])) for one in file.opened.get("sheets", [])
            ]
    except Unreadable as reason:
        raise refused(reason) from reason
    headers = [(one, first["size"], _header(first, known)) for one, first in found]
    return [
        Sheet(one["name"], one["is_visible"], size[0], size[1], header.cells, header.score)
        for one, size, header in headers
        if header
    ]


def _text_table(file: Parsing, known: Recognise) -> Table:
    reading = best_reading(file.opened["readings"], known)
    rows = [Row(*row) for row in reading["rows"]]
    header = _found(rows, (), known)
    if header is None:
        raise Unreadable("empty")
    table = Table(header.cells, (), header.line, encoding=file.opened["encoding"])
    table.delimiter = reading["delimiter"]
    if not table.encoding.startswith(_LEGACY_FROM):
        table.notices.append(Notice("legacy_encoding", {"encoding": table.encoding}))
    return _under(table, header, file, delimiter=table.delimiter)


def _book_table(file: Parsing, known: Recognise, wanted: str | None) -> Table:
    header, sheet = _chosen_sheet(file, known, wanted)
    names = [one["name"] for one in file.opened["sheets"] if one["is_visible"]]
    table = Table(header.cells, (), header.line, sheet=sheet["name"], is_1904=file.opened["is_1904"])
    table.sheets, table.sheet_index = names, sheet["index"]
    others = [name for name in names if name != table.sheet]
    if others:
        named = ", ".join(f"“{name}”" for name in others[:5]) + (" …" if len(others) > 5 else "")
        table.notices.append(Notice("other_sheets", {"sheet": table.sheet, "others": named}))
    if not sheet["is_visible"]:
        table.notices.append(Notice("hidden_sheet", {"sheet": table.sheet}))
    return _under(table, header, file, ask="rows", sheet=sheet["index"])


def _chosen_sheet(file: Parsing, known: Recognise, wanted: str | None) -> tuple[Header, dict[str, Any]]:
    """Return the header and the sheet with the best one; a hidden sheet only if no visible one is known."""
    best: tuple[tuple[int, bool], Header, dict[str, Any]] | None = None
    for sheet in file.opened["sheets"]:
        if wanted is not None and sheet["name"] != wanted:
            continue
        header = _header(file.ask(ask="first", sheet=sheet["index"]), known)
        if header is None:
            continue
        rank = (header.score if sheet["is_visible"] else min(header.score, 1), bool(sheet["is_visible"]))
        if best is None or rank > best[0]:
            best = (rank, header, sheet)
    if best is None:
        raise Unreadable("empty" if wanted is None else "no_such_sheet", sheet=wanted)
    return best[1], best[2]


def _header(first: dict[str, Any], known: Recognise) -> Header | None:
    """Return the best header of a sheet, as wide as the sheet: a column without a name is still a column."""
    width = min(first["size"][1], MAX_COLUMNS)
    rows = [Row(line, cells + [""] * (width - len(cells))) for line, cells in first["rows"]]
    return _found(rows, first["merged"], known)


def _found(rows: list[Row], merged: Iterable[Any], known: Recognise) -> Header | None:
    return lettered(rows) if known is no_header else best_header(rows, merged, known)


def _under(table: Table, header: Header, file: Parsing, **command: Any) -> Table:
    """Give `table` the rows under its header, and the columns that are not ours."""
    table.last_header_line, table.written_header = header.last_line, header.cells
    if header.rows and not table.has_header:
        text = next(cell for cell in header.rows[0] if cell)
        table.notices.append(Notice("title", {"n": len(header.rows), "text": text[:80]}))
    portions: Iterable[Portion] = rows_below(file.portions(**command), header, table.notices)
    if ours := our_columns(header.cells):
        portions = without_ours(portions, header.cells, table.first_lines)
        table.header = [text for index, text in enumerate(header.cells) if index not in ours]
        table.notices.append(Notice("returned", {}))
    table.rows = Rows(_told(portions, table, file))
    return table


def _told(portions: Iterable[Portion], table: Table, file: Parsing) -> Iterator[Portion]:
    """Yield `portions`; then tell what was met, and in a sentence why they cannot be read on."""
    try:
        yield from portions
    except Unreadable as reason:
        raise refused(reason) from reason
    finally:
        file.close()
    for code in ("hidden_rows", "hidden_columns", "repeated"):
        if count := file.met.get(code):
            table.notices.append(Notice(code, {"n": count}))
