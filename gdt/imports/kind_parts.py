"""What a kind of rows is made of: fields, what a file is of, who reads and decides rows, what was kept."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple, Protocol, runtime_checkable

from gdt.columns import Complaints
from gdt.imports.rows import Checked, Read
from gdt.imports.scales import Scale
from gdt.spreadsheets.limits import Row


class Field(NamedTuple):
    """What a column can be, and what people call it. A part may stand in several columns."""

    name: str
    label: Any
    is_part: bool = False
    is_day: bool = False


class Shown(NamedTuple):
    """A column of the check page: which of a row's values, and its heading."""

    place: int
    label: Any
    is_number: bool = False
    is_day: bool = False


@dataclass(frozen=True)
class Subject:
    """The record that a file is about, and the endpoints (with the code in them) of its pages."""

    record: Any
    id: int
    code: str
    name: str
    institution_id: int | None
    page: str
    upload_page: str
    template_page: str

    @property
    def key(self) -> dict[str, Any]:
        """What its pages need in their addresses."""
        return {"code": self.code} if self.code else {}


DayOf = Callable[[str], date | None]
Columns = Sequence[Sequence[Any]]  # of many rows: the values of each field


@dataclass(frozen=True)
class Ways:
    """How a file writes what can be written in several ways: its days, what its marks are out of.

    `is_share` says that its percentages are written as shares of one: 0.87. `otherwise_on` is the day of
    rows that need one and say none.
    """

    day_of: DayOf = field(default=lambda _text: None)
    scale: Scale | None = None
    is_share: bool = False
    otherwise_on: date | None = None


class Reader(Protocol):
    """Understands the cells of one row; complains at the cell that is wrong."""

    def read(self, row: Row, complaints: Complaints) -> tuple[Any, ...]: ...


@runtime_checkable
class ReaderOfMany(Reader, Protocol):
    """Understands many rows at once, of the width of the header, where each cell is of a plain kind."""

    def read_plainly(self, lines: Sequence[int], columns: Sequence[Sequence[str]]) -> Columns | None:
        """What `read` would tell of rows given column by column, column by column.

        None, and nothing taken note of, if it would complain of one of them.
        """


class Checker(Protocol):
    """Decides rows of one file, chunk after chunk; it remembers what the file has said before."""

    def decide(self, rows: Sequence[Read]) -> Sequence[Checked]: ...

    def note(self, row: Checked) -> None:
        """Take a row as already decided, so that another one about the same is found to be the second."""


class Made(NamedTuple):
    """Rows that were made in a table: the columns that differ, each row as its id and their values.

    `same` are the columns that say the same in all of them.
    """

    table: str
    columns: Sequence[str]
    rows: Sequence[tuple[Any, ...]]
    same: Mapping[str, Any] = {}


@dataclass
class Kept:
    """What keeping some rows did: counts, the rows that could not be kept after all, and the journal.

    `made` is what was made, `changes` the values that were replaced: [table, id, column, before, after].
    """

    new: int = 0
    matched: int = 0
    unchanged: int = 0
    changed: int = 0
    late: list[Checked] = field(default_factory=list)
    made: list[Made] = field(default_factory=list)
    changes: list[tuple[str, int, str, Any, Any]] = field(default_factory=list)
