"""Understands a sheet of attendance and completion: whose row it is, and how far she has come."""

import re
from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from flask_babel import gettext as _

from gdt.columns import Complaints, header_key, headers_in_words
from gdt.imports.kind_parts import Ways
from gdt.imports.scales import percent_of, share_of
from gdt.people.person_columns import PersonReader, columns_from, name_problem
from gdt.spreadsheets.dates import read_date
from gdt.spreadsheets.limits import Row
from gdt.training.progress_words import STATE_WORDS

GIVEN: Final = ("attendance", "state", "completed_on")
_PERCENT: Final = re.compile(r"(\d{1,3})(?:[.,]0+)?\s*[%٪％]?")


class Progress(NamedTuple):
    """What a row says of one student; a day is written as ISO.

    `otherwise_on` is the day for who completed in this file without one; a day recorded before stays.
    """

    own_number: str | None
    email: str | None
    printed_name: str
    attendance: int | None
    state: str | None
    completed_on: str | None
    otherwise_on: str | None = None


def missing_column(header: list[str], mapping: list[str]) -> str | None:
    """What a sheet lacks: who the rows are about, or anything that is told of them."""
    person = columns_from(mapping)
    says_whose = bool(person.name) or person.own_number is not None or person.email is not None
    if says_whose and any(name in mapping for name in GIVEN):
        return None
    what = _("student") if not says_whose else _("attendance or completion")
    return str(
        _(
            "No column holds the %(what)s. The headers found are %(header)s. Rename the column and upload "
            "the file again.",
            what=what,
            header=headers_in_words(header),
        )
    )


class ProgressReader(PersonReader):
    """Reads rows of attendance and completion; an empty cell says nothing about its student."""

    def __init__(self, mapping: list[str], ways: Ways) -> None:
        super().__init__(columns_from(mapping))
        self.at = {name: mapping.index(name) for name in GIVEN if name in mapping}
        self.day_of, self.is_share = ways.day_of, ways.is_share
        self.otherwise_on = ways.otherwise_on.isoformat() if ways.otherwise_on else None

    def read(self, row: Row, complaints: Complaints) -> Progress:
        before = len(complaints.problems)
        name = self.printed_name(row) if self.columns.name else ""
        number, email = self.own_number(row, complaints), self.email(row, complaints)
        if name and (reason := name_problem(name)):
            complaints.add(row, self.columns.name[0], reason)
        if not (name or number or email):
            complaints.add(row, None, _("This row does not say who it is about. Write a number or a name."))
        told = (self._attendance(row, complaints), self._state(row, complaints), self._day(row, complaints))
        otherwise = None if self.has_day(row) else self.otherwise_on
        progress = Progress(number, email, name, *told, otherwise)
        if len(complaints.problems) == before:
            self.refuse_second(row, progress, ("This name", name), complaints)
        return progress

    def has_day(self, row: Row) -> bool:
        return bool(self._cell(row, "completed_on"))

    def _cell(self, row: Row, name: str) -> str:
        return row.cells[self.at[name]] if name in self.at else ""

    def _attendance(self, row: Row, complaints: Complaints) -> int | None:
        text = self._cell(row, "attendance")
        if not text:
            return None
        percent = _share(text) if self.is_share else _percent(text)
        if percent is None:
            complaints.add(row, self.at["attendance"], _not_attendance(is_share=self.is_share))
        return percent

    def _state(self, row: Row, complaints: Complaints) -> str | None:
        text = self._cell(row, "state")
        state = STATE_WORDS.get(header_key(text) or text)
        if text and state is None:
            complaints.add(
                row, self.at["state"], _("Write completed, enrolled or withdrew, or leave it empty.")
            )
        return state

    def _day(self, row: Row, complaints: Complaints) -> str | None:
        text = self._cell(row, "completed_on")
        if not text:
            return None
        day = self.day_of(text)
        if day is None:
            complaints.add(
                row, self.at["completed_on"], _("This is not a certain day. Write it as 2026-06-30.")
            )
        return day.isoformat() if day else None


def _percent(text: str) -> int | None:
    found = _PERCENT.fullmatch(text)
    return int(found[1]) if found and int(found[1]) <= 100 else None


def _is_day(text: str) -> bool:
    """Whether a text is some day, however it orders day and month; a bare number may be anything."""
    reading = read_date(text) if not text.isdecimal() else None
    return bool(reading and (reading.day_first or reading.month_first))


TOLD: Final[Mapping[str, Callable[[str], bool]]] = {  # by content, the surest first
    "state": lambda text: (header_key(text) or text) in STATE_WORDS,
    "completed_on": _is_day,
    "attendance": lambda text: _percent(text) is not None,
}


def _share(text: str) -> int | None:
    share = share_of(text)
    return None if share is None else percent_of(share)


def _not_attendance(*, is_share: bool) -> str:
    if is_share:
        return str(_("The other rows are shares from 0 to 1, such as 0.87. Write this one so too."))
    return str(_("Attendance is a whole number from 0 to 100, or empty."))
