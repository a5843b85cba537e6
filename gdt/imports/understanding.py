"""What a file says before its rows are read: its table, and the meaning of its columns."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any, Final

from gdt.columns import header_key, refuse_twins
from gdt.imports.asking import find_shares, in_a_sentence, which_day, which_days, which_scale, which_sheet
from gdt.imports.headings import by_content
from gdt.imports.kind_parts import Subject, Ways
from gdt.imports.kinds import Kind
from gdt.imports.scales import percent_of, share_of
from gdt.spreadsheets.headless import no_header
from gdt.spreadsheets.notices import Notice
from gdt.spreadsheets.reading import Table
from gdt.spreadsheets.refusals import Refused
from gdt.spreadsheets.several_sheets import read_sheets

EXAMPLES: Final = 3
Memory = Mapping[str, list[str]]  # signature of a header → the field of each column


@dataclass(frozen=True)
class Said:
    """What a person said of a file: its sheets, the field of each column, how days are written, the scale.

    `has_header` is said where the first row holds no heading we know, `otherwise_on` of rows without a day.
    """

    sheets: tuple[str, ...] = ()
    mapping: list[str] | None = None
    day_order: str | None = None
    out_of: Decimal | None = None
    has_header: bool | None = None
    otherwise_on: date | None = None


NOTHING: Final = Said()


@dataclass
class Understood:
    """A table and the meaning of its columns; `question` is what only a person can answer, {} for nothing."""

    table: Table
    mapping: list[str]
    columns: dict[str, str]
    question: dict[str, Any] = field(default_factory=dict)
    ways: Ways = field(default_factory=Ways)


def signature(header: list[str]) -> str:
    """What tells one kind of header from another, whatever the case and the blanks."""
    return hashlib.sha256("\x1f".join(map(header_key, header)).encode()).hexdigest()


def understand(
    kind: Kind,
    data: bytes,
    filename: str,
    *,
    subject: Subject | None = None,
    said: Said = NOTHING,
    memory: Memory | None = None,
    asks: bool = False,
) -> Understood:
    """Return the table of a file and what its columns mean; its rows are read afterwards, once.

    A question is left open only if `asks`; otherwise what cannot be understood raises `Refused`.
    """
    known = dict(memory or {})
    if asks and not said.sheets and (question := which_sheet(kind, data, filename)):
        found = _understood(
            kind, data, filename, replace(said, sheets=(question["sheets"][0]["name"],)), known
        )
        found.question = question | found.question
        found.question.pop("can_ask", None)
        return found
    found = _understood(kind, data, filename, said, known)
    if found.question and not (asks and found.question.pop("can_ask")):
        raise Refused(in_a_sentence(found.question))
    if "columns" not in found.question:
        _find_ways(kind, subject, data, filename, found, said)
        if found.question and not asks:
            raise Refused(in_a_sentence(found.question))
    return found


def _find_ways(
    kind: Kind, subject: Subject | None, data: bytes, filename: str, found: Understood, said: Said
) -> None:
    """How the file writes days and marks; what can be meant in two ways becomes its question."""
    table, mapping = found.table, found.mapping
    day_of, about_days = which_days(kind, table, mapping, said.day_order)
    scale = kind.scale(subject, table.header, mapping)
    scale = replace(scale, said=said.out_of) if scale else None
    scale, about_scale = which_scale(scale, table)
    place = kind.percentages(mapping)
    if share := find_shares(place, table):
        told = {
            "column": table.header[place or 0],
            "text": share,
            "percent": percent_of(share_of(share) or Decimal()),
        }
        table.notices.append(Notice("shares", told))
    found.ways = Ways(day_of, scale, bool(share), said.otherwise_on)
    found.question |= (
        about_days | about_scale | which_day(kind, subject, found.table, mapping, said.otherwise_on)
    )


def _understood(kind: Kind, data: bytes, filename: str, said: Said, memory: Memory) -> Understood:
    def recognise(cells: list[str]) -> int:
        told = memory.get(signature(cells))
        return sum(map(bool, told)) if told else kind.count_known(cells)

    if said.has_header is False:
        return _as_said(kind, read_sheets(data, filename, no_header, said.sheets), said)
    table = read_sheets(data, filename, recognise, said.sheets)
    if not recognise(table.header) and not said.mapping:
        soft = read_sheets(data, filename, kind.count_any, said.sheets)
        table = soft if kind.count_any(soft.header) else table
    if _is_strange(kind, table, said, memory):
        table, told, question = by_content(
            kind, data, filename, table, sheets=said.sheets, has_header=said.has_header
        )
        return Understood(table, told, kind.columns(table.header, told), question)
    return _as_said(kind, table, said, memory)


def _is_strange(kind: Kind, table: Table, said: Said, memory: Memory) -> bool:
    """Whether nothing says what the columns hold: no known header, no person, no file of before."""
    is_told = bool(said.mapping) or signature(table.header) in memory
    return not is_told and not kind.count_any(table.header)


def _as_said(kind: Kind, table: Table, said: Said, memory: Memory | None = None) -> Understood:
    """The table with the columns somebody named, or as an earlier file had them, or as the header says."""
    chosen = said.mapping or (memory or {}).get(signature(table.header))
    if chosen is None or len(chosen) != len(table.header):
        refuse_twins(table.header, kind.found(table.header))
        chosen = kind.guess(table.header)
    found = Understood(table, chosen, kind.columns(table.header, chosen))
    if why := kind.missing(table.header, chosen):
        has_more = any(text and not name for text, name in zip(table.header, chosen, strict=True))
        found.question = {"columns": why, "can_ask": has_more and kind.count_any(table.header) > 0}
    return found


def examples(table: Table, wanted: Iterable[int] = ()) -> list[list[str]]:
    """Return for each column the first few values that differ, to show what stands in it."""
    shown: list[list[str]] = [[] for _ in table.header]
    for count, row in enumerate(table.rows):
        for values, cell in zip(shown, row.cells, strict=False):
            if cell and len(values) < EXAMPLES and cell not in values:
                values.append(cell)
        if count >= 200:
            break
    return shown
