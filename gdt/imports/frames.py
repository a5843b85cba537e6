"""The rows of a checked file as a document: in frames of a few hundred, found by an index at its end."""

import json
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final, NamedTuple

from gdt import documents
from gdt.errors import RecordNotFound
from gdt.imports.rows import Checked, CheckedRows

_MARK: Final = b"GDTROWS1"
_TAIL: Final = 8
FRAME: Final = 500  # rows read to show a page of twenty
_dumps = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":")).encode


class Frame(NamedTuple):
    """Where some rows stand: the bytes, the first and last line, and how many are in each state."""

    start: int
    end: int
    first: int
    last: int
    rows: int
    counts: Mapping[str, int]


class Staging:
    """Takes the rows of a file chunk by chunk; in memory only what they come to when compressed."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self._parts: list[bytes] = [_MARK]
        self._index: list[Frame] = []
        self._size = len(_MARK)

    def add(self, rows: Sequence[Checked]) -> None:
        for start in range(0, len(rows), FRAME):
            self._add(rows[start : start + FRAME])

    def _add(self, rows: Sequence[Checked]) -> None:
        told = CheckedRows.of(rows)
        text = _dumps(_in_columns(told) if told else rows)
        content = zlib.compress(text.encode("utf-8", "surrogatepass"), 1)
        counts = Counter(told.states if told else [row.state for row in rows])
        first, last = (told.lines[0], told.lines[-1]) if told else (rows[0].line, rows[-1].line)
        end = self._size + len(content)
        self._index.append(Frame(self._size, end, first, last, len(rows), counts))
        self._parts.append(content)
        self._size = end
        self.counts.update(counts)

    @property
    def rows(self) -> int:
        return self.counts.total()

    def keep(self) -> str:
        """Store the document; returns its key."""
        index = zlib.compress(_dumps(self._index).encode())
        content = b"".join([*self._parts, index, len(index).to_bytes(_TAIL, "big")])
        return documents.keep("imports-checked", content, suffix=".rows")[0]


@lru_cache(maxsize=8)
def index_of(key: str) -> tuple[Frame, ...]:
    """The frames of a document. Raises RecordNotFound where it is none of ours."""
    with documents.open_to_read(key) as file:
        size = documents.size(key)
        if file.read(len(_MARK)) != _MARK:
            raise RecordNotFound
        file.seek(size - _TAIL)
        length = int.from_bytes(file.read(_TAIL), "big")
        file.seek(size - _TAIL - length)
        return tuple(Frame(*entry) for entry in json.loads(zlib.decompress(file.read(length))))


def read_frames(
    key: str, wanted: Sequence[Frame], needles: Sequence[str] | None = None
) -> Iterator[Sequence[Checked]]:
    """Yield the rows of these frames, frame by frame; with `needles` only of those that hold one in any case.

    To look for a text in a frame takes a tenth of reading its rows.
    """
    if not wanted:
        return
    sought = needles and [_dumps(needle)[1:-1].casefold() for needle in needles]
    with documents.open_to_read(key) as file:
        for frame in wanted:
            file.seek(frame.start)
            text = zlib.decompress(file.read(frame.end - frame.start)).decode("utf-8", "surrogatepass")
            if sought is not None and not _holds(text.casefold(), sought):
                continue
            content = json.loads(text)
            yield _in_rows(content) if isinstance(content, dict) else list(map(Checked._make, content))


def _holds(text: str, sought: Sequence[str]) -> bool:
    return any(one in text for one in sought)


def _in_columns(rows: CheckedRows) -> dict[str, Any]:
    """The rows column by column, each that says the same in all of them once: a third of the writing.

    Rows of which each has other values stay as they are; so stand those of documents from before.
    """
    told = (rows.lines, rows.states, rows.notes, rows.known, rows.details)
    names = ("line", "state", "note", "known", "detail")
    values = list(map(_once, rows.columns))
    return {"rows": len(rows), "values": values, **dict(zip(names, map(_once, told), strict=True))}


def _once(column: Sequence[Any]) -> Any:
    first = column[0]
    is_same = column[-1] == first and column.count(first) == len(column)
    return {"all": first} if is_same else column


def _in_rows(content: Mapping[str, Any]) -> CheckedRows:
    count = content["rows"]

    def whole(column: Any) -> list[Any]:
        return [column["all"]] * count if isinstance(column, dict) else column

    columns = list(map(whole, content["values"]))
    lines, *others = [whole(content[name]) for name in ("line", "state", "note", "known", "detail")]
    return CheckedRows(lines, others[0], columns, *others[1:])
