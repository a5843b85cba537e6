"""The tiles of the tree, made again from the entries and compared with those that are kept."""

from collections.abc import Iterator, Sequence

from certificates.merkle import subtree_root
from gdt.certification.checking import queries
from gdt.certification.log.tree import WIDTH


class Tiles:
    """Takes the hashes of the entries in order; says which kept tiles are not those they make."""

    def __init__(self) -> None:
        self._rows: list[list[bytes]] = []
        self._places: list[int] = []
        self._made = 0

    def compare(self, hashes: Sequence[bytes], level: int = 0) -> Iterator[str]:
        """Say what is wrong with the tiles that these hashes make full."""
        if level == len(self._rows):
            self._rows.append([])
            self._places.append(0)
        row = [*self._rows[level], *hashes]
        full = len(row) // WIDTH
        start, self._rows[level] = self._places[level], row[full * WIDTH :]
        self._places[level] += full
        self._made += full
        kept = queries.read_tiles(level, start, start + full) if full else {}
        roots = []
        for at in range(full):
            tile = row[at * WIDTH : (at + 1) * WIDTH]
            roots.append(subtree_root(tile))
            if kept.get(start + at) != (b"".join(tile), roots[-1]):
                yield f"Tile {start + at} of level {level} of the log's tree is not the one its entries make."
        if roots:
            yield from self.compare(roots, level + 1)

    def finish(self) -> Iterator[str]:
        """Say whether tiles are kept that no entries make."""
        count = queries.count_tiles()
        if count > self._made:
            yield f"The log's tree has {count} tiles; its entries make {self._made}."
