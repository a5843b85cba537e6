"""TrueType outlines: reading single glyphs of a font and putting a few of them into a small font file.

Follows ISO/IEC 14496-22 (OpenType), tables glyf, loca, hmtx, head, hhea and maxp. ISO 32000-1 section
9.9 says these are all a PDF viewer needs for a CIDFontType2 font; hinting programs are left out.
"""

import struct
from collections.abc import Sequence
from functools import lru_cache

import uharfbuzz as hb

_ARGS_ARE_WORDS, _HAS_SCALE, _MORE, _HAS_TWO_SCALES, _HAS_MATRIX, _INSTRUCTIONS = 1, 8, 32, 64, 128, 256


class GlyphTable:
    """The outlines of one font, read glyph by glyph."""

    def __init__(self, face: hb.Face) -> None:
        self._head = bytes(face.reference_table("head").data)
        self._hhea = bytes(face.reference_table("hhea").data)
        self._maxp = bytes(face.reference_table("maxp").data)
        self._glyf = bytes(face.reference_table("glyf").data)
        self._hmtx = bytes(face.reference_table("hmtx").data)
        self._metrics_count = struct.unpack(">H", self._hhea[34:36])[0]
        loca = bytes(face.reference_table("loca").data)
        if self._head[51]:
            self._starts: tuple[int, ...] = struct.unpack(f">{len(loca) // 4}L", loca)
        else:
            self._starts = tuple(2 * offset for offset in struct.unpack(f">{len(loca) // 2}H", loca))
        self.bounds: tuple[int, int, int, int] = struct.unpack(">4h", self._head[36:44])
        self.ascent, self.descent = struct.unpack(">2h", self._hhea[4:8])
        self._outlines: dict[int, bytes] = {}

    def outline(self, glyph: int) -> bytes:
        """Return a glyph's `glyf` entry without hinting, padded to four bytes; empty for a blank."""
        if glyph not in self._outlines:
            data = self._glyf[self._starts[glyph] : self._starts[glyph + 1]]
            if data:
                data = _unhinted_composite(data) if data[0] & 0x80 else _unhinted_simple(data)
            self._outlines[glyph] = data + bytes(-len(data) % 4)
        return self._outlines[glyph]

    def parts(self, glyph: int) -> list[tuple[int, int]]:
        """Return (offset of the index, glyph) for each component of a composite; empty for others."""
        data = self.outline(glyph)
        return _components(data)[0] if data and data[0] & 0x80 else []

    def metric(self, glyph: int) -> bytes:
        """Return the `hmtx` entry: advance and left side bearing, font units, big endian."""
        if glyph < self._metrics_count:
            return self._hmtx[4 * glyph : 4 * glyph + 4]
        last = 4 * self._metrics_count
        bearing = last + 2 * (glyph - self._metrics_count)
        return self._hmtx[last - 4 : last - 2] + self._hmtx[bearing : bearing + 2]

    def subset(self, glyphs: Sequence[int]) -> bytes:
        """Return a font file whose glyph n is `glyphs[n]`; components needed besides are put last."""
        order = list(glyphs)
        places = {glyph: place for place, glyph in enumerate(order)}
        outlines = []
        for glyph in order:  # grows while components are found
            data = self.outline(glyph)
            for offset, part in self.parts(glyph):
                if part not in places:
                    places[part] = len(order)
                    order.append(part)
                data = data[:offset] + places[part].to_bytes(2, "big") + data[offset + 2 :]
            outlines.append(data)
        return _font_file(
            {
                b"glyf": b"".join(outlines),
                b"head": self._head[:8] + bytes(4) + self._head[12:50] + b"\0\1" + self._head[52:54],
                b"hhea": self._hhea[:34] + len(order).to_bytes(2, "big"),
                b"hmtx": b"".join(map(self.metric, order)),
                b"loca": _long_loca(outlines),
                b"maxp": self._maxp[:4] + len(order).to_bytes(2, "big") + self._maxp[6:],
            }
        )


def _unhinted_simple(data: bytes) -> bytes:
    contours = struct.unpack(">h", data[:2])[0]
    at = 10 + 2 * contours
    length = struct.unpack(">H", data[at : at + 2])[0]
    return data[:at] + b"\0\0" + data[at + 2 + length :]


def _unhinted_composite(data: bytes) -> bytes:
    parts, end = _components(data)
    whole = bytearray(data[:end])
    for offset, _part in parts:
        whole[offset - 2] &= ~(_INSTRUCTIONS >> 8) & 0xFF
    return bytes(whole)


@lru_cache(maxsize=4096)
def _components(data: bytes) -> tuple[list[tuple[int, int]], int]:
    parts, at, flags = [], 10, _MORE
    while flags & _MORE:
        flags, part = struct.unpack(">2H", data[at : at + 4])
        parts.append((at + 2, part))
        at += 8 if flags & _ARGS_ARE_WORDS else 6
        at += 2 * bool(flags & _HAS_SCALE) + 4 * bool(flags & _HAS_TWO_SCALES) + 8 * bool(flags & _HAS_MATRIX)
    return parts, at


def _long_loca(outlines: Sequence[bytes]) -> bytes:
    offsets, total = [0], 0
    for data in outlines:
        total += len(data)
        offsets.append(total)
    return struct.pack(f">{len(offsets)}L", *offsets)


def _font_file(tables: dict[bytes, bytes]) -> bytes:
    power = len(tables).bit_length() - 1
    head = struct.pack(">LHHHH", 0x10000, len(tables), 16 << power, power, 16 * len(tables) - (16 << power))
    offset, directory, body = 12 + 16 * len(tables), [], []
    for tag, data in sorted(tables.items()):
        padded = data + bytes(-len(data) % 4)
        directory.append(tag + struct.pack(">LLL", _checksum(padded), offset, len(data)))
        body.append(padded)
        offset += len(padded)
    return head + b"".join(directory) + b"".join(body)


def _checksum(padded: bytes) -> int:
    words: tuple[int, ...] = struct.unpack(f">{len(padded) // 4}L", padded)
    return sum(words) & 0xFFFFFFFF
