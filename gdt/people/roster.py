"""Understands a roster: who stands in each row of an uploaded list, or what is wrong with the row."""

from dataclasses import dataclass
from typing import NamedTuple

from flask_babel import gettext as _

from gdt.columns import (
    Complaints,
    Problem,
    find_columns,
    header_key,
    headers_in_words,
    refuse_twins,
    sort_rows,
)
from gdt.people.person_columns import (
    NOTHING,
    PersonColumns,
    PersonReader,
    columns_in_words,
    name_problem,
    person_columns,
)
from gdt.people.roster_words import GENDER_WORDS, ROSTER_WORDS, SPANISH_GENDER
from gdt.spreadsheets.cell_text import single_blanks
from gdt.spreadsheets.limits import Row
from gdt.spreadsheets.reading import read_table
from gdt.spreadsheets.refusals import Refused


class RosterRow(NamedTuple):
    """One person of a roster, as the file writes her; `gender` is "female", "male", "other" or None."""

    line: int
    printed_name: str
    native_name: str | None
    own_number: str | None
    email: str | None
    gender: str | None


@dataclass(frozen=True)
class Roster:
    """What was understood: `rows_in` is always the rows kept plus the distinct lines with a problem."""

    columns: dict[str, str]
    unknown_columns: list[str]
    rows: list[RosterRow]
    problems: list[Problem]
    rows_in: int


def understand_roster(data: bytes, filename: str) -> Roster:
    """Return the people in an uploaded .csv or .xlsx file, and a problem for each cell that needs its owner.

    Names stay as they are written, but for outer and doubled blanks. Raises `Refused` if the file as a
    whole cannot be read, has no column for the name, or no row.
    """
    table = read_table(data, filename, count_known)
    found = find_columns(table.header, ROSTER_WORDS)
    refuse_twins(table.header, found)
    columns = person_columns(table.header, found)
    if not columns.name:
        raise _no_name_column(table.header)
    reader = _RosterReader(table.header, columns)
    understood = sort_rows(table, reader.read)
    named = columns_in_words(table.header, columns)
    used = {*columns.name, columns.native_name, columns.own_number, columns.email, columns.gender}
    unknown = [text for index, text in enumerate(table.header) if text and index not in used]
    return Roster(named, unknown, understood.rows, understood.problems, understood.rows_in)


def count_known(cells: list[str]) -> int:
    """Return how many columns of a roster the cells of a header name; 0 without a column for the name."""
    found = find_columns(cells, ROSTER_WORDS)
    return len(found) if person_columns(cells, found).name else 0


def _no_name_column(header: list[str]) -> Refused:
    return Refused(
        _(
            "No column holds the name. The headers found are %(header)s. Rename the column with "
            "the names to “Full name” (or use “First name” and “Last name”) and upload the file "
            "again.",
            header=headers_in_words(header),
        )
    )


class _RosterReader(PersonReader):
    def __init__(self, header: list[str], columns: PersonColumns) -> None:
        super().__init__(columns)
        self.is_spanish = columns.gender is not None and header_key(header[columns.gender]) in SPANISH_GENDER

    def read(self, row: Row, complaints: Complaints) -> RosterRow:
        before = len(complaints.problems)
        name = self.printed_name(row)
        if reason := name_problem(name):
            complaints.add(row, self.columns.name[0], reason)
        person = RosterRow(
            row.line,
            name,
            self._native_name(row, complaints),
            self.own_number(row, complaints),
            self.email(row, complaints),
            self._gender(row, complaints),
        )
        if len(complaints.problems) == before:
            self.refuse_second(row, person[1:], ("This row", *row.cells), complaints)
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
        key = header_key(row.cells[index])
        if key == "m" and self.is_spanish:
            complaints.add(
                row, index, "“M” can mean mujer or masculino. Write female, male or other, or leave it empty."
            )
        elif key and key not in GENDER_WORDS:
            complaints.add(
                row,
                index,
                _("This word for gender is not known. Write female, male or other, or leave it empty."),
            )
        return GENDER_WORDS.get(key)
