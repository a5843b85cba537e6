"""The refused rows of an uploaded list as a file to correct: its own columns, the line and the reason."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import gettext as _

from gdt.people.roster import count_known
from gdt.spreadsheets.reading import read_table
from gdt.spreadsheets.tables import Recognise
from gdt.spreadsheets.writing import write_csv


def refused_rows_file(
    data: bytes,
    filename: str,
    problems: Iterable[Mapping[str, Any]],
    recognise: Recognise = count_known,
) -> bytes:
    """Return a CSV of the lines that have a problem, as they stood in the file; it can be uploaded again."""
    reasons: dict[int, list[str]] = defaultdict(list)
    for problem in problems:
        place = f"{problem['column']}: " if problem["column"] else ""
        reasons[problem["line"]].append(place + problem["reason"])
    table = read_table(data, filename, recognise)
    width = len(table.header)
    rows: Iterable[list[str | int]] = (
        [*(row.cells + [""] * width)[:width], row.line, " ".join(reasons[row.line])]
        for row in table.rows
        if row.line in reasons
    )
    return write_csv([*table.header, _("Line"), _("Reason")], rows)
