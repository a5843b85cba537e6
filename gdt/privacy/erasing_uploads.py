"""Taking a person out of the files that were handed in: a few at a time, whatever was found in them."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, select

from gdt import documents
from gdt.database import db
from gdt.errors import DomainError, RecordNotFound
from gdt.imports.frames import Staging, index_of, read_frames
from gdt.imports.journal import keep_page, read_page
from gdt.imports.models import RowChange, Upload, UploadState
from gdt.people.models import Affiliation, Person
from gdt.privacy.blank import BLANK
from gdt.privacy.byte_search import holds_any
from gdt.privacy.words import Words

AT_A_TIME = 50
AT_WORK = frozenset({UploadState.READING, UploadState.KEEPING, UploadState.UNDOING})
PENDING = frozenset({UploadState.ASKING, UploadState.CHECKED})


def next_uploads(after: int) -> Sequence[Upload]:
    """The next files handed in, in their order, each held while it is looked at."""
    query = select(Upload).where(Upload.id > after).order_by(Upload.id).limit(AT_A_TIME)
    return db.session.scalars(query.with_for_update(of=Upload)).all()


def take_out(upload: Upload, words: Words) -> list[str]:
    """Take her out of one upload; returns the documents that have to go.

    Raises DomainError while work is going on with a file, which is a matter of seconds.
    """
    rows_hers = _lines_of(upload, words)
    changes = [
        change
        for change in _changes(upload)
        if words.are_in([change.row, change.texts], upload.institution_id)
    ]
    journal = _rewrite_journal(upload, words)
    is_hers = bool(rows_hers or changes or journal or _is_in_file(upload, words))
    upload.problems = [told for told in upload.problems if not _is_about(told, rows_hers, upload, words)]
    if not is_hers:
        return []
    if upload.state in AT_WORK:
        raise DomainError(_("A file that names this person is being worked on. It goes on in a moment."))
    lines = rows_hers | {change.line for change in changes}
    db.session.execute(delete(RowChange).where(RowChange.upload_id == upload.id, RowChange.line.in_(lines)))
    return [*journal, *_drop_file(upload, rows_hers)]


def _drop_file(upload: Upload, lines: set[int]) -> list[str]:
    gone = [upload.document_key]
    upload.document_key, upload.question, upload.choices = "", {}, dict(upload.choices)
    if upload.checked_key:
        gone.append(upload.checked_key)
        upload.checked_key = _without(upload.checked_key, lines)
    if upload.state in PENDING:
        upload.state = UploadState.DISCARDED
        upload.note = _(
            "Somebody in this file asked to be forgotten before it was kept. Hand it in without that row."
        )
    return [key for key in gone if key]


def _lines_of(upload: Upload, words: Words) -> set[int]:
    found: set[int] = set()
    for frame in _frames(upload.checked_key):
        for rows in read_frames(upload.checked_key or "", [frame]):
            found |= {
                row.line
                for row in rows
                if words.are_in([row.values, row.note, row.detail], upload.institution_id)
            }
    return found


def _without(key: str, lines: set[int]) -> str:
    staging = Staging()
    for frame in _frames(key):
        for rows in read_frames(key, [frame]):
            staging.add([row for row in rows if row.line not in lines])
    return staging.keep()


def _frames(key: str | None) -> Sequence[Any]:
    try:
        return index_of(key) if key else ()
    except RecordNotFound:
        return ()


def _changes(upload: Upload) -> Sequence[RowChange]:
    return db.session.scalars(select(RowChange).where(RowChange.upload_id == upload.id)).all()


def _is_about(told: dict[str, Any], lines: set[int], upload: Upload, words: Words) -> bool:
    return told.get("line") in lines or words.are_in(told, upload.institution_id)


def _is_in_file(upload: Upload, words: Words) -> bool:
    """Whether the bytes that came hold her; what nobody kept is not worth a look, and goes with her."""
    if not upload.document_key:
        return False
    try:
        content = documents.read(upload.document_key)
    except RecordNotFound:
        return False
    return holds_any(content, words.searched)


def _rewrite_journal(upload: Upload, words: Words) -> list[str]:
    """Put what her rows say after the erasing into the pages that hold them; returns the pages before.

    Everyone else's rows can be undone as before, and nothing of hers can come back.
    """
    gone: list[str] = []
    pages = list(upload.journal)
    for place, key in enumerate(pages):
        try:
            page = read_page(key)
        except RecordNotFound:
            continue
        if _blank_page(page, words):
            pages[place] = keep_page(page)
            gone.append(key)
    upload.journal = pages
    return gone


def _blank_page(page: dict[str, Any], words: Words) -> bool:
    """Blank what a page says of her rows, made (row by row, or column by column) and changed."""
    mine = {Person.__tablename__: set(words.person_ids), Affiliation.__tablename__: _affiliations(words)}
    is_changed = False
    for table, columns, rows in page.get("made", ()):
        is_changed |= _blank_rows(rows, columns, mine.get(table, set()))
    for table, columns, by_column, *_same in page.get("columns", ()):
        is_changed |= _blank_columns(by_column, columns, mine.get(table, set()))
    for change in page["changes"]:
        table, row_id, column = change[:3]
        if row_id in mine.get(table, ()) and column in BLANK:
            change[3:] = [BLANK[column], BLANK[column]]
            is_changed = True
    return is_changed


def _blank_rows(rows: list[list[Any]], columns: list[str], mine: set[int]) -> bool:
    hers = [row for row in rows if row[0] in mine]
    for row in hers:
        row[1:] = [BLANK.get(column, value) for column, value in zip(columns, row[1:], strict=True)]
    return bool(hers)


def _blank_columns(by_column: list[list[Any]], columns: list[str], mine: set[int]) -> bool:
    """The same where each column is a list of its own, the ids first."""
    hers = [place for place, row_id in enumerate(by_column[0] if by_column else ()) if row_id in mine]
    for values, column in zip(by_column[1:], columns, strict=False):
        for place in hers if column in BLANK else ():
            values[place] = BLANK[column]
    return bool(hers)


def _affiliations(words: Words) -> set[int]:
    query = select(Affiliation.id).where(Affiliation.person_id.in_(words.person_ids))
    return set(db.session.scalars(query))
