"""A few values of each column of a file, to show what stands in it."""

from functools import lru_cache

from gdt import documents
from gdt.imports.models import Upload
from gdt.imports.understanding import examples
from gdt.spreadsheets.reading import read_table
from gdt.spreadsheets.refusals import Refused


def examples_of(upload: Upload) -> list[list[str]]:
    """The first values of each column that differ; none where the file cannot be read any more."""
    return _examples(upload.document_key, upload.filename, upload.sheet, tuple(upload.header))


@lru_cache(maxsize=32)
def _examples(key: str, filename: str, sheet: str | None, header: tuple[str, ...]) -> list[list[str]]:
    wanted = {text for text in header if text}

    def recognise(cells: list[str]) -> int:
        return len(wanted) if wanted <= set(cells) else 0

    try:
        return examples(read_table(documents.read(key), filename, recognise, sheet=sheet))
    except Refused:
        return [[] for _text in header]
