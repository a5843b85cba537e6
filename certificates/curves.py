"""Parametric curves of the engraving: waves along a border and rosette rings, as Bézier segments."""

from collections.abc import Callable
from math import cos, pi, sin

Point = tuple[float, float]
Segment = tuple[Point, Point, Point, Point]
"""Start, two control points, end."""


def bezier(position: Callable[[float], Point], start: float, end: float, pieces: int) -> list[Segment]:
    """Follow a smooth curve from parameter `start` to `end` in cubic pieces with matching tangents."""
    step = (end - start) / pieces
    return [_piece(position, start + step * i, step) for i in range(pieces)]


def _piece(position: Callable[[float], Point], t: float, step: float) -> Segment:
    (ax, ay), (bx, by) = position(t), position(t + step)
    (ux, uy), (vx, vy) = _slope(position, t), _slope(position, t + step)
    third = step / 3
    return (ax, ay), (ax + ux * third, ay + uy * third), (bx - vx * third, by - vy * third), (bx, by)


def _slope(position: Callable[[float], Point], t: float, width: float = 1e-5) -> Point:
    (ax, ay), (bx, by) = position(t - width), position(t + width)
    return (bx - ax) / (2 * width), (by - ay) / (2 * width)


def wave(
    length: float, half: float, *, amplitude: float, swell: float, waves: int, phase: float
) -> list[Segment]:
    """One module of a border strand: a sine whose height swells once along the module.

    Runs from x = 0 to `length` about y = 0 and joins itself smoothly when modules are set end to end.
    """
    reach = amplitude * half / (1 + abs(swell))

    def position(x: float) -> Point:
        turn = 2 * pi * x / length
        return x, reach * (1 + swell * cos(turn)) * sin(waves * turn + phase)

    return bezier(position, 0, length, 4 * waves)


def ring_sector(radius: float, amplitude: float, lobes: int, phase: float) -> list[Segment]:
    """One lobe of a rosette ring r = radius + amplitude cos(lobes t + phase) about the origin."""

    def position(t: float) -> Point:
        r = radius + amplitude * cos(lobes * t + phase)
        return r * cos(t), r * sin(t)

    return bezier(position, 0, 2 * pi / lobes, 4)
