"""The check of everything: the log, its tree and heads, against certificates, files, badges, bits and keys.

It reads the log once from the front, in portions, and keeps no more in memory than a portion and the heads.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache

from certificates.log import Entry, Event, Head, InvalidLog, decode_entry
from certificates.merkle import Frontier, leaf_hash
from gdt.certification.badges import open_badges
from gdt.certification.checking import queries
from gdt.certification.checking.entries import KeysOf, check_line
from gdt.certification.checking.heads import check_heads, check_saved_head
from gdt.certification.checking.keys import check_keys
from gdt.certification.checking.queries import Line
from gdt.certification.checking.tiles import Tiles
from gdt.database import db, reading
from gdt.filters import day

PORTION = 500
_BEFORE_ALL = datetime.min.replace(tzinfo=UTC)
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Finding:
    """One thing that is not as it must be: the certificate's number, if it is about one, and a sentence."""

    number: str | None
    sentence: str

    def __str__(self) -> str:
        return f"{self.number}: {self.sentence}" if self.number else self.sentence


@dataclass
class _Walk:
    """Where the check is in the log, and what it needs to remember."""

    wanted_sizes: list[int]
    keys: KeysOf = field(default_factory=lambda: cache(open_badges.keys_of))
    roots: dict[int, bytes] = field(default_factory=lambda: {0: Frontier().root})
    used_keys: set[str] = field(default_factory=set)
    frontier: Frontier = field(default_factory=Frontier)
    tiles: Tiles = field(default_factory=Tiles)
    position: int = -1
    before: datetime = _BEFORE_ALL


def check_log(saved: str | None = None, progress: Progress = lambda done, total: None) -> Iterator[Finding]:
    """Yield everything that was tampered with or lost; nothing when all is well.

    saved: a head somebody kept, as text. progress: told how many entries are read, and of how many.
    """
    with reading(snapshot=True):
        heads, log = queries.every_head(), queries.find_log()
        db.session.expunge_all()
        kept = saved and check_saved_head(saved, heads)
        head = kept.head if kept else None
        walk = _Walk(sorted({one.size for one in heads} | ({head.size} if head else set())))
        yield from _read_all(walk, log.size if log else 0, progress)
        yield from _plain(walk.tiles.finish())
        if walk.frontier.size != (log.size if log else 0):
            yield Finding(None, _other_size(walk.frontier.size, log.size if log else 0))
        yield from _plain(check_heads(heads, walk.roots))
        if kept:
            yield from _plain(kept.problems)
            yield from _plain(_saved(head, walk))
        yield from _register()
        yield from _published()
        yield from _plain(check_keys(walk.used_keys | {""}))


def _read_all(walk: _Walk, total: int, progress: Progress) -> Iterator[Finding]:
    while lines := queries.read_lines(walk.position, PORTION):
        hashes: list[bytes] = []
        for line in lines:
            if line.position == walk.position:
                yield Finding(line.number, f"Two entries stand at position {line.position}.")
                continue
            if line.position != walk.position + 1:
                yield Finding(None, _missing(walk.position + 1, line.position - 1))
            walk.position = line.position
            hashes.append(leaf_hash(line.leaf.encode()))
            yield from _read(line, walk)
        _grow(walk, hashes)
        yield from _plain(walk.tiles.compare(hashes))
        progress(walk.frontier.size, max(total, walk.frontier.size))


def _read(line: Line, walk: _Walk) -> Iterator[Finding]:
    entry = _decoded(line)
    if isinstance(entry, str):
        yield Finding(line.number, entry)
        return
    if entry.at < walk.before:
        yield Finding(line.number, f"Entry {line.position} is older than the one before it.")
    walk.before = max(walk.before, entry.at)
    if entry.event is Event.ISSUED:
        walk.used_keys |= {entry.key, entry.signer or ""}
    for sentence in check_line(line, entry, walk.keys):
        yield Finding(line.number or entry.number, sentence)


def _decoded(line: Line) -> Entry | str:
    try:
        return decode_entry(line.leaf.encode())
    except (InvalidLog, ValueError):
        return f"Entry {line.position} is not written the way entries are."


def _grow(walk: _Walk, hashes: list[bytes]) -> None:
    """Move on, and remember the root at each size that some head speaks of."""
    start = walk.frontier.size
    ends = [size for size in walk.wanted_sizes if start < size < start + len(hashes)]
    for end in [*ends, start + len(hashes)]:
        walk.frontier = walk.frontier.extended(hashes[walk.frontier.size - start : end - start])
        walk.roots[end] = walk.frontier.root
    if start + len(hashes) not in walk.wanted_sizes:
        walk.roots.pop(start + len(hashes), None)


def _saved(head: Head | None, walk: _Walk) -> Iterator[str]:
    if head is None:
        return
    if head.size > walk.frontier.size:
        yield f"The saved head covers {head.size} entries, and the log has {walk.frontier.size}: it was cut."
    elif walk.roots.get(head.size) != head.root:
        yield f"The first {head.size} entries are not those the saved head of {day(head.at)} was signed over."


def _register() -> Iterator[Finding]:
    for number, event in queries.list_without_entry():
        yield Finding(number, f"The register says it was {event.value}, and no entry of the log says so.")
    for number, event, count in queries.list_doubled():
        yield Finding(number, f"The log says {count} times that it was {event.value}.")
    for year, count, first, last, given in queries.compare_counters():
        if not (first == 1 and count == last == given):
            yield Finding(None, _numbers(year, count, given))
            for before, after in queries.list_gaps(year):
                yield Finding(None, f"Between the numbers {before} and {after} of {year} some are missing.")
    for number, taken, given in queries.count_entries_of_lists():
        if taken != given:
            yield Finding(None, f"Status list {number} says it gave out {taken} bits; {given} are known.")


def _published() -> Iterator[Finding]:
    for number in queries.list_unsealed():
        yield Finding(number, "The register says it was published, and no entry of the log says so.")


def _plain(sentences: Iterator[str]) -> Iterator[Finding]:
    return (Finding(None, sentence) for sentence in sentences)


def _missing(first: int, last: int) -> str:
    return f"The entry at position {first} is missing." if first == last else _many_missing(first, last)


def _many_missing(first: int, last: int) -> str:
    return f"The entries at positions {first} to {last} are missing."


def _other_size(found: int, said: int) -> str:
    return f"The log has {found} entries, and says it has {said}."


def _numbers(year: int, count: int, given: int | None) -> str:
    return f"The counter of {year} says {given or 0} numbers were given, and there are {count} certificates."
