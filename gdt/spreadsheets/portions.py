"""Some hundred rows of a table at a time, column by column: how they travel, and how they are looked at."""

from collections.abc import Generator, Iterable, Iterator
from functools import partial
from typing import Any, Final

from gdt.spreadsheets.limits import Row

AT_ONCE: Final = 400  # rows
BETWEEN: Final = "\x7f"  # parts the cells of a column; JSON has it as it stands
as_row: Final = partial(tuple.__new__, Row)


class Portion:
    """Rows that follow each other: one by one, and column by column where they are all of one width."""

    def __init__(self, lines: list[int], columns: list[list[str]] | None, rows: list[Row] | None) -> None:
        self.lines, self._columns, self._rows = lines, columns, rows

    @classmethod
    def of(cls, rows: list[Row]) -> "Portion":
        """These rows as a portion."""
        return cls([row.line for row in rows], None, rows)

    def __len__(self) -> int:
        return len(self.lines)

    def __add__(self, other: "Portion") -> "Portion":
        lines, ours, theirs = self.lines + other.lines, self.columns, other.columns
        if not (ours and theirs) or len(ours) != len(theirs):
            return Portion(lines, None, self.rows + other.rows) if self else other
        return Portion(lines, [one + two for one, two in zip(ours, theirs, strict=True)], None)

    @property
    def rows(self) -> list[Row]:
        """The rows one by one."""
        if self._rows is None:
            cells = map(list, zip(*(self._columns or ()), strict=True))
            self._rows = list(map(as_row, zip(self.lines, cells, strict=True)))
        return self._rows

    @property
    def columns(self) -> list[list[str]] | None:
        """The cells of each column; None where one row is wider than another."""
        if self._columns is None and self._rows and len({len(row.cells) for row in self._rows}) == 1:
            self._columns = list(map(list, zip(*[row.cells for row in self._rows], strict=True)))
        return self._columns

    def part(self, start: int, end: int | None = None) -> "Portion":
        """The rows between two places."""
        columns = self._columns and [column[start:end] for column in self._columns]
        return Portion(self.lines[start:end], columns, self._rows and self._rows[start:end])


class Rows(Iterator[Row]):
    """The rows of a table one by one, or a portion at a time as they came: one of both, and once."""

    def __init__(self, portions: Iterable[Portion]) -> None:
        self._portions = iter(portions)
        self._rows = self._one_by_one()
        self._has_begun = False

    def __iter__(self) -> Iterator[Row]:
        self._has_begun = True
        return self._rows

    def __next__(self) -> Row:
        self._has_begun = True
        return next(self._rows)

    def _one_by_one(self) -> Iterator[Row]:
        try:
            for portion in self._portions:
                yield from portion.rows
        finally:  # whoever looks no further ends the process that reads
            if isinstance(self._portions, Generator):
                self._portions.close()

    def portions(self) -> Iterator[Portion]:
        """The same in portions; where somebody looked at the first rows, of those that are left."""
        if not self._has_begun:
            return self._portions
        return (Portion.of([row]) for row in self._rows)


def as_message(portion: Portion) -> dict[str, Any]:
    """Return rows as a message: each column one text where it can be, for that costs a third to read."""
    if columns := portion.columns:
        texts = list(map(BETWEEN.join, columns))
        if all(text.count(BETWEEN) == len(portion) - 1 for text in texts):
            return {"lines": portion.lines, "columns": texts}
    return {"rows": portion.rows}


def from_message(message: dict[str, Any]) -> Portion:
    """Return what `as_message` made a message; ValueError if the message is none."""
    if "rows" in message:
        return Portion.of(list(map(Row._make, message["rows"])))
    lines, columns = message["lines"], [text.split(BETWEEN) for text in message["columns"]]
    if any(len(column) != len(lines) for column in columns):
        raise ValueError("The columns of this message are not of one length.")
    return Portion(lines, columns, None)
