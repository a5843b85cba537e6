"""Keeping a checked file: a durable job, portion by portion, each one whole with its page of the journal."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from itertools import accumulate
from typing import Any, Final

from flask_babel import gettext as _

from gdt import jobs
from gdt.access import OFFICE, Viewer
from gdt.database import db
from gdt.filters import ngettext
from gdt.imports.changing import effective_rows, with_change
from gdt.imports.checking import (
    checked_rows,
    collector_resting,
    count_rows,
    new_upload,
    note,
    note_table,
    open_file,
    said_of,
)
from gdt.imports.frames import Frame, Staging, index_of, read_frames
from gdt.imports.journal import keep_page, page_of, ranges_of
from gdt.imports.kind_parts import Kept, Subject
from gdt.imports.kinds import Kind, kind_of
from gdt.imports.models import RowChange, Upload, UploadState
from gdt.imports.queries import changes_of, get_upload, register_stamp
from gdt.imports.rows import WAITING, Checked, CheckedRows, RowState, RowsToKeep, ToKeep
from gdt.imports.same_again import find_kept
from gdt.imports.sheets import as_answers, sheets_alike, were_the_same, with_sheet
from gdt.imports.touched_rows import KEPT
from gdt.imports.understanding import NOTHING, Said
from gdt.imports.writing import until_it_holds
from gdt.jobs import JobState
from gdt.spreadsheets.lines import line_of

OPEN: Final = WAITING | {RowState.REFUSED}
PORTION: Final = 5_000  # rows in one transaction: a fraction of a second of SQLite's write lock


def confirm(*, actor: Viewer, upload: Upload) -> bool:
    """Begin to keep a checked file, or go on where the work stopped; a second click returns False."""
    upload = get_upload(actor, upload.id, is_held=True)
    is_stopped = upload.state is UploadState.KEEPING and upload.job_state is JobState.FAILED
    if upload.state is not UploadState.CHECKED and not is_stopped:
        return False
    subject = kind_of(upload.kind).subject(actor, upload.subject_id)
    upload.job_run += 1
    if not is_stopped:
        upload.job_done = upload.rows_kept = upload.rows_changed = 0
        upload.rows_matched = upload.rows_unchanged = 0
    upload.state, upload.job_state, upload.job_failure = UploadState.KEEPING, JobState.WAITING, None
    note(actor, "confirmed", subject, upload, _("Confirmed “%(file)s”.", file=upload))
    jobs.start(upload, wait_seconds=1.5)
    return True


def keep_portion(upload: Upload) -> None:
    """Keep the next rows of a confirmed file, in the caller's transaction."""
    kind = kind_of(upload.kind)
    subject = kind.subject(OFFICE, upload.subject_id)
    kind.hold(subject)
    key, frames = upload.checked_key or "", _next_frames(upload)
    changes = changes_of(upload)
    rows = [with_change(row, changes) for part in read_frames(key, frames) for row in part]
    if rows:
        if len(upload.sheets) > 1:
            rows = [row._replace(line=line_of(row.line, upload.sheets)) for row in rows]
        chosen = [_to_keep(upload, kind, row, changes) for row in rows]
        together = RowsToKeep.of(chosen) or chosen
        keep_rows(upload, kind, subject, together, is_fresh=upload.stamp == register_stamp())
    upload.job_done += len(rows)
    if upload.job_done >= upload.job_total or not rows:
        finish(upload, subject)


def _next_frames(upload: Upload) -> list[Frame]:
    frames = index_of(upload.checked_key or "")
    ends = list(accumulate(frame.rows for frame in frames))
    first = next((place for place, end in enumerate(ends) if end > upload.job_done), len(frames))
    last = next((p for p, end in enumerate(ends) if end >= upload.job_done + PORTION), len(frames) - 1)
    return list(frames[first : last + 1])


def _to_keep(upload: Upload, kind: Kind, row: Checked, changes: Mapping[int, RowChange]) -> ToKeep:
    change = changes.get(row.line)
    return ToKeep(
        row, choice_for(row.state, upload.choices, kind.defaults, change.choice if change else None)
    )


def choice_for(
    state: str, for_all: Mapping[str, str], defaults: Mapping[str, str], own: str | None
) -> str | None:
    """What is done with a waiting row: what was said of it, of all such rows, or what its kind does."""
    return own or for_all.get(state) or defaults.get(state) if state in WAITING else None


def keep_rows(
    upload: Upload, kind: Kind, subject: Subject, rows: Sequence[ToKeep], *, is_fresh: bool
) -> list[Checked]:
    """Write the rows that can be kept, count them and write the journal; returns those handed back."""
    are_good = isinstance(rows, RowsToKeep) and OPEN.isdisjoint(rows.rows.states)
    back = [] if are_good else [one for one in rows if one.row.state in OPEN and _is_handed_back(one)]
    good = [one for one in rows if not (one.row.state in OPEN and _is_handed_back(one))] if back else rows
    kept = until_it_holds(lambda is_first: kind.keep(subject, upload, good, is_fresh=is_fresh and is_first))
    undecided = sum(one.row.state != RowState.REFUSED for one in back)
    _count(upload, kept, undecided)
    if kept.made or kept.changes:
        upload.journal = [*upload.journal, keep_page(page_of(kept))]
    return [one.row for one in back] + kept.late


def _is_handed_back(one: ToKeep) -> bool:
    return one.row.state == RowState.REFUSED or one.choice is None


def _count(upload: Upload, kept: Kept, undecided: int) -> None:
    upload.rows_kept += kept.new + kept.matched + kept.unchanged
    upload.rows_matched += kept.matched + kept.unchanged
    upload.rows_unchanged += kept.unchanged
    upload.rows_changed += kept.changed
    upload.rows_refused += undecided + len(kept.late)
    if kept.late:
        upload.problems = [*upload.problems, *(told for row in kept.late for told in problems_of(row))]


def problems_of(row: Checked) -> list[dict[str, Any]]:
    """What is wrong with a row that is handed back, cell by cell."""
    said = row.problems or [["", "", row.note or _undecided(row)]]
    return [{"line": row.line, "column": c, "value": v, "reason": reason} for c, v, reason in said]


def _undecided(row: Checked) -> str:
    return str(_("The register says something else, and nobody said which of the two is right."))


def finish(upload: Upload, subject: Subject) -> None:
    """The whole file is kept, but for the rows handed back."""
    upload.state, upload.job_state = UploadState.KEPT, JobState.DONE
    upload.job_done = upload.job_total
    sentence = ngettext(
        "Kept “%(file)s”: %(kept)s of %(num)s row.",
        "Kept “%(file)s”: %(kept)s of %(num)s rows.",
        upload.rows_in,
        file=upload,
        kept=upload.rows_kept,
    )
    told = {"count": upload.rows_changed, "upload_id": upload.id, "rows": ranges_of(upload)}
    note(upload.uploaded_by or OFFICE, KEPT, subject, upload, sentence, **told)
    db.session.flush()
    upload.stamp = register_stamp()  # while it stands there, the same file has nothing new to say


def import_now(
    *,
    viewer: Viewer,
    kind: Kind,
    subject: Subject,
    filename: str,
    data: bytes,
    is_dry: bool = False,
    says: Mapping[str, str] | None = None,
    said: Said = NOTHING,
) -> dict[str, Any]:
    """Check and keep a file in one go, in the caller's transaction; returns the counts and the problems.

    `rows_in` is always `rows_kept + rows_refused`; `rows_matched` are the rows kept that were known before.
    Nobody can be asked: `said` tells of the file, `says` what is done with the rows of a state. A dry run
    only checks, and stores nothing.
    Raises `Refused` (file) or DomainError, and then stores nothing.
    """
    kind.refuse_at_all(subject)
    kind.hold(subject)
    before = find_kept(kind, subject, sha256(data).hexdigest(), asks=bool(says))
    if before is not None and said_of(before).out_of == said.out_of and were_the_same(before, said):
        return _told_again(before)
    found = open_file(kind, subject, filename, data, said=said, asks=False)
    if alike := sheets_alike(kind, data, filename, found.table, said):
        found = open_file(kind, subject, filename, data, said=replace(said, sheets=alike), asks=False)
    upload = Upload(kind=kind.name, problems=[], journal=[]) if is_dry else None
    upload = upload or new_upload(viewer, kind, subject, filename, data)
    upload.answers = as_answers(said, alike)
    for name in ("rows_kept", "rows_matched", "rows_refused", "rows_changed", "rows_unchanged"):
        setattr(upload, name, 0)
    staging, problems, done = Staging(), [], {**kind.at_the_command, **(says or {})}
    with collector_resting():
        checker = kind.checker(subject, found.columns, asks=False)
        for rows in checked_rows(kind, subject, found, checker):
            staging.add(rows)
            chosen = _as_said(rows, done)
            back = (_would_keep if is_dry else _keep_now)(upload, kind, subject, chosen)
            problems += [told for row in back for told in problems_of(row)]
    if not is_dry:
        note_table(upload, found)
        _finish_now(upload, subject, staging)
    counts = ("rows_kept", "rows_matched", "rows_refused")
    told = {"rows_in": staging.rows} | {name: getattr(upload, name) for name in counts}
    return told | {"problems": [with_sheet(one, upload.sheets) for one in problems]}


def _as_said(rows: Sequence[Checked], done: Mapping[str, str]) -> Sequence[ToKeep]:
    """Rows with what is said of their states."""
    if isinstance(rows, CheckedRows):
        return RowsToKeep(rows, list(map(done.get, rows.states)))
    return [ToKeep(row, done.get(row.state)) for row in rows]


def _told_again(upload: Upload) -> dict[str, Any]:
    """What keeping the same file once more comes to: every row that was kept is known now."""
    kind, changes = kind_of(upload.kind), changes_of(upload)
    says = kind.defaults if upload.uploaded_by_id else kind.at_the_command
    problems = []
    for rows in effective_rows(upload, changes) if upload.rows_refused else ():
        for row in rows:
            own = change.choice if (change := changes.get(row.line)) else None
            is_open = row.state in WAITING and not choice_for(row.state, upload.choices, says, own)
            if is_open or row.state == RowState.REFUSED:
                problems += problems_of(row)
    return {
        "rows_in": upload.rows_in,
        "rows_kept": upload.rows_kept,
        "rows_matched": upload.rows_kept,
        "rows_refused": upload.rows_refused,
        "problems": [with_sheet(one, upload.sheets) for one in [*problems, *upload.problems]],
    }


def _keep_now(upload: Upload, kind: Kind, subject: Subject, rows: Sequence[ToKeep]) -> list[Checked]:
    before = upload.rows_refused
    back = keep_rows(upload, kind, subject, rows, is_fresh=True)
    upload.rows_refused = before + len(back)
    return back


def _would_keep(upload: Upload, kind: Kind, subject: Subject, rows: Sequence[ToKeep]) -> list[Checked]:
    states = [one.row.state for one in rows]
    back = [one.row for one in rows if one.row.state in OPEN and _is_handed_back(one)]
    known = {RowState.KNOWN, RowState.UNCHANGED, RowState.CONFLICT, RowState.OTHER}
    upload.rows_refused += len(back)
    upload.rows_kept += len(rows) - len(back)
    upload.rows_matched += sum(state in known for state in states) - sum(row.state in known for row in back)
    return back


def _finish_now(upload: Upload, subject: Subject, staging: Staging) -> None:
    counted = {name: getattr(upload, name) for name in ("rows_matched", "rows_refused", "rows_unchanged")}
    upload.checked_key = staging.keep()
    count_rows(upload, dict(staging.counts))
    for name, value in counted.items():
        setattr(upload, name, value)
    finish(upload, subject)
