"""The Merkle tree of RFC 9162 section 2: roots, inclusion and consistency proofs, and checking them.

A hash is 32 bytes, an index counts from 0, a size is a number of leaves.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

EMPTY_ROOT = hashlib.sha256().digest()
_HASH = 32


class InvalidProof(ValueError):
    """A proof does not lead to the root, or was asked for a leaf or size the tree does not have."""


def leaf_hash(leaf: bytes) -> bytes:
    """Return SHA-256 of a zero byte and the leaf (section 2.1.1)."""
    return hashlib.sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return SHA-256 of a one byte and the two children (section 2.1.1)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


@dataclass(frozen=True, slots=True)
class Frontier:
    """All that must be kept to go on appending: the roots of the full subtrees, left to right.

    There is one for each bit that is set in `size`, so a log of a billion entries keeps under a kilobyte.
    Raises ValueError for another number of peaks.
    """

    size: int = 0
    peaks: tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        if self.size < 0 or len(self.peaks) != self.size.bit_count():
            raise ValueError(f"A tree of {self.size} leaves does not have {len(self.peaks)} peaks.")
        if any(len(peak) != _HASH for peak in self.peaks):
            raise ValueError(f"A peak has {_HASH} bytes.")

    def extended(self, leaf_hashes: Iterable[bytes]) -> "Frontier":
        """Return the frontier after appending leaves by their hashes; costs one hash a leaf."""
        size, peaks = self.size, list(self.peaks)
        for hash_ in leaf_hashes:
            carry = size
            while carry % 2:
                hash_, carry = node_hash(peaks.pop(), hash_), carry >> 1
            peaks.append(hash_)
            size += 1
        return Frontier(size, tuple(peaks))

    @property
    def root(self) -> bytes:
        """The root of the tree so far."""
        if not self.peaks:
            return EMPTY_ROOT
        root = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            root = node_hash(peak, root)
        return root


class Subtrees:
    """Roots and proofs of a tree out of its full subtrees, wherever those are kept.

    A subclass says how many leaves there are (`len`) and what hash a full subtree has (`full`).
    """

    __slots__ = ()

    def __len__(self) -> int:
        raise TypeError("A tree says how many leaves it has.")

    def full(self, level: int, place: int) -> bytes:
        """Return the hash of the full subtree over leaves place * 2**level and the next 2**level - 1."""
        raise TypeError("A tree says where its hashes are.")

    def root(self, size: int | None = None) -> bytes:
        """Return the root of the first `size` leaves, of all by default. Raises InvalidProof."""
        size = len(self) if size is None else size
        self._check(size)
        return self._range(0, size) if size else EMPTY_ROOT

    def inclusion_proof(self, index: int, size: int | None = None) -> list[bytes]:
        """Return the path from a leaf to the root of the first `size` leaves (section 2.1.3.1)."""
        size = len(self) if size is None else size
        self._check(size)
        if not 0 <= index < size:
            raise InvalidProof(f"There is no leaf {index} among {size}.")
        path, start, end = [], 0, size
        while end - start > 1:
            middle = start + _split(end - start)
            if index < middle:
                path.append(self._range(middle, end))
                end = middle
            else:
                path.append(self._range(start, middle))
                start = middle
        return path[::-1]

    def consistency_proof(self, old: int, new: int | None = None) -> list[bytes]:
        """Return what shows that the first `old` leaves begin the first `new` (section 2.1.4.1)."""
        new = len(self) if new is None else new
        self._check(new)
        if not 0 < old <= new:
            raise InvalidProof(f"There is no proof from {old} to {new} leaves.")
        path, start, end, whole = [], 0, new, True
        while old < end:
            middle = start + _split(end - start)
            if old <= middle:
                path.append(self._range(middle, end))
                end = middle
            else:
                path.append(self._range(start, middle))
                start, whole = middle, False
        return ([] if whole else [self._range(start, end)]) + path[::-1]

    def _check(self, size: int) -> None:
        if not 0 <= size <= len(self):
            raise InvalidProof(f"The tree has {len(self)} leaves, not {size}.")

    def _range(self, start: int, end: int) -> bytes:
        """Return the hash of leaves start to end; a full subtree is looked up, others are put together."""
        width = end - start
        if width & (width - 1) == 0:
            level = width.bit_length() - 1
            return self.full(level, start // width)
        middle = start + _split(width)
        return node_hash(self._range(start, middle), self._range(middle, end))


class Tree(Subtrees):
    """A growing tree that keeps the hash of every full subtree, 64 bytes a leaf.

    Appending costs one hash a leaf beyond its own; roots and proofs, also of earlier sizes, a few per level.
    """

    __slots__ = ("_levels",)

    def __init__(self, leaf_hashes: Iterable[bytes] = ()) -> None:
        self._levels = [bytearray()]
        self.extend(leaf_hashes)

    def __len__(self) -> int:
        return len(self._levels[0]) // _HASH

    def full(self, level: int, place: int) -> bytes:
        """Return the hash of a full subtree."""
        return bytes(self._levels[level][place * _HASH : (place + 1) * _HASH])

    def extend(self, leaf_hashes: Iterable[bytes]) -> None:
        """Append leaves by their hashes. Raises ValueError for a hash that has not 32 bytes."""
        for hash_ in leaf_hashes:
            if len(hash_) != _HASH:
                raise ValueError(f"A leaf hash has {_HASH} bytes, not {len(hash_)}.")
            self._append(hash_)

    def _append(self, hash_: bytes) -> None:
        level = 0
        while True:
            row = self._levels[level]
            row += hash_
            if len(row) // _HASH % 2:
                return
            hash_ = node_hash(bytes(row[-2 * _HASH : -_HASH]), bytes(row[-_HASH:]))
            level += 1
            if level == len(self._levels):
                self._levels.append(bytearray())


def subtree_root(hashes: Sequence[bytes]) -> bytes:
    """Return the root over the hashes of two, four, eight, … full subtrees side by side."""
    row = list(hashes)
    while len(row) > 1:
        row = [node_hash(left, right) for left, right in zip(row[::2], row[1::2], strict=True)]
    return row[0]


def _split(width: int) -> int:
    """Return the largest power of two smaller than a width of two or more."""
    return 1 << (width - 1).bit_length() - 1


def root_from_inclusion(index: int, size: int, leaf: bytes, proof: Sequence[bytes]) -> bytes:
    """Return the root that a leaf hash and its path lead to (section 2.1.3.2). Raises InvalidProof."""
    if not 0 <= index < size:
        raise InvalidProof(f"There is no leaf {index} among {size}.")
    at, last, root = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            raise InvalidProof("The inclusion proof is too long.")
        if at % 2 or at == last:
            root = node_hash(sibling, root)
            while at % 2 == 0 and at:
                at, last = at >> 1, last >> 1
        else:
            root = node_hash(root, sibling)
        at, last = at >> 1, last >> 1
    if last:
        raise InvalidProof("The inclusion proof is too short.")
    return root


def check_inclusion(index: int, size: int, leaf: bytes, proof: Sequence[bytes], root: bytes) -> None:
    """Check that a leaf hash stands at an index under a root. Raises InvalidProof."""
    if root_from_inclusion(index, size, leaf, proof) != root:
        raise InvalidProof("The inclusion proof does not lead to the root.")


def check_consistency(old: int, new: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes) -> None:
    """Check that the tree of `new` leaves only added to that of `old` (section 2.1.4.2).

    Raises InvalidProof. Every tree begins with the empty one.
    """
    if not 0 <= old <= new:
        raise InvalidProof(f"A tree cannot grow from {old} to {new} leaves.")
    if old in (0, new):
        if proof or old_root != (new_root if old else EMPTY_ROOT):
            raise InvalidProof("The consistency proof does not fit the roots.")
        return
    path = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    if not path:
        raise InvalidProof("The consistency proof is too short.")
    if _grown(old, new, path) != (old_root, new_root):
        raise InvalidProof("The consistency proof does not lead to the roots.")


def _grown(old: int, new: int, path: list[bytes]) -> tuple[bytes, bytes]:
    at, last = old - 1, new - 1
    while at % 2:
        at, last = at >> 1, last >> 1
    first = second = path[0]
    for sibling in path[1:]:
        if last == 0:
            raise InvalidProof("The consistency proof is too long.")
        if at % 2 or at == last:
            first, second = node_hash(sibling, first), node_hash(sibling, second)
            while at % 2 == 0 and at:
                at, last = at >> 1, last >> 1
        else:
            second = node_hash(second, sibling)
        at, last = at >> 1, last >> 1
    if last:
        raise InvalidProof("The consistency proof is too short.")
    return first, second
