"""Understands a list of institutions: the code of each, and what its row says of it."""

import re
from collections.abc import Mapping
from typing import Final, NamedTuple

from flask_babel import gettext as _

from gdt.columns import Complaints, header_key, unprintable
from gdt.imports.kind_parts import DayOf
from gdt.partners.institution_words import KIND_WORDS
from gdt.spreadsheets.limits import Row

RESERVED_CODES: Final = frozenset({"new", "upload"})  # words of our own addresses
CODE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{1,19}")
WEBSITE: Final = re.compile(r"https?://[^\s<>\"]+")
LENGTHS: Final = {"name": 200, "native_name": 200, "city": 100, "website": 200}


class Partner(NamedTuple):
    """A row; an empty text says nothing. The country is its code, the day is written as ISO."""

    code: str
    name: str
    native_name: str
    kind: str
    country: str
    city: str
    website: str
    joined_on: str


class InstitutionReader:
    """Reads rows of institutions; `countries` are the codes by all they may be called."""

    def __init__(self, mapping: list[str], countries: Mapping[str, str], day_of: DayOf) -> None:
        self.at = {name: mapping.index(name) for name in Partner._fields if name in mapping}
        self.countries, self.day_of = countries, day_of

    def read(self, row: Row, complaints: Complaints) -> Partner:
        told = {name: self._text(row, complaints, name) for name in Partner._fields}
        told["code"] = self._code(row, complaints, told["code"])
        told["kind"] = self._known(row, complaints, "kind", KIND_WORDS)
        told["country"] = self._known(row, complaints, "country", self.countries)
        told["joined_on"] = self._day(row, complaints, told["joined_on"])
        if told["website"] and not WEBSITE.fullmatch(told["website"]):
            reason = _("Write the whole address, such as https://utar.edu.my")
            complaints.add(row, self.at["website"], reason)
        return Partner(**told)

    def _cell(self, row: Row, name: str) -> str:
        return str(row.cells[self.at[name]]) if name in self.at else ""

    def _text(self, row: Row, complaints: Complaints, name: str) -> str:
        text = self._cell(row, name)
        if unprintable(text) or len(text) > LENGTHS.get(name, 200):
            complaints.add(row, self.at[name], _("Write a short plain text into the cell."))
        return text

    def _code(self, row: Row, complaints: Complaints, text: str) -> str:
        if not CODE.fullmatch(text):
            reason = _("Use 2 to 20 letters, digits or hyphens, such as utar.")
            complaints.add(row, self.at["code"], reason)
        elif text.lower() in RESERVED_CODES:
            reason = _("This word is used by the system. Choose another code.")
            complaints.add(row, self.at["code"], reason)
        return text.lower()

    def _known(self, row: Row, complaints: Complaints, name: str, words: Mapping[str, str]) -> str:
        text = self._cell(row, name)
        word = words.get(header_key(text), "") if text else ""
        if text and not word:
            complaints.add(row, self.at[name], _why_not(name))
        return word

    def _day(self, row: Row, complaints: Complaints, text: str) -> str:
        day = self.day_of(text) if text else None
        if text and day is None:
            reason = _("This is not a certain day. Write it as 2026-06-30.")
            complaints.add(row, self.at["joined_on"], reason)
        return day.isoformat() if day else ""


def _why_not(name: str) -> str:
    if name == "kind":
        return str(_("Write one of: university, college, training institution, government body."))
    return str(_("The programme has no such country. Write its name in English, or its code, such as MY."))
