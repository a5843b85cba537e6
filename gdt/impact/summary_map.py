"""A map of the annual summary: the land, and a bubble for each country with its name."""

from collections.abc import Sequence

from certificates import text_width
from gdt.impact.map_layout import LABEL, Box, Bubble, Window, name_bubbles, outline, tie
from gdt.impact.sheet import ACCENT, INK, LAND, SANS, SOFT, WHITE, Sheet


def draw_land(sheet: Sheet, window: Window) -> None:
    canvas = sheet.canvas
    canvas.saveState()
    frame = canvas.beginPath()
    frame.rect(window.x, window.y, window.width, window.height)
    canvas.clipPath(frame, stroke=0, fill=0)
    land = canvas.beginPath()
    for ring in outline()["rings"]:
        land.moveTo(*window.place(ring[0]))
        for point in ring[1:]:
            land.lineTo(*window.place(point))
        land.close()
    canvas.setFillColor(LAND)
    canvas.setStrokeColor(LAND)
    canvas.setLineWidth(0.4)
    canvas.drawPath(land, stroke=1, fill=1)
    canvas.restoreState()


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
    """Names beside their bubbles; a far one is tied to its bubble by a line."""
    for bubble, box in name_bubbles(found, lambda label: text_width(label, SANS, LABEL), within):
        line = tie(bubble, box)
        if line is not None:
            sheet.canvas.setStrokeColor(SOFT)
            sheet.canvas.setLineWidth(0.5)
            sheet.canvas.line(*line[0], *line[1])
        sheet.text(box[0] + 1, box[1] + 2.2, bubble.label, SANS, LABEL, INK)
