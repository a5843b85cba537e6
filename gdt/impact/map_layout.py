"""Where the bubbles of a map stand, one for each country, and their names where there is room."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from math import hypot, pi, sin, sqrt
from pathlib import Path
from typing import Any

OUTLINE = Path(__file__).with_name("land_outline.json")
LABEL = 9.0
NEIGHBOURING = 14.0  # points a name may stand away from its bubble before a line leads to it

Box = tuple[float, float, float, float]
Point = tuple[float, float]


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
def outline() -> dict[str, Any]:
    """The land as closed rings and the capitals of countries, in units of the outline."""
    content: dict[str, Any] = json.loads(OUTLINE.read_text())
    return content


def is_on_map(country: str) -> bool:
    return country in outline()["capitals"]


def is_within(window: Window, country: str) -> bool:
    return is_on_map(country) and window.holds(outline()["capitals"][country])


def bubbles(
    window: Window, values: Sequence[tuple[str, str, int]], most: int, largest: float
) -> list[Bubble]:
    """Circles for (country code, label, number) whose area is in proportion; `most` has radius `largest`."""
    found = []
    for country, label, value in values:
        x, y = window.place(outline()["capitals"][country])
        found.append(Bubble(x, y, max(largest * sqrt(value / max(most, 1)), 2.0), label))
    return sorted(found, key=lambda bubble: -bubble.radius)


def name_bubbles(
    found: Sequence[Bubble], width_of: Callable[[str], float], within: Box
) -> list[tuple[Bubble, Box]]:
    """The box of each bubble's name on the nearest free spot; one without room is left out."""
    taken: list[Box] = [(b.x - b.radius, b.y - b.radius, b.x + b.radius, b.y + b.radius) for b in found]
    named = []
    for bubble in found:
        box = _free_spot(bubble, width_of(bubble.label), taken, within)
        if box is not None:
            taken.append(box)
            named.append((bubble, box))
    return named


def tie(bubble: Bubble, box: Box) -> tuple[Point, Point] | None:
    """The line from a bubble's edge to its name, where that stands too far away to be seen as its own."""
    x = min(max(bubble.x, box[0]), box[2])
    y = min(max(bubble.y, box[1]), box[3])
    distance = hypot(x - bubble.x, y - bubble.y)
    if distance - bubble.radius < NEIGHBOURING - 8:
        return None
    share = bubble.radius / distance
    return (bubble.x + (x - bubble.x) * share, bubble.y + (y - bubble.y) * share), (x, y)


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
