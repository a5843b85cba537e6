"""Answers about a file: its sheet, its first row, its columns, how its days and its marks are written."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _

from gdt import documents
from gdt.access import Viewer
from gdt.database import db, now
from gdt.errors import DomainError
from gdt.imports.checking import UNDECIDED, check, open_file
from gdt.imports.kinds import Kind, kind_of
from gdt.imports.large_files import begin_reading, is_being_read, is_large
from gdt.imports.models import ColumnMemory, Upload
from gdt.imports.queries import memory_of
from gdt.imports.scales import out_of
from gdt.imports.understanding import signature
from gdt.row_security import everything
from gdt.spreadsheets.dates import DayOrder
from gdt.spreadsheets.refusals import Refused


@dataclass(frozen=True)
class Answer:
    """What somebody says of a file; None for what she was not asked.

    `mapping` is the field of each column, `has_header` whether the first row names the columns.
    """

    mapping: list[str] | None = None
    sheets: tuple[str, ...] = ()
    day_order: str | None = None
    marks_out_of: str | None = None
    has_header: bool | None = None
    otherwise_on: date | None = None


@everything()
def answer_about(*, actor: Viewer, upload: Upload, answer: Answer) -> None:
    """Read the file as somebody says.

    What is said of the columns is remembered for the next file; everything else is asked of each.
    """
    kind = kind_of(upload.kind)
    subject = kind.subject(actor, upload.subject_id)
    if is_being_read(upload):
        raise DomainError(_("The file is being read. Wait until that is done, and look again."))
    if upload.state not in UNDECIDED:
        raise DomainError(_("This file has been decided already, so its columns stay as they are."))
    _note_answer(kind, upload, answer)
    if upload.question.get("undated") or answer.otherwise_on:
        kind.refuse_day(subject, answer.otherwise_on)
    if answer.otherwise_on:
        upload.answers = {**upload.answers, "otherwise_on": answer.otherwise_on.isoformat()}
    data = documents.read(upload.document_key)
    if is_large(data):
        begin_reading(upload, data)
        return
    try:
        found = open_file(kind, subject, upload.filename, data, upload)
        check(upload, kind, subject, found)
    except Refused as refusal:
        raise DomainError(refusal.reason) from refusal


def _note_answer(kind: Kind, upload: Upload, answer: Answer) -> None:
    """Put what was said on the record; another sheet has columns of its own, which are looked at anew."""
    sheets = _sheets_said(upload, answer)
    if sheets and sheets[0] != upload.sheet:
        upload.sheet, upload.mapping, upload.scale, upload.answers = sheets[0], [], {}, {"sheets": sheets}
        return
    if sheets:
        upload.answers = {**upload.answers, "sheets": sheets}
    if answer.mapping is None:
        return
    _refuse_unclear(kind, upload.header, answer.mapping)
    upload.scale = _scale_said(upload, answer.mapping, answer.marks_out_of)
    upload.mapping = answer.mapping
    if answer.has_header is not None:
        upload.answers = {**upload.answers, "has_header": answer.has_header}
    if answer.day_order in {one.value for one in DayOrder}:
        upload.day_order = answer.day_order
    if upload.institution_id is not None and upload.answers.get("has_header") is not False:
        _remember(upload, upload.institution_id)


def _sheets_said(upload: Upload, answer: Answer) -> list[str]:
    """The sheets that were ticked, in the order they were offered."""
    offered = [one["name"] for one in upload.question.get("sheets", ())]
    sheets = [name for name in offered if name in answer.sheets]
    if offered and not sheets:
        raise DomainError(_("Choose at least one sheet."))
    return sheets


def _scale_said(upload: Upload, mapping: list[str], typed: str | None) -> dict[str, Any]:
    """The scale somebody typed; one that was only shown goes with the column it was shown for."""
    before = upload.scale
    if not typed or (typed == before.get("out_of") and not upload.question.get("scale")):
        return before if mapping == upload.mapping else {}
    if out_of(typed) is None:
        raise DomainError(_("Write what the marks are out of as a number, such as 10 or 20."))
    return {**before, "said": typed.strip()}


def _refuse_unclear(kind: Kind, header: list[str], mapping: list[str]) -> None:
    known = {field.name: field for field in kind.fields}
    if len(mapping) != len(header) or any(name and name not in known for name in mapping):
        raise DomainError(_("This page does not fit the file any more. Reload it and choose again."))
    single = [name for name in mapping if name and not known[name].is_part]
    if twice := next((name for name in single if single.count(name) > 1), None):
        raise DomainError(_("Two columns are “%(field)s”. Keep one of them aside.", field=known[twice].label))
    if reason := kind.missing(header, mapping):
        raise DomainError(reason)


def _remember(upload: Upload, institution_id: int) -> None:
    key = signature(upload.header)
    told = memory_of(institution_id, upload.kind).get(key) or ColumnMemory(
        institution_id=institution_id, kind=upload.kind, signature=key
    )
    told.mapping, told.day_order, told.remembered_at = list(upload.mapping), upload.day_order, now()
    db.session.add(told)
