"""Making text fit: the largest size at which lines stay inside a width, and the ink they cover."""

from dataclasses import dataclass
from functools import lru_cache

from certificates.drawing import text_width
from certificates.fonts import depends_on_fonts
from certificates.shaping import TextStyle, shape_text
from certificates.wrapping import wrap_text

LEADING = 1.2
_TIGHT = 1.12
_STEP = 0.96
_SHARED = 0.82
"""Two names leave the zone as much white as one does."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """Lines and the size in points at which each of them fits."""

    lines: tuple[str, ...]
    size: float


@depends_on_fonts
@lru_cache(maxsize=4096)
def ink(text: str, style: TextStyle) -> tuple[float, float]:
    """Return how far a line's ink reaches below (negative) and above its baseline, in em."""
    low, high = 0.0, 0.0
    for span in shape_text(text, style).spans:
        unit = span.face.scale / 1000
        for glyph in span.glyphs:
            extents = span.face.hb_font.get_glyph_extents(glyph.id)
            if extents is not None and extents.height:
                top = extents.y_bearing * span.face.per_unit + glyph.dy
                high = max(high, top * unit)
                low = min(low, (top + extents.height * span.face.per_unit) * unit)
    return low, high


def fit(
    paragraphs: tuple[str, ...], style: TextStyle, width: float, *, size: float, smallest: float, most: int
) -> Fitted:
    """Return at most `most` lines that fit `width` points: shrunk to `smallest`, then wrapped, then shrunk.

    Nothing is ever cut off: text too long for `most` lines at `smallest` is set smaller still.
    """
    widest = max(text_width(paragraph, style, 1) for paragraph in paragraphs)
    alone = min(size, width / widest)
    if alone >= smallest and (alone >= 0.72 * size or most == len(paragraphs)):
        return Fitted(paragraphs, alone)
    current = size
    while True:
        lines = [line for p in paragraphs for line in wrap_text(p, style, current, width, balance=True)]
        if len(lines) <= most:
            return Fitted(tuple(lines), current)
        current *= _STEP


def stack(
    paragraphs: tuple[str, ...],
    style: TextStyle,
    *,
    width: float,
    height: float,
    largest: float,
) -> Fitted:
    """Return lines at one size that together fit a zone, as large as may be; each paragraph an equal."""
    widest = max(text_width(paragraph, style, 1) for paragraph in paragraphs)
    room = largest if len(paragraphs) == 1 else _SHARED * largest
    alone = min(room, width / widest, height / stacked_height(paragraphs, style))
    best = Fitted(paragraphs, alone)
    if alone >= 0.62 * largest:
        return best
    current = 0.8 * largest
    while current > alone:
        lines = tuple(line for p in paragraphs for line in wrap_text(p, style, current, width, balance=True))
        if current * stacked_height(lines, style) <= height:
            return Fitted(lines, current)
        current *= _STEP
    return best


def advances(lines: tuple[str, ...], style: TextStyle) -> list[float]:
    """Return the distances between the baselines, in em: regular, wider where tall scripts need it."""
    reach = [ink(line, style) for line in lines]
    return [max(_TIGHT, above[1] - reach[i][0] + 0.12) for i, above in enumerate(reach[1:])]


def stacked_height(lines: tuple[str, ...], style: TextStyle) -> float:
    """Return the height in em from the first line's top ink to the last line's bottom ink."""
    return ink(lines[0], style)[1] - ink(lines[-1], style)[0] + sum(advances(lines, style))
