"""The journal of kept files: what keeping did, page by page, and ahead of each page which rows it names."""

import json
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from gdt import documents
from gdt.errors import RecordNotFound
from gdt.imports.kind_parts import Kept
from gdt.imports.models import Upload

Page = Mapping[str, Any]
Ranges = dict[str, list[list[int]]]  # by table: the first and the last id of rows that follow each other
_dumps: Final = json.JSONEncoder(
    ensure_ascii=False, check_circular=False, separators=(",", ":"), default=str
).encode


def page_of(kept: Kept) -> Page:
    """What was done as a page; what was made stands in it column by column, the ids first."""
    made = [made._replace(rows=list(zip(*made.rows, strict=True))) for made in kept.made]
    return {"columns": made, "changes": kept.changes}


def keep_page(page: Page) -> str:
    """Store a page; returns its key."""
    told = (_dumps(part).encode() for part in (_ranges_in(page), page))
    content = b"".join(zlib.compress(part, 1) for part in told)
    return documents.keep("imports-journal", content, suffix=".journal")[0]


def read_page(key: str) -> dict[str, Any]:
    """Raises RecordNotFound where retention took the page."""
    ranges, content = _parts(documents.read(key))
    page: dict[str, Any] = json.loads(zlib.decompress(content) if ranges else content)
    return page


def ranges_of(upload: Upload) -> Ranges:
    """The rows of every table that the journal names. Ids are taken in a row, so these are few."""
    found: dict[str, list[list[int]]] = defaultdict(list)
    for key in upload.journal:
        for table, ranges in _ranges_ahead(key).items():
            found[table] += ranges
    return {table: list(_joined(ranges)) for table, ranges in found.items()}


def _ranges_ahead(key: str) -> Ranges:
    try:
        ranges, content = _parts(documents.read(key))
    except RecordNotFound:
        return {}
    return dict(json.loads(ranges)) if ranges else _ranges_in(json.loads(content))


def _parts(content: bytes) -> tuple[bytes, bytes]:
    """The ranges ahead of a page and the page, still packed; of a page from before nothing and the page."""
    ahead = zlib.decompressobj()
    told = ahead.decompress(content)
    return (told, ahead.unused_data) if ahead.unused_data else (b"", told)


def _ranges_in(page: Page) -> Ranges:
    found: dict[str, set[int]] = defaultdict(set)
    for table, _columns, by_column, *_same in page.get("columns", ()):
        found[table].update(by_column[0] if by_column else ())
    for table, _columns, rows, *_same in page.get("made", ()):
        found[table].update(row[0] for row in rows)
    for table, row_id, *_change in page["changes"]:
        found[table].add(row_id)
    return {table: _in_ranges(ids) for table, ids in found.items() if ids}


def _in_ranges(ids: set[int]) -> list[list[int]]:
    first, last = min(ids), max(ids)
    if last - first == len(ids) - 1:
        return [[first, last]]
    return list(_joined([one, one] for one in ids))


def _joined(ranges: Iterable[list[int]]) -> Iterator[list[int]]:
    """Ranges in order, those in one that meet."""
    running: list[int] | None = None
    for first, last in sorted(ranges):
        if running and first <= running[1] + 1:
            running[1] = max(last, running[1])
        else:
            if running:
                yield running
            running = [first, last]
    if running:
        yield running
