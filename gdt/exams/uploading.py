"""Sheets of results: a file is checked and shown, and on the person's word kept, portion by portion."""

from collections import Counter
from functools import lru_cache
from pathlib import PurePath
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import insert

from gdt import audit, documents
from gdt.access import OFFICE, Viewer
from gdt.columns import Problem
from gdt.database import db
from gdt.errors import DomainError
from gdt.exams.grading import next_number, outcome_of
from gdt.exams.models import Result, Sitting
from gdt.exams.queries import attempts_elsewhere, get_sitting, get_sitting_by_id, lock_exam
from gdt.exams.recording import refuse_before_the_day
from gdt.exams.results_sheet import understand_results
from gdt.exams.sheet_checking import (
    CheckedRow,
    CheckedSheet,
    RowState,
    judge_rows,
    match_rows,
    problem_of,
)
from gdt.jobs import JobState
from gdt.people.models import Upload, UploadKind, UploadState
from gdt.people.queries import find_undecided_upload
from gdt.people.uploads import begin_keeping, keeper
from gdt.spreadsheets.refusals import Refused

PORTION = 1000  # rows in one transaction: a fraction of a second of SQLite's write lock
QUESTION = 500  # rows asked about at once


def check_results(*, viewer: Viewer, sitting: Sitting, filename: str, data: bytes) -> Upload:
    """Understand a sheet and keep the file with what was found; no result is recorded yet.

    Raises `spreadsheets.Refused` when the file as a whole cannot be read; then nothing is stored.
    """
    refuse_before_the_day(sitting)
    sheet = understand_results(data, filename, maximum_mark=sitting.exam.maximum_mark)
    matched, strangers = match_rows(sitting, sheet.rows, sheet.columns)
    rows = _judged(sitting, matched)
    checked = CheckedSheet(sheet.columns, sheet.unknown_columns, rows, Counter(row.state for row in rows))
    refused = [problem_of(row, sheet.columns) for row in rows if row.state == RowState.REFUSED]
    problems = sorted([*sheet.problems, *strangers, *refused])
    upload = _kept_file(viewer, sitting, filename, data)
    upload.checked_key = documents.keep("results-checked", checked.to_bytes(), suffix=".json")[0]
    upload.job_total, upload.rows_in = len(rows), sheet.rows_in
    upload.rows_matched = checked.counts[RowState.SAME]
    upload.problems = [problem._asdict() for problem in problems]
    upload.rows_refused = len({problem.line for problem in problems})
    db.session.add(upload)
    _note(viewer, "uploaded", sitting, _("Uploaded “%(file)s”, %(n)s rows", file=upload, n=upload.rows_in))
    return upload


def _judged(sitting: Sitting, rows: list[CheckedRow]) -> list[CheckedRow]:
    starts = range(0, len(rows), QUESTION)
    return [row for start in starts for row in judge_rows(sitting, rows[start : start + QUESTION])]


def _kept_file(viewer: Viewer, sitting: Sitting, filename: str, data: bytes) -> Upload:
    """The record of this file; handing in the same one again before deciding is handing it in once."""
    name = PurePath(filename).name[-255:]
    key, digest = documents.keep("results", data, suffix=PurePath(name).suffix.lower())
    upload = find_undecided_upload(UploadKind.RESULTS, sitting.id, digest) or Upload(
        kind=UploadKind.RESULTS,
        subject_id=sitting.id,
        institution_id=sitting.cohort.institution_id,
        uploaded_by_id=viewer.id,
        job_state=JobState.DONE,  # nothing to do until somebody confirms
    )
    upload.filename, upload.document_key, upload.sha256 = name, key, digest
    return upload


def read_checked(upload: Upload) -> CheckedSheet:
    """What was understood of an upload, row by row."""
    return _read_checked(upload.checked_key or "")


@lru_cache(maxsize=2)
def _read_checked(key: str) -> CheckedSheet:
    """Held between the portions of one file: reading it again for each would cost more than keeping it."""
    return CheckedSheet.from_bytes(documents.read(key))


def confirm_results(*, viewer: Viewer, sitting: Sitting, upload: Upload) -> None:
    """Begin to keep a checked sheet; a second click changes nothing."""
    db.session.refresh(upload, with_for_update={"of": Upload})
    if begin_keeping(upload):
        _note(viewer, "confirmed", sitting, _("Confirmed “%(file)s”", file=upload))


def discard_results(*, viewer: Viewer, sitting: Sitting, upload: Upload) -> None:
    """Put a checked sheet aside: nothing of it was kept, nothing will be."""
    db.session.refresh(upload, with_for_update={"of": Upload})
    if upload.state is UploadState.DISCARDED:
        return
    if upload.state is not UploadState.CHECKED:
        raise DomainError(_("This file has been confirmed already, so it cannot be put aside."))
    upload.state = UploadState.DISCARDED
    _note(viewer, "discarded", sitting, _("Put “%(file)s” aside", file=upload))


def import_results(*, viewer: Viewer, sitting_code: str, filename: str, data: bytes) -> dict[str, Any]:
    """Check and keep a sheet in one go, in the caller's transaction; returns the counts and the problems.

    `rows_in` is always `rows_kept + rows_refused`; `rows_matched` are the kept rows recorded before.
    Raises `spreadsheets.Refused` (file or day) or RecordNotFound (code), and then stores nothing.
    """
    sitting = get_sitting(viewer, sitting_code)
    try:
        upload = check_results(viewer=viewer, sitting=sitting, filename=filename, data=data)
    except DomainError as error:
        raise Refused(error.message) from error
    db.session.flush()
    upload.state, upload.job_done = UploadState.KEEPING, 0
    while upload.state is UploadState.KEEPING:
        keep_portion(upload)
    counts = ("rows_in", "rows_kept", "rows_matched", "rows_refused")
    return {name: getattr(upload, name) for name in counts} | {"problems": list(upload.problems)}


@keeper(UploadKind.RESULTS)
def keep_portion(upload: Upload) -> None:
    """Record the next rows of a confirmed sheet; each is judged anew, as others record marks too."""
    sitting = get_sitting_by_id(OFFICE, upload.subject_id)
    lock_exam(sitting.exam_id)
    checked = read_checked(upload)
    if upload.job_done == 0:
        upload.rows_kept = upload.rows_matched = upload.rows_changed = 0
    rows = checked.rows[upload.job_done : upload.job_done + PORTION]
    judged = _judged(sitting, [row for row in rows if row.state != RowState.REFUSED])
    _insert(sitting, [row for row in judged if row.state == RowState.NEW])
    _count(upload, judged, checked.columns)
    upload.job_done += len(rows)
    if upload.job_done >= upload.job_total:
        _finish(upload, sitting)


def _insert(sitting: Sitting, rows: list[CheckedRow]) -> None:
    attempts = attempts_elsewhere(sitting, [row.person_id for row in rows])
    values = [
        {
            "sitting_id": sitting.id,
            "exam_id": sitting.exam_id,
            "person_id": row.person_id,
            "attempt": next_number(attempts.get(row.person_id, ())),
            "mark": row.value,
            "outcome": outcome_of(row.value, sitting.exam),
        }
        for row in rows
    ]
    if values:
        db.session.execute(insert(Result), values)


def _count(upload: Upload, judged: list[CheckedRow], columns: dict[str, str]) -> None:
    late: list[Problem] = [problem_of(row, columns) for row in judged if row.state == RowState.REFUSED]
    if late:
        upload.problems = [*upload.problems, *(problem._asdict() for problem in late)]
        upload.rows_refused += len(late)
    counts = Counter(row.state for row in judged)
    upload.rows_kept += counts[RowState.NEW] + counts[RowState.SAME]
    upload.rows_matched += counts[RowState.SAME]
    upload.rows_changed += counts[RowState.NEW]


def _finish(upload: Upload, sitting: Sitting) -> None:
    upload.state, upload.job_state = UploadState.KEPT, JobState.DONE
    sentence = _("Recorded %(n)s results from “%(file)s”", n=upload.rows_changed, file=upload)
    _note(upload.uploaded_by or OFFICE, "recorded", sitting, sentence, count=upload.rows_changed)


def _note(viewer: Viewer, action: str, sitting: Sitting, sentence: str, **details: Any) -> None:
    audit.record(viewer, action, sitting, sentence, institution_id=sitting.cohort.institution_id, **details)
