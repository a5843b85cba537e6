"""What a person does to the rows of a checked file: corrects a cell, or says what a row is."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Final

from flask_babel import gettext as _

from gdt import documents
from gdt.access import Viewer
from gdt.columns import unprintable
from gdt.database import db
from gdt.errors import DomainError, RecordNotFound
from gdt.forms import tidy
from gdt.imports.checking import open_file
from gdt.imports.frames import index_of, read_frames
from gdt.imports.kind_parts import Subject
from gdt.imports.kinds import Kind, kind_of
from gdt.imports.models import RowChange, Upload, UploadState
from gdt.imports.queries import changes_of, find_change, get_upload
from gdt.imports.row_reading import read_again
from gdt.imports.rows import WAITING, Checked, Read, RowState, refused
from gdt.imports.understanding import Understood
from gdt.row_security import everything
from gdt.spreadsheets.lines import line_of as as_line

MAX_CELL: Final = 500


def effective_rows(upload: Upload, changes: Mapping[int, RowChange]) -> Iterator[Sequence[Checked]]:
    """The rows of a checked file, frame by frame, as people have corrected them."""
    key = upload.checked_key or ""
    for rows in read_frames(key, index_of(key)):
        yield [with_change(row, changes) for row in rows] if changes else rows


def with_change(row: Checked, changes: Mapping[int, RowChange]) -> Checked:
    change = changes.get(row.line)
    return row if change is None else Checked(*change.row)


def find_row(upload: Upload, line: int) -> Checked:
    """The row of a line as the document has it; raises RecordNotFound."""
    key = upload.checked_key or ""
    frames = [one for one in index_of(key) if one.first <= line <= one.last]
    for rows in read_frames(key, frames):
        for row in rows:
            if row.line == line:
                return row
    raise RecordNotFound


@everything()
def correct_rows(
    *, actor: Viewer, upload: Upload, typed: Mapping[int, Mapping[int, str]], again: int = 0
) -> list[Checked]:
    """Read rows anew with these texts in their cells, by line and column; returns what they are now.

    A row in which nothing was typed is left alone, but for the one on line `again`.
    """
    upload = _undecided(actor, upload)
    kind = kind_of(upload.kind)
    subject = kind.subject(actor, upload.subject_id)
    found = open_file(kind, subject, upload.filename, documents.read(upload.document_key), upload)
    rows = []
    for line, before, texts in _texts_of(upload, found, sorted(typed)):
        new = {index: _clean(text) for index, text in typed[line].items() if index in texts}
        if line != again and all(texts[index] == text for index, text in new.items()):
            continue
        texts |= new
        row = _decided(upload, kind, subject, found, line, texts)
        told = {**(row.detail or {}), "texts": {str(index): text for index, text in texts.items()}}
        _put(upload, before, row._replace(detail=told), texts=told["texts"])
        rows.append(row)
    return rows


def _texts_of(
    upload: Upload, found: Understood, lines: Sequence[int]
) -> Iterator[tuple[int, Checked, dict[int, str]]]:
    """The rows of these lines as the document has them, with their cells as they stand now."""
    changes = {line: find_change(upload, line) for line in lines}
    befores = {line: find_row(upload, line) for line in lines}
    told: dict[int, dict[str, str]] = {}
    for line in lines:
        change = changes[line]
        told[line] = (befores[line].detail or {}).get("texts", {}) | (change.texts if change else {})
    cells = _cells_of(found, {line for line in lines if not told[line]})
    for line in lines:
        yield line, befores[line], {int(i): text for i, text in told[line].items()} or cells.get(line, {})


def _clean(text: str) -> str:
    text = tidy(text)
    if unprintable(text) or len(text) > MAX_CELL:
        raise DomainError(_("Write a short plain text into the cell."))
    return text


def _cells_of(found: Understood, lines: set[int]) -> dict[int, dict[int, str]]:
    """The cells of rows as the file has them: the document keeps them only of rows that were refused."""
    rows = ((int(row.line), row.cells) for row in found.table.rows if row.line in lines) if lines else ()
    return {
        line: {n: text for n, (text, name) in enumerate(zip(cells, found.mapping, strict=False)) if name}
        for line, cells in rows
    }


def _decided(
    upload: Upload, kind: Kind, subject: Subject, found: Understood, line: int, texts: dict[int, str]
) -> Checked:
    read = read_again(kind, subject, found, as_line(line, upload.sheets), texts)
    if not isinstance(read, Read):
        return Checked(*read)
    checker, mine = kind.checker(subject, found.columns), dict(kind.keys(read.values))
    needles = kind.needles(kind.checker(subject, found.columns).decide([read])[0])
    for row in _others(upload, line, needles):
        row = row._replace(line=as_line(row.line, upload.sheets))
        if field := next((f for f, key in kind.keys(row.values) if mine.get(f) == key), None):
            reason = _("Line %(line)s has the same. Each person has their own.", line=row.line)
            return refused(Checked(line, "", read.values), found.columns.get(field, ""), mine[field], reason)
        checker.note(row)
    return checker.decide([read])[0]


def _others(upload: Upload, line: int, needles: Sequence[str] | None) -> Iterator[Checked]:
    """The other rows that would be kept, as corrected; with `needles` those of frames that hold one."""
    key, changes = upload.checked_key or "", changes_of(upload)
    untouched = (
        row for rows in read_frames(key, index_of(key), needles) for row in rows if row.line not in changes
    )
    for row in chain(untouched, (Checked(*change.row) for change in changes.values())):
        if row.line != line and row.state != RowState.REFUSED:
            yield row


@everything()
def choose(*, actor: Viewer, upload: Upload, line: int, choice: str) -> None:
    """Say what one waiting row is; an empty choice takes back what was said."""
    upload = _undecided(actor, upload)
    before, change = find_row(upload, line), find_change(upload, line)
    row = Checked(*change.row) if change else before
    if row.state not in WAITING or (choice and choice not in choices_of(row)):
        raise DomainError(_("This row cannot be decided so. Reload the page and look again."))
    _put(upload, before, row, choice=choice or None)


@everything()
def choose_for_all(*, actor: Viewer, upload: Upload, state: str, choice: str) -> None:
    """Say what all waiting rows of a state are, those with a choice of their own excepted."""
    upload = _undecided(actor, upload)
    if state not in WAITING or choice not in ("", *BULK.get(RowState(state), ())):
        raise DomainError(_("This cannot be said of all rows. Reload the page and look again."))
    kept = {key: told for key, told in upload.choices.items() if key != state}
    upload.choices = {**kept, state: choice} if choice else kept


BULK: Final = {RowState.PROBABLE: ("same", "new"), RowState.CONFLICT: ("register", "file")}
NOT_IN_BULK: Final = {RowState.OTHER: ("register", "file")}  # each is looked at by itself


def choices_of(row: Checked) -> tuple[str, ...]:
    """What can be said of a waiting row."""
    detail, state = row.detail or {}, RowState(row.state)
    if state is RowState.OTHER:
        return NOT_IN_BULK[state] if detail.get("differs") else ("register",)
    return (*BULK[state], *(f"same:{person[0]}" for person in detail.get("people", [])))


def _undecided(actor: Viewer, upload: Upload) -> Upload:
    held = get_upload(actor, upload.id, is_held=True)
    if held.state is not UploadState.CHECKED:
        raise DomainError(_("This file has been decided already. Nothing of it can be changed any more."))
    return held


def _put(
    upload: Upload,
    before: Checked,
    row: Checked,
    *,
    texts: dict[str, str] | None = None,
    choice: str | None = None,
) -> None:
    """Put the row in the place of the one in the document, and count it there."""
    change = find_change(upload, row.line) or RowChange(
        upload_id=upload.id, line=row.line, was=before.state, state=before.state, texts={}
    )
    counts = Counter(upload.counts)
    counts[change.state] -= 1
    counts[row.state] += 1
    upload.counts = {state: count for state, count in counts.items() if count}
    upload.rows_refused = upload.counts.get(RowState.REFUSED, 0)
    change.state, change.row, change.choice = row.state, list(row), choice
    change.texts = texts if texts is not None else change.texts
    db.session.add(change)
    db.session.flush()
