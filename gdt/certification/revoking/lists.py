"""Reading a list of certificates somebody typed or exported: messy lines in, numbers and codes out."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import PurePath

from gdt.certification.codes import MistypedCode, parse_code
from gdt.certification.numbering import parse_number
from gdt.forms import CONTROLS
from gdt.spreadsheets.reading import decoded, read_table

LONGEST_TYPED = 200
_SAMPLE = 200  # rows by which a table's column is chosen
_SEPARATORS = re.compile(r"[,;\t|]")
_NUMBER = re.compile(r"GDT\W{0,3}\d{4}\W{0,3}\d{1,9}", re.IGNORECASE)
_CODE = re.compile(r"\b[0-9A-Z]{4}(?:[-–][0-9A-Z]{4}){5}[-–][0-9A-Z]{3}\b", re.IGNORECASE)


@dataclass(frozen=True)
class Entry:
    """One certificate a list names, by number or by code; by neither if the text is no such thing."""

    line: int
    typed: str
    number: str | None = None
    code: str | None = None

    @property
    def is_readable(self) -> bool:
        return self.number is not None or self.code is not None


def read_text(text: str) -> list[Entry]:
    """The entries of a typed or pasted text, in order; a heading without a digit is passed over.

    A line may hold several numbers, or a number among other words. Where it holds numbers and codes, it is a
    row about the same certificate, and what stands first counts.
    """
    found: list[Entry] = []
    for line, words in enumerate(text.splitlines(), start=1):
        is_heading = not found and not any(letter.isdigit() for letter in words)
        if words.strip() and not is_heading:
            found += _of_line(line, words)
    return found


def read_file(data: bytes, filename: str) -> list[Entry]:
    """The entries of a .csv or .xlsx table, or of a .txt. Raises `spreadsheets.Refused`."""
    if PurePath(filename).suffix.lower() in {"", ".txt"}:
        return read_text(decoded(data))
    table = read_table(data, filename)
    return read_rows([(table.header_line, table.header), *((row.line, row.cells) for row in table.rows)])


def read_rows(rows: Iterable[tuple[int, Sequence[str]]]) -> list[Entry]:
    """The entries of a table: the column with most numbers or codes, one of each row that is not empty.

    The first row is passed over when it is a heading.
    """
    remaining = iter(rows)
    sample = list(islice(remaining, _SAMPLE))
    column = _best_column(sample)
    found: list[Entry] = []
    for line, cells in chain(sample, remaining):
        entry = _entry(line, cells[column] if column < len(cells) else "")
        if found or entry.is_readable or line != sample[0][0]:
            found.append(entry)
    return found


def _best_column(sample: Sequence[tuple[int, Sequence[str]]]) -> int:
    hits = Counter(
        column
        for line, cells in sample
        for column, cell in enumerate(cells)
        if _entry(line, cell).is_readable
    )
    return min(hits, key=lambda at: (-hits[at], at), default=0)


def _of_line(line: int, words: str) -> list[Entry]:
    whole = _entry(line, words)
    if whole.is_readable:
        return [whole]
    pieces = [entry for piece in _SEPARATORS.split(words) for entry in _of_piece(line, piece)]
    readable = [entry for entry in pieces if entry.is_readable]
    if not readable:
        return [whole]
    by_number = readable[0].number is not None
    return [entry for entry in readable if (entry.number is not None) == by_number]


def _of_piece(line: int, piece: str) -> list[Entry]:
    whole = _entry(line, piece)
    if whole.is_readable:
        return [whole]
    words = [_entry(line, word) for word in piece.split()]
    if words and all(word.is_readable for word in words):
        return words
    return [_entry(line, word) for word in (_NUMBER.findall(piece) or _CODE.findall(piece))]


def _entry(line: int, text: str) -> Entry:
    typed = CONTROLS.sub("\N{REPLACEMENT CHARACTER}", text.strip())[:LONGEST_TYPED]
    number = parse_number(text)
    if number is not None:
        return Entry(line, typed, number=number)
    try:
        return Entry(line, typed, code=parse_code(text))
    except MistypedCode:
        return Entry(line, typed)
