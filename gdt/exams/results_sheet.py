"""Understands a sheet of exam results: whose mark stands in each row, or what is wrong with the row."""

import re
from decimal import Decimal
from typing import Final, NamedTuple

from flask_babel import gettext as _

from gdt.columns import Complaints, header_key, headers_in_words
from gdt.exams.result_words import ABSENT_WORDS, DASHES
from gdt.people.person_columns import PersonReader, columns_from, name_problem
from gdt.spreadsheets.limits import Row
from gdt.spreadsheets.refusals import Refused

ABSENT: Final = "absent"
_MARK: Final = re.compile(r"([+\-]?)(\d+)(?:[.,](\d+))?(?:\s*(%)|\s*/\s*(\d+(?:[.,]\d+)?))?")
_GROUPED: Final = re.compile(r"[+\-]?\d{1,3}(?:[.,]\d{3})+")
_OUT_OF: Final = re.compile(r"/\s*(\d+(?:[.,]\d+)?)\s*$")
_SIGNS: Final = str.maketrans(
    {"−": "-", "－": "-", "＋": "+", "٫": ".", "．": ".", "，": ",", "٪": "%", "％": "%"}
)
_THOUSAND: Final = 1000
_MAX_DIGITS: Final = 30


class Marked(NamedTuple):
    """One result as the file writes it; `mark` is a number as text, or the word for an absence."""

    own_number: str | None
    email: str | None
    printed_name: str
    mark: str

    @property
    def value(self) -> Decimal | None:
        return None if self.mark == ABSENT else Decimal(self.mark)


def missing_column(header: list[str], mapping: list[str]) -> str | None:
    """Return what a sheet of results lacks: a mark, or anything that says whose it is."""
    person = columns_from(mapping)
    if "mark" not in mapping:
        return _missing_column(header, has_mark=False)
    says_whose = bool(person.name) or person.own_number is not None or person.email is not None
    return None if says_whose else _missing_column(header, has_mark=True)


def _missing_column(header: list[str], *, has_mark: bool) -> str:
    what, rename = "mark", "Rename the column with the marks to “Mark”"
    if has_mark:
        what, rename = "student", "Rename the column with the student numbers to “Student number”"
    return _(
        "No column holds the %(what)s. The headers found are %(header)s. %(rename)s and "
        "upload the file again.",
        what=what,
        header=headers_in_words(header),
        rename=rename,
    )


def _refuse_other_maximum(header: str, maximum: Decimal) -> None:
    """Raise `Refused` if a header like "Grade/10.00" names another maximum than the exam has."""
    found = _OUT_OF.search(header)
    if found and Decimal(found[1].replace(",", ".")) != maximum:
        raise Refused(
            _(
                "The column “%(header)s” has marks out of %(found)s, this exam has marks out of "
                "%(maximum)s. Convert the marks, rename the column to “Mark” and upload the file "
                "again.",
                header=header,
                found=found[1],
                maximum=in_words(maximum),
            )
        )


class ResultsReader(PersonReader):
    """Reads rows of results; raises `Refused` where the header names another maximum than the exam has.

    Marks lie between 0 and the maximum, exactly as written.
    """

    def __init__(self, header: list[str], mapping: list[str], maximum: Decimal) -> None:
        super().__init__(columns_from(mapping))
        self.mark, self.maximum = mapping.index("mark"), maximum
        _refuse_other_maximum(header[self.mark], maximum)

    def read(self, row: Row, complaints: Complaints) -> Marked:
        before = len(complaints.problems)
        name = self.printed_name(row) if self.columns.name else ""
        number, email = self.own_number(row, complaints), self.email(row, complaints)
        if name and (reason := name_problem(name)):
            complaints.add(row, self.columns.name[0], reason)
        if not (name or number or email):
            complaints.add(
                row, None, _("This row does not say whose mark it is. Write a number, an e-mail or a name.")
            )
        mark, reason = read_mark(row.cells[self.mark], self.maximum)
        if reason:
            complaints.add(row, self.mark, reason)
        result = Marked(number, email, name, ABSENT if mark is None else f"{mark:f}")
        if len(complaints.problems) == before:
            self.refuse_second(row, result, ("This name", result.printed_name), complaints)
        return result


def read_mark(text: str, maximum: Decimal) -> tuple[Decimal | None, str | None]:
    """Return the mark and what is wrong with it; a mark of None without a problem is an absence."""
    found = _MARK.fullmatch(text.translate(_SIGNS)) if len(text) <= _MAX_DIGITS else None
    if not found or (maximum >= _THOUSAND and _GROUPED.fullmatch(text)):
        return None, _not_a_number(text)
    sign, whole, decimals, percent, out_of = found.groups()
    mark = Decimal(f"{sign}{whole}.{decimals}" if decimals else f"{sign}{whole}")
    other = Decimal(out_of.replace(",", ".")) if out_of else Decimal(100) if percent else maximum
    problem = None
    if other != maximum:
        problem = _(
            "The mark %(text)s is not out of %(maximum)s. Write it as a number out of that maximum.",
            text=text,
            maximum=in_words(maximum),
        )
    elif mark < 0:
        problem = _("The mark %(mark)s is below 0.", mark=in_words(mark))
    elif mark > maximum:
        problem = _(
            "The mark %(mark)s is above the maximum of %(maximum)s.",
            mark=in_words(mark),
            maximum=in_words(maximum),
        )
    return (None, problem) if problem else (mark, None)


def _not_a_number(text: str) -> str | None:
    """Return the problem of a mark that is no number; None if it says that the student was absent."""
    if not text:
        return _("The mark is empty. Write the mark, or “absent”.")
    if text in DASHES or header_key(text) in ABSENT_WORDS:
        return None
    return f"“{text[:_MAX_DIGITS]}” is not a mark. Write a number such as 87.5, or “absent”."


def in_words(number: Decimal) -> str:
    """Return `number` without needless zeros and without an exponent."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
