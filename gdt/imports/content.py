"""Which field a column is, told by its cells; a kind says what a cell of each field looks like."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

Cells = Sequence[Sequence[str]]
Tells = Callable[[str], bool]  # whether a text can be a cell of a field
MOSTLY: Final = 0.8  # of the filled cells: the others are the mistakes that the check is for
VARIED: Final = 0.5  # a column of towns or faculties says the same again and again
FEW: Final = 3  # cells, of which nothing is known by repetition


def tell(columns: Cells, tells: Mapping[str, Tells], *, last: frozenset[str] = frozenset()) -> list[str]:
    """Return the field of each column, each field once and in the order of `tells`, "" where none fits.

    Of several columns that fit the first is taken, or the last for the fields in `last`: what is measured
    stands behind whom it is about. A column that only counts the rows is nothing.
    """
    told = ["" for _column in columns]
    open_places = [place for place, cells in enumerate(columns) if not counts_rows(cells)]
    for field, can_be in tells.items():
        fits = [place for place in open_places if not told[place] and is_mostly(columns[place], can_be)]
        if fits:
            told[fits[-1 if field in last else 0]] = field
    return told


def is_mostly(cells: Sequence[str], can_be: Tells) -> bool:
    filled = [cell for cell in cells if cell]
    return bool(filled) and sum(map(can_be, filled)) >= MOSTLY * len(filled)


def is_varied(cells: Sequence[str]) -> bool:
    """Whether the cells differ as those of different people do."""
    filled = [cell for cell in cells if cell]
    return len(filled) <= FEW or len(set(filled)) >= VARIED * len(filled)


def counts_rows(cells: Sequence[str]) -> bool:
    """Whether a column only says 1, 2, 3."""
    filled = [cell for cell in cells if cell]
    return len(filled) > 1 and filled == [str(number) for number in range(1, len(filled) + 1)]
