"""What a file says before the register is asked: its table, the meaning of its columns, and its rows."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from flask_babel import gettext as _

from gdt.columns import Complaints, header_key, refuse_twins, too_many_cells
from gdt.imports.kinds import DayOf, Kind, Subject
from gdt.imports.rows import Checked, Read, RowState
from gdt.spreadsheets.dates import DayOrder, understand_dates
from gdt.spreadsheets.limits import Row
from gdt.spreadsheets.reading import Table, read_table, sheets_of
from gdt.spreadsheets.refusals import Refused

CHUNK: Final = 5_000  # rows decided together
EXAMPLES: Final = 3
Memory = Mapping[str, list[str]]  # signature of a header → the field of each column


@dataclass
class Understood:
    """A table and the meaning of its columns; `question` is what only a person can answer, {} for nothing.

    `day_of` reads a day as the file writes them.
    """

    table: Table
    mapping: list[str]
    columns: dict[str, str]
    question: dict[str, Any] = field(default_factory=dict)
    day_of: DayOf = field(default=lambda _text: None)


def signature(header: list[str]) -> str:
    """What tells one kind of header from another, whatever the case and the blanks."""
    return hashlib.sha256("\x1f".join(map(header_key, header)).encode()).hexdigest()


def understand(
    kind: Kind,
    data: bytes,
    filename: str,
    *,
    sheet: str | None = None,
    mapping: list[str] | None = None,
    memory: Memory | None = None,
    day_order: str | None = None,
    asks: bool = False,
) -> Understood:
    """Return the table of a file and what its columns mean; its rows are read afterwards, once.

    A question is left open only if `asks`; otherwise what cannot be understood raises `Refused`.
    """
    known = dict(memory or {})
    if asks and sheet is None and (question := _which_sheet(kind, data, filename)):
        sheet = question["sheets"][0]["name"]
        found = _understood(kind, data, filename, sheet, mapping, known)
        found.question = question | found.question
        found.question.pop("can_ask", None)
        return found
    found = _understood(kind, data, filename, sheet, mapping, known)
    if found.question and not (asks and found.question.pop("can_ask")):
        raise Refused(found.question["columns"])
    return found if found.question else _with_days(kind, data, filename, found, day_order, asks=asks)


def _with_days(
    kind: Kind, data: bytes, filename: str, found: Understood, order: str | None, *, asks: bool
) -> Understood:
    """The same, knowing how the file writes days; what can be read two ways is asked about, once."""
    names = {one.name for one in kind.fields if one.is_day}
    places = [place for place, name in enumerate(found.mapping) if name in names]
    if not places:
        return found
    table = found.table
    is_1904 = table.is_1904 if table.sheet else None
    same = set(table.written_header)
    again = read_table(data, filename, lambda cells: len(same & set(cells)), sheet=table.sheet or None)
    texts = {row.cells[place] for row in again.rows for place in places if place < len(row.cells)}
    days = understand_dates(sorted(texts - {""}), is_1904=is_1904)
    chosen = DayOrder(order) if order in {one.value for one in DayOrder} else None
    found.day_of = lambda text: days.read(text, chosen, is_1904=is_1904)
    if days.must_ask and chosen is None:
        if not asks:
            raise Refused(_("A day such as “%(text)s” can be read two ways.", text=days.examples[0][0]))
        found.question = {"days": [[text, str(one), str(two)] for text, one, two in days.examples]}
    return found


def _understood(
    kind: Kind, data: bytes, filename: str, sheet: str | None, mapping: list[str] | None, memory: Memory
) -> Understood:
    def recognise(cells: list[str]) -> int:
        told = memory.get(signature(cells))
        return sum(map(bool, told)) if told else kind.count_known(cells)

    table = read_table(data, filename, recognise, sheet=sheet)
    if not recognise(table.header) and not mapping:
        soft = read_table(data, filename, kind.count_any, sheet=sheet)
        table = soft if kind.count_any(soft.header) else table
    chosen = mapping or memory.get(signature(table.header))
    if chosen is None or len(chosen) != len(table.header):
        refuse_twins(table.header, kind.found(table.header))
        chosen = kind.guess(table.header)
    found = Understood(table, chosen, kind.columns(table.header, chosen))
    if why := kind.missing(table.header, chosen):
        has_more = any(text and not name for text, name in zip(table.header, chosen, strict=True))
        found.question = {"columns": why, "can_ask": has_more and kind.count_any(table.header) > 0}
    return found


def _which_sheet(kind: Kind, data: bytes, filename: str) -> dict[str, Any] | None:
    """Several sheets that could each be meant are asked about; one good one is simply read."""
    good = [one for one in sheets_of(data, filename, kind.count_known) if one.is_visible and one.score]
    if len(good) < 2:
        return None
    best = sorted(good, key=lambda one: -one.score)
    return {"sheets": [{"name": one.name, "rows": one.rows, "header": one.header[:8]} for one in best]}


def read_rows(
    kind: Kind, subject: Subject | None, found: Understood, *, size: int = CHUNK
) -> Iterator[list[Read | Checked]]:
    """Yield the rows in lists of `size`: those that could be read, and those refused with their reasons.

    Raises `Refused` where there is no row at all, and while rows are read if the file breaks off.
    """
    reading = _Reading(kind, subject, found)
    chunk: list[Read | Checked] = []
    for row in found.table.rows:
        chunk.append(reading.read(row))
        if len(chunk) == size:
            yield chunk
            chunk = []
    if chunk:
        yield chunk
    if not reading.rows_in:
        raise _no_rows(found.table.header_line)


class _Reading:
    def __init__(self, kind: Kind, subject: Subject | None, found: Understood) -> None:
        self.reader = kind.reader(subject, found.table.header, found.mapping, found.day_of)
        self.complaints = Complaints(found.table.header)
        self.width = len(found.table.header)
        self.used = [index for index, name in enumerate(found.mapping) if name]
        self.rows_in = 0

    def read(self, row: Row) -> Read | Checked:
        self.rows_in += 1
        complaints, cells, width = self.complaints, row.cells, self.width
        if len(cells) < width:
            cells.extend([""] * (width - len(cells)))
        elif len(cells) > width and any(cells[width:]):
            complaints.add(row, width, too_many_cells(width))
        values = self.reader.read(row, complaints)
        if not complaints.problems:
            return Read(row.line, values)
        said = [[problem.column, problem.value, problem.reason] for problem in complaints.problems]
        complaints.problems.clear()
        texts = {str(index): cells[index] for index in self.used}
        return Checked(
            row.line, RowState.REFUSED.value, values, said[0][2], None, {"problems": said, "texts": texts}
        )


def read_again(kind: Kind, subject: Subject, found: Understood, line: int, texts: dict[int, str]) -> Any:
    """Return one row as it reads with these cells, alone: Read, or Checked with what is still wrong."""
    cells = [texts.get(index, "") for index in range(len(found.table.header))]
    return _Reading(kind, subject, found).read(Row(line, cells))


def examples(table: Table, wanted: Iterable[int] = ()) -> list[list[str]]:
    """Return for each column the first few values that differ, to show what stands in it."""
    shown: list[list[str]] = [[] for _ in table.header]
    for count, row in enumerate(table.rows):
        for values, cell in zip(shown, row.cells, strict=False):
            if cell and len(values) < EXAMPLES and cell not in values:
                values.append(cell)
        if count >= 200:
            break
    return shown


def _no_rows(header_line: int) -> Refused:
    return Refused(
        _(
            "There is no row under the header (line %(header_line)s). Put one row per person "
            "under it and upload the file again.",
            header_line=header_line,
        )
    )
