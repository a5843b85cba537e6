"""Hands back the refused rows of an uploaded file as the same workbook, marked and explained."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import PurePath
from typing import Any, Final, NamedTuple

from flask_babel import gettext as _

from gdt.spreadsheets.limits import Unreadable
from gdt.spreadsheets.parsing import Parsing, Returning
from gdt.spreadsheets.reading import Table, read_table
from gdt.spreadsheets.refusals import refused
from gdt.spreadsheets.returned_columns import our_columns, our_header
from gdt.spreadsheets.tables import Recognise

CONTENT_TYPES: Final = {
    ".csv": "text/csv",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
}
Problem = Mapping[str, Any]


class Returned(NamedTuple):
    """The file to hand back; `is_same` is false if only its values could be brought over."""

    data: bytes
    filename: str
    is_same: bool

    @property
    def content_type(self) -> str:
        """What a browser is told that it is."""
        return CONTENT_TYPES[PurePath(self.filename).suffix]


def return_workbook(
    data: bytes,
    filename: str,
    problems: Iterable[Problem],
    recognise: Recognise | None = None,
    *,
    sheet: str | None = None,
    parsing: type[Parsing] = Returning,
) -> Returned:
    """Return the uploaded file `data` with its header and the rows that have a problem, and nothing else.

    A problem names its `line`, the header of its `column` (or nothing) and the `reason`. The reasons stand
    in a column of our own, which reading passes over, and the cells are marked. An .xlsx or .ods file
    stays what it is: its formats, its other sheets, its charts, names and validations; rows that were kept
    are emptied and hidden, so that each line keeps its number. An .xls file becomes .xlsx with its values;
    text keeps its delimiter, as UTF-8, and its old line numbers in a second column. Macros do not travel.
    Raises `Refused` if the file cannot be read.
    """
    listed = list(problems)
    table = read_table(data, filename, recognise, sheet=sheet, parsing=parsing)
    if our_columns(table.written_header):
        for _row in table.rows:
            continue
    try:
        with parsing(data, filename) as file:
            parts = list(file.parts(**_command(table, listed)))
    except Unreadable as reason:
        raise refused(reason) from reason
    name = f"{PurePath(filename).stem}-{_('to-correct')}{file.met['ending']}"
    return Returned(b"".join(parts), name, bool(file.met["is_same"]))


def _command(table: Table, problems: list[Problem]) -> dict[str, Any]:
    """Return what the process is asked: which rows, what is said of them, and where."""
    ours = our_columns(table.written_header)
    return {
        "ask": "return",
        "sheet": table.sheet_index,
        "delimiter": table.delimiter,
        "header_line": table.header_line,
        "last_header_line": table.last_header_line,
        "rows": _complaints(table, problems),
        "column": ours[-1] if ours and table.sheet else len(table.written_header),
        "title": our_header(_("What to correct")),
        "line_title": our_header(_("Line")),
        "first_lines": {str(line): first for line, first in table.first_lines.items()},
    }


def _complaints(table: Table, problems: list[Problem]) -> dict[str, tuple[str, list[tuple[int, str]]]]:
    """Return for each line the whole complaint, and the reason at each of its cells."""
    places = {text: place for place, text in reversed(list(enumerate(table.written_header))) if text}
    said: dict[int, list[str]] = defaultdict(list)
    cells: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for problem in problems:
        line, column, reason = problem["line"], problem["column"], problem["reason"]
        said[line].append(f"{column}: {reason}" if column else reason)
        parts = [column] if column in places else column.split(" + ")
        cells[line] += [(places[part], reason) for part in parts if part in places]
    words = {line: " ".join(reasons) for line, reasons in said.items()}
    if not table.has_header:  # nothing above tells whose column it is, so each of its cells does
        words = {line: our_header(reason) for line, reason in words.items()}
    return {str(line): (reason, cells[line]) for line, reason in words.items()}
