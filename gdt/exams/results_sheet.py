"""Understands a sheet of exam results: whose mark stands in each row, or what is wrong with the row."""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, NamedTuple

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
from gdt.exams.result_words import ABSENT_WORDS, DASHES, RESULT_WORDS
from gdt.people.person_columns import (
    PersonColumns,
    PersonReader,
    columns_in_words,
    name_problem,
    person_columns,
)
from gdt.spreadsheets.limits import Row
from gdt.spreadsheets.reading import read_table
from gdt.spreadsheets.refusals import Refused

_MARK: Final = re.compile(r"([+\-]?)(\d+)(?:[.,](\d+))?(?:\s*(%)|\s*/\s*(\d+(?:[.,]\d+)?))?")
_GROUPED: Final = re.compile(r"[+\-]?\d{1,3}(?:[.,]\d{3})+")
_OUT_OF: Final = re.compile(r"/\s*(\d+(?:[.,]\d+)?)\s*$")
_SIGNS: Final = str.maketrans(
    {"−": "-", "－": "-", "＋": "+", "٫": ".", "．": ".", "，": ",", "٪": "%", "％": "%"}
)
_THOUSAND: Final = 1000
_MAX_DIGITS: Final = 30


class ResultRow(NamedTuple):
    """One result as the file writes it; `mark` is None exactly if `is_absent`."""

    line: int
    own_number: str | None
    email: str | None
    printed_name: str
    mark: Decimal | None
    is_absent: bool


@dataclass(frozen=True)
class ResultSheet:
    """What was understood: `rows_in` is always the rows kept plus the distinct lines with a problem."""

    columns: dict[str, str]
    unknown_columns: list[str]
    rows: list[ResultRow]
    problems: list[Problem]
    rows_in: int


def understand_results(data: bytes, filename: str, *, maximum_mark: Decimal) -> ResultSheet:
    """Return the results in an uploaded .csv or .xlsx file, and a problem for each cell that needs its owner.

    Marks lie between 0 and `maximum_mark`, exactly as written. Raises `Refused` if the file as a whole
    cannot be read, has no mark column, nothing that says whose mark it is, no row, or another maximum.
    """
    table = read_table(data, filename, count_known)
    found = find_columns(table.header, RESULT_WORDS)
    refuse_twins(table.header, found)
    person = person_columns(table.header, found)
    if "mark" not in found or not _says_whose(person):
        raise _missing_column(table.header, has_mark="mark" in found)
    mark = found["mark"][0]
    _refuse_other_maximum(table.header[mark], maximum_mark)
    reader = _ResultReader(person, mark, maximum_mark)
    understood = sort_rows(table, reader.read)
    named = columns_in_words(table.header, person) | {"mark": table.header[mark]}
    used = {*person.name, person.own_number, person.email, mark}
    unknown = [text for index, text in enumerate(table.header) if text and index not in used]
    return ResultSheet(
        {field: text for field, text in named.items() if field not in {"gender", "native_name"}},
        unknown,
        understood.rows,
        understood.problems,
        understood.rows_in,
    )


def count_known(cells: list[str]) -> int:
    """Return how many known columns a row of headers has, 0 without a mark or anyone it could be of."""
    found = find_columns(cells, RESULT_WORDS)
    return len(found) if "mark" in found and _says_whose(person_columns(cells, found)) else 0


def _says_whose(person: PersonColumns) -> bool:
    return bool(person.name) or person.own_number is not None or person.email is not None


def _missing_column(header: list[str], *, has_mark: bool) -> Refused:
    what, rename = "mark", "Rename the column with the marks to “Mark”"
    if has_mark:
        what, rename = "student", "Rename the column with the student numbers to “Student number”"
    return Refused(
        _(
            "No column holds the %(what)s. The headers found are %(header)s. %(rename)s and "
            "upload the file again.",
            what=what,
            header=headers_in_words(header),
            rename=rename,
        )
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


class _ResultReader(PersonReader):
    def __init__(self, columns: PersonColumns, mark: int, maximum: Decimal) -> None:
        super().__init__(columns)
        self.mark, self.maximum = mark, maximum

    def read(self, row: Row, complaints: Complaints) -> ResultRow:
        before = len(complaints.problems)
        name = self.printed_name(row)
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
        result = ResultRow(row.line, number, email, name, mark, mark is None)
        if len(complaints.problems) == before:
            self.refuse_second(row, result[1:], ("This name", result.printed_name), complaints)
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
