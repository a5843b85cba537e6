"""Where in a file each key was first seen: in the same memory for a hundred thousand rows as for ten."""

from array import array
from collections.abc import Hashable, Iterable, Sequence
from typing import Final

_SMALL: Final = 1 << 13
_LARGE: Final = 1 << 19  # places: what a file of 130,000 rows with two keys each fills half of


class FirstSeen:
    """Whole numbers by a key of 64 bits; a dict of as many would take seven times the memory, and grow.

    Keys come from `hash`, so that two different ones meet in none of a thousand million files.
    """

    def __init__(self) -> None:
        self._count = 0
        self._keys = array("q", bytes(8 * _SMALL))
        self._values = array("q", bytes(8 * _SMALL))

    def get(self, key: int) -> int:
        """The number of a key, 0 where it has none."""
        return self._values[self._place(key or 1)]

    def put(self, key: int, number: int) -> None:
        """Give a key its number, which is not 0."""
        self._make_room(1)
        place = self._place(key or 1)
        self._count += not self._values[place]
        self._keys[place], self._values[place] = key or 1, number

    def count_all(self, keys: Sequence[int]) -> list[int]:
        """How often each key was counted before, and it is counted once more."""
        self._make_room(len(keys))
        befores: list[int] = []
        slots, values, last = self._keys, self._values, len(self._keys) - 1
        for key in keys:
            key = key or 1
            place = key & last
            while (held := slots[place]) and held != key:
                place = place + 1 & last
            befores.append(values[place])
            slots[place] = key
            values[place] += 1
        self._count += befores.count(0)
        return befores

    def put_new(self, keys: Sequence[int], numbers: Sequence[int]) -> bool:
        """Give each key its number if all of them are new and differ; otherwise nothing is done."""
        self._make_room(len(keys))
        places: list[int] = []
        slots, values, last = self._keys, self._values, len(self._keys) - 1
        for key, number in zip(keys, numbers, strict=True):
            key = key or 1
            place = key & last
            while held := slots[place]:
                if held == key:
                    self._forget(places)
                    return False
                place = place + 1 & last
            slots[place], values[place] = key, number
            places.append(place)
        self._count += len(places)
        return True

    def _place(self, key: int) -> int:
        """Where a key stands, or would stand."""
        slots = self._keys
        last = len(slots) - 1
        place = key & last
        while (held := slots[place]) and held != key:
            place = place + 1 & last
        return place

    def _forget(self, places: Sequence[int]) -> None:
        for place in places:  # the last ones that came, all of them: nobody was moved by one that stays
            self._keys[place] = self._values[place] = 0

    def _make_room(self, more: int) -> None:
        """At most half of the places are taken, so that a search is short."""
        size = len(self._keys)
        while self._count + more > size // 2:
            size = max(size * 2, _LARGE)
        if size == len(self._keys):
            return
        keys, numbers = self._keys, self._values
        self._keys, self._values = array("q", bytes(8 * size)), array("q", bytes(8 * size))
        for key, number in zip(keys, numbers, strict=True):
            if number:
                place = self._place(key)
                self._keys[place], self._values[place] = key, number


class SeenBefore:
    """How often each of many things came before; until somebody asks, they are only noted."""

    def __init__(self) -> None:
        self._noted: array[int] | None = array("q")
        self._seen = FirstSeen()

    def add(self, things: Iterable[Hashable]) -> None:
        """Note things that nobody has to count yet."""
        if self._noted is None:
            self.count(things)
        else:
            self._noted.extend(map(hash, things))

    def count(self, things: Iterable[Hashable]) -> list[int]:
        """How often each came before, and it came once more."""
        if self._noted is not None:
            self._seen.count_all(self._noted)
            self._noted = None
        return self._seen.count_all(list(map(hash, things)))
