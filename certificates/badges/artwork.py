"""The picture of a badge: the certificate's rosette, a band with the words, the monogram; 512 pixels square.

Everything is drawn as masks at six times the size and averaged down, one mask for each colour.
"""

import dataclasses
import io
from collections.abc import Iterable
from functools import cache
from math import cos, degrees, pi, sin

from PIL import Image, ImageDraw, ImageFont

from certificates.badges.credentials import TITLES
from certificates.content import Kind
from certificates.design_parts import Colour, Design, Ring
from certificates.designs import newest_design
from certificates.fonts import depends_on_fonts, font_stack

SIDE = 512
_FINE = 6
_SHADES = 96
_MIDDLE = SIDE / 2
_EDGE, _BAND_OUTSIDE, _BAND_INSIDE, _CENTRE = 250.0, 205.0, 159.0, 66.0
_PROGRAMME = "GLOBAL DIGITAL TALENT"

Point = tuple[float, float]


class Mask:
    """A sheet on which shapes are drawn in pixels of the finished picture, y downwards."""

    def __init__(self) -> None:
        self._sheet = Image.new("L", (SIDE * _FINE, SIDE * _FINE))
        self._draw = ImageDraw.Draw(self._sheet)

    def disc(self, radius: float, shade: int = 255, at: Point = (_MIDDLE, _MIDDLE)) -> None:
        """Fill a disc about a point; shade 0 takes away."""
        (x, y), r = at, radius
        box = [(x - r) * _FINE, (y - r) * _FINE, (x + r) * _FINE, (y + r) * _FINE]
        self._draw.ellipse(box, fill=shade)

    def ring(self, radius: float, line: float) -> None:
        """Stroke a circle about the middle; `line` is its width."""
        outer = (radius + line / 2) * _FINE
        middle = _MIDDLE * _FINE
        box = [middle - outer, middle - outer, middle + outer, middle + outer]
        self._draw.ellipse(box, outline=255, width=max(1, round(line * _FINE)))

    def curve(self, points: Iterable[Point], line: float) -> None:
        """Stroke a curve through points that lie close together."""
        fine = [(x * _FINE, y * _FINE) for x, y in points]
        self._draw.line(fine, fill=255, width=max(1, round(line * _FINE)), joint="curve")

    def letter(self, letter: str, size: float, at: Point, turned: float) -> None:
        """Set a letter with the middle of its base line at a point, turned clockwise by an angle."""
        font = _font(size)
        half = round(size * _FINE)
        tile = Image.new("L", (2 * half, 2 * half))
        ImageDraw.Draw(tile).text((half, half), letter, fill=255, font=font, anchor="ms")
        tile = tile.rotate(-degrees(turned), Image.Resampling.BICUBIC)
        self._sheet.paste(255, (round(at[0] * _FINE) - half, round(at[1] * _FINE) - half), tile)

    def finished(self) -> Image.Image:
        """Return the mask at the size of the picture."""
        return self._sheet.reduce(_FINE)


@depends_on_fonts
@cache
def badge_png(kind: Kind) -> bytes:
    """Return the picture of a kind's badge as PNG with a transparent ground, 512 by 512 pixels."""
    design = newest_design(kind)
    colours, rings = design.colours, _rings(design)
    whole = Mask()
    whole.disc(_EDGE)
    sheet = Image.new("RGB", (SIDE, SIDE), (255, 255, 255))
    for colour, mask in (
        ("tint", _engraved(rings, "tint")),
        ("accent", _engraved(rings, "accent")),
        ("white", _centre()),
        ("accent", _solid()),
        ("white", _words(TITLES[kind].upper())),
    ):
        shade = _pixel(colours[colour]) if colour in colours else (255, 255, 255)
        sheet.paste(shade, (0, 0), mask.finished())
    sheet.putalpha(whole.finished())
    few = sheet.quantize(_SHADES, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    file = io.BytesIO()
    few.save(file, "PNG", optimize=True)
    return file.getvalue()


def _rings(design: Design) -> list[Ring]:
    """Return the seal's first two rings, opened wide: one outside the band, both inside it."""
    fine, bold = design.seal.rings[:2]
    return [
        dataclasses.replace(fine, radius=226, amplitude=13, lobes=48, copies=6),
        dataclasses.replace(fine, radius=122, amplitude=27),
        dataclasses.replace(bold, radius=109, amplitude=38),
    ]


def _engraved(rings: Iterable[Ring], colour: str) -> Mask:
    mask = Mask()
    for ring in rings:
        if ring.colour == colour:
            for copy in range(ring.copies):
                mask.curve(_rosette(ring, 2 * pi * copy / ring.copies), 0.9)
    return mask


def _rosette(ring: Ring, phase: float) -> list[Point]:
    """Return the closed curve r = radius + amplitude cos(lobes t + phase)."""
    steps = ring.lobes * 48
    points = []
    for step in range(steps + 1):
        t = 2 * pi * step / steps
        r = ring.radius + ring.amplitude * cos(ring.lobes * t + phase)
        points.append((_MIDDLE + r * sin(t), _MIDDLE - r * cos(t)))
    return points


def _centre() -> Mask:
    """The white ground under the monogram and on both sides of the band."""
    mask = Mask()
    mask.disc(_BAND_OUTSIDE + 5)
    mask.disc(_BAND_INSIDE - 5, 0)
    mask.disc(_CENTRE)
    return mask


def _solid() -> Mask:
    """The band, the rules about it and at the edge, and the monogram."""
    mask = Mask()
    mask.disc(_BAND_OUTSIDE)
    mask.disc(_BAND_INSIDE, 0)
    for radius, line in ((_EDGE - 2, 4.0), (_CENTRE, 1.6), (_CENTRE - 5, 0.8)):
        mask.ring(radius, line)
    _set_straight(mask, "GDT", 44, _MIDDLE + 14.5)
    return mask


def _words(title: str) -> Mask:
    """What is left white in the band: the programme above, the title below, a pearl between them."""
    mask = Mask()
    middle = (_BAND_OUTSIDE + _BAND_INSIDE) / 2
    _set_round(mask, _PROGRAMME, 28, middle - 9, above=True)
    _set_round(mask, title, 28, middle + 9, above=False)
    for side in (-1, 1):
        mask.disc(4.5, at=(_MIDDLE + side * middle, _MIDDLE))
    for radius in (_BAND_OUTSIDE - 4.5, _BAND_INSIDE + 4.5):
        mask.ring(radius, 0.9)
    return mask


def _set_straight(mask: Mask, text: str, size: float, base: float) -> None:
    widths = _widths(text, size, 0.05)
    x = _MIDDLE - sum(widths) / 2
    for letter, width in zip(text, widths, strict=True):
        mask.letter(letter, size, (x + width / 2, base), 0)
        x += width


def _set_round(mask: Mask, text: str, size: float, radius: float, *, above: bool) -> None:
    """Set a line on a circle about the middle, centred at its top or, read from outside, at its foot."""
    widths = _widths(text, size, 0.11)
    side = 1 if above else -1
    along = -sum(widths) / 2
    for letter, width in zip(text, widths, strict=True):
        angle = (along + width / 2) / radius
        at = (_MIDDLE + radius * sin(angle), _MIDDLE - side * radius * cos(angle))
        mask.letter(letter, size, at, side * angle)
        along += width


def _widths(text: str, size: float, tracking: float) -> list[float]:
    font = _font(size)
    return [font.getlength(letter) / _FINE + tracking * size for letter in text]


def _font(size: float) -> ImageFont.FreeTypeFont:
    font = ImageFont.truetype(str(font_stack("serif", 600, False)[0].file.path), size * _FINE)
    font.set_variation_by_axes([600])
    return font


def _pixel(colour: Colour) -> tuple[int, int, int]:
    red, green, blue = (round(255 * part) for part in colour)
    return red, green, blue
