"""Putting a pseudonym in the place of a name in the journals of kept files: some note who did something."""

from collections.abc import Collection
from functools import partial
from typing import Any, Final

from sqlalchemy import select

from gdt import documents
from gdt.database import after_commit, db
from gdt.errors import RecordNotFound
from gdt.imports.journal import keep_page, read_page
from gdt.imports.models import Upload

NOTE_WHO: Final = ("attendance",)  # kinds of files whose keeping writes somebody's name beside what she did


def rename_in_journals(name: str, pseudonym: str, columns: Collection[tuple[str, str]]) -> None:
    """Rename somebody in these columns of what was changed; such a file can be undone as before."""
    noted = select(Upload).where(Upload.kind.in_(NOTE_WHO)).order_by(Upload.id)
    for upload in db.session.scalars(noted.with_for_update(of=Upload)):
        pages = [_renamed(key, name, pseudonym, columns) for key in upload.journal]
        gone = set(upload.journal) - set(pages)
        upload.journal = pages
        for key in gone:
            after_commit(partial(documents.remove, key))


def _renamed(key: str, name: str, pseudonym: str, columns: Collection[tuple[str, str]]) -> str:
    """The key of the page without her name, which is this one where it has not got it."""
    try:
        page: dict[str, Any] = read_page(key)
    except RecordNotFound:
        return key
    hers = [one for one in page["changes"] if (one[0], one[2]) in columns and name in one[3:]]
    for change in hers:
        change[3:] = [pseudonym if value == name else value for value in change[3:]]
    return keep_page(page) if hers else key
