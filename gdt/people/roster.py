"""Understands a list of people: who stands in each row, or what is wrong with the row."""

import re
from typing import Final, NamedTuple

from flask_babel import gettext as _

from gdt.columns import Complaints, header_key
from gdt.people.no_names import NO_NAMES
from gdt.people.person_columns import MAX_NAME, NOTHING, PersonReader, columns_from, name_problem
from gdt.people.roster_words import GENDER_WORDS, SPANISH_GENDER
from gdt.spreadsheets.cell_text import single_blanks
from gdt.spreadsheets.limits import Row

_PLAIN: Final = re.compile(  # name, native name, number, e-mail: a line each
    r"[^\W\d_]+(?:[ '’.-][^\W_]+)*\n"
    r"(?:[^\W\d_]+(?:[ '’.-][^\W_]+)*)?\n"
    r"(?:[A-Za-z0-9](?:[A-Za-z0-9/.-]{0,38}[A-Za-z0-9])?)?\n"
    r"(?:[a-z0-9_]+(?:[.+-][a-z0-9_]+)*@[a-z0-9]+(?:[.-][a-z0-9]+)*\.[a-z0-9]+)?"
)
_UNSEEN: Final = (None, "not seen yet")


class Listed(NamedTuple):
    """One person of a list, as the file writes her; `gender` is "female", "male", "other" or None."""

    printed_name: str
    native_name: str | None
    own_number: str | None
    email: str | None
    gender: str | None

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
        self.is_spanish = gender is not None and header_key(header[gender]) in SPANISH_GENDER
        self._genders: dict[str, tuple[str | None, str]] = {"": (None, "")}
        at = self.columns
        self._places = (at.name[0] if at.name else None, at.native_name, at.own_number, at.email, gender)

    def read(self, row: Row, complaints: Complaints) -> Listed:
        """Return the person; where every cell is of a plain kind, nothing has to be looked at closer."""
        person = self._plainly(row.cells) if len(self.columns.name) == 1 else None
        if person is None:
            return self._read_closely(row, complaints)
        self.refuse_second(row, person, ("This row", *row.cells), complaints)
        return person

    def _plainly(self, cells: list[str]) -> Listed | None:
        """The person of a row in which nothing can be wrong; None where that takes a closer look."""
        name, native, number, email, gender = [cells[i] if i is not None else "" for i in self._places]
        text = f"{name}\n{native}\n{number}\n{email}"
        if (
            len(text) > MAX_NAME
            or number in NOTHING
            or not _PLAIN.fullmatch(text)
            or name.casefold() in NO_NAMES
        ):
            return None
        known, reason = self._genders.get(gender, _UNSEEN)
        if reason:
            return None
        return Listed(name, native or None, number or None, email or None, known)

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
        if text not in self._genders:
            self._genders[text] = _gender_of(text, is_spanish=self.is_spanish)
        gender, reason = self._genders[text]
        if reason:
            complaints.add(row, index, reason)
        return gender


def _gender_of(text: str, *, is_spanish: bool) -> tuple[str | None, str]:
    """Return the gender a word means, and what is wrong with the word."""
    key = header_key(text)
    if key == "m" and is_spanish:
        return None, _("“M” can mean mujer or masculino. Write female, male or other, or leave it empty.")
    if key and key not in GENDER_WORDS:
        return None, _("This word for gender is not known. Write female, male or other, or leave it empty.")
    return GENDER_WORDS.get(key), ""
