"""Breaking text into lines that fit a width, in scripts with and without spaces between words."""

import unicodedata

from certificates.drawing import text_width
from certificates.shaping import TextStyle

_NOT_FIRST = frozenset(",.;:!?)]}»”’、。，．：；！？）】」』》·ๆฯ។៕")
_NO_BREAK = "\N{NO-BREAK SPACE}\N{FIGURE SPACE}\N{NARROW NO-BREAK SPACE}"
_IDEOGRAPHIC = ("CJK UNIFIED", "CJK COMPATIBILITY", "HIRAGANA", "KATAKANA", "HANGUL")
_JOINERS = frozenset("\u17d2\u094d\u0bcd\u200d\u200c")


def wrap_text(text: str, style: TextStyle, size: float, width: float, balance: bool = False) -> list[str]:
    """Return the lines of `text` that fit `width` points; right-to-left text is broken in reading order.

    Breaks between words and between ideographs, inside a word only when it alone is too wide.
    `balance` evens the lines' widths without adding lines. Raises UnprintableText.
    """
    lines = _greedy(text, style, size, width)
    if not balance or len(lines) < 2:
        return lines
    low, high = width / len(lines), width
    for _ in range(7):
        middle = (low + high) / 2
        tried = _greedy(text, style, size, middle)
        if len(tried) > len(lines):
            low = middle
        else:
            lines, high = tried, middle
    return lines


def _greedy(text: str, style: TextStyle, size: float, width: float) -> list[str]:
    lines: list[str] = []
    line = ""
    for piece in _pieces(unicodedata.normalize("NFC", text)):
        if text_width((line + piece).strip(), style, size) <= width:
            line += piece
            continue
        if line.strip():
            lines.append(line.strip())
        *full, line = _broken(piece.strip(), style, size, width)
        lines.extend(full)
    return [*lines, line.strip()] if line.strip() else lines


def _pieces(text: str) -> list[str]:
    """Split at every place where a line may break; spaces lead the piece they stand before."""
    pieces = [""]
    for previous, character in zip(" " + text, text, strict=False):
        space_begins = _may_break(character) and not previous.isspace()
        between = (_ideographic(previous) or _ideographic(character)) and not previous.isspace()
        if (space_begins or between) and character not in _NOT_FIRST:
            pieces.append("")
        pieces[-1] += " " if _may_break(character) else character
    return [piece for piece in pieces if piece]


def _may_break(character: str) -> bool:
    return character.isspace() and character not in _NO_BREAK


def _ideographic(character: str) -> bool:
    return unicodedata.name(character, "").startswith(_IDEOGRAPHIC)


def _broken(word: str, style: TextStyle, size: float, width: float) -> list[str]:
    lines = [""]
    for cluster in _clusters(word):
        if lines[-1] and text_width(lines[-1] + cluster, style, size) > width:
            lines.append("")
        lines[-1] += cluster
    return lines


def _clusters(word: str) -> list[str]:
    clusters: list[str] = []
    for character in word:
        clings = unicodedata.category(character)[0] == "M" or character in _JOINERS
        if clusters and (clings or clusters[-1][-1] in _JOINERS):
            clusters[-1] += character
        else:
            clusters.append(character)
    return clusters
