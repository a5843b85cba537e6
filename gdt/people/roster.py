"""Understands a list of people: who stands in each row, or what is wrong with the row."""

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from flask_babel import gettext as _

from gdt.columns import Complaints, header_key
from gdt.people.guardians import guardian_word
from gdt.people.no_names import NO_NAMES
from gdt.people.person_columns import (
    MAX_EMAIL,
    MAX_NAME,
    MAX_NUMBER,
    NOTHING,
    PersonReader,
    columns_from,
    name_problem,
)
from gdt.people.roster_words import GENDER_WORDS, SPANISH_GENDER
from gdt.spreadsheets.cell_text import single_blanks
from gdt.spreadsheets.limits import Row

_WORDS: Final = r"[^\W\d_]+(?:(?:\.? |['’./-])[^\W_]+)*+\.?"
_NUMBER: Final = r"[A-Za-z0-9](?:[A-Za-z0-9/.-]{0,38}[A-Za-z0-9])?"
_MAILBOX: Final = r"[a-z0-9_]+(?:[.+-][a-z0-9_]+)*@[a-z0-9]+(?:[.-][a-z0-9]+)*\.[a-z0-9]+"
_PLAIN: Final = tuple(  # many names, native names, numbers, e-mails: a line each
    re.compile(f"(?>{told}\n)++")
    for told in (_WORDS, f"(?:{_WORDS})?", f"(?:{_NUMBER})?", f"(?:{_MAILBOX})?")
)

_LONGEST: Final = (MAX_NAME, MAX_NAME, MAX_NUMBER, MAX_EMAIL)


class Listed(NamedTuple):
    """One person of a list, as the file writes her; `gender` is "female", "male", "other" or None.

    `guardian` is a GuardianWord's value; None where the file has no column for it.
    """

    printed_name: str
    native_name: str | None
    own_number: str | None
    email: str | None
    gender: str | None
    guardian: str | None = None

    @property
    def is_identified(self) -> bool:
        return bool(self.own_number or self.email)


class PeopleReader(PersonReader):
    """Reads rows of people; `mapping` is the field of each column.

    Names stay as they are written, but for outer and doubled blanks.
    """

    def __init__(self, header: list[str], mapping: list[str]) -> None:
        super().__init__(columns_from(mapping))
        gender = self.columns.gender
        self.guardian = mapping.index("guardian") if "guardian" in mapping else None
        self._guardians: dict[str, tuple[str | None, str]] = {}
        self.is_spanish = gender is not None and header_key(header[gender]) in SPANISH_GENDER
        self._genders: dict[str, tuple[str | None, str]] = {"": (None, "")}
        at = self.columns
        whole = at.name[0] if at.name else None
        self._places = (whole, at.native_name, at.own_number, at.email, gender, self.guardian)

    def read(self, row: Row, complaints: Complaints) -> Listed:
        """Return the person; where every cell is of a plain kind, nothing has to be looked at closer."""
        plain = self._plainly([[cell] for cell in row.cells])
        if plain is None:
            return self._read_closely(row, complaints)
        person = Listed._make(column[0] for column in plain)
        self.refuse_second(row, person, ("This row", *row.cells), complaints)
        return person

    def read_plainly(
        self, lines: Sequence[int], columns: Sequence[Sequence[str]]
    ) -> list[Sequence[str | None]] | None:
        """The people of many rows in which nothing can be wrong, as `read` tells them; None if it might."""
        people = self._plainly(columns)
        at = self.columns
        if people is None or not (at.own_number is not None or at.email is not None):
            return None
        facts = zip(*people, strict=True)
        return people if self.are_first(lines, facts, people[2], people[3]) else None

    def _plainly(self, columns: Sequence[Sequence[str]]) -> list[Sequence[str | None]] | None:
        """The people of rows in which every cell is of a plain kind, as columns."""
        if len(self.columns.name) != 1:
            return None
        nothing = ("",) * len(columns[0])
        *texts, words, agreed = [columns[place] if place is not None else nothing for place in self._places]
        names, natives, numbers, emails = texts
        if any(max(map(len, column)) > most for column, most in zip(texts, _LONGEST, strict=True)) or not (
            NOTHING.isdisjoint(natives) and NOTHING.isdisjoint(numbers)
        ):
            return None
        if not all(map(_are_plain, _PLAIN, texts)):
            return None
        told = {word: self._meant(word) for word in set(words)}
        guardians = self._guardians_of(agreed)
        if (
            guardians is None
            or any(reason for _gender, reason in told.values())
            or not NO_NAMES.isdisjoint(map(str.casefold, names))
        ):
            return None
        genders = [told[word][0] for word in words]
        others = [column if all(column) else _with_none(column) for column in (natives, numbers, emails)]
        return [names, *others, genders, guardians]

    def _guardians_of(self, texts: Sequence[str]) -> Sequence[str | None] | None:
        """What cells say of guardians; None if one of them is wrong."""
        if self.guardian is None:
            return [None] * len(texts)
        told = {text: self._agreed(text) for text in set(texts)}
        return None if any(reason for _word, reason in told.values()) else [told[text][0] for text in texts]

    def _read_closely(self, row: Row, complaints: Complaints) -> Listed:
        before = len(complaints.problems)
        name = self.printed_name(row)
        if reason := name_problem(name):
            complaints.add(row, self.columns.name[0], reason)
        person = Listed(
            name,
            self._native_name(row, complaints),
            self.own_number(row, complaints),
            self.email(row, complaints),
            self._gender(row, complaints),
            self._guardian(row, complaints),
        )
        if len(complaints.problems) == before:
            self.refuse_second(row, person, ("This row", *row.cells), complaints)
        return person

    def _native_name(self, row: Row, complaints: Complaints) -> str | None:
        index = self.columns.native_name
        if index is None or not row.cells[index] or row.cells[index] in NOTHING:
            return None
        name = single_blanks(row.cells[index])
        if reason := name_problem(name):
            complaints.add(row, index, reason)
        return name

    def _gender(self, row: Row, complaints: Complaints) -> str | None:
        index = self.columns.gender
        if index is None or not row.cells[index]:
            return None
        text = row.cells[index]
        gender, reason = self._meant(text)
        if reason:
            complaints.add(row, index, reason)
        return gender

    def _guardian(self, row: Row, complaints: Complaints) -> str | None:
        if self.guardian is None:
            return None
        word, reason = self._agreed(row.cells[self.guardian])
        if reason:
            complaints.add(row, self.guardian, reason)
        return word

    def _agreed(self, text: str) -> tuple[str | None, str]:
        """What a cell says of a guardian, and what is wrong with it: there are few such words in a file."""
        if text not in self._guardians:
            self._guardians[text] = guardian_word(text)
        return self._guardians[text]

    def _meant(self, word: str) -> tuple[str | None, str]:
        """The gender a word means, and what is wrong with it: there are few of them in a file."""
        if word not in self._genders:
            self._genders[word] = _gender_of(word, is_spanish=self.is_spanish)
        return self._genders[word]


def _are_plain(plain: re.Pattern[str], texts: Sequence[str]) -> bool:
    if not any(texts):
        return plain.fullmatch("\n") is not None
    lines = "\n".join((*texts, ""))
    return lines.count("\n") == len(texts) and plain.fullmatch(lines) is not None


def _with_none(texts: Sequence[str]) -> Sequence[str | None]:
    return [text or None for text in texts] if any(texts) else (None,) * len(texts)


def _gender_of(text: str, *, is_spanish: bool) -> tuple[str | None, str]:
    """Return the gender a word means, and what is wrong with the word."""
    key = header_key(text)
    if key == "m" and is_spanish:
        return None, _("“M” can mean mujer or masculino. Write female, male or other, or leave it empty.")
    if key and key not in GENDER_WORDS:
        return None, _("This word for gender is not known. Write female, male or other, or leave it empty.")
    return GENDER_WORDS.get(key), ""
