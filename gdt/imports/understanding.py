"""What a file says before the register is asked: its table, the meaning of its columns, and its rows."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from itertools import chain, filterfalse, islice
from typing import Any, Final

from flask_babel import gettext as _

from gdt.columns import Complaints, header_key, refuse_twins, shortened, too_many_cells
from gdt.imports.asking import find_shares, in_a_sentence, which_day, which_days, which_scale, which_sheet
from gdt.imports.headings import by_content
from gdt.imports.kinds import Kind, ReaderOfMany, Subject, Ways
from gdt.imports.rows import Checked, Read, ReadRows, RowState
from gdt.imports.scales import percent_of, share_of
from gdt.spreadsheets.headless import no_header
from gdt.spreadsheets.limits import Row
from gdt.spreadsheets.notices import Notice
from gdt.spreadsheets.portions import AT_ONCE, Portion, Rows
from gdt.spreadsheets.reading import Table
from gdt.spreadsheets.refusals import Refused
from gdt.spreadsheets.several_sheets import read_sheets

CHUNK: Final = 5_000  # rows decided together
TOGETHER: Final = (AT_ONCE, 64, 8)  # rows looked at together; where something is not plain, fewer
EXAMPLES: Final = 3
Memory = Mapping[str, list[str]]  # signature of a header → the field of each column


@dataclass(frozen=True)
class Said:
    """What a person said of a file: its sheets, the field of each column, how days are written, the scale.

    `has_header` is said where the first row holds no heading we know, `otherwise_on` of rows without a day.
    """

    sheets: tuple[str, ...] = ()
    mapping: list[str] | None = None
    day_order: str | None = None
    out_of: Decimal | None = None
    has_header: bool | None = None
    otherwise_on: date | None = None


NOTHING: Final = Said()


@dataclass
class Understood:
    """A table and the meaning of its columns; `question` is what only a person can answer, {} for nothing."""

    table: Table
    mapping: list[str]
    columns: dict[str, str]
    question: dict[str, Any] = field(default_factory=dict)
    ways: Ways = field(default_factory=Ways)


def signature(header: list[str]) -> str:
    """What tells one kind of header from another, whatever the case and the blanks."""
    return hashlib.sha256("\x1f".join(map(header_key, header)).encode()).hexdigest()


def understand(
    kind: Kind,
    data: bytes,
    filename: str,
    *,
    subject: Subject | None = None,
    said: Said = NOTHING,
    memory: Memory | None = None,
    asks: bool = False,
) -> Understood:
    """Return the table of a file and what its columns mean; its rows are read afterwards, once.

    A question is left open only if `asks`; otherwise what cannot be understood raises `Refused`.
    """
    known = dict(memory or {})
    if asks and not said.sheets and (question := which_sheet(kind, data, filename)):
        found = _understood(
            kind, data, filename, replace(said, sheets=(question["sheets"][0]["name"],)), known
        )
        found.question = question | found.question
        found.question.pop("can_ask", None)
        return found
    found = _understood(kind, data, filename, said, known)
    if found.question and not (asks and found.question.pop("can_ask")):
        raise Refused(in_a_sentence(found.question))
    if "columns" not in found.question:
        _find_ways(kind, subject, data, filename, found, said)
        if found.question and not asks:
            raise Refused(in_a_sentence(found.question))
    return found


def _find_ways(
    kind: Kind, subject: Subject | None, data: bytes, filename: str, found: Understood, said: Said
) -> None:
    """How the file writes days and marks; what can be meant in two ways becomes its question."""
    table, mapping = found.table, found.mapping
    day_of, about_days = which_days(kind, table, mapping, said.day_order)
    scale = kind.scale(subject, table.header, mapping)
    scale = replace(scale, said=said.out_of) if scale else None
    scale, about_scale = which_scale(scale, table)
    place = kind.percentages(mapping)
    if share := find_shares(place, table):
        told = {
            "column": table.header[place or 0],
            "text": share,
            "percent": percent_of(share_of(share) or Decimal()),
        }
        table.notices.append(Notice("shares", told))
    found.ways = Ways(day_of, scale, bool(share), said.otherwise_on)
    found.question |= (
        about_days | about_scale | which_day(kind, subject, found.table, mapping, said.otherwise_on)
    )


def _understood(kind: Kind, data: bytes, filename: str, said: Said, memory: Memory) -> Understood:
    def recognise(cells: list[str]) -> int:
        told = memory.get(signature(cells))
        return sum(map(bool, told)) if told else kind.count_known(cells)

    if said.has_header is False:
        return _as_said(kind, read_sheets(data, filename, no_header, said.sheets), said)
    table = read_sheets(data, filename, recognise, said.sheets)
    if not recognise(table.header) and not said.mapping:
        soft = read_sheets(data, filename, kind.count_any, said.sheets)
        table = soft if kind.count_any(soft.header) else table
    if _is_strange(kind, table, said, memory):
        table, told, question = by_content(
            kind, data, filename, table, sheets=said.sheets, has_header=said.has_header
        )
        return Understood(table, told, kind.columns(table.header, told), question)
    return _as_said(kind, table, said, memory)


def _is_strange(kind: Kind, table: Table, said: Said, memory: Memory) -> bool:
    """Whether nothing says what the columns hold: no known header, no person, no file of before."""
    is_told = bool(said.mapping) or signature(table.header) in memory
    return not is_told and not kind.count_any(table.header)


def _as_said(kind: Kind, table: Table, said: Said, memory: Memory | None = None) -> Understood:
    """The table with the columns somebody named, or as an earlier file had them, or as the header says."""
    chosen = said.mapping or (memory or {}).get(signature(table.header))
    if chosen is None or len(chosen) != len(table.header):
        refuse_twins(table.header, kind.found(table.header))
        chosen = kind.guess(table.header)
    found = Understood(table, chosen, kind.columns(table.header, chosen))
    if why := kind.missing(table.header, chosen):
        has_more = any(text and not name for text, name in zip(table.header, chosen, strict=True))
        found.question = {"columns": why, "can_ask": has_more and kind.count_any(table.header) > 0}
    return found


def read_rows(
    kind: Kind, subject: Subject | None, found: Understood, *, size: int = CHUNK
) -> Iterator[Sequence[Read | Checked]]:
    """Yield the rows in lists of about `size`: those that could be read, those refused with their reasons.

    Raises `Refused` where there is no row at all, and while rows are read if the file breaks off.
    """
    reading = _Reading(kind, subject, found)
    parts: list[Sequence[Read | Checked]] = []
    for portion in _portions(found.table.rows):
        parts += reading.read_all(portion)
        if sum(map(len, parts)) >= size:
            yield _together(parts)
            parts = []
    reading.tell_of_nobody()
    if not reading.rows_in:
        raise _no_rows(found.table.header_line)
    if any(parts):
        yield _together(parts)


def _portions(rows: Iterable[Row]) -> Iterator[Portion]:
    """The rows of a table as many at a time as they come."""
    if isinstance(rows, Rows):
        return rows.portions()
    left = iter(rows)
    return map(Portion.of, iter(lambda: list(islice(left, AT_ONCE)), []))


def _together(parts: Sequence[Sequence[Read | Checked]]) -> Sequence[Read | Checked]:
    """All rows of these parts: column by column if nothing is wrong in any of them."""
    plain = [part for part in parts if isinstance(part, ReadRows)]
    return ReadRows.joined(plain) if len(plain) == len(parts) else list(chain.from_iterable(parts))


class _Reading:
    def __init__(self, kind: Kind, subject: Subject | None, found: Understood) -> None:
        self.reader = kind.reader(subject, found.table.header, found.mapping, found.ways)
        self.complaints = Complaints(found.table.header)
        self.width = len(found.table.header)
        self.used = [index for index, name in enumerate(found.mapping) if name]
        told = enumerate(zip(found.table.header, found.mapping, strict=True))
        self.unnamed = [index for index, (text, name) in told if not (text or name)]
        self.notices = found.table.notices
        self.nobody: list[tuple[int, str]] = []
        self.rows_in = 0

    def is_nobody(self, row: Row) -> bool:
        """Whether a row has nothing in the columns that are read, and one cell beside: a number, a sum."""
        cells = row.cells
        for index in self.used:  # nearly every row ends here, so it is no comprehension
            if index < len(cells) and cells[index]:
                return False
        filled = [cell for cell in cells if cell]
        if len(filled) == 1:
            self.nobody.append((row.line, filled[0]))
        return len(filled) == 1

    def tell_of_nobody(self) -> None:
        if self.nobody:
            line, text = self.nobody[0]
            facts = {"n": len(self.nobody), "line": str(line), "text": shortened(text)}
            self.notices.append(Notice("nobody", facts))

    def read_all(self, portion: Portion, sizes: Sequence[int] = TOGETHER) -> list[Sequence[Read | Checked]]:
        """Read rows, plain ones many at a time: looking at one alone costs more than what there is to see."""
        if not (sizes and isinstance(self.reader, ReaderOfMany)):
            rows = filterfalse(self.is_nobody, portion.rows)
            return list(filter(None, [list(map(self.read, rows))]))
        told: list[Sequence[Read | Checked]] = []
        for start in range(0, len(portion), sizes[0]):
            part = portion.part(start, start + sizes[0]) if len(portion) > sizes[0] else portion
            columns = part.columns
            is_even = columns is not None and self._is_even(columns)
            plain = self.reader.read_plainly(part.lines, columns) if columns and is_even else None
            if plain is None:
                told += self.read_all(part, sizes[1:])
            else:
                self.rows_in += len(part)
                told.append(ReadRows(part.lines, plain))
        return told

    def _is_even(self, columns: Sequence[Sequence[str]]) -> bool:
        """Whether rows are as wide as the header, with nothing in a column without one."""
        return len(columns) == self.width and not any(any(columns[index]) for index in self.unnamed)

    def read(self, row: Row) -> Read | Checked:
        self.rows_in += 1
        complaints, cells, width = self.complaints, row.cells, self.width
        if len(cells) < width:
            cells.extend([""] * (width - len(cells)))
        elif len(cells) > width and any(cells[width:]):
            complaints.add(row, width, too_many_cells(width))
        if self.unnamed:
            self._tell_unnamed(cells)
        values = self.reader.read(row, complaints)
        if not complaints.problems:
            return Read(row.line, values)
        said = [[problem.column, problem.value, problem.reason] for problem in complaints.problems]
        complaints.problems.clear()
        texts = {str(index): cells[index] for index in self.used}
        return Checked(
            row.line, RowState.REFUSED.value, values, said[0][2], None, {"problems": said, "texts": texts}
        )

    def _tell_unnamed(self, cells: list[str]) -> None:
        """Note the columns without a header in which something stands, each once."""
        for index in [index for index in self.unnamed if cells[index]]:
            facts = {"column": index + 1, "text": shortened(cells[index])}
            self.notices.append(Notice("unnamed", facts))
            self.unnamed.remove(index)


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
