"""What the columns of a list of people hold, told by their content where no header says it."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from gdt.columns import header_key
from gdt.imports.content import Cells, Tells, is_mostly, is_varied, tell
from gdt.people.person_columns import NOTHING, PersonReader, name_problem
from gdt.people.roster_words import GENDER_WORDS
from gdt.spreadsheets.cell_text import single_blanks

NAMES: Final = frozenset({"full_name", "native_name", "given_name", "middle_name", "family_name"})
_NUMBER: Final = re.compile(r"(?=.*\d)[^\W_](?:[\w/.\- ]{0,38}[^\W_])?")
_LETTERS: Final = re.compile(r"[^\W\d_]{2}")


def is_email(text: str) -> bool:
    return PersonReader.is_email(text)


def is_gender(text: str) -> bool:
    return header_key(text) in GENDER_WORDS


def is_number(text: str) -> bool:
    """Whether a text can be a student or staff number: it has a digit and no sign of anything else."""
    return bool(_NUMBER.fullmatch(text))


def is_name(text: str) -> bool:
    has_digit = any(letter.isdigit() for letter in text)
    return bool(_LETTERS.search(text)) and not has_digit and name_problem(single_blanks(text)) is None


def tell_people(columns: Cells, others: Mapping[str, Tells] | None = None) -> list[str]:
    """Return the field of each column as its cells tell it, "" where they tell nothing.

    `others` are fields beside those of a person, told before the numbers and names. A column of few words
    that come again and again is no name, and one of few numbers nobody's own.
    """
    columns = [[cell for cell in cells if cell not in NOTHING] for cells in columns]
    varied = [is_varied(cells) for cells in columns]
    first: dict[str, Tells] = {"email": is_email, "gender": is_gender, **(others or {})}
    told = tell(columns, first, last=frozenset(others or {}))
    left = [
        cells if ours and not name else [] for cells, ours, name in zip(columns, varied, told, strict=True)
    ]
    told = [name or number for name, number in zip(told, tell(left, {"own_number": is_number}), strict=True)]
    free = [n for n, cells in enumerate(left) if not told[n] and is_mostly(cells, is_name)]
    for place, field in zip(free, _names_of([columns[n] for n in free]), strict=True):
        told[place] = field
    return told


def _names_of(columns: Cells) -> list[str]:
    """One name is whole; beside one in Latin letters another script's is its own; two of a word are parts."""
    latin = [_is_latin(cells) for cells in columns]
    wholes = [n for n, cells in enumerate(columns) if any(" " in cell for cell in cells)]
    told = ["" for _column in columns]
    same = [n for n in range(len(columns)) if latin[n] == latin[0]]
    if len(same) > 1 and not wholes:
        told[same[0]], told[same[1]] = "given_name", "family_name"
        return told
    main = next((n for n in [*wholes, *same] if latin[n]), next(iter([*wholes, *same]), None))
    if main is None:
        return told
    told[main] = "full_name"
    native = next((n for n in range(len(columns)) if n != main and latin[main] and not latin[n]), None)
    if native is not None:
        told[native] = "native_name"
    return told


def _is_latin(cells: Sequence[str]) -> bool:
    letters = [letter for cell in cells for letter in cell if letter.isalpha()]
    return sum(letter < "\u0250" or "\u1e00" <= letter < "\u1f00" for letter in letters) * 2 > len(letters)
