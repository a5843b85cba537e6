"""What a person has across the features: each says which rows are hers, and what two of a kind become.

People stand below the features whose rows belong to them, so the features register here.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import Select, Table

Row = dict[str, Any]


class Journal(Protocol):
    """What a rule may do to rows; every deed is written down, so that it can be undone."""

    def rows(self, table: Table, column: str, value: Any) -> list[Row]: ...
    def change(self, table: Table, row: Row, **values: Any) -> None: ...
    def remove(self, table: Table, row: Row) -> None: ...
    def keep(self, table: Table, row: Row) -> None: ...


Settle = Callable[[Journal, Row, Row], str]


@dataclass(frozen=True)
class Belonging:
    """Rows of a table with a `person_id`; `position` is when they are moved, and where they are shown.

    `same` are the columns of which a person has one row each (None: any number of rows), and
    `settle(journal, hers, other's)` makes one of two and says the rule in words; without it the other's stays
    where it is. `after(journal, hers, moving)` puts right what depends on all the rows together. `tell`
    answers what each row is, by id; `places` the institutions of the rows of some persons; `title` names
    the kind, `counted` how many there are, in words.
    """

    position: int
    table: Table
    title: Callable[[], str]
    counted: Callable[[int], str]
    tell: Callable[[Sequence[Row]], dict[int, str]]
    places: Callable[[Collection[int]], Select[Any]] | None = None
    same: tuple[str, ...] | None = None
    settle: Settle | None = None
    after: Callable[[Journal, Sequence[Row], Sequence[Row]], None] | None = None

    def sameness(self, row: Mapping[str, Any]) -> tuple[Any, ...]:
        return tuple(row[name] for name in self.same or ())


Objection = Callable[[Any, Sequence[Any]], str | None]
_belongings: list[Belonging] = []
_objections: list[Objection] = []
_notes: list[Callable[[int, int], list[str]]] = []


def register(belonging: Belonging) -> None:
    """Add rows that belong to persons; what others refer to has a position after what refers to it."""
    _belongings.append(belonging)


def every_belonging() -> Sequence[Belonging]:
    return sorted(_belongings, key=lambda belonging: belonging.position)


def objection(function: Objection) -> Objection:
    """Register what may speak against undoing a merge: `(merge, its steps)` to a sentence, or None."""
    _objections.append(function)
    return function


def every_objection() -> Sequence[Objection]:
    return _objections


def note(function: Callable[[int, int], list[str]]) -> Callable[[int, int], list[str]]:
    """Register what is to be known before merging two persons although nothing is changed by it."""
    _notes.append(function)
    return function


def every_note() -> Sequence[Callable[[int, int], list[str]]]:
    return _notes
