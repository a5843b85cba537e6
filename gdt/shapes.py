"""The few shapes a chart is made of, each known both as SVG for the page and as a vector for the PDF."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from reportlab.graphics.shapes import PolyLine, Rect, String
from reportlab.lib.colors import HexColor

TEXT = 16.0  # pixels on the page; a PDF scales the whole drawing to its own text size
FINE = 10.0  # units: of what is larger, half a unit is not seen
PAPER = {
    "bar": "#191b1f",
    "soft": "#a8a196",
    "now": "#b44c06",
    "text": "#191b1f",
    "muted": "#575c66",
    "rule": "#e2ded6",
    "axis": "#191b1f",
    "target": "#191b1f",
    "halo": "#ffffff",
}


@dataclass(frozen=True)
class Box:
    x: float
    y: float
    width: float
    height: float
    kind: str

    def edge(self) -> str:
        """The outline as path data; nothing where there is nothing to see."""
        if not (self.width and self.height):
            return ""
        across = coordinate(self.width)
        return f"M{coordinate(self.x)} {coordinate(self.y)}h{across}v{coordinate(self.height)}h-{across}z"

    def vector(self, height: float, _font: str) -> Any:
        bottom = height - self.y - self.height
        return Rect(self.x, bottom, self.width, self.height, fillColor=_ink(self.kind), strokeColor=None)


@dataclass(frozen=True)
class Words:
    x: float
    y: float
    text: str
    kind: str = "text"
    anchor: str = "start"

    def svg(self) -> str:
        place = f'x="{coordinate(self.x)}" y="{coordinate(self.y)}"'
        return f'<text text-anchor="{self.anchor}" {place}>{escape(self.text)}</text>'

    def vector(self, height: float, font: str) -> Any:
        look = {"fontName": font, "fontSize": TEXT, "fillColor": _ink(self.kind), "textAnchor": self.anchor}
        return String(self.x, height - self.y, self.text, **look)


@dataclass(frozen=True)
class Stroke:
    """A straight line from one point to another."""

    points: tuple[tuple[float, float], tuple[float, float]]
    kind: str
    thickness: float = 1.0

    def way(self) -> str:
        """The line as path data, shorter where it is level or upright."""
        (left, top), (right, bottom) = [(coordinate(x), coordinate(y)) for x, y in self.points]
        further = f"H{right}" if top == bottom else f"V{bottom}" if left == right else f"L{right} {bottom}"
        return f"M{left} {top}{further}"

    def vector(self, height: float, _font: str) -> Any:
        flat = [value for x, y in self.points for value in (x, height - y)]
        return PolyLine(flat, strokeColor=_ink(self.kind), strokeWidth=self.thickness, strokeLineJoin=1)


Shape = Box | Words | Stroke


@dataclass(frozen=True)
class Picture:
    """Shapes on a sheet; y grows downwards, as in SVG."""

    width: float
    height: float
    shapes: Sequence[Shape]


def as_svg(shapes: Sequence[Shape]) -> str:
    """All boxes of a kind as one path, all lines of a kind as another, for charts are half of a page's bytes.

    Words stand on all of them, those of a kind in one group.
    """
    outlines: dict[str, str] = {}
    lines: dict[tuple[str, float], str] = {}
    words: dict[str, str] = {}
    for shape in shapes:
        if isinstance(shape, Box):
            outlines[shape.kind] = outlines.get(shape.kind, "") + shape.edge()
        elif isinstance(shape, Stroke):
            look = shape.kind, shape.thickness
            lines[look] = lines.get(look, "") + shape.way()
        else:
            words[shape.kind] = words.get(shape.kind, "") + shape.svg()
    drawn = [f'<path class="c-{kind}" d="{edges}"/>' for kind, edges in outlines.items() if edges]
    for (kind, thickness), ways in lines.items():
        drawn.append(f'<path class="c-{kind}" stroke-width="{coordinate(thickness)}" d="{ways}"/>')
    return "".join([*drawn, *(f'<g class="c-{kind}">{of_kind}</g>' for kind, of_kind in words.items())])


def text_width(text: str) -> float:
    """Estimate the width of a text in any script, a little generously, without a font at hand."""
    return TEXT * sum(_share_of_em(character) for character in text)


def wrapped(text: str, width: float) -> list[str]:
    """Break a text into lines no wider than `width`, at blanks where it has them."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if text_width(longer) <= width:
            lines[-1] = longer
            continue
        lines += [""] if lines[-1] else []
        for character in word:
            if lines[-1] and text_width(lines[-1] + character) > width:
                lines.append("")
            lines[-1] += character
    return lines


def _share_of_em(character: str) -> float:
    if unicodedata.combining(character):
        return 0.0
    if unicodedata.east_asian_width(character) in "WF":
        return 1.0
    if character in " .,:;|'ijl\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}":
        return 0.32
    return 0.62 if character.isupper() else 0.58


def _ink(kind: str) -> Any:
    return HexColor(PAPER[kind])


def coordinate(value: float) -> str:
    """Write a position as short as it can be: with one decimal where that is seen."""
    return f"{value:.1f}".rstrip("0").rstrip(".") if abs(value) < FINE else f"{value:.0f}"
