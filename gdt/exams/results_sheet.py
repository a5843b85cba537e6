"""Understands a sheet of exam results: whose mark stands in each row, or what is wrong with the row."""

import re
from decimal import Decimal
from typing import Final, NamedTuple

from flask_babel import gettext as _

from gdt.columns import Complaints, header_key, headers_in_words
from gdt.exams.result_words import ABSENT_WORDS, DASHES, says_percent
from gdt.imports.scales import Scale, converted, out_of, plain
from gdt.people.person_columns import PersonReader, columns_from, name_problem
from gdt.spreadsheets.limits import Row

ABSENT: Final = "absent"
_MARK: Final = re.compile(r"([+\-]?)(\d+)(?:[.,](\d+))?(?:\s*(%)|\s*/\s*(\d+(?:[.,]\d+)?))?")
_GROUPED: Final = re.compile(r"[+\-]?\d{1,3}(?:[.,]\d{3})+")
_OUT_OF: Final = re.compile(
    r"(?:/\s*|\(\s*(?:out of|max\.?|maximum|de|sobre|sur|dari|daripada|из|满分|滿分|/)\s*|\((?=\d{2}))"
    r"(\d{1,6}(?:[.,]\d{1,4})?)\s*\)?\s*$",
    re.IGNORECASE,
)
_SIGNS: Final = str.maketrans(
    {"−": "-", "－": "-", "＋": "+", "٫": ".", "．": ".", "，": ",", "٪": "%", "％": "%"}
)
HUNDRED: Final = Decimal(100)
_THOUSAND: Final = 1000
_MAX_DIGITS: Final = 30


class Marked(NamedTuple):
    """One result: `mark` is a number as text or the word for an absence, `written` the cell as it came."""

    own_number: str | None
    email: str | None
    printed_name: str
    mark: str
    written: str = ""

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


def told_maximum(header: str) -> Decimal | None:
    """Return what a header says its marks are out of: "Grade/10.00", "Nota (20)", "Percentage"."""
    told = out_of(found[1]) if (found := _OUT_OF.search(header)) else None
    if told and told <= _THOUSAND:  # beyond that it is a year
        return told
    return HUNDRED if "%" in header or says_percent(header) else None


class ResultsReader(PersonReader):
    """Reads rows of results; marks of another scale are converted to the exam's, others kept as written."""

    def __init__(self, mapping: list[str], scale: Scale) -> None:
        super().__init__(columns_from(mapping))
        self.mark, self.scale = mapping.index("mark"), scale

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
        mark, reason = self._mark(row.cells[self.mark])
        if reason:
            complaints.add(row, self.mark, reason)
        written = ABSENT if mark is None else f"{mark:f}"
        result = Marked(number, email, name, written, row.cells[self.mark])
        if len(complaints.problems) == before:
            self.refuse_second(row, result, ("This name", result.printed_name), complaints)
        return result

    def _mark(self, text: str) -> tuple[Decimal | None, str | None]:
        """The mark on the exam's scale: a cell like "8.5/10" or "85 %" says itself what it is out of."""
        full = self.scale.full
        own = own_maximum(text) or self.scale.out_of
        if own == full:
            return read_mark(text, full)
        mark, reason = read_mark(text, own)
        return (None, reason) if reason or mark is None else (converted(mark, own, full), None)


def own_maximum(text: str) -> Decimal | None:
    """Return what a cell says its mark is out of."""
    found = _MARK.fullmatch(text.translate(_SIGNS)) if len(text) <= _MAX_DIGITS else None
    if not found or not (found[4] or found[5]):
        return None
    return out_of(found[5]) if found[5] else HUNDRED


def is_mark(text: str) -> bool:
    """Whether a text can be a mark of some exam, or says that there is none."""
    mark, reason = read_mark(text, own_maximum(text) or Decimal(_THOUSAND))
    is_code = text[:1] == "0" and text[1:2].isdecimal()
    return reason is None and not is_code and (mark is not None or header_key(text) in ABSENT_WORDS)


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
            maximum=plain(maximum),
        )
    elif mark < 0:
        problem = _("The mark %(mark)s is below 0.", mark=plain(mark))
    elif mark > maximum:
        problem = _(
            "The mark %(mark)s is above the maximum of %(maximum)s.",
            mark=plain(mark),
            maximum=plain(maximum),
        )
    return (None, problem) if problem else (mark, None)


def _not_a_number(text: str) -> str | None:
    """Return the problem of a mark that is no number; None if it says that the student was absent."""
    if not text:
        return _("The mark is empty. Write the mark, or “absent”.")
    if text in DASHES or header_key(text) in ABSENT_WORDS:
        return None
    return f"“{text[:_MAX_DIGITS]}” is not a mark. Write a number such as 87.5, or “absent”."
