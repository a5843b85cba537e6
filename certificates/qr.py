"""QR symbols fast: segno draws a few per address, the rest follow from them by exclusive or.

With version, error level and mask fixed, a symbol (ISO/IEC 18004) is an affine function of its data
bits: Reed-Solomon coding is linear and masking adds a constant. So the symbols of two addresses that
differ in one character differ in a pattern that depends on that character's place and bits alone.
"""

from dataclasses import dataclass, field
from functools import cache

import segno

_MASK = 2
_LEVEL = "m"


@dataclass(frozen=True, slots=True)
class Symbol:
    """A QR symbol: `size` modules square, its dark modules as bits, row by row, first module highest."""

    size: int
    bits: int


def qr_symbol(address: str) -> Symbol:
    """Return the symbol of an ASCII address, level M, without quiet zone. Raises ValueError beyond ASCII."""
    data = address.encode("ascii")
    family = _families.get(len(data)) or _families.setdefault(len(data), _family(data))
    bits = family.bits
    for place, (byte, usual) in enumerate(zip(data, family.reference, strict=True)):
        if byte != usual:
            bits ^= family.difference(place, byte)
    return Symbol(family.size, bits)


@dataclass(slots=True)
class _Family:
    """All addresses of one length: one drawn symbol, and a basis of differences for each place."""

    version: int
    size: int
    reference: bytes
    bits: int
    bases: dict[int, list[tuple[int, int]]] = field(default_factory=dict)
    known: dict[tuple[int, int], int] = field(default_factory=dict)

    def difference(self, place: int, byte: int) -> int:
        """Return what changes in the symbol when the reference holds `byte` at `place`."""
        if (place, byte) not in self.known:
            self.known[place, byte] = self._derived(place, byte)
        return self.known[place, byte]

    def _derived(self, place: int, byte: int) -> int:
        basis = self.bases.setdefault(place, [])
        left, pattern = byte ^ self.reference[place], 0
        for change, effect in basis:
            if left ^ change < left:
                left, pattern = left ^ change, pattern ^ effect
        if not left:
            return pattern
        data = self.reference[:place] + bytes([byte]) + self.reference[place + 1 :]
        drawn = _drawn(data, self.version) ^ self.bits
        basis.append((left, drawn ^ pattern))
        basis.sort(reverse=True)
        return drawn


_families: dict[int, _Family] = {}


def _family(data: bytes) -> _Family:
    drawn = segno.make(data, mode="byte", error=_LEVEL, micro=False, boost_error=False, mask=_MASK)
    version = int(drawn.version)
    return _Family(version, len(drawn.matrix), data, _drawn(data, version))


def _drawn(data: bytes, version: int) -> int:
    symbol = segno.make(
        data, mode="byte", version=version, error=_LEVEL, micro=False, boost_error=False, mask=_MASK
    )
    return int("".join("1" if module else "0" for row in symbol.matrix for module in row), 2)


def symbol_operators(symbol: Symbol) -> str:
    """Return a path of the dark modules, one unit each, the lower left corner at the origin; to be filled."""
    size, row_mask, low = symbol.size, (1 << symbol.size) - 1, (1 << _CHUNK) - 1
    rows = []
    for y in range(size):
        row = symbol.bits >> (y * size) & row_mask
        right = size
        while row:
            rows.append(_modules(row & low, right, y))
            row >>= _CHUNK
            right -= _CHUNK
    return "".join(rows)


_CHUNK = 8


@cache
def _modules(bits: int, right: int, y: int) -> str:
    """Return rectangles for the dark modules of one byte of a row that ends at column `right`."""
    out, at = [], right
    while bits:
        blank = (bits & -bits).bit_length() - 1
        bits >>= blank
        at -= blank
        dark = (~bits & bits + 1).bit_length() - 1
        out.append(f"{at - dark} {y} {dark} 1 re\n")
        bits >>= dark
        at -= dark
    return "".join(out)
