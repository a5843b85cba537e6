"""The engraving of a design, drawn with ReportLab: guilloche border, corner rosettes, seal and ground.

A border module and a ring's lobe are drawn once as form XObjects (ISO 32000-1 section 8.10) and set
many times, which keeps hundreds of curves to a few kilobytes.
"""

import io
from collections.abc import Iterable
from dataclasses import dataclass, field
from math import cos, pi, sin

from reportlab.pdfgen.canvas import Canvas

from certificates.curves import Segment, ring_sector, wave
from certificates.design_parts import PAGE, Border, Colour, Design, Ring, Rosette
from certificates.drawing import draw_text, number, text_width
from certificates.shaping import TextStyle

MONOGRAM = TextStyle(tracking=0.1)
CAP_HEIGHT = 0.65
_RULE = 0.6


@dataclass(slots=True)
class Engraving:
    """The canvas the art is set on, and the forms it is set from, by resource name."""

    canvas: Canvas
    forms: dict[str, str] = field(default_factory=dict)

    def form(self, strokes: Iterable[list[Segment]], colour: Colour, line: float) -> str:
        """Draw strokes into a form of their own and return its name."""
        sheet = Canvas(io.BytesIO())
        sheet.setLineWidth(line)
        sheet.setStrokeColorRGB(*colour)
        path = sheet.beginPath()
        for segments in strokes:
            path.moveTo(*_short(segments[0][0]))
            for _start, first, second, end in segments:
                path.curveTo(*_short(first), *_short(second), *_short(end))
        sheet.drawPath(path, stroke=1, fill=0)
        name = f"A{len(self.forms)}"
        self.forms[name] = operators(sheet)
        return name

    def put(self, text: str) -> None:
        """Add operators as they are; ReportLab has no call for placing a form of another file."""
        self.canvas._code.append(text)


def operators(canvas: Canvas) -> str:
    """Return what was drawn on the current page of a ReportLab canvas."""
    return "\n".join(canvas._code)


def engrave(canvas: Canvas, design: Design) -> dict[str, str]:
    """Draw the design's art on a canvas; return the forms it uses, resource name to operators."""
    engraving = Engraving(canvas)
    _rosette(engraving, design.ground, design)
    _border(engraving, design.border, design)
    _rosette(engraving, design.seal, design)
    return engraving.forms


def _short(point: tuple[float, float]) -> tuple[float, float]:
    return round(point[0], 2), round(point[1], 2)


def _border(engraving: Engraving, border: Border, design: Design) -> None:
    width, height = PAGE
    middle, half = border.inset + border.width / 2, border.width / 2
    for colour in dict.fromkeys(strand.colour for strand in border.strands):
        name = _module(engraving, border, design, colour)
        _bands(engraving, border, name)
    canvas = engraving.canvas
    canvas.setLineWidth(_RULE)
    canvas.setStrokeColorRGB(*design.colours["tint"])
    for edge in (middle - half - 2.5, middle + half + 2.5):
        canvas.rect(round(edge, 2), round(edge, 2), round(width - 2 * edge, 2), round(height - 2 * edge, 2))
    lobes = _lobes(engraving, border.corners, border.line, design)
    for x in (middle, width - middle):
        for y in (middle, height - middle):
            _disc(canvas, x, y, border.corner)
            _turn(engraving, x, y, lobes)


def _module(engraving: Engraving, border: Border, design: Design, colour: str) -> str:
    strokes = [
        wave(
            border.module,
            border.width / 2,
            amplitude=strand.amplitude,
            swell=strand.swell,
            waves=strand.waves,
            phase=2 * pi * copy / strand.copies,
        )
        for strand in border.strands
        if strand.colour == colour
        for copy in range(strand.copies)
    ]
    return engraving.form(strokes, design.colours[colour], border.line)


def _bands(engraving: Engraving, border: Border, name: str) -> None:
    """Set one colour's module along the four sides, stretched so that a whole number fits each."""
    near = border.inset + border.width / 2
    start = near + border.corner
    for side, turned in ((PAGE[0], False), (PAGE[1], True)):
        length, far = side - 2 * start, (PAGE[0] if turned else PAGE[1]) - near
        count = round(length / border.module)
        row = f"/{name} Do 1 0 0 1 {number(border.module)} 0 cm\n" * count
        stretch = f"{length / count / border.module:.5f} 0 0 1 0 0 cm"
        for at in (near, far):
            turn = f"0 1 -1 0 {number(at)}" if turned else f"1 0 0 1 {number(start)}"
            engraving.put(f"q {turn} {number(start if turned else at)} cm {stretch}\n{row}Q")


def _rosette(engraving: Engraving, rosette: Rosette, design: Design) -> None:
    canvas = engraving.canvas
    if rosette.disc:
        _disc(canvas, rosette.x, rosette.y, rosette.disc)
    _turn(engraving, rosette.x, rosette.y, _lobes(engraving, rosette.rings, rosette.line, design))
    if rosette.monogram:
        canvas.setFillColorRGB(*design.colours["accent"])
        size = rosette.monogram_size
        width = text_width(rosette.monogram, MONOGRAM, size)
        draw_text(
            canvas, rosette.x - width / 2, rosette.y - CAP_HEIGHT / 2 * size, rosette.monogram, MONOGRAM, size
        )


def _lobes(
    engraving: Engraving, rings: tuple[Ring, ...], line: float, design: Design
) -> list[tuple[str, int]]:
    """Draw one lobe of each ring; return (form, how many make the ring)."""
    lobes = []
    for ring in rings:
        phases = [2 * pi * copy / ring.copies for copy in range(ring.copies)]
        strokes = [ring_sector(ring.radius, ring.amplitude, ring.lobes, phase) for phase in phases]
        lobes.append((engraving.form(strokes, design.colours[ring.colour], line), ring.lobes))
    return lobes


def _turn(engraving: Engraving, x: float, y: float, lobes: list[tuple[str, int]]) -> None:
    for name, count in lobes:
        c, s = cos(2 * pi / count), sin(2 * pi / count)
        step = f"/{name} Do {c:.6f} {s:.6f} {-s:.6f} {c:.6f} 0 0 cm\n"
        engraving.put(f"q 1 0 0 1 {number(x)} {number(y)} cm\n{step * count}Q")


def _disc(canvas: Canvas, x: float, y: float, radius: float) -> None:
    canvas.setFillColorRGB(1, 1, 1)
    canvas.circle(round(x, 2), round(y, 2), radius, stroke=0, fill=1)
