"""The container of an old Excel file, its chains followed without trust."""

import struct
from typing import Final

from gdt.spreadsheets.limits import Unreadable

_FREE: Final = 0xFFFFFFFA
_HEADER: Final = 512
_ENTRY: Final = 128
_SMALLEST: Final = 4096


class OleFile:
    """The streams of a compound file; a chain that is broken, doubled or endless is `Unreadable`."""

    def __init__(self, data: bytes) -> None:
        if len(data) < _HEADER:
            raise Unreadable("damaged")
        self.data = data
        shift, small_shift = struct.unpack_from("<HH", data, 30)
        if shift not in {9, 12} or small_shift != 6:
            raise Unreadable("damaged")
        self.size = 1 << shift
        self.sectors = (len(data) - 1) // self.size
        self.table = self._table()
        self.names = self._names()

    def _sector(self, number: int) -> bytes:
        if number >= self.sectors:
            raise Unreadable("damaged")
        return self.data[(number + 1) * self.size : (number + 2) * self.size]

    def _table(self) -> list[int]:
        """Return the allocation table: for each sector the one that follows."""
        places = list(struct.unpack_from("<109I", self.data, 76))
        following, seen = struct.unpack_from("<I", self.data, 68)[0], 0
        while following < _FREE:
            numbers = _numbers(self._sector(following))
            places += numbers[:-1]
            following, seen = numbers[-1], seen + 1
            if seen > self.sectors:
                raise Unreadable("damaged")
        table: list[int] = []
        for place in places:
            if place < _FREE:
                table += _numbers(self._sector(place))
            if len(table) > self.sectors + 2 * self.size:
                break
        return table

    def _chain(self, start: int, table: list[int]) -> list[int]:
        chain: list[int] = []
        while start < _FREE:
            chain.append(start)
            if start >= len(table) or len(chain) > len(table):
                raise Unreadable("damaged")
            start = table[start]
        return chain

    def _names(self) -> dict[str, tuple[int, int]]:
        """Return where each stream starts and how long it is."""
        start = struct.unpack_from("<I", self.data, 48)[0]
        directory = b"".join(map(self._sector, self._chain(start, self.table)))
        names: dict[str, tuple[int, int]] = {}
        for offset in range(0, len(directory) - _ENTRY + 1, _ENTRY):
            entry = directory[offset : offset + _ENTRY]
            length = struct.unpack_from("<H", entry, 64)[0]
            name = entry[: max(min(length, 64) - 2, 0)].decode("utf-16-le", "replace")
            if name:
                names.setdefault(name, struct.unpack_from("<II", entry, 116))
        return names

    def stream(self, name: str) -> bytes:
        """Return the content of a stream."""
        start, size = self.names[name]
        if size > len(self.data):
            raise Unreadable("damaged")
        if size < _SMALLEST:
            return self._small(start, size)
        content = b"".join(map(self._sector, self._chain(start, self.table)))
        if len(content) < size:
            raise Unreadable("damaged")
        return content[:size]

    def _small(self, start: int, size: int) -> bytes:
        """Return a stream that lies in pieces of 64 bytes within the stream of the root."""
        root = self.names.get("Root Entry", next(iter(self.names.values())))
        room = b"".join(map(self._sector, self._chain(root[0], self.table)))
        first = struct.unpack_from("<I", self.data, 60)[0]
        table = [
            number for sector in self._chain(first, self.table) for number in _numbers(self._sector(sector))
        ]
        return b"".join(room[one * 64 : one * 64 + 64] for one in self._chain(start, table))[:size]


def _numbers(sector: bytes) -> list[int]:
    count = len(sector) // 4
    return list(struct.unpack(f"<{count}I", sector[: count * 4]))
