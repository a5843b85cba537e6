"""What a kept file did to some rows: whether it named them at all, and value by value from its journal."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

from gdt.errors import RecordNotFound
from gdt.imports.journal import read_page
from gdt.imports.models import Upload

KEPT = "kept"  # the act of a file, told of the record it is about with the rows it made or changed
Deed = tuple[str, str, Any, Any]  # table, column, before, after


def holds(ranges: Mapping[str, Sequence[Sequence[int]]], rows: Mapping[str, Collection[int]]) -> bool:
    """Whether one of these rows is in the ranges."""
    return any(
        first <= one <= last
        for table, ids in rows.items()
        for first, last in ranges.get(table, ())
        for one in ids
    )


def deeds_about(upload: Upload, rows: Mapping[str, Collection[int]]) -> Iterator[Deed]:
    """What a file did to these rows, as long as its journal is kept."""
    for page in _pages(upload):
        for table, columns, by_column, *same in page.get("columns", ()):
            wanted = rows.get(table, ())
            for place, row_id in enumerate(by_column[0] if by_column and wanted else ()):
                if row_id in wanted:
                    values = {name: told[place] for name, told in zip(columns, by_column[1:], strict=True)}
                    for name, value in (values | (same[0] if same else {})).items():
                        yield table, name, None, value
        for table, row_id, column, before, after in page["changes"]:
            if row_id in rows.get(table, ()):
                yield table, column, before, after


def _pages(upload: Upload) -> Iterator[dict[str, Any]]:
    for key in upload.journal:
        with suppress(RecordNotFound):
            yield read_page(key)
