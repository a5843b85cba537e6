"""The rows of a file that were not kept, as the same workbook with the reasons in it."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from gdt import documents
from gdt.errors import DomainError
from gdt.imports.changing import effective_rows
from gdt.imports.keeping import choice_for, problems_of
from gdt.imports.kinds import kind_of
from gdt.imports.models import Upload
from gdt.imports.queries import changes_of
from gdt.imports.rows import WAITING, Checked, RowState
from gdt.imports.sampling import same_header
from gdt.spreadsheets.handing_back import Returned, return_workbook
from gdt.spreadsheets.headless import no_header
from gdt.spreadsheets.lines import SHEET
from gdt.spreadsheets.refusals import Refused
from gdt.spreadsheets.tables import Recognise


def handed_back(upload: Upload) -> Iterator[Checked]:
    """The rows that are not kept as things stand: refused, or waiting for a choice nobody made."""
    kind, changes = kind_of(upload.kind), changes_of(upload)
    for rows in effective_rows(upload, changes):
        for row in rows:
            change = changes.get(row.line)
            own = change.choice if change else None
            is_open = choice_for(row.state, upload.choices, kind.defaults, own) is None
            if row.state == RowState.REFUSED or (row.state in WAITING and is_open):
                yield row


def refused_workbook(upload: Upload) -> Returned:
    """The file as it was uploaded, with the rows handed back and nothing else."""
    problems: list[dict[str, Any]] = list(upload.problems)
    if upload.header and upload.checked_key:
        problems += [told for row in handed_back(upload) for told in problems_of(row)]
    known = same_header(upload.header) if any(upload.header) else kind_of(upload.kind).count_known
    recognise = known if upload.has_headings else no_header
    data = documents.read(upload.document_key)
    try:
        return _marked(data, upload, problems, recognise)
    except Refused as refusal:  # it was read once, and on a machine this busy cannot be just now
        raise DomainError(refusal.reason) from refusal


def _marked(data: bytes, upload: Upload, problems: list[dict[str, Any]], recognise: Recognise) -> Returned:
    """The file with its rows marked; of several sheets that were read together each for itself."""
    file = Returned(data, upload.filename, True)
    name, is_same = "", True
    for place, sheet in enumerate(upload.sheets or (None,)):
        start = place * SHEET
        mine = [one | {"line": one["line"] - start} for one in problems if 0 <= one["line"] - start < SHEET]
        file = return_workbook(file.data, file.filename, mine, recognise, sheet=sheet)
        name, is_same = name or file.filename, is_same and file.is_same
    return Returned(file.data, name, is_same)


def first_handed_back(upload: Upload, *, most: int = 20) -> list[dict[str, Any]]:
    """What is wrong with the first rows that were not kept, for the page."""
    problems: list[dict[str, Any]] = list(upload.problems[:most])
    if upload.header and upload.checked_key:
        rows = islice(handed_back(upload), most)
        problems += [told for row in rows for told in problems_of(row)]
    first = sorted(problems, key=lambda told: told["line"])[:most]
    return [told | {"line": upload.line_words(told["line"])} for told in first]
