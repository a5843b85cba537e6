"""Rows of a file as they go through an import: read, checked, and what is to be done with each."""

from collections.abc import Callable, Sequence
from enum import StrEnum
from functools import partial
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


class ToKeep(NamedTuple):
    """A checked row and the choice made for it, where there was one to make."""

    row: Checked
    choice: str | None


# Made of a tuple in the order of the fields: for each row of a large file the difference counts.
as_read: Final[Callable[[Sequence[Any]], Read]] = partial(tuple.__new__, Read)
as_checked: Final[Callable[[Sequence[Any]], Checked]] = partial(tuple.__new__, Checked)
as_kept: Final[Callable[[Sequence[Any]], ToKeep]] = partial(tuple.__new__, ToKeep)


def refused(row: Checked | Read, column: str, value: str, reason: str) -> Checked:
    """The row as one that cannot be kept, with the reason at its cell."""
    detail = dict(row.detail or {}) if isinstance(row, Checked) else {}
    detail["problems"] = [[column, value, reason]]
    return Checked(row.line, RowState.REFUSED.value, row.values, reason, None, detail)
