"""Rows of a file as they go through an import: read, checked, and what is to be done with each."""

from collections.abc import Callable, Iterator, Sequence
from enum import StrEnum
from functools import partial
from itertools import chain
from typing import Any, Final, NamedTuple


class RowState(StrEnum):
    """What keeping a row would do, or why it waits: the same words for everything that comes in rows."""

    NEW = "new"
    KNOWN = "known"
    PROBABLE = "probable"
    CONFLICT = "conflict"
    OTHER = "other"  # the number or e-mail of somebody with a wholly different name
    UNCHANGED = "unchanged"
    REFUSED = "refused"


WAITING: Final = frozenset({RowState.PROBABLE, RowState.CONFLICT, RowState.OTHER})  # a choice decides


class Read(NamedTuple):
    """A row whose cells could be read: its line and its values, in the order of the kind's fields."""

    line: int
    values: tuple[Any, ...]


class Checked(NamedTuple):
    """A row and what keeping it would do.

    `known` says whose row it is, in a form only its kind understands. `detail` holds what a page needs of
    a row that waits for somebody: "problems" as [column, value, reason], "texts" of its cells by column
    index, "differs" as {field: [register, file]}, "people" it may be. Everything is plain JSON.
    """

    line: int
    state: str
    values: list[Any] | tuple[Any, ...]
    note: str = ""
    known: Any = None
    detail: dict[str, Any] | None = None

    @property
    def problems(self) -> list[list[str]]:
        return list((self.detail or {}).get("problems", ()))


class ReadRows(Sequence[Read]):
    """Rows that could be read, column by column: what is done with all of them is done to few lists.

    Each of `columns` holds one value of each row.
    """

    def __init__(self, lines: Sequence[int], columns: Sequence[Sequence[Any]]) -> None:
        self.lines, self.columns = lines, columns

    @classmethod
    def of(cls, rows: Sequence[Read]) -> "ReadRows":
        """These rows, column by column."""
        if isinstance(rows, cls):
            return rows
        return cls([row.line for row in rows], list(zip(*[row.values for row in rows], strict=True)))

    @classmethod
    def joined(cls, parts: Sequence["ReadRows"]) -> "ReadRows":
        """The rows of several, one after the other."""
        columns = [list(chain.from_iterable(told)) for told in zip(*[p.columns for p in parts], strict=True)]
        return cls(list(chain.from_iterable(part.lines for part in parts)), columns)

    def __len__(self) -> int:
        return len(self.lines)

    def __getitem__(self, place: Any) -> Any:
        return list(self)[place]

    def __iter__(self) -> Iterator[Read]:
        return map(as_read, zip(self.lines, zip(*self.columns, strict=True), strict=True))


class CheckedRows(Sequence[Checked]):
    """Decided rows, column by column: `columns` are those of their values, the others as in `Checked`."""

    def __init__(
        self,
        lines: Sequence[int],
        states: list[str],
        columns: Sequence[Sequence[Any]],
        notes: list[str],
        known: list[Any],
        details: list[Any],
    ) -> None:
        self.lines, self.states, self.columns = lines, states, columns
        self.notes, self.known, self.details = notes, known, details

    @classmethod
    def of(cls, rows: Sequence[Checked]) -> "CheckedRows | None":
        """These rows, column by column; None where one has more values than another, or all have none."""
        if isinstance(rows, cls):
            return rows
        if len({len(row.values) for row in rows}) != 1 or not rows[0].values:
            return None
        lines, states, values, *others = map(list, zip(*rows, strict=True))
        return cls(lines, states, list(zip(*values, strict=True)), *others)

    def put(self, place: int, row: Checked) -> None:
        """Put what was decided of the row at a place; its values stay."""
        self.states[place], self.notes[place] = row.state, row.note
        self.known[place], self.details[place] = row.known, row.detail

    def __len__(self) -> int:
        return len(self.lines)

    def __getitem__(self, place: Any) -> Any:
        if not isinstance(place, slice):
            values = tuple(column[place] for column in self.columns)
            whose = self.notes[place], self.known[place], self.details[place]
            return as_checked((self.lines[place], self.states[place], values, *whose))
        told = self.lines[place], self.states[place], [column[place] for column in self.columns]
        return CheckedRows(*told, self.notes[place], self.known[place], self.details[place])

    def __iter__(self) -> Iterator[Checked]:
        return map(as_checked, zip(*self._told(zip(*self.columns, strict=True)), strict=True))

    def _told(self, values: Any) -> tuple[Any, ...]:
        return self.lines, self.states, values, self.notes, self.known, self.details


class ToKeep(NamedTuple):
    """A checked row and the choice made for it, where there was one to make."""

    row: Checked
    choice: str | None


class RowsToKeep(Sequence[ToKeep]):
    """Decided rows and what was chosen for each, column by column."""

    def __init__(self, rows: CheckedRows, choices: Sequence[str | None]) -> None:
        self.rows, self.choices = rows, choices

    @classmethod
    def of(cls, rows: Sequence[ToKeep]) -> "RowsToKeep | None":
        """These, column by column; None where they cannot be told so."""
        if isinstance(rows, cls):
            return rows
        told = CheckedRows.of([one.row for one in rows]) if rows else None
        return cls(told, [one.choice for one in rows]) if told else None

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, place: Any) -> Any:
        return (
            list(self)[place] if isinstance(place, slice) else ToKeep(self.rows[place], self.choices[place])
        )

    def __iter__(self) -> Iterator[ToKeep]:
        return map(as_kept, zip(self.rows, self.choices, strict=True))


# Made of a tuple in the order of the fields: for each row of a large file the difference counts.
as_read: Final[Callable[[Sequence[Any]], Read]] = partial(tuple.__new__, Read)
as_checked: Final[Callable[[Sequence[Any]], Checked]] = partial(tuple.__new__, Checked)
as_kept: Final[Callable[[Sequence[Any]], ToKeep]] = partial(tuple.__new__, ToKeep)


def refused(row: Checked | Read, column: str, value: str, reason: str) -> Checked:
    """The row as one that cannot be kept, with the reason at its cell."""
    detail = dict(row.detail or {}) if isinstance(row, Checked) else {}
    detail["problems"] = [[column, value, reason]]
    return Checked(row.line, RowState.REFUSED.value, row.values, reason, None, detail)
