"""Columns found by what their header says, and problems at the cells of a row."""

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from typing import Final, NamedTuple

from flask_babel import gettext as _

from gdt.spreadsheets.limits import Row
from gdt.spreadsheets.refusals import Refused

Vocabulary = Mapping[str, tuple[str, int]]
Found = dict[str, list[int]]

# A field named so is understood from words of several meanings; beside a clear word it gives way.
VAGUE: Final = "bare_"

_SHOWN: Final = 250
_PLAIN_LETTERS: Final = str.maketrans({"đ": "d", "ı": "i", "ø": "o", "ł": "l"})
_BRACKETS: Final = re.compile(r"[(\[（【][^()\[\]（）【】]*[)\]）】]?")
_LANGUAGES: Final = re.compile(
    r"[/|\n／]|(?<=[\u0000-\u02af\u1e00-\u1eff])\s*(?=[\u0370-\u1dff\u2e80-\uffef])"
    r"|(?<=[\u0370-\u1dff\u2e80-\uffef])\s*(?=[A-Za-z])"
)
_UNPRINTABLE: Final = re.compile(
    "[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufff9-\uffff\ud800-\udfff]"
)


class Problem(NamedTuple):
    """What is wrong with one cell: its line and column as the owner sees them, the value, the reason."""

    line: int
    column: str
    value: str
    reason: str


@lru_cache(maxsize=4096)
def header_key(text: str) -> str:
    """Return what is left of a header, or of a word, without case, accents, blanks and punctuation."""
    plain = unicodedata.normalize("NFKD", text).casefold().translate(_PLAIN_LETTERS)
    return "".join(letter for letter in plain if letter.isalnum())


def vocabulary(**fields: str) -> Vocabulary:
    """Return the known headers of each field, given as texts of headers separated by "|", best first."""
    words: dict[str, tuple[str, int]] = {}
    for field, headers in fields.items():
        for rank, header in enumerate(headers.split("|")):
            words.setdefault(header_key(header), (field, rank))
    return words


def find_columns(header: list[str], words: Vocabulary) -> Found:
    """Return for each field the indexes of its columns, best first.

    A header in two languages or with an addition in brackets is understood if its parts agree.
    """
    ranked: dict[str, list[tuple[int, int]]] = {}
    for index, text in enumerate(header):
        match = _match(text, words)
        if match:
            ranked.setdefault(match[0], []).append((match[1], index))
    return {field: [index for _, index in sorted(pairs)] for field, pairs in ranked.items()}


def _match(text: str, words: Vocabulary) -> tuple[str, int] | None:
    without_brackets = _BRACKETS.sub(" ", text)
    for whole in (text, without_brackets):
        if match := words.get(header_key(whole)):
            return match
    keys = [header_key(part) for part in _LANGUAGES.split(without_brackets)]
    matches = [words.get(key) for key in keys if key and not key.isdigit()]
    known = [match for match in matches if match]
    if not known or len(known) < len(matches):
        return None
    clear = [match for match in known if not match[0].startswith(VAGUE)] or known
    return min(clear) if len({field for field, _ in clear}) == 1 else None


def refuse_twins(header: list[str], found: Found) -> None:
    """Raise `Refused` if the best two columns of a field carry the same header."""
    for indexes in found.values():
        if len(indexes) > 1 and header_key(header[indexes[0]]) == header_key(header[indexes[1]]):
            raise Refused(
                _(
                    "Two columns are called “%(found)s”. Rename or delete one and upload the file again.",
                    found=header[indexes[0]],
                )
            )


def headers_in_words(header: list[str]) -> str:
    """Return the headers of a file as they stand in it, for a sentence."""
    named = [f"“{shortened(text)}”" for text in header if text]
    more = f" and {len(named) - 20} more" if len(named) > 20 else ""
    return ", ".join(named[:20]) + more


def shortened(text: str) -> str:
    """Return `text`, cut with an ellipsis where it is too long to be shown."""
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def unprintable(text: str) -> str | None:
    """Return the first control or direction-changing character of `text` as "U+0000", or None."""
    found = _UNPRINTABLE.search(text)
    return f"U+{ord(found[0]):04X}" if found else None


class Complaints:
    """The problems found so far; a row that adds one is refused."""

    def __init__(self, header: list[str]) -> None:
        self.header = header
        self.problems: list[Problem] = []

    def add(self, row: Row, index: int | None, reason: str) -> None:
        """Keep `reason` as a problem at the cell `index` of `row`; None stands for the row as a whole."""
        column = self.header[index] if index is not None and index < len(self.header) else ""
        value = row.cells[index] if index is not None else ""
        self.problems.append(Problem(row.line, column, shortened(value), reason))


def too_many_cells(width: int) -> str:
    """Return what is wrong with a row that is wider than its header."""
    return _(
        "This row has more cells than the %(width)s of the header, so its values may stand "
        "in wrong columns. Put quotation marks around a text with a comma in it.",
        width=width,
    )
