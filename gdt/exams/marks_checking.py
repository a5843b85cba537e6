"""What one marker's sheet would do to a sitting that two people mark; the other's marks stay unsaid."""

from collections.abc import Mapping, Sequence

from flask_babel import gettext as _

from gdt.access import Viewer
from gdt.exams.grading import Attempt, written
from gdt.exams.marking import Desk
from gdt.exams.marks_page import Entry, Page
from gdt.exams.models import Result, Sitting
from gdt.exams.queries import attempts_elsewhere, results_of
from gdt.exams.results_sheet import Marked
from gdt.exams.sheet_checking import ResultsChecker
from gdt.imports.rows import Checked, Read, RowState, refused


class MarksChecker(ResultsChecker):
    """Decides the rows by the rules of the grid, with what this marker gave before and nothing else."""

    def __init__(self, sitting: Sitting, columns: Mapping[str, str], marker: Viewer) -> None:
        super().__init__(sitting, columns)
        self.marker = marker

    def decide(self, rows: Sequence[Read]) -> list[Checked]:
        matched = [self._match(row) for row in rows]
        ids = [row.known for row in matched if row.known]
        desk = Desk.of(self.marker, self.sitting, ids)
        results, attempts = results_of(self.sitting, ids), attempts_elsewhere(self.sitting, ids)
        return [
            self._judged(row, desk, results.get(row.known), attempts.get(row.known, ())) if row.known else row
            for row in matched
        ]

    def _judged(self, row: Checked, desk: Desk, result: Result | None, earlier: Sequence[Attempt]) -> Checked:
        entry = entry_of(row, desk)
        if entry.is_untouched or (result is not None and result.mark is None and entry.is_absent):
            return row._replace(state=RowState.UNCHANGED.value)
        if result is not None:
            return self._refused(row, _("A result stands already. Ask the programme office to correct it."))
        page = Page()
        desk.judge(page, row.known, entry, earlier)
        if row.known in page.problems:
            return self._refused(row, page.problems[row.known].sentence)
        if not entry.seen:
            return row
        differs = {"mark": [entry.seen, entry.wanted]}
        return row._replace(state=RowState.CONFLICT.value, detail={"differs": differs})

    def _refused(self, row: Checked, reason: str) -> Checked:
        mark = Marked(*row.values).mark
        return refused(row, self.columns.get("mark", ""), mark, reason)._replace(known=row.known)


def entry_of(row: Checked, desk: Desk) -> Entry:
    """The row as if it were typed into the grid, beside the marker's own mark so far."""
    mark, known = Marked(*row.values).value, desk.marks.get(row.known)
    own = known.mark_of(desk.viewer.id) if known else None
    seen = "" if own is None else written(own)
    return Entry(is_absent=True, seen=seen) if mark is None else Entry(written(mark), seen=seen)
