"""What a sheet of results would do to a sitting: each row new, already recorded, or refused, and why."""

import json
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from flask_babel import gettext as _

from gdt.columns import Problem
from gdt.exams.grading import Attempt, decimals_problem, refusal, written
from gdt.exams.models import Result, Sitting
from gdt.exams.queries import Member, attempts_elsewhere, list_members, results_of
from gdt.exams.results_sheet import ResultRow
from gdt.training.models import EnrolmentState


class RowState(StrEnum):
    NEW = "new"
    SAME = "same"
    REFUSED = "refused"


class CheckedRow(NamedTuple):
    """A row of the file, whose it is, and what keeping it would do; a mark is text, None for absent."""

    line: int
    person_id: int
    printed_name: str
    own_number: str
    mark: str | None
    state: str = RowState.NEW
    note: str = ""

    @property
    def value(self) -> Decimal | None:
        return None if self.mark is None else Decimal(self.mark)


@dataclass
class CheckedSheet:
    """A whole file as it was checked, kept as a document beside the file itself."""

    columns: dict[str, str]
    unknown_columns: list[str]
    rows: list[CheckedRow]
    counts: Counter[str] = field(default_factory=Counter)

    def to_bytes(self) -> bytes:
        content = [self.columns, self.unknown_columns, self.rows]
        return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()

    @classmethod
    def from_bytes(cls, content: bytes) -> "CheckedSheet":
        columns, unknown, rows = json.loads(content)
        checked = [CheckedRow(*row) for row in rows]
        return cls(columns, unknown, checked, Counter(row.state for row in checked))


class Cohort:
    """The members of the sitting's cohort, found by number, e-mail, or a name only one of them has."""

    def __init__(self, members: Sequence[Member]) -> None:
        self.by_number = {one.own_number.casefold(): one for one in members if one.own_number}
        self.by_email = {one.email: one for one in members if one.email}
        self.by_name: dict[str, list[Member]] = defaultdict(list)
        for one in members:
            self.by_name[one.printed_name].append(one)

    def find(self, row: ResultRow) -> tuple[Member | None, str]:
        """Whose row it is, or nobody's and why."""
        by_number = self.by_number.get((row.own_number or "").casefold())
        by_email = self.by_email.get((row.email or "").lower())
        if by_number and by_email and by_number.person_id != by_email.person_id:
            return None, _(
                "The number is %(one)s’s and the e-mail %(other)s’s. Correct the one that is wrong.",
                one=by_number.printed_name,
                other=by_email.printed_name,
            )
        member = by_number or by_email
        if member is None and not (row.own_number or row.email):
            return self._named(row.printed_name)
        return (member, "") if member else (None, _not_enrolled(_key_of(row)))

    def _named(self, name: str) -> tuple[Member | None, str]:
        namesakes = self.by_name.get(name, [])
        if len(namesakes) > 1:
            return None, _(
                "%(count)s students of this cohort are called so. Add the student number.",
                count=len(namesakes),
            )
        return (namesakes[0], "") if namesakes else (None, _not_enrolled(name))


def _key_of(row: ResultRow) -> str:
    return row.own_number or row.email or row.printed_name


def _not_enrolled(key: str) -> str:
    return str(
        _("Nobody in this cohort has “%(key)s”. Correct it, or enrol the student first.", key=key[:80])
    )


def match_rows(
    sitting: Sitting, rows: Sequence[ResultRow], columns: dict[str, str]
) -> tuple[list[CheckedRow], list[Problem]]:
    """Whose row each one is; a row of nobody, or the second of the same student, is a problem."""
    cohort = Cohort(list_members(sitting))
    matched: dict[int, CheckedRow] = {}
    problems = []
    for row in rows:
        member, why_not = cohort.find(row)
        why_not = why_not or _member_problem(row, member, matched)
        if why_not or member is None:
            problems.append(Problem(row.line, _column_of(row, columns), _key_of(row), why_not))
            continue
        mark = None if row.mark is None else f"{row.mark:f}"
        matched[member.person_id] = CheckedRow(
            row.line, member.person_id, member.printed_name, member.own_number or "", mark
        )
    return list(matched.values()), problems


def _member_problem(row: ResultRow, member: Member | None, matched: dict[int, CheckedRow]) -> str:
    if member is None:
        return ""
    if member.state is EnrolmentState.WITHDREW:
        return str(_("%(name)s withdrew from this cohort.", name=member.printed_name))
    if first := matched.get(member.person_id):
        return str(_("The same student as on line %(line)s. Delete one of the two rows.", line=first.line))
    return decimals_problem(row.mark) or ""


def _column_of(row: ResultRow, columns: dict[str, str]) -> str:
    name = "own_number" if row.own_number else "email" if row.email else "printed_name"
    return columns.get(name, "")


def judge_rows(sitting: Sitting, rows: Sequence[CheckedRow]) -> list[CheckedRow]:
    """What keeping these rows would do as things stand: a few queries for all of them."""
    ids = [row.person_id for row in rows]
    results = results_of(sitting, ids)
    attempts = attempts_elsewhere(sitting, ids)
    return [_judge(sitting, row, results.get(row.person_id), attempts.get(row.person_id, ())) for row in rows]


def _judge(
    sitting: Sitting, row: CheckedRow, result: Result | None, earlier: Sequence[Attempt]
) -> CheckedRow:
    if result is not None and written(result.mark) == written(row.value):
        return row._replace(state=RowState.SAME.value, note=_("unchanged"))
    if result is not None:
        note = _("Already has %(mark)s. Correct it on the page, with a reason.", mark=written(result.mark))
        return row._replace(state=RowState.REFUSED.value, note=note)
    why_not = refusal(earlier, sitting.held_on, sitting.exam) if row.mark is not None else None
    if why_not:
        return row._replace(state=RowState.REFUSED.value, note=why_not)
    return row._replace(state=RowState.NEW.value, note="")


def problem_of(row: CheckedRow, columns: dict[str, str]) -> Problem:
    """A refused row as a problem at its mark."""
    return Problem(row.line, columns.get("mark", ""), written(row.value), row.note)
