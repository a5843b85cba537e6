"""The few shapes a chart is made of, each known both as SVG for the page and as a vector for the PDF."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from reportlab.graphics.shapes import PolyLine, Rect, String
from reportlab.lib.colors import HexColor

TEXT = 16.0  # pixels on the page; a PDF scales the whole drawing to its own text size
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
    "line": "#857f74",
    "line-now": "#b44c06",
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
        look = "" if self.kind == "text" else f' class="c-{self.kind}"'
        look += f' text-anchor="{self.anchor}"'
        place = f'x="{coordinate(self.x)}" y="{coordinate(self.y)}"'
        return f"<text{look} {place}>{escape(self.text)}</text>"

    def vector(self, height: float, font: str) -> Any:
        look = {"fontName": font, "fontSize": TEXT, "fillColor": _ink(self.kind), "textAnchor": self.anchor}
        return String(self.x, height - self.y, self.text, **look)


@dataclass(frozen=True)
class Stroke:
    points: Sequence[tuple[float, float]]
    kind: str
    thickness: float = 1.0

    def svg(self) -> str:
        points = " ".join(f"{coordinate(x)},{coordinate(y)}" for x, y in self.points)
        look = f'fill="none" stroke-width="{coordinate(self.thickness)}" stroke-linejoin="round"'
        return f'<polyline class="c-{self.kind}" {look} points="{points}"/>'

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
    """Every box of a kind as one path, because charts are half of a page's bytes; the rest stands on them."""
    outlines: dict[str, str] = {}
    for box in shapes:
        if isinstance(box, Box):
            outlines[box.kind] = outlines.get(box.kind, "") + box.edge()
    paths = [f'<path class="c-{kind}" d="{edges}"/>' for kind, edges in outlines.items() if edges]
    return "".join([*paths, *(shape.svg() for shape in shapes if not isinstance(shape, Box))])


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
    """Write a position with one decimal, as short as it can be."""
    return f"{value:.1f}".rstrip("0").rstrip(".")
