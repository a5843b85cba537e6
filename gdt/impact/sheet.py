"""The pages of the annual summary: A4 sheets with one way to set titles, sentences, figures and tables."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from reportlab.graphics import renderPDF
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader

from certificates import (
    TextStyle,
    draw_text,
    new_canvas,
    text_width,
    unprintable_characters,
    wrap_text,
)
from gdt import documents
from gdt.charts import Chart
from gdt.errors import RecordNotFound
from gdt.impact.stories import StoryPicture

WIDTH, HEIGHT = A4
LEFT, RIGHT = 57.0, WIDTH - 57.0
TOP, BOTTOM = HEIGHT - 62.0, 74.0
MEASURE = RIGHT - LEFT

INK, SOFT, FAINT = HexColor("#191b1f"), HexColor("#575c66"), HexColor("#857f74")
RULE, LAND = HexColor("#d9d4ca"), HexColor("#e6e1d7")
ACCENT, WHITE = HexColor("#b44c06"), HexColor("#ffffff")

TITLE = TextStyle(weight=500)
FIGURE = TextStyle(weight=500)
PROSE = TextStyle()
SANS = TextStyle(family="sans")
STRONG = TextStyle(family="sans", weight=600)
KICKER = TextStyle(family="sans", weight=600, tracking=0.08)

SHARED = 96.0  # what the head of a section takes on a page it shares
CHART_SCALE = 0.64  # a chart's 14-unit letters become 9 points


@dataclass(frozen=True)
class Column:
    """A column of a table: its head, its width in points, and whether it holds numbers."""

    head: str
    width: float
    is_number: bool = True


@dataclass(frozen=True)
class Cell:
    """A table's cell: a text, and perhaps a second line under it in a softer tone."""

    text: str
    below: str = ""


class Sheet:
    """A document under way. `y` is where the next thing goes; lengths in points from the foot."""

    def __init__(self, file: BytesIO, *, title: str, author: str, running: str) -> None:
        self.canvas = new_canvas(file, A4, title=title, author=author)
        self.running = running
        self.y = TOP
        self._section = ""
        self._is_open = False
        self._marks = 0

    @property
    def room(self) -> float:
        """How much of the page is free."""
        return float(self.y - BOTTOM)

    def open_page(self, section: str, title: str, *, needs: float | None = None) -> None:
        """Begin a section and list it among the bookmarks.

        It begins on a page of its own; if it `needs` only so much, on the page the last one left open.
        """
        if self._is_open and needs is not None and self.room >= needs + SHARED:
            self._open_below(section, title)
            return
        if self._is_open:
            self.close_page()
        self._bookmark(section)
        self._section = section
        self.text(LEFT, TOP, section.upper(), KICKER, 9, ACCENT)
        self.y = TOP - 40
        for line in wrap_text(title, TITLE, 29, MEASURE, balance=True):
            self.text(LEFT, self.y, line, TITLE, 29)
            self.y -= 34
        self.y -= 4

    def _open_below(self, section: str, title: str) -> None:
        self._is_open, self._section = False, section
        self.y -= 12
        self.rule(LEFT, RIGHT, self.y, INK, 0.9)
        self._bookmark(section)
        self.text(LEFT, self.y - 24, section.upper(), KICKER, 9, ACCENT)
        self.y -= 54
        for line in wrap_text(title, TITLE, 22, MEASURE, balance=True):
            self.text(LEFT, self.y, line, TITLE, 22)
            self.y -= 27

    def end_section(self) -> None:
        """End a section, and leave its page open for a short one."""
        self._is_open = True

    def continue_page(self) -> None:
        """Go on with the same section on another page."""
        section = self._section
        self.close_page()
        self._section = section
        self.text(LEFT, TOP, section.upper(), KICKER, 9, ACCENT)
        self.y = TOP - 36

    def close_page(self, *, is_numbered: bool = True) -> None:
        self._is_open = False
        if is_numbered:
            self.rule(LEFT, RIGHT, 52)
            self.text(LEFT, 36, self.running, SANS, 9, SOFT)
            self.text(RIGHT, 36, str(self.canvas.getPageNumber()), SANS, 9, SOFT, "right")
        self.canvas.showPage()

    def finish(self) -> None:
        if self._is_open:
            self.close_page()
        self.canvas.save()

    def _bookmark(self, section: str) -> None:
        self._marks += 1
        key = f"part-{self._marks}"
        self.canvas.bookmarkPage(key)
        self.canvas.addOutlineEntry(section, key)

    def bookmark(self, name: str) -> None:
        self._bookmark(name)

    def text(
        self,
        x: float,
        y: float,
        text: str,
        style: TextStyle,
        size: float,
        ink: Any = INK,
        align: str = "left",
    ) -> float:
        """One line; what no font can print is shown as a question mark, never left out silently."""
        self.canvas.setFillColor(ink)
        return draw_text(self.canvas, x, y, printable(text, style), style, size, align)

    def paragraph(
        self, text: str, *, style: TextStyle = PROSE, size: float = 13, ink: Any = INK, width: float = MEASURE
    ) -> None:
        """Sentences at `y`, which moves below them."""
        for line in wrap_text(printable(text, style), style, size, width):
            self.text(LEFT, self.y, line, style, size, ink)
            self.y -= size * 1.38
        self.y -= size * 0.5

    def point_to_changes(self) -> None:
        """Paper leads nowhere; a page has its link here to what has changed since."""

    def heading(self, text: str) -> None:
        self.y -= 6
        self.text(LEFT, self.y, text, STRONG, 11.5)
        self.y -= 18

    def picture(self, picture: StoryPicture, height: float) -> None:
        """A picture as wide as the text, cut to this height; nothing where it cannot be read."""
        try:
            reader = ImageReader(BytesIO(documents.read(picture.key)))
        except (RecordNotFound, OSError):
            return
        width, tall = reader.getSize()
        drawn = max(MEASURE * tall / width, height)
        self.canvas.saveState()
        frame = self.canvas.beginPath()
        frame.rect(LEFT, self.y - height, MEASURE, height)
        self.canvas.clipPath(frame, stroke=0, fill=0)
        across = drawn * width / tall
        left, foot = LEFT - (across - MEASURE) / 2, self.y - (drawn + height) / 2
        self.canvas.drawImage(reader, left, foot, across, drawn)
        self.canvas.restoreState()
        self.y -= height + 16

    def term(self, name: str, unit: str) -> None:
        """What is defined next, with its unit at the other end of the line."""
        self.need(64)
        self.text(LEFT, self.y, name, STRONG, 11.5)
        self.text(RIGHT, self.y, unit, SANS, 10.5, SOFT, "right")
        self.y -= 16

    def rule(self, left: float, right: float, y: float, ink: Any = RULE, width: float = 0.6) -> None:
        self.canvas.setStrokeColor(ink)
        self.canvas.setLineWidth(width)
        self.canvas.line(left, y, right, y)

    def figure(self, x: float, top: float, value: str, words: Sequence[str], width: float) -> None:
        """A big number under a rule; of the words under it the first says what it counts."""
        self.rule(x, x + width, top, INK, 0.9)
        size = 46.0
        while text_width(value, FIGURE, size) > width and size > 20:
            size -= 2
        self.text(x, top - 46, value, FIGURE, size)
        y = top - 66
        for index, sentence in enumerate(words):
            style, ink = (STRONG, INK) if index == 0 else (SANS, SOFT)
            for line in wrap_text(sentence, style, 10.5, width):
                self.text(x, y, line, style, 10.5, ink)
                y -= 13.5

    def chart(self, chart: Chart, *, width: float = MEASURE, scale: float = CHART_SCALE) -> None:
        """A chart under its title; `y` moves below it."""
        drawing = chart.drawing(width / scale, "GDT-Sans")
        tall = drawing.height * scale
        self.need(tall + 24)
        self.heading(chart.title)
        self.canvas.saveState()
        self.canvas.translate(LEFT, self.y - tall + 6)
        self.canvas.scale(scale, scale)
        renderPDF.draw(drawing, self.canvas, 0, 0)
        self.canvas.restoreState()
        self.y -= tall + 16

    def need(self, height: float) -> None:
        """Go to a new page unless this much is free."""
        if self.y - height < BOTTOM:
            self.continue_page()

    def table(self, columns: Sequence[Column], rows: Sequence[Sequence[Cell | str]]) -> None:
        """Rows under their heads, which stand again on each new page."""
        self.need(70)
        self._heads(columns)
        for row in rows:
            cells = [cell if isinstance(cell, Cell) else Cell(cell) for cell in row]
            lines = [self._cell_lines(cell, column) for cell, column in zip(cells, columns, strict=True)]
            tall = 12.5 * max(len(found) for found in lines) + 5.5
            if self.y - tall < BOTTOM:
                self.continue_page()
                self._heads(columns)
            self._row(columns, lines, tall)
        self.y -= 10

    def _heads(self, columns: Sequence[Column]) -> None:
        self._across(columns, lambda x, column, i: self._aligned(x, self.y, column, column.head, SANS, SOFT))
        self.rule(LEFT, LEFT + sum(column.width for column in columns), self.y - 6, INK, 0.7)
        self.y -= 20

    def _row(
        self, columns: Sequence[Column], lines: Sequence[Sequence[tuple[str, bool]]], tall: float
    ) -> None:
        def draw(x: float, column: Column, index: int) -> None:
            for number, (line, is_soft) in enumerate(lines[index]):
                style = STRONG if index == 0 and not is_soft else SANS
                self._aligned(x, self.y - 12.5 * number, column, line, style, SOFT if is_soft else INK)

        self._across(columns, draw)
        self.y -= tall
        self.rule(LEFT, LEFT + sum(column.width for column in columns), self.y + 12.5 - 3.5)
        self.y -= 2.5

    def _across(self, columns: Sequence[Column], draw: Callable[[float, Column, int], None]) -> None:
        x = LEFT
        for index, column in enumerate(columns):
            draw(x, column, index)
            x += column.width

    def _aligned(self, x: float, y: float, column: Column, text: str, style: TextStyle, ink: Any) -> None:
        if column.is_number:
            self.text(x + column.width, y, text, style, 10, ink, "right")
        else:
            self.text(x, y, text, style, 10, ink)

    def _cell_lines(self, cell: Cell, column: Column) -> list[tuple[str, bool]]:
        room = column.width - (0 if column.is_number else 12)
        lines = [(line, False) for line in wrap_text(printable(cell.text, STRONG), STRONG, 10, room)]
        below = wrap_text(printable(cell.below, SANS), SANS, 10, room) if cell.below else []
        return [*lines, *((line, True) for line in below)]


def printable(text: str, style: TextStyle) -> str:
    for character in unprintable_characters(text, style):
        text = text.replace(character, "?")
    return text
