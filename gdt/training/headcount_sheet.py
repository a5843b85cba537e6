"""Understands a sheet of headcounts: which year, module and measure, how many people, what shows it."""

import re
from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from flask_babel import gettext as _

from gdt.columns import Complaints, header_key, shortened, unprintable
from gdt.database import now
from gdt.spreadsheets.limits import Row
from gdt.training.headcount_words import MEASURE_WORDS
from gdt.training.headcounts import FIRST_YEAR, MOST

MAX_EVIDENCE: Final = 2_000
_YEAR: Final = re.compile(
    r"(?:พ\.?\s?ศ\.?|ค\.?\s?ศ\.?|B\.?E\.?|C\.?E\.?|A\.?D\.?)?\s*(\d{4})(?:[.,]0+)?", re.IGNORECASE
)
BUDDHIST: Final = 543  # years that the era in use in Thailand and Cambodia is ahead
_PEOPLE: Final = re.compile(r"\d{1,9}|\d{1,3}(?:[ \u00a0\u202f.,'’٬]\d{3})+")


class Counted(NamedTuple):
    """A row: `measure` is the word it is kept as, `module` its title."""

    year: int
    measure: str
    module: str
    people: int
    evidence: str

    @property
    def key(self) -> tuple[int, str, str]:
        """What one institution says once."""
        return self.year, self.measure, self.module


class HeadcountReader:
    """Reads rows of headcounts; `modules` are the titles by the keys of title and code."""

    def __init__(self, mapping: list[str], modules: Mapping[str, str]) -> None:
        self.at = {name: mapping.index(name) for name in Counted._fields if name in mapping}
        self.modules = modules

    def read(self, row: Row, complaints: Complaints) -> Counted:
        return Counted(
            self._year(row, complaints),
            self._known(row, complaints, "measure", MEASURE_WORDS, _which_measure),
            self._known(row, complaints, "module", self.modules, _which_module),
            self._people(row, complaints),
            self._evidence(row, complaints),
        )

    def _cell(self, row: Row, name: str) -> str:
        return str(row.cells[self.at[name]]) if name in self.at else ""

    def _year(self, row: Row, complaints: Complaints) -> int:
        year = year_in(self._cell(row, "year"), FIRST_YEAR, now().year)
        if year is not None:
            return year
        reason = _(
            "Write a year from %(first)s, when the programme began, to %(last)s.",
            first=FIRST_YEAR,
            last=now().year,
        )
        complaints.add(row, self.at["year"], reason)
        return 0

    def _known(
        self,
        row: Row,
        complaints: Complaints,
        name: str,
        words: Mapping[str, str],
        reason: Callable[[str], str],
    ) -> str:
        text = self._cell(row, name)
        word = words.get(header_key(text))
        if word is None:
            complaints.add(row, self.at[name], reason(text))
        return word or ""

    def _people(self, row: Row, complaints: Complaints) -> int:
        text = self._cell(row, "people")
        people = people_in(text) or 0
        if not 1 <= people <= MOST:
            complaints.add(row, self.at["people"], _("Write a whole number from 1 to 1,000,000."))
        return people

    def _evidence(self, row: Row, complaints: Complaints) -> str:
        text = self._cell(row, "evidence")
        if not text:
            reason = _("Say what shows the number, such as the signed list and where it is kept.")
            complaints.add(row, self.at["evidence"], reason)
        elif len(text) > MAX_EVIDENCE or unprintable(text):
            complaints.add(row, self.at["evidence"], _("Write a short plain text into the cell."))
        return text


def year_in(text: str, first: int, last: int) -> int | None:
    """The year a cell names, of the era in use in Thailand and Cambodia too; None for another one."""
    found = _YEAR.fullmatch(text)
    written = int(found[1]) if found else 0
    return next((year for year in (written, written - BUDDHIST) if first <= year <= last), None)


def people_in(text: str) -> int | None:
    """A whole number, its thousands grouped as people do; None for anything else."""
    digits = "".join(letter for letter in text if letter.isdecimal())
    return int(digits) if _PEOPLE.fullmatch(text) else None


def is_year(text: str) -> bool:
    return year_in(text, FIRST_YEAR, now().year) is not None


def is_people(text: str) -> bool:
    return people_in(text) is not None


def _which_measure(_text: str) -> str:
    return str(_("Write one of: teachers certified, students trained, exams taken, exams passed."))


def _which_module(text: str) -> str:
    if not text:
        return str(_("Write the title or the code of the module."))
    return str(
        _("The programme has no module “%(text)s”. Write its title or its code.", text=shortened(text))
    )
