"""A few values of each column of a file, to show what stands in it."""

from collections.abc import Sequence
from functools import lru_cache

from gdt import documents
from gdt.imports.models import Upload
from gdt.imports.understanding import examples
from gdt.spreadsheets.headless import no_header
from gdt.spreadsheets.reading import read_table
from gdt.spreadsheets.refusals import Refused
from gdt.spreadsheets.tables import Recognise


def same_header(header: Sequence[str]) -> Recognise:
    """What knows the row of a file that has all these headings."""
    wanted = {text for text in header if text}
    return lambda cells: len(wanted) if wanted <= set(cells) else 0


def examples_of(upload: Upload) -> list[list[str]]:
    """The first values of each column that differ; none where the file cannot be read any more."""
    key, header = upload.document_key, tuple(upload.header)
    return _examples(key, upload.filename, upload.sheet, header, upload.has_headings)


@lru_cache(maxsize=32)
def _examples(
    key: str, filename: str, sheet: str | None, header: tuple[str, ...], has_headings: bool
) -> list[list[str]]:
    recognise = same_header(header) if has_headings else no_header
    try:
        return examples(read_table(documents.read(key), filename, recognise, sheet=sheet))
    except Refused:
        return [[] for _text in header]
