"""The annual summary for a web page: the same pages as sentences, figures, charts and tables."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from gdt.charts import Chart
from gdt.impact.annual_summary import pages_of
from gdt.impact.sheet import TOP, Cell, Column, Sheet
from gdt.impact.stories import StoryPicture
from gdt.impact.summary_content import SummaryContent
from gdt.impact.summary_opening import cover, map_titles, world_map
from gdt.impact.web_map import web_map

PICTURES = (cover, world_map)  # what a page says in its title, and what is a picture of its own here


@dataclass(frozen=True)
class Block:
    """One thing of a page: `kind` says which, and so what `content` is."""

    kind: str
    content: Any


@dataclass
class Section:
    key: str
    name: str
    title: str
    blocks: list[Block] = field(default_factory=list)


class WebSheet(Sheet):
    """Keeps what it is told to draw, in its order; where on paper it stands means nothing here."""

    def __init__(self) -> None:
        self.y = TOP
        self.sections: list[Section] = []

    def _add(self, kind: str, content: Any) -> None:
        self.sections[-1].blocks.append(Block(kind, content))

    @property
    def room(self) -> float:
        return float(TOP)

    def open_page(self, section: str, title: str, *, needs: float | None = None) -> None:
        self.sections.append(Section(f"part-{len(self.sections) + 1}", section, title))

    def close_page(self, *, is_numbered: bool = True) -> None:
        """A web page has no pages."""

    def end_section(self) -> None:
        """A web page has no pages."""

    def need(self, height: float) -> None:
        """There is always room."""

    def paragraph(self, text: str, **_style: Any) -> None:
        self._add("paragraph", text)

    def point_to_changes(self) -> None:
        self._add("changes", None)

    def heading(self, text: str) -> None:
        self._add("heading", text)

    def picture(self, picture: StoryPicture, height: float) -> None:
        self._add("picture", picture)

    def term(self, name: str, unit: str) -> None:
        self._add("term", (name, unit))

    def figure(self, x: float, top: float, value: str, words: Sequence[str], width: float) -> None:
        blocks = self.sections[-1].blocks
        if not blocks or blocks[-1].kind != "figures":
            self._add("figures", [])
        blocks[-1].content.append((value, words))

    def chart(self, chart: Chart, **_size: Any) -> None:
        self._add("chart", chart)

    def map(self, content: SummaryContent) -> None:
        """The map as the figures page has it, which leads to the summary of each country."""
        if picture := web_map(content.figures, content.scope):
            self.open_page(*map_titles(content))
            self._add("map", picture)

    def table(self, columns: Sequence[Column], rows: Sequence[Sequence[Cell | str]]) -> None:
        cells = [[cell if isinstance(cell, Cell) else Cell(cell) for cell in row] for row in rows]
        kept = [n for n, column in enumerate(columns) if column.head]
        columns = [columns[n] for n in kept]
        self._add("table", (columns, [[row[n] for n in kept] for row in cells], self._caption()))

    def _caption(self) -> str:
        """What a table is called: its section's title, or the heading it stands under."""
        section = self.sections[-1]
        headings = [block.content for block in section.blocks if block.kind == "heading"]
        return f"{section.name}: {headings[-1]}" if headings else section.title


def summary_sections(content: SummaryContent) -> list[Section]:
    """The parts of the summary in the order of the printed one."""
    sheet = WebSheet()
    for draw in pages_of(content):
        if draw is world_map:
            sheet.map(content)
        elif draw not in PICTURES:
            draw(sheet, content)
    return sheet.sections
