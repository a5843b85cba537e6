"""The rows of a checked file as a document: in frames of a few hundred, found by an index at its end."""

import json
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final, NamedTuple

from gdt import documents
from gdt.errors import RecordNotFound
from gdt.imports.rows import Checked, as_checked

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
        content = zlib.compress(_dumps(_in_columns(rows)).encode("utf-8", "surrogatepass"), 1)
        counts = Counter([row.state for row in rows])
        end = self._size + len(content)
        self._index.append(Frame(self._size, end, rows[0].line, rows[-1].line, len(rows), counts))
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
) -> Iterator[list[Checked]]:
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


def _in_columns(rows: Sequence[Checked]) -> dict[str, Any] | Sequence[Checked]:
    """The rows column by column, each that says the same in all of them once: a third of the writing.

    Rows of which each has other values stay as they are; so stand those of documents from before.
    """
    widths = {len(row.values) for row in rows}
    if len(widths) != 1 or widths == {0}:
        return rows
    columns = dict(zip(Checked._fields, map(list, zip(*rows, strict=True)), strict=True))
    values = list(map(_once, zip(*columns.pop("values"), strict=True)))
    told = {name: _once(column) for name, column in columns.items()}
    return {"rows": len(rows), "values": values, **told}


def _once(column: Sequence[Any]) -> Any:
    first = column[0]
    is_same = column[-1] == first and list(column).count(first) == len(column)
    return {"all": first} if is_same else column


def _in_rows(content: Mapping[str, Any]) -> list[Checked]:
    count = content["rows"]

    def whole(column: Any) -> list[Any]:
        return [column["all"]] * count if isinstance(column, dict) else column

    values = list(zip(*map(whole, content["values"]), strict=True))
    columns = [values if name == "values" else whole(content[name]) for name in Checked._fields]
    return list(map(as_checked, zip(*columns, strict=True)))
