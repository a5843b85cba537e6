"""What only a person can answer of a file: which sheet, how days are written, what marks are out of."""

from collections.abc import Callable, Iterable
from datetime import date
from itertools import chain, islice
from typing import Any, Final

from flask_babel import gettext as _
from flask_babel import ngettext

from gdt.imports.headings import in_the_way
from gdt.imports.kind_parts import DayOf, Subject
from gdt.imports.kinds import Kind
from gdt.imports.scales import Scale, are_enough_marks, example_of_shares, is_suspicious, plain, say_if_shares
from gdt.spreadsheets.dates import DayOrder, understand_dates
from gdt.spreadsheets.reading import Table, sheets_of
from gdt.spreadsheets.several_sheets import columns_key

Question = dict[str, Any]
LOOKED_AT: Final = 1_000  # rows, to see whether marks are low


def which_sheet(kind: Kind, data: bytes, filename: str) -> Question:
    """Several sheets that could each be meant are asked about; one good one is simply read."""
    good = [one for one in sheets_of(data, filename, kind.count_known) if one.is_visible and one.score]
    if len(good) < 2:
        return {}
    best = sorted(good, key=lambda one: -one.score)
    key = columns_key(best[0].header)
    told = [(one, columns_key(one.header) == key) for one in best]
    return {
        "sheets": [
            {"name": one.name, "rows": one.rows, "header": one.header[:8], "is_alike": is_alike}
            for one, is_alike in sorted(told, key=lambda pair: not pair[1])
        ]
    }


def which_days(kind: Kind, table: Table, mapping: list[str], order: str | None) -> tuple[DayOf, Question]:
    """What reads a day as the file writes them; what can be read two ways is asked about, once."""
    names = {one.name for one in kind.fields if one.is_day}
    places = [place for place, name in enumerate(mapping) if name in names]
    if not places:
        return lambda _text: None, {}
    is_1904 = table.is_1904 if table.sheet else None
    texts = {row.cells[place] for row in table.again() for place in places if place < len(row.cells)}
    days = understand_dates(sorted(texts - {""}), is_1904=is_1904)
    chosen = DayOrder(order) if order in {one.value for one in DayOrder} else None
    question = {}
    if days.must_ask and chosen is None:
        question = {"days": [[text, str(one), str(two)] for text, one, two in days.examples]}
    return lambda text: days.read(text, chosen, is_1904=is_1904), question


def which_day(
    kind: Kind, subject: Subject | None, table: Table, mapping: list[str], otherwise_on: date | None
) -> Question:
    """The day of rows that need one and say none is asked for, once; the likely one is only offered."""
    if subject is None or otherwise_on is not None:
        return {}
    count = kind.count_undated(subject, mapping, table.again)
    day = kind.offered_day(subject)
    return {"undated": {"rows": count, "offered": day.isoformat() if day else ""}} if count else {}


def which_scale(scale: Scale | None, table: Table) -> tuple[Scale | None, Question]:
    """What the marks are out of; where nobody says it and all are low, it is asked and not guessed."""
    if scale is None or scale.is_known:
        return scale, {}
    best = is_suspicious(_cells(scale.place, table, are_enough_marks), scale.full)
    return scale, {"scale": [best, plain(scale.full)]} if best else {}


def find_shares(place: int | None, table: Table) -> str | None:
    """Return an example where a column of percentages is written in shares of one, such as 0.87."""
    if place is None:
        return None
    return example_of_shares(_cells(place, table, say_if_shares))


def _cells(place: int, table: Table, are_enough: Callable[[list[str]], bool]) -> Iterable[str]:
    """The first cells of a column; all of it, in a reading of its own, where the first ones tell nothing."""
    first = list(islice(table.rows, LOOKED_AT))
    table.rows = chain(first, table.rows)
    cells = [row.cells[place] for row in first if place < len(row.cells)]
    if len(first) < LOOKED_AT or are_enough(cells):
        return cells
    return (row.cells[place] for row in table.again() if place < len(row.cells))


def in_a_sentence(question: Question) -> str:
    """What stands in the way where nobody can be asked."""
    if "columns" in question:
        return str(question["columns"])
    if "headings" in question:
        return in_the_way(question)
    if "days" in question:
        return str(_("A day such as “%(text)s” can be read two ways.", text=question["days"][0][0]))
    if "undated" in question:
        return str(
            ngettext(
                "%(num)s row says completed, and not on which day. Say the day.",
                "%(num)s rows say completed, and not on which day. Say the day.",
                question["undated"]["rows"],
            )
        )
    best, full = question["scale"]
    return str(
        _(
            "The best mark is %(best)s, and this exam’s marks are out of %(full)s. Say what the marks of "
            "this file are out of.",
            best=best,
            full=full,
        )
    )
