"""Rosters: a file is checked and shown, and on the person's word kept into its cohort, portion by portion."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from flask_babel import gettext as _

from gdt import audit, documents
from gdt.access import OFFICE, Viewer
from gdt.columns import Problem
from gdt.database import db
from gdt.errors import DomainError
from gdt.jobs import JobState
from gdt.partners.queries import get_institution
from gdt.people.matching import chunks
from gdt.people.models import Upload, UploadKind, UploadState
from gdt.people.queries import find_undecided_upload
from gdt.people.roster import Roster, understand_roster
from gdt.people.uploads import begin_keeping, keeper
from gdt.training.models import Cohort
from gdt.training.queries import find_cohort, lock_cohort
from gdt.training.roster_checking import (
    CheckedRoster,
    CheckedRow,
    Decided,
    RowState,
    check_roster,
    numbered,
)
from gdt.training.roster_writing import write_rows

PORTION = 500  # rows in one transaction: a fraction of a second of SQLite's write lock


def check_upload(*, actor: Viewer, cohort: Cohort, filename: str, data: bytes) -> Upload:
    """Understand a roster and keep the file with what was found; nothing reaches the register yet.

    Raises `spreadsheets.Refused` when the file as a whole cannot be read; then nothing is stored.
    """
    with _collector_resting():
        return _check(actor, cohort, filename, data)[0]


@contextmanager
def _collector_resting() -> Iterator[None]:
    """No search for cyclic garbage meanwhile: among a hundred thousand live rows it takes half the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _check(actor: Viewer, cohort: Cohort, filename: str, data: bytes) -> tuple[Upload, list[Decided]]:
    roster = understand_roster(data, filename)
    decided = check_roster(cohort, numbered(roster.rows))
    checked, problems = _checked(roster, decided)
    key, digest = documents.keep("rosters", data, suffix="." + filename.rsplit(".", 1)[-1].lower())
    checked_key, _digest = documents.keep("rosters-checked", checked.to_bytes(), suffix=".json")
    upload = find_undecided_upload(UploadKind.ROSTER, cohort.id, digest) or _new_upload(actor, cohort)
    upload.filename, upload.document_key, upload.sha256 = filename[:255], key, digest
    upload.checked_key, upload.job_total = checked_key, len(checked.rows)
    upload.rows_in = roster.rows_in
    upload.rows_matched = checked.counts[RowState.KNOWN] + checked.counts[RowState.ALREADY]
    upload.problems = [problem._asdict() for problem in sorted(problems)]
    upload.rows_refused = len({problem.line for problem in problems})
    db.session.add(upload)
    audit.record(
        actor,
        "uploaded",
        cohort,
        _("Uploaded the roster “%(file)s”, %(rows)s rows.", file=upload, rows=upload.rows_in),
        institution_id=cohort.institution_id,
    )
    return upload, decided


def _checked(roster: Roster, decided: list[Decided]) -> tuple[CheckedRoster, list[Problem]]:
    rows = [one.row for one in decided]
    checked = CheckedRoster(roster.columns, roster.unknown_columns, rows)
    checked.counts.update(row.state for row in rows)
    checked.additions = sum(bool(one.adds) for one in decided if one.row.state == RowState.ALREADY)
    refused = [_problem(row, roster.columns) for row in rows if row.state == RowState.REFUSED]
    return checked, [*roster.problems, *refused]


def _problem(row: CheckedRow, columns: dict[str, str]) -> Problem:
    field = "own_number" if row.own_number else "email"
    return Problem(row.line, columns.get(field, ""), row.own_number or row.email or "", row.note)


def _new_upload(actor: Viewer, cohort: Cohort) -> Upload:
    return Upload(
        kind=UploadKind.ROSTER,
        subject_id=cohort.id,
        institution_id=cohort.institution_id,
        uploaded_by_id=actor.id,
        job_state=JobState.DONE,  # nothing to do until somebody confirms
    )


def read_checked(upload: Upload) -> CheckedRoster:
    """What was understood of an upload, row by row."""
    return _read_checked(upload.checked_key or "")


@lru_cache(maxsize=2)
def _read_checked(key: str) -> CheckedRoster:
    """Held between the portions of one file: reading it again for each would cost more than keeping it."""
    return CheckedRoster.from_bytes(documents.read(key))


def confirm_roster(*, actor: Viewer, cohort: Cohort, upload: Upload) -> bool:
    """Begin to keep a checked roster; a second click changes nothing and returns False."""
    db.session.refresh(upload, with_for_update={"of": Upload})
    if not begin_keeping(upload):
        return False
    audit.record(
        actor,
        "confirmed",
        cohort,
        _("Confirmed the roster “%(file)s”.", file=upload),
        institution_id=cohort.institution_id,
    )
    return True


def discard_roster(*, actor: Viewer, cohort: Cohort, upload: Upload) -> None:
    """Put a checked roster aside: nothing of it was kept, nothing will be."""
    db.session.refresh(upload, with_for_update={"of": Upload})
    if upload.state is not UploadState.CHECKED:
        raise DomainError(_("This roster has been confirmed already, so it cannot be discarded."))
    upload.state = UploadState.DISCARDED
    audit.record(
        actor,
        "discarded",
        cohort,
        _("Discarded the roster “%(file)s”.", file=upload),
        institution_id=cohort.institution_id,
    )


def import_roster(
    *, viewer: Viewer, institution_code: str, cohort_code: str, filename: str, data: bytes
) -> dict[str, Any]:
    """Check and keep a roster in one go, in the caller's transaction; returns the counts and the problems.

    `rows_in` is always `rows_kept + rows_refused`; `rows_matched` are the rows of people already known.
    Raises `spreadsheets.Refused` (file), RecordNotFound (codes) or DomainError, and then stores nothing.
    """
    institution = get_institution(viewer, institution_code)
    cohort = find_cohort(viewer, cohort_code)
    if cohort is None or cohort.institution_id != institution.id:
        raise DomainError(
            _("%(place)s has no cohort “%(code)s”.", place=institution, code=cohort_code), "cohort"
        )
    lock_cohort(cohort.id)
    with _collector_resting():
        upload, decided = _check(viewer, cohort, filename, data)
        _keep_decided(upload, cohort, decided)
    return {
        "rows_in": upload.rows_in,
        "rows_kept": upload.rows_kept,
        "rows_matched": upload.rows_matched,
        "rows_refused": upload.rows_refused,
        "problems": list(upload.problems),
    }


def _keep_decided(upload: Upload, cohort: Cohort, decided: list[Decided]) -> None:
    """Keep a whole file that this very transaction has decided."""
    upload.rows_kept = upload.rows_matched = upload.rows_changed = 0
    columns = read_checked(upload).columns
    for portion in chunks(one for one in decided if one.row.state != RowState.REFUSED):
        _count(upload, write_rows(upload, cohort, [one.row for one in portion], portion), columns)
    upload.job_done = upload.job_total
    _finish(upload, cohort)


@keeper(UploadKind.ROSTER)
def keep_portion(upload: Upload) -> None:
    """Keep the next rows of a confirmed roster; each is decided anew, because the register may have moved."""
    checked = read_checked(upload)
    if upload.job_done == 0:
        upload.rows_kept = upload.rows_matched = upload.rows_changed = 0
    rows = checked.rows[upload.job_done : upload.job_done + PORTION]
    cohort = lock_cohort(upload.subject_id)
    decided = write_rows(upload, cohort, [row for row in rows if row.state != RowState.REFUSED])
    _count(upload, decided, checked.columns)
    upload.job_done += len(rows)
    if upload.job_done >= upload.job_total:
        _finish(upload, cohort)


def _count(upload: Upload, decided: list[Decided], columns: dict[str, str]) -> None:
    late = [_problem(one.row, columns) for one in decided if one.row.state == RowState.REFUSED]
    if late:
        upload.problems = [*upload.problems, *(problem._asdict() for problem in late)]
        upload.rows_refused += len(late)
    upload.rows_kept += len(decided) - len(late)
    upload.rows_matched += sum(one.known is not None for one in decided)
    fresh = sum(one.row.state in {RowState.NEW, RowState.KNOWN} or bool(one.adds) for one in decided)
    upload.rows_changed += fresh


def _finish(upload: Upload, cohort: Cohort) -> None:
    upload.state, upload.job_state = UploadState.KEPT, JobState.DONE
    audit.record(
        upload.uploaded_by or OFFICE,
        "kept",
        cohort,
        _(
            "Kept the roster “%(file)s”: %(kept)s of %(rows)s rows are in the cohort.",
            file=upload,
            kept=upload.rows_kept,
            rows=upload.rows_in,
        ),
        institution_id=cohort.institution_id,
    )
