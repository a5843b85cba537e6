"""What only a person can answer of a file: which sheet, how days are written, what marks are out of."""

from collections.abc import Callable, Iterable
from itertools import chain, islice
from typing import Any, Final

from flask_babel import gettext as _

from gdt.imports.kinds import DayOf, Kind
from gdt.imports.scales import Scale, are_enough_marks, example_of_shares, is_suspicious, plain, say_if_shares
from gdt.spreadsheets.dates import DayOrder, understand_dates
from gdt.spreadsheets.reading import Table, read_table, sheets_of

Question = dict[str, Any]
Again = Callable[[], Table]
LOOKED_AT: Final = 1_000  # rows, to see whether marks are low


def which_sheet(kind: Kind, data: bytes, filename: str) -> Question:
    """Several sheets that could each be meant are asked about; one good one is simply read."""
    good = [one for one in sheets_of(data, filename, kind.count_known) if one.is_visible and one.score]
    if len(good) < 2:
        return {}
    best = sorted(good, key=lambda one: -one.score)
    return {"sheets": [{"name": one.name, "rows": one.rows, "header": one.header[:8]} for one in best]}


def which_days(
    kind: Kind, data: bytes, filename: str, table: Table, mapping: list[str], order: str | None
) -> tuple[DayOf, Question]:
    """What reads a day as the file writes them; what can be read two ways is asked about, once."""
    names = {one.name for one in kind.fields if one.is_day}
    places = [place for place, name in enumerate(mapping) if name in names]
    if not places:
        return lambda _text: None, {}
    is_1904 = table.is_1904 if table.sheet else None
    rows = read_once_more(data, filename, table).rows
    texts = {row.cells[place] for row in rows for place in places if place < len(row.cells)}
    days = understand_dates(sorted(texts - {""}), is_1904=is_1904)
    chosen = DayOrder(order) if order in {one.value for one in DayOrder} else None
    question = {}
    if days.must_ask and chosen is None:
        question = {"days": [[text, str(one), str(two)] for text, one, two in days.examples]}
    return lambda text: days.read(text, chosen, is_1904=is_1904), question


def which_scale(scale: Scale | None, table: Table, again: Again) -> tuple[Scale | None, Question]:
    """What the marks are out of; where nobody says it and all are low, it is asked and not guessed."""
    if scale is None or scale.is_known:
        return scale, {}
    best = is_suspicious(_cells(scale.place, table, again, are_enough_marks), scale.full)
    return scale, {"scale": [best, plain(scale.full)]} if best else {}


def find_shares(place: int | None, table: Table, again: Again) -> str | None:
    """Return an example where a column of percentages is written in shares of one, such as 0.87."""
    if place is None:
        return None
    return example_of_shares(_cells(place, table, again, say_if_shares))


def _cells(place: int, table: Table, again: Again, are_enough: Callable[[list[str]], bool]) -> Iterable[str]:
    """The first cells of a column; all of it, in a reading of its own, where the first ones tell nothing."""
    first = list(islice(table.rows, LOOKED_AT))
    table.rows = chain(first, table.rows)
    cells = [row.cells[place] for row in first if place < len(row.cells)]
    if len(first) < LOOKED_AT or are_enough(cells):
        return cells
    return (row.cells[place] for row in again().rows if place < len(row.cells))


def read_once_more(data: bytes, filename: str, table: Table) -> Table:
    """The same table once more: its rows can be read only once."""
    same = set(table.written_header)
    return read_table(data, filename, lambda cells: len(same & set(cells)), sheet=table.sheet or None)


def in_a_sentence(question: Question) -> str:
    """What stands in the way where nobody can be asked."""
    if "days" in question:
        return str(_("A day such as “%(text)s” can be read two ways.", text=question["days"][0][0]))
    best, full = question["scale"]
    return str(
        _(
            "The best mark is %(best)s, and this exam’s marks are out of %(full)s. Say what the marks of "
            "this file are out of.",
            best=best,
            full=full,
        )
    )
