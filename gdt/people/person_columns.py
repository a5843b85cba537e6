"""Who a row of a sheet is about: the columns that say it, and what can be wrong in them."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import compress
from operator import invert, or_
from typing import Final

from flask_babel import gettext as _

from gdt.columns import Complaints, Found, unprintable
from gdt.people.first_seen import FirstSeen
from gdt.people.no_names import why_no_name
from gdt.spreadsheets.cell_text import is_error, single_blanks
from gdt.spreadsheets.limits import Row
from gdt.spreadsheets.lines import like

MAX_NAME: Final = 200
MAX_NUMBER: Final = 40
MAX_EMAIL: Final = 254

_SAYS: Final = 0xFFFFFFFF
_NAME_PARTS: Final = ("full_name", "bare_name", "given_name", "middle_name", "family_name")
PARTS: Final = frozenset({"given_name", "middle_name", "family_name"})
_LETTER: Final = re.compile(r"[^\W\d_]")
_EMAIL: Final = re.compile(
    r"[^\s@<>(),;:\"\\\[\].]+(?:\.[^\s@<>(),;:\"\\\[\].]+)*@[^\W_](?:[\w-]*[^\W_])?(?:\.[^\W_](?:[\w-]*[^\W_])?)+"
)
_SHORTENED_NUMBER: Final = re.compile(r"\d[.,]?\d*E\+\d+", re.IGNORECASE)
NOTHING: Final = frozenset({"-", "–", "—", "n/a", "N/A"})


@dataclass(frozen=True)
class PersonColumns:
    """Where a sheet says who a row is about: the columns of the name in the file's order, and the others."""

    name: tuple[int, ...]
    native_name: int | None
    own_number: int | None
    email: int | None
    gender: int | None


def person_columns(header: list[str], found: Found) -> PersonColumns:
    """Return which of the `found` columns say who a row is about; `name` is empty if none does.

    A column with the full name is preferred to its parts; parts count only if they make a whole name. Beside
    a name in Latin letters, whole or in parts, the full name headed in other letters is the native one.
    """
    name = _name_columns(header, found)
    native = _first(found, "native_name")
    if native is None and name:
        native = _second_script(header, found, name)
    return PersonColumns(
        name, native, _first(found, "own_number"), _first(found, "email"), _first(found, "gender")
    )


def _second_script(header: list[str], found: Found, name: tuple[int, ...]) -> int | None:
    """Return the column of a second whole name: beside "Name", or "First" and "Last", "姓名"."""
    whole = list(found.get("full_name", []))
    if "given_name" not in found and "family_name" not in found:
        whole += found.get("bare_name", [])
    others = (index for index in whole if index not in name and not header[index].isascii())
    return next(others, None) if header[name[0]].isascii() else None


def _name_columns(header: list[str], found: Found) -> tuple[int, ...]:
    full, bare, given, middle, family = (found.get(part, [])[:1] for part in _NAME_PARTS)
    is_bare_whole = bool(bare) and bool(given) == bool(family) and not middle
    latin = bare if is_bare_whole else given + family if given and family else []
    is_latin = bool(latin) and all(header[index].isascii() for index in latin)
    if full and not (is_latin and not header[full[0]].isascii()):
        return tuple(full)
    if is_bare_whole:
        return tuple(bare)
    if (bare and (given or family or middle)) or (given and family):
        return tuple(sorted(bare + given + middle + family))
    return ()


def _first(found: Found, field: str) -> int | None:
    return found.get(field, [None])[0]


def guess_person(header: list[str], found: Found) -> dict[int, str]:
    """Return the field of each column that says who a row is about, as its header suggests."""
    columns = person_columns(header, found)
    single = {
        columns.native_name: "native_name",
        columns.own_number: "own_number",
        columns.email: "email",
        columns.gender: "gender",
    }
    fields = {index: name for index, name in single.items() if index is not None}
    if len(columns.name) == 1:
        return fields | {columns.name[0]: "full_name"}
    parts = {indexes[0]: name for name in _NAME_PARTS if (indexes := found.get(name))}
    bare = "family_name" if "given_name" in found else "given_name"
    return fields | {index: bare if parts[index] == "bare_name" else parts[index] for index in columns.name}


def columns_from(mapping: list[str]) -> PersonColumns:
    """Return where a sheet says who a row is about, given the field of each column; no name is ()."""

    def first(field: str) -> int | None:
        return mapping.index(field) if field in mapping else None

    whole = first("full_name")
    parts = tuple(index for index, name in enumerate(mapping) if name in PARTS)
    name = (whole,) if whole is not None else parts
    return PersonColumns(name, first("native_name"), first("own_number"), first("email"), first("gender"))


def name_column(columns: Mapping[str, str]) -> str:
    """Return the header of the name, of joined columns as "First name + Last name"."""
    parts = [columns[name] for name in ("full_name", *_NAME_PARTS[2:]) if name in columns]
    return columns.get("full_name") or " + ".join(parts)


class PersonReader:
    """Reads who a row is about; complains at the cell that is wrong."""

    def __init__(self, columns: PersonColumns) -> None:
        self.columns = columns
        self._firsts = FirstSeen()  # a key of a row → its line, and 32 bits of what it says

    def printed_name(self, row: Row) -> str:
        """Return the name of the row, its parts joined in the file's order."""
        if len(self.columns.name) == 1:
            return single_blanks(row.cells[self.columns.name[0]])
        return single_blanks(" ".join(row.cells[index] for index in self.columns.name if row.cells[index]))

    def own_number(self, row: Row, complaints: Complaints) -> str | None:
        """Return the own number, None if the cell holds none."""
        index = self.columns.own_number
        if index is None or not row.cells[index] or row.cells[index] in NOTHING:
            return None
        number = row.cells[index]
        if reason := number_problem(number):
            complaints.add(row, index, reason)
        return number

    @staticmethod
    def is_email(text: str) -> bool:
        return len(text) <= MAX_EMAIL and bool(_EMAIL.fullmatch(text)) and not unprintable(text)

    def email(self, row: Row, complaints: Complaints) -> str | None:
        """Return the e-mail address as written, None if the cell holds none."""
        index = self.columns.email
        if index is None or not row.cells[index] or row.cells[index] in NOTHING:
            return None
        address = row.cells[index]
        if not self.is_email(address):
            complaints.add(
                row,
                index,
                _("This is not an e-mail address. Write it like name@example.org, or leave it empty."),
            )
        return address

    def refuse_second(
        self, row: Row, facts: tuple[object, ...], otherwise: tuple[str, ...], complaints: Complaints
    ) -> None:
        """Complain of a number or e-mail that an earlier row kept; without both, of the key `otherwise`.

        `facts` is what was understood of the row, to tell a repeated row from a clash; the first word of
        `otherwise` stands in the sentence. A row without complaint becomes the first of its keys.
        """
        number, email, cells = self.columns.own_number, self.columns.email, row.cells
        keys: list[tuple[int, str, int]] = []
        if number is not None and cells[number] and cells[number] not in NOTHING:
            keys.append((next(_number_keys([cells[number]])), "This number", number))
        if email is not None and cells[email] and cells[email] not in NOTHING:
            keys.append((next(_email_keys([cells[email]])), "This e-mail", email))
        if not keys:
            keys.append((hash(otherwise), otherwise[0], self.columns.name[0]))
        firsts, says = self._firsts, hash(facts) & _SAYS
        seconds = [(first, what, index) for key, what, index in keys if (first := firsts.get(key))]
        told: set[str] = set()
        for first, what, index in seconds:
            line, said = divmod(first, _SAYS + 1)
            reason = second_problem(what, like(row.line, line), is_same=said == says)
            if reason not in told:  # a row doubled with its number and its e-mail is one mistake
                complaints.add(row, index, reason)
            told.add(reason)
        if not seconds:
            for key, _what, _index in keys:
                firsts.put(key, row.line * (_SAYS + 1) + says)

    def are_first(
        self,
        lines: Sequence[int],
        facts: Iterable[tuple[object, ...]],
        numbers: Sequence[str | None],
        emails: Sequence[str | None],
    ) -> bool:
        """Take all these rows as the first of their numbers and e-mails; False, and nothing, if one is not.

        One with neither is for a closer look, as one that has something wrong in it.
        """
        have_numbers, have_emails = all(numbers), all(emails)
        if not (have_numbers or have_emails or all(map(or_, map(bool, numbers), map(bool, emails)))):
            return False
        says = [line * (_SAYS + 1) + (one & _SAYS) for line, one in zip(lines, map(hash, facts), strict=True)]
        keys = [*_number_keys(filter(None, numbers)), *_email_keys(filter(None, emails))]
        of_numbers = says if have_numbers else compress(says, numbers)
        of_emails = says if have_emails else compress(says, emails)
        return self._firsts.put_new(keys, [*of_numbers, *of_emails])


def _number_keys(texts: Iterable[str]) -> Iterator[int]:
    return map(hash, map(str.casefold, texts))


def _email_keys(texts: Iterable[str]) -> Iterator[int]:
    """The keys of e-mails, so that a number that is written like one has another."""
    return map(invert, map(hash, map(str.casefold, texts)))


def name_problem(name: str) -> str | None:
    """Return what is wrong with a name to be printed, None if nothing is."""
    if not name:
        return _("The name is empty. Write the name as it should be printed.")
    if code := unprintable(name):
        return _(
            "The name holds a character that cannot be seen (%(code)s). Type the name again by hand.",
            code=code,
        )
    if len(name) > MAX_NAME:
        return _(
            "The name has %(length)s characters; %(most)s can be kept. Shorten it.",
            length=len(name),
            most=MAX_NAME,
        )
    return _sense_problem(name)


def _sense_problem(name: str) -> str | None:
    if is_error(name):
        return _formula_failed()
    if _EMAIL.fullmatch(name):
        return str(_("This is an e-mail address, not a name. Write the name as it should be printed."))
    return why_no_name(name) if _LETTER.search(name) else _no_letter()


def _no_letter() -> str:
    return str(_("There is no letter in this name. Write the name as it should be printed."))


def _formula_failed() -> str:
    return str(_("The formula in this cell failed. Write its value instead."))


def number_problem(number: str) -> str | None:
    """Return what is wrong with a student or staff number, None if nothing is."""
    if code := unprintable(number):
        return _(
            "The number holds a character that cannot be seen (%(code)s). Type it again by hand.", code=code
        )
    if len(number) > MAX_NUMBER:
        return _(
            "The number has %(length)s characters; %(most)s can be kept. Shorten it.",
            length=len(number),
            most=MAX_NUMBER,
        )
    if is_error(number):
        return _formula_failed()
    if _SHORTENED_NUMBER.fullmatch(number):
        return _(
            "The spreadsheet program has shortened this number. Format the column as text and "
            "write the number in full."
        )
    return None


def second_problem(what: str, line: int, *, is_same: bool) -> str:
    """Return the sentence for a number, e-mail or row that an earlier line holds already."""
    if is_same:
        return _(
            "This row is already on line %(line)s. Delete one of them; two people of one name "
            "need a student number each.",
            line=line,
        )
    return f"{what} is already on line {line}. Correct one of them; each person has their own."
