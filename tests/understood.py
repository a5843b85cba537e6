"""Files understood without a register: what the reader of a kind makes of each row."""

from collections import namedtuple
from dataclasses import dataclass
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from gdt.columns import Problem
from gdt.exams.results_kind import RESULTS
from gdt.imports.kinds import Kind
from gdt.imports.row_reading import read_rows
from gdt.imports.rows import Read
from gdt.imports.understanding import understand
from gdt.people.roster import Listed
from gdt.training.roster_kind import ROSTER

RosterRow = namedtuple("RosterRow", ["line", *Listed._fields[:5]])
ResultRow = namedtuple("ResultRow", ["line", "own_number", "email", "printed_name", "mark", "is_absent"])


@dataclass
class Understood:
    """What was understood: `rows_in` is the rows kept and the distinct lines with a problem."""

    columns: dict[str, str]
    unknown_columns: list[str]
    rows: list[Any]
    problems: list[Problem]
    rows_in: int
    guardians: Any = ()


def _understood(kind: Kind, subject: Any, data: bytes, filename: str) -> Understood:
    found = understand(kind, data, filename, subject=subject)
    rows, problems, count = [], [], 0
    for chunk in read_rows(kind, subject, found):
        for row in chunk:
            count += 1
            if isinstance(row, Read):
                rows.append((row.line, row.values))
            else:
                problems += [Problem(row.line, *told) for told in row.problems]
    told = zip(found.table.header, found.mapping, strict=True)
    unknown = [text for text, name in told if text and not name]
    parts = {"full_name", "given_name", "middle_name", "family_name"}
    columns = {name: text for name, text in found.columns.items() if name not in parts}
    if name := joined_in_order(found.table.header, found.mapping, parts):
        columns["printed_name"] = name
    return Understood(columns, unknown, rows, problems, count)


def joined_in_order(header: list[str], mapping: list[str], parts: set[str]) -> str:
    return " + ".join(text for text, name in zip(header, mapping, strict=True) if name in parts)


def understand_roster(data: bytes, filename: str) -> Understood:
    understood = _understood(ROSTER, None, data, filename)
    understood.guardians = [Listed(*values).guardian for _line, values in understood.rows]
    understood.rows = [RosterRow(line, *values[:5]) for line, values in understood.rows]
    return understood


def understand_results(data: bytes, filename: str, *, maximum_mark: Decimal) -> Understood:
    sitting = SimpleNamespace(exam=SimpleNamespace(maximum_mark=maximum_mark))
    understood = _understood(RESULTS, SimpleNamespace(record=sitting), data, filename)
    understood.rows = [
        ResultRow(line, *values[:3], values.value, values.value is None) for line, values in understood.rows
    ]
    return understood


count_known = ROSTER.count_known
