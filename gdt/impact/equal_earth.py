"""Where a place stands on the outline of the land: the Equal Earth projection (2018)."""

from math import asin, cos, radians, sin, sqrt

from gdt.impact.map_layout import Point

_A1, _A2, _A3, _A4 = 1.340264, -0.081106, 0.000893, 0.003796
_MIDDLE, _UNIT = (490.0, 250.0), 180.0  # as the outline says of itself


def on_outline(latitude: float, longitude: float) -> Point:
    """A place in degrees as a point of the outline, in its units, y downwards."""
    t = asin(sqrt(3) / 2 * sin(radians(latitude)))
    slope = 9 * _A4 * t**8 + 7 * _A3 * t**6 + 3 * _A2 * t**2 + _A1
    x = 2 * sqrt(3) * radians(longitude) * cos(t) / (3 * slope)
    y = _A4 * t**9 + _A3 * t**7 + _A2 * t**3 + _A1 * t
    return _MIDDLE[0] + _UNIT * x, _MIDDLE[1] - _UNIT * y
