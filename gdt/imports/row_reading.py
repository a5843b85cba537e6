"""The rows of a file that was understood: plain ones many at a time, the others one by one."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, filterfalse, islice
from typing import Any, Final

from flask_babel import gettext as _

from gdt.columns import Complaints, shortened, too_many_cells
from gdt.imports.kind_parts import ReaderOfMany, Subject
from gdt.imports.kinds import Kind
from gdt.imports.rows import Checked, Read, ReadRows, RowState
from gdt.imports.understanding import Understood
from gdt.spreadsheets.limits import Row
from gdt.spreadsheets.notices import Notice
from gdt.spreadsheets.portions import AT_ONCE, Portion, Rows
from gdt.spreadsheets.refusals import Refused

CHUNK: Final = 5_000  # rows decided together
TOGETHER: Final = (AT_ONCE, 64, 8)  # rows looked at together; where something is not plain, fewer


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


def _no_rows(header_line: int) -> Refused:
    return Refused(
        _(
            "There is no row under the header (line %(header_line)s). Put one row per person "
            "under it and upload the file again.",
            header_line=header_line,
        )
    )
