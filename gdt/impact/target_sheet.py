"""Understands a list of targets: which year and place, what is to be reached, and how many."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from flask_babel import gettext as _

from gdt.columns import Complaints, header_key, shortened
from gdt.impact.forms import MOST
from gdt.impact.target_words import MEASURE_WORDS
from gdt.impact.targeting import FIRST_YEAR, last_year
from gdt.spreadsheets.limits import Row
from gdt.training.headcount_sheet import people_in, year_in


class Aim(NamedTuple):
    """A row: the place as it is kept ("network", "MY", "utar"), the measure by its word."""

    year: int
    place: str
    measure: str
    people: int

    @property
    def key(self) -> tuple[int, str, str]:
        """What a list says once."""
        return self.year, self.place, self.measure


class TargetReader:
    """Reads rows of targets; `places` are those a word may mean."""

    def __init__(self, mapping: list[str], places: Mapping[str, Sequence[str]]) -> None:
        self.at = {name: mapping.index(name) for name in Aim._fields if name in mapping}
        self.places = places

    def read(self, row: Row, complaints: Complaints) -> Aim:
        return Aim(
            self._year(row, complaints),
            self._place(row, complaints),
            self._measure(row, complaints),
            self._people(row, complaints),
        )

    def _cell(self, row: Row, name: str) -> str:
        return str(row.cells[self.at[name]]) if name in self.at else ""

    def _year(self, row: Row, complaints: Complaints) -> int:
        year = year_in(self._cell(row, "year"), FIRST_YEAR, last_year())
        if year is None:
            reason = _("Write a year from %(first)s to %(last)s.", first=FIRST_YEAR, last=last_year())
            complaints.add(row, self.at["year"], reason)
        return year or 0

    def _place(self, row: Row, complaints: Complaints) -> str:
        text = self._cell(row, "place")
        found = self.places.get(header_key(text), ())
        if len(found) == 1:
            return found[0]
        reason = _("“%(text)s” is the word of several places. Write the code.", text=shortened(text))
        if not found:
            reason = _(
                "The network has no place “%(text)s”. Write the code of a country or an institution, or leave"
                " the cell empty for the network.",
                text=shortened(text),
            )
        complaints.add(row, self.at["place"], reason)
        return ""

    def _measure(self, row: Row, complaints: Complaints) -> str:
        word = MEASURE_WORDS.get(header_key(self._cell(row, "measure")))
        if word is None:
            complaints.add(row, self.at["measure"], _("Write teachers certified or students trained."))
        return word or ""

    def _people(self, row: Row, complaints: Complaints) -> int:
        people = people_in(self._cell(row, "people"))
        if people is None or people > MOST:
            complaints.add(row, self.at["people"], _("Write a whole number from 0 to 10,000,000."))
        return people or 0
