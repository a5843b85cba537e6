"""What a sheet of results would do to a sitting: each row new, recorded before, different, or refused."""

from collections.abc import Mapping, Sequence

from flask_babel import gettext as _

from gdt.exams.grading import Attempt, decimals_problem, refusal, written
from gdt.exams.models import Result, ResultOutcome, Sitting
from gdt.exams.queries import attempts_elsewhere, results_of
from gdt.exams.results_sheet import Marked
from gdt.imports.rows import Checked, Read, RowState, refused
from gdt.people.person_columns import name_column
from gdt.training.members import Member, Members, key_of, list_members
from gdt.training.models import EnrolmentState


class ResultsChecker:
    """Decides the rows of one file for one sitting; a second row of the same student is refused."""

    def __init__(self, sitting: Sitting, columns: Mapping[str, str]) -> None:
        self.sitting, self.columns = sitting, columns
        self._members = Members(list_members(sitting.cohort))
        self._taken: dict[int, int] = {}

    def note(self, row: Checked) -> None:
        if row.known is not None:
            self._taken.setdefault(row.known, row.line)

    def decide(self, rows: Sequence[Read]) -> list[Checked]:
        matched = [self._match(row) for row in rows]
        judged = iter(judge(self.sitting, [row for row in matched if row.known], self.columns))
        return [next(judged) if row.known else row for row in matched]

    def _match(self, row: Read) -> Checked:
        marked = Marked(*row.values)
        member, why_not = self._members.find(marked)
        why_not = why_not or self._problem(row.line, marked, member)
        if why_not or member is None:
            return refused(row, self._column_of(marked), key_of(marked), why_not)
        self._taken[member.person_id] = row.line
        values = Marked(
            member.own_number or "", marked.email, member.printed_name, marked.mark, marked.written
        )
        return Checked(row.line, RowState.NEW.value, values, "", member.person_id)

    def _problem(self, line: int, row: Marked, member: Member | None) -> str:
        if member is None:
            return ""
        if member.state is EnrolmentState.WITHDREW:
            return str(_("%(name)s withdrew from this cohort.", name=member.printed_name))
        first = self._taken.get(member.person_id, line)
        if first != line:
            return str(_("The same student as on line %(line)s. Delete one of the two rows.", line=first))
        return decimals_problem(row.value) or ""

    def _column_of(self, row: Marked) -> str:
        if not (row.own_number or row.email):
            return name_column(self.columns)
        return self.columns.get("own_number" if row.own_number else "email", "")


def judge(sitting: Sitting, rows: Sequence[Checked], columns: Mapping[str, str]) -> list[Checked]:
    """What keeping these rows would do as things stand: a few queries for all of them."""
    ids = [row.known for row in rows]
    results, attempts = results_of(sitting, ids), attempts_elsewhere(sitting, ids)
    column = columns.get("mark", "")
    return [
        _judged(sitting, row, results.get(row.known), attempts.get(row.known, ()), column) for row in rows
    ]


def _judged(
    sitting: Sitting, row: Checked, result: Result | None, earlier: Sequence[Attempt], column: str
) -> Checked:
    mark = Marked(*row.values).value
    if result is not None and written(result.mark) == written(mark):
        return row._replace(state=RowState.UNCHANGED.value, note="", detail=None)
    is_first = result is None or result.outcome is ResultOutcome.ABSENT
    why_not = refusal(earlier, sitting.held_on, sitting.exam) if mark is not None and is_first else None
    if why_not:
        return refused(row, column, written(mark), why_not)._replace(known=row.known)
    if result is None:
        return row._replace(state=RowState.NEW.value, note="", detail=None)
    note = _("Already has %(mark)s. Correct it on the page, with a reason.", mark=written(result.mark))
    differs = {"mark": [written(result.mark), written(mark)]}
    detail = {"differs": differs, "problems": [[column, written(mark), note]]}
    return row._replace(state=RowState.CONFLICT.value, note="", detail=detail)
