"""The tree over the log as the database keeps it: adding entries, and reading proofs from a few rows.

Every 64 hashes that stand full side by side become a tile, with the root over them; tiles never change. So
at ten million entries a root takes the last rows of four levels, at most 63 of each, and a proof a few tiles.
"""

from collections.abc import Sequence

from sqlalchemy import insert, select

from certificates.merkle import Subtrees, leaf_hash, subtree_root
from gdt.certification.log.models import LogLeaf, LogTile
from gdt.database import db

WIDTH_BITS = 6
WIDTH = 1 << WIDTH_BITS
HASH = 32


class KeptTree(Subtrees):
    """The tree of the first `size` entries; reads what a proof needs and keeps it while it lives."""

    __slots__ = ("_rows", "_size")

    def __init__(self, size: int) -> None:
        self._size = size
        self._rows: dict[tuple[int, int], list[bytes]] = {}

    def __len__(self) -> int:
        return self._size

    def full(self, level: int, place: int) -> bytes:
        """The hash of a full subtree, out of the tile it lies in."""
        tile_level, inside = divmod(level, WIDTH_BITS)
        first = place << inside
        row = self._row(tile_level, first >> WIDTH_BITS)
        start = first % WIDTH
        return subtree_root(row[start : start + (1 << inside)])

    def _row(self, level: int, place: int) -> list[bytes]:
        if (level, place) not in self._rows:
            self._rows[level, place] = _read_row(level, place, self._size)
        return self._rows[level, place]


def add_to_tree(start: int, hashes: Sequence[bytes]) -> None:
    """Write the tiles that these hashes of entries, the first at position `start`, make full."""
    level = 0
    while hashes:
        before = start % WIDTH
        if before + len(hashes) < WIDTH:
            return
        row = [*_read_row(level, start // WIDTH, start << (level * WIDTH_BITS)), *hashes]
        tiles = [row[at : at + WIDTH] for at in range(0, len(row) - WIDTH + 1, WIDTH)]
        roots = [subtree_root(tile) for tile in tiles]
        first = start // WIDTH
        db.session.execute(
            insert(LogTile),
            [
                {"level": level, "place": first + at, "hashes": b"".join(tile), "root": root}
                for at, (tile, root) in enumerate(zip(tiles, roots, strict=True))
            ],
        )
        level, start, hashes = level + 1, first, roots


def _read_row(level: int, place: int, size: int) -> list[bytes]:
    """The hashes of a tile, also of one that is not full yet among `size` entries."""
    first = place << WIDTH_BITS
    count = min(WIDTH, (size >> (level * WIDTH_BITS)) - first)
    if count <= 0:
        return []
    if count == WIDTH:
        tile = select(LogTile.hashes).where(LogTile.level == level, LogTile.place == place)
        found = db.session.scalars(tile).one_or_none() or b""
        return [found[at : at + HASH] for at in range(0, len(found), HASH)]
    if level == 0:
        leaves = select(LogLeaf.leaf).where(LogLeaf.position.between(first, first + count - 1))
        return [leaf_hash(leaf.encode()) for leaf in db.session.scalars(leaves.order_by(LogLeaf.position))]
    roots = select(LogTile.root).where(
        LogTile.level == level - 1, LogTile.place.between(first, first + count - 1)
    )
    return list(db.session.scalars(roots.order_by(LogTile.place)))
