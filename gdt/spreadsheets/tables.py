"""Which row is the header, where the table under it ends, and what stands in it that is nobody's row."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any, Final, NamedTuple

from gdt.spreadsheets.csv_files import USUAL
from gdt.spreadsheets.limits import MAX_ROWS, Row, Unreadable
from gdt.spreadsheets.notices import Notice
from gdt.spreadsheets.portions import Portion
from gdt.spreadsheets.returned_columns import OURS, our_columns
from gdt.spreadsheets.total_words import is_total

Recognise = Callable[[list[str]], int]
_FOOT: Final = 3


class Header(NamedTuple):
    """The header of a table: its cells, its line, the last line it reaches down to, and its score.

    `rows` is how it stands in the file, to be known again where it is repeated further down.
    """

    cells: list[str]
    line: int
    last_line: int
    score: int
    rows: list[list[str]]


def best_header(first: list[Row], merged: Iterable[Any], recognise: Recognise) -> Header | None:
    """Return the row with most known columns among the first ones; None if there is no row.

    A header over two rows is one in which a cell is merged down: its lower row, in which a person reads
    the merged text as well, is tried like any other, and what hangs below the header belongs to it. Where
    a header is parted in the row below, as "Name" into "First" and "Last", the parts are the header.
    """
    if not first:
        return None
    scores = [recognise(row.cells) for row in first]
    best = max(scores)
    for upper, lower in pairwise(first):
        parted = _parted(upper.cells, lower.cells)
        if parted and (score := recognise(parted)) > best:
            return Header(parted, upper.line, lower.line, score, [upper.cells, lower.cells])
    row = first[scores.index(best)]
    deepest = max((bottom for (top, _), (bottom, _) in merged if top == row.line - 1), default=0)
    return Header(row.cells, row.line, max(row.line, deepest + 1) if best else row.line, best, [row.cells])


def _parted(upper: list[str], lower: list[str]) -> list[str]:
    """Return the header of two rows: each upper cell with the blanks after it, or what parts it below."""
    width = max(len(upper), len(lower))
    above, below = (cells + [""] * (width - len(cells)) for cells in (upper, lower))
    starts = [index for index, text in enumerate(above) if text or not index]
    parted: list[str] = []
    for start, end in pairwise([*starts, width]):
        has_parts = end - start > 1 and any(below[start:end])
        if not has_parts and any(text not in ("", above[start]) for text in below[start:end]):
            return []
        parted += below[start:end] if has_parts else above[start:end]
    return parted


def best_reading(readings: list[dict[str, Any]], recognise: Recognise) -> dict[str, Any]:
    """Return the one delimiter that reads the first rows as a table.

    The delimiter under which a row has most known columns wins, then the one with most columns.
    `Unreadable` if none fits or two fit equally well, or if the likely one meets a broken quotation mark.
    """
    fits: list[tuple[tuple[int, int], dict[str, Any]]] = []
    broken: list[dict[str, Any]] = []
    for reading in readings:
        if "unreadable" in reading:
            broken.append(reading)
        elif not reading["rows"]:
            return reading
        elif (fit := _fit(reading, recognise)) is not None:
            fits.append((fit, reading))
    if broken:
        likely = max(broken, key=lambda reading: int(reading["count"]))
        # Other delimiters may read a broken file as one wide column: the likely one has the word.
        if likely["count"] >= max((width for (_, width), _ in fits), default=0):
            code, facts = likely["unreadable"]
            raise Unreadable(code, **facts)
    best = max((fit for fit, _ in fits), default=(0, 2))
    chosen = [reading for fit, reading in fits if fit == best]
    if len(chosen) != 1 and best[1] > 1:
        raise Unreadable("unclear_delimiter")
    return chosen[0]


def _fit(reading: dict[str, Any], recognise: Recognise) -> tuple[int, int] | None:
    """Return how well a delimiter fits; an unusual one only if two known columns stand between it."""
    known = max(recognise(cells) for _, cells in reading["rows"])
    width = len(reading["rows"][0][1])
    is_named = len(reading) and reading.get("is_named", False)
    if reading["delimiter"] not in USUAL and known < 2 and not is_named:
        return None
    return known, width


def rows_below(portions: Iterable[Portion], header: Header, notices: list[Notice]) -> Iterator[Portion]:
    """Yield the rows below the header, but for totals among the last three and the header said again.

    `notices` tells of those. `Unreadable` if they are too many.
    """
    held, count, again = Portion.of([]), 0, list[int]()
    for portion in portions:
        below = _without_headers(
            _after(portion, header.last_line), header.rows if header.score else [], again
        )
        count += len(below)
        if count + len(again) > MAX_ROWS:
            raise Unreadable("too_many_rows")
        held += below
        if len(held) > _FOOT:
            yield held.part(0, -_FOOT)
            held = held.part(-_FOOT)
    if again:
        notices.append(Notice("headers_again", {"n": len(again), "line": again[0]}))
    yield Portion.of(list(_without_totals(held.rows, notices)))


def _after(portion: Portion, line: int) -> Portion:
    if not len(portion) or portion.lines[0] > line:
        return portion
    return Portion.of([row for row in portion.rows if row.line > line])


def _without_totals(rows: Iterable[Row], notices: list[Notice]) -> Iterator[Row]:
    for row in rows:
        if is_total(row.cells):
            text = next(cell for cell in row.cells if cell)
            notices.append(Notice("totals", {"line": row.line, "text": text[:80]}))
        else:
            yield row


def _without_headers(portion: Portion, headers: Sequence[list[str]], again: list[int]) -> Portion:
    """Return a portion without rows that only say the header once more; `again` takes their lines."""
    for cells in headers:
        width = max((index + 1 for index, text in enumerate(cells) if text), default=0)
        wanted, columns = cells[:width], portion.columns
        if not width or (columns and (width > len(columns) or wanted[-1] not in columns[width - 1])):
            continue
        if found := [row.line for row in portion.rows if row.cells[:width] == wanted]:
            again += found
            portion = Portion.of([row for row in portion.rows if row.line not in set(found)])
    return portion


def without_ours(
    portions: Iterable[Portion], header: list[str], first_lines: dict[int, int]
) -> Iterator[Portion]:
    """Yield rows without the columns we once added; put into `first_lines` where each stood at first."""
    ours = our_columns(header)
    for portion in portions:
        rows = portion.rows
        for row in rows:
            for index in reversed(ours):
                if index < len(row.cells):
                    text = row.cells.pop(index).removeprefix(OURS).strip()
                    if text.isdecimal() and len(text) <= 7:
                        first_lines[row.line] = int(text)
        yield Portion.of([row for row in rows if any(row.cells)])
