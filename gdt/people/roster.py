"""Understands a list of people: who stands in each row, or what is wrong with the row."""

from typing import NamedTuple

from flask_babel import gettext as _

from gdt.columns import Complaints, header_key
from gdt.people.person_columns import NOTHING, PersonReader, columns_from, name_problem
from gdt.people.roster_words import GENDER_WORDS, SPANISH_GENDER
from gdt.spreadsheets.cell_text import single_blanks
from gdt.spreadsheets.limits import Row


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
        self._genders: dict[str, tuple[str | None, str]] = {}

    def read(self, row: Row, complaints: Complaints) -> Listed:
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
