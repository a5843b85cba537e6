"""Turning text of any script into positioned glyphs: direction, font per run, HarfBuzz, fallback.

Bidirectional order follows Unicode UAX #9 (as fpdf2 implements it), normalisation UAX #15 (NFC).
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

import uharfbuzz as hb
from fpdf.bidi import BidiParagraph

from certificates.fonts import Face, StackEntry, depends_on_fonts, font_stack


class UnprintableText(ValueError):
    """Text holds characters that no installed font can print; `characters` lists them."""

    def __init__(self, characters: list[str]) -> None:
        self.characters = characters
        named = ", ".join(f"{c} (U+{ord(c):04X} {unicodedata.name(c, 'unnamed')})" for c in characters)
        super().__init__(f"No font here can print {named}.")


@dataclass(frozen=True, kw_only=True, slots=True)
class TextStyle:
    """How text looks, apart from its size and colour.

    family: "serif" or "sans"; weight: 100-900; tracking: space added after each letter, in em;
    small_caps: lower case as small capitals; old_style: hanging figures; language: BCP 47 or None.
    spelled: ASCII set letter by letter, without kerning, as codes and numbers are read.
    """

    family: str = "serif"
    weight: int = 400
    italic: bool = False
    small_caps: bool = False
    tracking: float = 0.0
    old_style: bool = False
    spelled: bool = False
    language: str | None = None


class Glyph(NamedTuple):
    """One glyph; lengths in thousandths of its face's em.

    `dx` and `dy` move it, `after` is what follows beyond its own advance (kerning, tracking) less dx;
    `text` is what it alone stands for, None when only its span as a whole stands for text.
    """

    id: int
    advance: float
    dx: float
    dy: float
    after: float
    text: str | None


@dataclass(frozen=True, slots=True)
class Span:
    """Glyphs of one face that stand for `text` together: a word, or a cluster when right to left."""

    face: Face
    text: str
    glyphs: tuple[Glyph, ...]
    spaced: bool = False
    """Letterspaced so wide that readers would take the letters for words."""


@dataclass(frozen=True, slots=True)
class ShapedText:
    """Spans in visual order and the whole width in em (of the style's size).

    `trailing` is the part of the width that follows the last letter: its tracking.
    """

    spans: tuple[Span, ...]
    width: float
    trailing: float = 0.0


_Placed = tuple[int, int, float, float, float, float]
"""Where its cluster starts, then glyph, advance, dx, dy and after as in Glyph."""

_WIDE = 0.04
_TRACKED = frozenset({"Latn", "Cyrl", "Grek", "Hani", "Zyyy", "Zinh", None})
"""Scripts whose letters may stand apart; elsewhere it tears joined letters and clusters."""


_RIGHT_TO_LEFT = re.compile(
    "[\u0590-\u08ff\u200e\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
_INVISIBLE = re.compile("[\u00ad\u034f\u061c\u200b-\u200f\u2060\ufe00-\ufe0f\U000e0100-\U000e01ef]")


def unprintable_characters(text: str, style: TextStyle | None = None) -> list[str]:
    """Return, each once and in order, the characters of `text` that no font can print.

    Control characters count as unprintable; spaces, joiners and direction marks do not.
    """
    style = style or TextStyle()
    stack = font_stack(style.family, style.weight, style.italic)
    return list(
        dict.fromkeys(c for c in unicodedata.normalize("NFC", text) if _font_for(c, stack, None) is None)
    )


def is_right_to_left(text: str) -> bool:
    """Tell whether the text's first strong character runs right to left (UAX #9, rules P2 and P3)."""
    strong = (unicodedata.bidirectional(c) for c in text)
    return next((b != "L" for b in strong if b in ("L", "R", "AL")), False)


def has_small_capitals(text: str, style: TextStyle) -> bool:
    """Tell whether every small letter of `text` becomes a small capital in the style's fonts."""
    plain = replace(style, small_caps=False)
    small = {character for character in text if character.islower()}
    return all(_glyph_ids(character, style) != _glyph_ids(character, plain) for character in small)


def _glyph_ids(text: str, style: TextStyle) -> list[int]:
    return [glyph.id for span in shape_text(text, style).spans for glyph in span.glyphs]


@depends_on_fonts
@lru_cache(maxsize=8192)
def shape_text(text: str, style: TextStyle) -> ShapedText:
    """Return the glyphs of one line of text. Raises UnprintableText."""
    text = unicodedata.normalize("NFC", text)
    if style.spelled and text.isascii() and len(text) > 1:
        return _spelled(text, style)
    spans: list[Span] = []
    tracking = 0.0
    for face, rightward, start, end in _runs(text, style):
        glyphs, tracking = _shape_run(face, text[start:end], rightward, style)
        spans.extend(_spans(face, text[start:end], glyphs, rightward, tracking > _WIDE))
    width = sum(glyph.advance * span.face.scale for span in spans for glyph in span.glyphs) / 1000
    return ShapedText(tuple(spans), width, tracking)


def _spelled(text: str, style: TextStyle) -> ShapedText:
    letters = [shape_text(character, style) for character in text]
    spans = [span for letter in letters for span in letter.spans]
    width, trailing = sum(letter.width for letter in letters), letters[-1].trailing
    if len({span.face for span in spans}) > 1:
        return ShapedText(tuple(spans), width, trailing)
    glyphs = tuple(glyph for span in spans for glyph in span.glyphs)
    return ShapedText((Span(spans[0].face, text, glyphs),), width, trailing)


def _runs(text: str, style: TextStyle) -> list[tuple[Face, bool, int, int]]:
    """Return (face, left to right?, start, end) in visual order."""
    fonts = _fonts(text, style)
    runs: list[tuple[StackEntry, int, list[int]]] = []
    for index, level in _visual_order(text):
        last = runs[-1] if runs else None
        if last and last[0] is fonts[index] and last[1] == level and abs(last[2][-1] - index) == 1:
            last[2].append(index)
        else:
            runs.append((fonts[index], level, [index]))
    return [(entry.face, level % 2 == 0, min(ix), max(ix) + 1) for entry, level, ix in runs]


def _visual_order(text: str) -> Iterator[tuple[int, int]]:
    if not _RIGHT_TO_LEFT.search(text):
        return ((index, 0) for index in range(len(text)))
    _logical, visual = BidiParagraph(text, preserve_bn_chars=True).get_all()
    return ((char.character_index, char.embedding_level) for char in visual)


def _fonts(text: str, style: TextStyle) -> list[StackEntry]:
    stack = font_stack(style.family, style.weight, style.italic)
    fonts: list[StackEntry] = []
    missing: list[str] = []
    for character in text:
        entry = _font_for(character, stack, fonts[-1] if fonts else None)
        if entry is None:
            missing.append(character)
        fonts.append(entry or stack[0])
    if missing:
        raise UnprintableText(list(dict.fromkeys(missing)))
    return fonts


def _font_for(
    character: str, stack: tuple[StackEntry, ...], previous: StackEntry | None
) -> StackEntry | None:
    """Letters go by the order of the stack; marks, spaces and signs stay with what stands before."""
    category, code = unicodedata.category(character), ord(character)
    if category == "Zs" or _INVISIBLE.match(character):
        return previous or stack[0]
    if previous is not None and category[0] != "L" and code in previous.face.covered:
        return previous
    return next((entry for entry in stack if code in entry.face.covered), None)


def _shape_run(face: Face, text: str, rightward: bool, style: TextStyle) -> tuple[list[_Placed], float]:
    """Return the glyphs in visual order, and the tracking after each in em."""
    buffer = hb.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    buffer.direction = "ltr" if rightward else "rtl"
    if style.language:
        buffer.language = style.language
    hb.shape(face.hb_font, buffer, _features(style))
    tracked = style.tracking if buffer.script in _TRACKED else 0.0
    unit, tracking = face.per_unit, tracked * 1000 / face.scale
    glyphs = []
    for info, place in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
        x_offset, y_offset, x_advance, _y_advance = place.position
        advance, dx = x_advance * unit + (tracking if x_advance else 0), x_offset * unit
        after = advance - dx - face.advance(info.codepoint)
        glyphs.append((info.cluster, info.codepoint, advance, dx, y_offset * unit, after))
    return glyphs, tracked


def _features(style: TextStyle) -> dict[str, bool]:
    return {  # discretionary ligatures over-vowel Arabic and are on in some fonts: say no
        "kern": True,
        "liga": style.tracking == 0,
        "clig": style.tracking == 0,
        "dlig": False,
        "smcp": style.small_caps,
        "onum": style.old_style,
    }


def _spans(face: Face, text: str, glyphs: list[_Placed], rightward: bool, spaced: bool) -> Iterator[Span]:
    starts = sorted({glyph[0] for glyph in glyphs})
    ends = dict(zip(starts, [*starts[1:], len(text)], strict=True))
    clusters = [
        (text[start : ends[start]], list(group)) for start, group in groupby(glyphs, key=itemgetter(0))
    ]
    if rightward:
        yield from _word_spans(face, clusters, spaced)
        return
    for own, group in clusters:
        base = max(group, key=itemgetter(2))
        for glyph in group:  # a span's box is that of its glyphs, so marks must not stretch the letter's
            said = own if glyph is base else ""
            yield Span(face, said, (Glyph(*glyph[1:], said),))


def _word_spans(face: Face, clusters: list[tuple[str, list[_Placed]]], spaced: bool) -> Iterator[Span]:
    for _blank, group in groupby(clusters, key=lambda cluster: cluster[0].isspace()):
        word = list(group)
        glyphs = [Glyph(*g[1:], own if len(gs) == 1 else None) for own, gs in word for g in gs]
        yield Span(face, "".join(own for own, _glyphs in word), tuple(glyphs), spaced)
