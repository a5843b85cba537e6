"""Which rows a kept file made or changed: as ranges for the trail, and value by value from its journal."""

import json
import zlib
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from gdt import documents
from gdt.errors import RecordNotFound
from gdt.imports.models import Upload

KEPT = "kept"  # the act of a file, told of the record it is about with the rows it made or changed
Ranges = dict[str, list[list[int]]]  # by table: the first and the last id of rows that follow each other
Deed = tuple[str, str, Any, Any]  # table, column, before, after


def ranges_of(upload: Upload) -> Ranges:
    """The rows of every table that the journal names. Ids are taken in a row, so these are few."""
    found: dict[str, set[int]] = defaultdict(set)
    for page in _pages(upload):
        for table, _columns, by_column, *_same in page.get("columns", ()):
            found[table].update(by_column[0] if by_column else ())
        for table, row_id, *_change in page["changes"]:
            found[table].add(row_id)
    return {table: _in_ranges(sorted(ids)) for table, ids in found.items()}


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
        try:
            yield json.loads(zlib.decompress(documents.read(key)))
        except RecordNotFound:
            continue


def _in_ranges(ids: Sequence[int]) -> list[list[int]]:
    ranges: list[list[int]] = []
    for one in ids:
        if ranges and one == ranges[-1][1] + 1:
            ranges[-1][1] = one
        else:
            ranges.append([one, one])
    return ranges
