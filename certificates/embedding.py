"""Fonts inside a PDF file: which glyphs a file uses, and the objects that embed just those.

Each face becomes a Type 0 font with Identity-H encoding over a CIDFontType2 subset (ISO 32000-1
section 9.7) and a ToUnicode map (9.10.3), so glyphs are addressed directly and text can be copied out.
"""

import hashlib
from collections.abc import Callable

from certificates.fonts import Face
from certificates.pdffile import stream

_NOTHING = "\u200b"
"""For marks that are part of a letter: readers that pass over an empty ActualText find a zero-width space."""

AddObject = Callable[[bytes], str]
"""Takes the body of an indirect object, returns the reference to it, such as `12 0 R`."""

_CMAP_HEAD = (
    "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CIDSystemInfo"
    "<</Registry(Adobe)/Ordering(UCS)/Supplement 0>>def /CMapName/Adobe-Identity-UCS def /CMapType 2 def "
    "1 begincodespacerange<0000><FFFF>endcodespacerange\n"
)
_CMAP_TAIL = "endcmap CMapName currentdict/CMap defineresource pop end end"


class FontSubset:
    """The glyphs of one face that one file uses, numbered in order of first use; 0 stays .notdef.

    `codes` holds each glyph's character code as four hexadecimal digits.
    """

    def __init__(self, face: Face, name: str) -> None:
        self.face, self.name = face, name
        self.codes: dict[int, str] = {0: "0000"}
        self.texts: dict[int, str] = {}
        self._written = False

    def use(self, glyph: int, text: str | None) -> bool:
        """Add a glyph; tell whether copying it alone out of the file gives `text`.

        A subset that has been written takes no more: it only answers for the glyphs it has.
        """
        if self._written:
            return bool(text) and self.texts.get(glyph) == text
        if glyph not in self.codes:
            self.codes[glyph] = f"{len(self.codes):04X}"
        if text is None:
            return False
        known = self.texts.setdefault(glyph, text or _NOTHING)
        return known == text

    def write(self, add: AddObject, level: int = 9) -> str:
        """Add the font's objects to a file and return the reference to the Type 0 font.

        `level` is zlib's, 1 to 9; above 4 a few glyphs shrink no further.
        """
        self._written = True
        face, table, glyphs = self.face, self.face.glyphs, list(self.codes)
        tag = _subset_tag(face.name, glyphs)
        data = table.subset(glyphs)
        program = add(stream(data, f"/Length1 {len(data)}", level))
        bounds = " ".join(f"{round(value * face.per_unit)}" for value in table.bounds)
        rise, fall = round(table.ascent * face.per_unit), round(table.descent * face.per_unit)
        descriptor = add(
            f"<</Type/FontDescriptor/FontName/{tag}+{face.name}/Flags 4/FontBBox[{bounds}]/ItalicAngle 0"
            f"/Ascent {rise}/Descent {fall}/CapHeight 650/StemV 80/FontFile2 {program}>>".encode()
        )
        widths = " ".join(f"{face.advance(glyph):g}" for glyph in glyphs)
        descendant = add(
            f"<</Type/Font/Subtype/CIDFontType2/BaseFont/{tag}+{face.name}/CIDToGIDMap/Identity"
            f"/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>"
            f"/FontDescriptor {descriptor}/W[0[{widths}]]>>".encode()
        )
        mapping = add(stream(self._to_unicode().encode(), level=level))
        return add(
            f"<</Type/Font/Subtype/Type0/BaseFont/{tag}+{face.name}/Encoding/Identity-H"
            f"/DescendantFonts[{descendant}]/ToUnicode {mapping}>>".encode()
        )

    def _to_unicode(self) -> str:
        rows = [
            f"<{self.codes[glyph]}><{text.encode('utf-16-be').hex().upper()}>\n"
            for glyph, text in sorted(self.texts.items(), key=lambda item: self.codes[item[0]])
        ]
        blocks = [rows[start : start + 100] for start in range(0, len(rows), 100)]
        body = "".join(f"{len(block)} beginbfchar\n{''.join(block)}endbfchar\n" for block in blocks)
        return _CMAP_HEAD + body + _CMAP_TAIL


class FontCollection:
    """All font subsets of one file; `base` may hold finished ones whose glyphs need no second copy."""

    def __init__(self, base: "FontCollection | None" = None) -> None:
        self._base = base.subsets if base else {}
        self._prefix = "X" if base else "G"
        self.subsets: dict[Face, FontSubset] = {}

    @property
    def glyph_count(self) -> int:
        """How many glyphs the file needs beyond the base."""
        return sum(len(subset.codes) for subset in self.subsets.values())

    def resource(self, face: Face, glyph: int) -> FontSubset:
        """Return the subset that holds, or shall hold, the glyph."""
        finished = self._base.get(face)
        if finished is not None and glyph in finished.codes:
            return finished
        if face not in self.subsets:
            self.subsets[face] = FontSubset(face, f"{self._prefix}{len(self.subsets)}")
        return self.subsets[face]


def _subset_tag(name: str, glyphs: list[int]) -> str:
    digest = hashlib.sha256(f"{name} {glyphs}".encode()).digest()
    return "".join(chr(65 + byte % 26) for byte in digest[:6])
