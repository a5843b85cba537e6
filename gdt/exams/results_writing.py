"""Recording the rows of a sheet of results in bulk: new marks, and corrections where a person said so."""

from collections.abc import Sequence
from typing import Any, Final

from flask_babel import gettext as _

from gdt import audit
from gdt.access import OFFICE
from gdt.database import now
from gdt.exams.flagging import look_at_later
from gdt.exams.grading import next_number, outcome_of, written
from gdt.exams.models import Sitting
from gdt.exams.queries import attempts_elsewhere, results_of
from gdt.exams.results_sheet import Marked
from gdt.exams.sheet_checking import judge
from gdt.imports.kind_parts import Kept, Made
from gdt.imports.models import Upload
from gdt.imports.rows import Checked, RowState, ToKeep
from gdt.imports.writing import insert_rows, reserve_ids, write_changes

RESULT: Final = ("sitting_id", "exam_id", "person_id", "attempt", "mark", "outcome", "recorded_at")
CORRECTION: Final = (
    "result_id", "old_mark", "new_mark", "reason", "corrected_by_id", "corrected_by_name", "corrected_at",
)  # fmt: skip
REGISTER, FILE = "register", "file"


def keep_results(sitting: Sitting, upload: Upload, rows: Sequence[ToKeep], *, is_fresh: bool) -> Kept:
    """Record the rows; one whose mark somebody else has recorded meanwhile is handed back."""
    now_are = [one.row for one in rows] if is_fresh else judge(sitting, [one.row for one in rows], {})
    kept = Kept()
    new, corrected = [], []
    for one, row in zip(rows, now_are, strict=True):
        if row.state == RowState.NEW:
            new.append(row)
        elif row.state == RowState.UNCHANGED or (row.state == RowState.CONFLICT and one.choice == REGISTER):
            kept.unchanged += 1
        elif row.state == RowState.CONFLICT and one.choice == FILE and _is_as_seen(one.row, row):
            corrected.append(row)
        else:
            kept.late.append(row)
    _record(sitting, new, kept)
    _correct(sitting, upload, corrected, kept)
    if kept.changed:
        look_at_later(sitting)
    return kept


def _is_as_seen(seen: Checked, now_is: Checked) -> bool:
    """Whether the register still says what the person saw when she chose the file's mark."""
    before, after = seen.detail or {}, now_is.detail or {}
    return bool(before.get("differs") == after.get("differs"))


def _record(sitting: Sitting, rows: Sequence[Checked], kept: Kept) -> None:
    ids, moment = reserve_ids("results", len(rows)), now()
    attempts = attempts_elsewhere(sitting, [row.known for row in rows])
    values: list[tuple[Any, ...]] = []
    for result_id, row in zip(ids, rows, strict=True):
        mark, number = Marked(*row.values).value, next_number(attempts.get(row.known, ()))
        outcome = outcome_of(mark, sitting.exam)
        values.append((result_id, sitting.id, sitting.exam_id, row.known, number, mark, outcome, moment))
    insert_rows("results", ("id", *RESULT), values)
    if values:
        told = [(one[0], one[3], None if one[5] is None else str(one[5]), one[6].value) for one in values]
        kept.made.append(Made("results", ("person_id", "mark", "outcome"), told))
    kept.new = len(ids)
    kept.changed += len(ids)


def _correct(sitting: Sitting, upload: Upload, rows: Sequence[Checked], kept: Kept) -> None:
    """Change recorded marks on the person's word; each old one stays in its history."""
    actor = upload.uploaded_by or OFFICE
    results = results_of(sitting, [row.known for row in rows])
    ids, moment = reserve_ids("result_corrections", len(rows)), now()
    reason = _("From the file “%(file)s”", file=upload.filename)[:500]
    values, acts = [], []
    for correction_id, row in zip(ids, rows, strict=True):
        result, mark = results[row.known], Marked(*row.values).value
        values.append((correction_id, result.id, result.mark, mark, reason, actor.id, actor.name, moment))
        old, new = written(result.mark), written(mark)
        acts.append(
            (result, _("Corrected a mark from %(old)s to %(new)s", old=old, new=new), upload.institution_id)
        )
        outcome = outcome_of(mark, sitting.exam).value
        kept.changes.append(("results", result.id, "mark", _text(result.mark), _text(mark)))
        kept.changes.append(("results", result.id, "outcome", result.outcome.value, outcome))
    insert_rows("result_corrections", ("id", *CORRECTION), values)
    if values:
        kept.made.append(Made("result_corrections", ("result_id",), [one[:2] for one in values]))
        audit.record_all(actor, "corrected", acts, sitting=sitting.code)
    write_changes(kept.changes)
    kept.matched += len(rows)
    kept.changed += len(rows)


def _text(mark: Any) -> str | None:
    return None if mark is None else str(mark)
