"""A map with a bubble for each country, sized by a number, each bubble named where there is room."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from math import hypot, pi, sin, sqrt
from pathlib import Path
from typing import Any

from certificates import text_width
from gdt.impact.sheet import ACCENT, INK, LAND, SANS, SOFT, WHITE, Sheet

OUTLINE = Path(__file__).with_name("land_outline.json")
LABEL = 9.0
NEIGHBOURING = 14.0  # points a name may stand away from its bubble before a line leads to it

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Window:
    """A part of the outline (in its own units, y downwards) and where it stands on the page, in points."""

    left: float
    top: float
    right: float
    bottom: float
    x: float
    y: float
    width: float

    @property
    def scale(self) -> float:
        return self.width / (self.right - self.left)

    @property
    def height(self) -> float:
        return (self.bottom - self.top) * self.scale

    def place(self, point: Sequence[float]) -> tuple[float, float]:
        return (
            self.x + (point[0] - self.left) * self.scale,
            self.y + self.height - (point[1] - self.top) * self.scale,
        )

    def holds(self, point: Sequence[float]) -> bool:
        return self.left <= point[0] <= self.right and self.top <= point[1] <= self.bottom


@dataclass(frozen=True)
class Bubble:
    """A circle on the page, in points."""

    x: float
    y: float
    radius: float
    label: str


@cache
def _outline() -> dict[str, Any]:
    outline: dict[str, Any] = json.loads(OUTLINE.read_text())
    return outline


def is_on_map(country: str) -> bool:
    return country in _outline()["capitals"]


def is_within(window: Window, country: str) -> bool:
    return is_on_map(country) and window.holds(_outline()["capitals"][country])


def draw_land(sheet: Sheet, window: Window) -> None:
    canvas = sheet.canvas
    canvas.saveState()
    frame = canvas.beginPath()
    frame.rect(window.x, window.y, window.width, window.height)
    canvas.clipPath(frame, stroke=0, fill=0)
    land = canvas.beginPath()
    for ring in _outline()["rings"]:
        land.moveTo(*window.place(ring[0]))
        for point in ring[1:]:
            land.lineTo(*window.place(point))
        land.close()
    canvas.setFillColor(LAND)
    canvas.setStrokeColor(LAND)
    canvas.setLineWidth(0.4)
    canvas.drawPath(land, stroke=1, fill=1)
    canvas.restoreState()


def bubbles(
    window: Window, values: Sequence[tuple[str, str, int]], most: int, largest: float
) -> list[Bubble]:
    """Circles for (country code, label, number) whose area is in proportion; `most` has radius `largest`."""
    found = []
    for country, label, value in values:
        x, y = window.place(_outline()["capitals"][country])
        found.append(Bubble(x, y, max(largest * sqrt(value / max(most, 1)), 2.0), label))
    return sorted(found, key=lambda bubble: -bubble.radius)


def draw_bubbles(sheet: Sheet, found: Sequence[Bubble]) -> None:
    """The large ones first, so that none hides a smaller one."""
    canvas = sheet.canvas
    canvas.saveState()
    canvas.setFillColor(ACCENT)
    canvas.setFillAlpha(0.82)
    canvas.setStrokeColor(WHITE)
    canvas.setLineWidth(0.8)
    for bubble in found:
        canvas.circle(bubble.x, bubble.y, bubble.radius, stroke=1, fill=1)
    canvas.restoreState()


def draw_labels(sheet: Sheet, found: Sequence[Bubble], within: Box) -> None:
    """Names beside their bubbles, on the nearest free spot; a far one is tied to its bubble by a line."""
    taken: list[Box] = [(b.x - b.radius, b.y - b.radius, b.x + b.radius, b.y + b.radius) for b in found]
    for bubble in found:
        width = text_width(bubble.label, SANS, LABEL)
        box = _free_spot(bubble, width, taken, within)
        if box is None:
            continue
        taken.append(box)
        _tie(sheet, bubble, box)
        sheet.text(box[0] + 1, box[1] + 2.2, bubble.label, SANS, LABEL, INK)


def _free_spot(bubble: Bubble, width: float, taken: Sequence[Box], within: Box) -> Box | None:
    """Try ever wider rings around the bubble, to the right and left before above and below."""
    wide, tall = width + 2, LABEL + 1
    for away in (2.0, 5.0, 9.0, 14.0, 20.0, 28.0, 38.0, 50.0):
        for step in (0, 6, 1, 11, 5, 7, 2, 10, 4, 8, 3, 9):
            angle = step * pi / 6
            across, up = _direction(angle)
            x = bubble.x + across * (bubble.radius + away)
            y = bubble.y + up * (bubble.radius + away)
            left = x - wide / 2 + across * wide / 2
            foot = y - tall / 2 + up * tall / 2
            box = (left, foot, left + wide, foot + tall)
            if _is_inside(box, within) and not any(_meet(box, other) for other in taken):
                return box
    return None


def _direction(angle: float) -> tuple[float, float]:
    return sin(angle + pi / 2), sin(angle)


def _is_inside(box: Box, within: Box) -> bool:
    return within[0] <= box[0] and within[1] <= box[1] and box[2] <= within[2] and box[3] <= within[3]


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _tie(sheet: Sheet, bubble: Bubble, box: Box) -> None:
    x = min(max(bubble.x, box[0]), box[2])
    y = min(max(bubble.y, box[1]), box[3])
    distance = hypot(x - bubble.x, y - bubble.y)
    if distance - bubble.radius < NEIGHBOURING - 8:
        return
    sheet.canvas.setStrokeColor(SOFT)
    sheet.canvas.setLineWidth(0.5)
    share = bubble.radius / distance
    start = (bubble.x + (x - bubble.x) * share, bubble.y + (y - bubble.y) * share)
    sheet.canvas.line(*start, x, y)
