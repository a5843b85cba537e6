"""Bars and columns drawn once as plain shapes, shown as SVG on a page and as vectors in a PDF."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from markupsafe import Markup
from reportlab.graphics.shapes import Drawing, Group

from gdt.bars import Bar, bars
from gdt.shapes import TEXT, Box, Picture, Shape, Stroke, Words, as_svg, coordinate, text_width, wrapped

Number = int | float
Written = Callable[[Number], str]
Table = tuple[list[str], list[list[str]]]

GAP = 8.0
WIDE = 480.0  # below this width a bar's label stands above the bar
LINE_HEIGHT = 20.0
ANCHORS = [f' text-anchor="{anchor}"' for anchor in ("start", "middle", "end")]


@dataclass(frozen=True, kw_only=True)
class Chart(ABC):
    """What every chart has. `by` names the rows and `unit` the values in the table behind the chart."""

    title: str
    by: str
    unit: str
    number: Written = str

    @abstractmethod
    def picture(self, width: float) -> Picture:
        """Lay the chart out on a sheet `width` units wide."""

    @property
    @abstractmethod
    def table(self) -> Table:
        """Return the heads and the rows of the figures behind the chart."""

    @property
    def bars(self) -> list[Bar]:
        """The rows as bars of a table, for narrow screens; none where a row has not one value."""
        return []

    def svg(self, width: float = 680) -> Markup:
        """Return the chart for a page: coloured by the stylesheet's classes, read out by its figures."""
        picture = self.picture(width)
        shapes = as_svg(picture.shapes)
        anchor = max(ANCHORS, key=shapes.count)  # said once for all that share it: a chart is half of a page
        shapes = shapes.replace(anchor, "")
        spoken = "; ".join(" ".join(row) for row in self.table[1])
        across, down = coordinate(picture.width), coordinate(picture.height)
        size = f'width="{across}" height="{down}" viewBox="0 0 {across} {down}"'
        return Markup(  # noqa: S704  (every text in it was escaped above)
            f'<svg role="img"{anchor} {size} direction="ltr"><title>{escape(self.title)}</title>'
            f"<desc>{escape(spoken)}</desc>{shapes}</svg>"
        )

    def drawing(self, width: float, font: str = "Helvetica", size: float = 14) -> Drawing:
        """Return the chart for a PDF: `width` points wide, its text `size` points in `font`."""
        scale = size / TEXT
        picture = self.picture(width / scale)
        drawing = Drawing(width, picture.height * scale)
        shapes = Group(*(shape.vector(picture.height, font) for shape in picture.shapes))
        shapes.scale(scale, scale)
        drawing.add(shapes)
        return drawing


@dataclass(frozen=True, kw_only=True)
class BarChart(Chart):
    """One bar a row, longest first if the caller sorts so: `rows=[(label, value, …)]`.

    With `parts=("recorded", "claimed")` each row has one value for each part, drawn end to end.
    With `targets` (one for each row, or None) a tick marks the target and the label says "214 of 400".
    """

    rows: Sequence[tuple[Any, ...]]
    parts: Sequence[str] = ()
    targets: Sequence[Number | None] = ()
    target_label: str = "of %s"
    highlight: str | None = None

    def __post_init__(self) -> None:
        _refuse_negative(value for row in self.rows for value in row[1:])

    @property
    def table(self) -> Table:
        head = [self.by, *(self.parts or [self.unit])]
        return head, [[row[0], *map(self.number, row[1:])] for row in self.rows]

    @property
    def bars(self) -> list[Bar]:
        if self.parts:
            return []
        written = [self._written(index) for index in range(len(self.rows))]
        return bars([(row[0], row[1]) for row in self.rows], written, self.targets, self.highlight)

    def picture(self, width: float) -> Picture:
        labels = max((text_width(row[0]) for row in self.rows), default=0)
        is_beside = width >= WIDE and labels <= width * 0.4
        written = [self._written(index) for index in range(len(self.rows))]
        if is_beside:
            return self._beside(width, labels + 2 * GAP, written)
        return self._below(width, written)

    def _beside(self, width: float, start: float, written: Sequence[str]) -> Picture:
        """Name, bar and figure on one line; the longest of bar and figure together fills it."""
        rooms = [width - start - GAP - text_width(text) for text in written]
        scale = min((max(room, 0) / (self._reach(i) or 1) for i, room in enumerate(rooms)), default=0.0)
        shapes: list[Shape] = []
        for index, (row, text) in enumerate(zip(self.rows, written, strict=True)):
            top = index * 32.0
            end = start + self._reach(index) * scale + GAP
            shapes += [Words(0, top + 16, row[0]), Words(end, top + 16, text)]
            shapes += self._bar(index, start, top, scale)
        return Picture(width, len(self.rows) * 32.0, shapes)

    def _below(self, width: float, written: Sequence[str]) -> Picture:
        """Name and figure on one line, the bar under it over the whole width."""
        scale = width / (max((self._reach(index) for index in range(len(self.rows))), default=0) or 1)
        shapes: list[Shape] = []
        y = 0.0
        for index, (row, text) in enumerate(zip(self.rows, written, strict=True)):
            names = wrapped(row[0], max(width - text_width(text) - 2 * GAP, width / 4))
            shapes += [Words(0, y + 16 + line * LINE_HEIGHT, name) for line, name in enumerate(names)]
            shapes.append(Words(width, y + 16, text, anchor="end"))
            top = y + len(names) * LINE_HEIGHT + 4
            shapes += self._bar(index, 0, top, scale)
            y = top + 32
        return Picture(width, y, shapes)

    def _bar(self, index: int, start: float, top: float, scale: float) -> list[Shape]:
        label, *values = self.rows[index]
        shapes: list[Shape] = []
        x = start
        for part, value in enumerate(values):
            kind = "soft" if part else "now" if label == self.highlight else "bar"
            if value:
                shapes.append(Box(x, top, max(value * scale, 1.0), 20, kind))
            x += value * scale
        target = self._target(index)
        if target is not None:
            at = start + target * scale
            shapes += _target_tick((at, top - 4), (at, top + 24))
        return shapes

    def _reach(self, index: int) -> Number:
        total: Number = sum(self.rows[index][1:])
        return max(total, self._target(index) or 0)

    def _target(self, index: int) -> Number | None:
        return self.targets[index] if self.targets else None

    def _written(self, index: int) -> str:
        """Say the exact values; the words of the parts stand on the first row and hold for the rest."""
        values = [self.number(value) for value in self.rows[index][1:]]
        if self.parts and index == 0:
            values = [f"{value} {part}" for value, part in zip(values, self.parts, strict=True)]
        target = self._target(index)
        text = " + ".join(values)
        return text if target is None else f"{text} {self.target_label % self.number(target)}"


@dataclass(frozen=True, kw_only=True)
class ColumnChart(Chart):
    """One column a year or term: `rows=[(label, value)]`; turns into bars where the figures would not fit."""

    rows: Sequence[tuple[str, Number]]
    targets: Sequence[Number | None] = ()
    target_label: str = "of %s"
    highlight: str | None = None
    height: float = 240

    def __post_init__(self) -> None:
        _refuse_negative(value for _, value in self.rows)

    @property
    def table(self) -> Table:
        return [self.by, self.unit], [[label, self.number(value)] for label, value in self.rows]

    @property
    def bars(self) -> list[Bar]:
        return self._as_bars().bars

    def picture(self, width: float) -> Picture:
        slot = width / max(len(self.rows), 1)
        texts = [*(label for label, _ in self.rows), *(self.number(value) for _, value in self.rows)]
        if any(text_width(text) > slot - 4 for text in [*texts, *filter(None, self._aims())]):
            return self._as_bars().picture(width)
        base = self.height - (48 if any(self._aims()) else 26)
        tallest = max([value for _, value in self.rows] + [target or 0 for target in self.targets], default=0)
        scale = (base - 28) / (tallest or 1)
        shapes: list[Shape] = []
        for index, (label, _) in enumerate(self.rows):
            shapes += self._column(index, slot, base, scale)
            shapes.append(Words((index + 0.5) * slot, base + 20, label, "muted", "middle"))
        shapes += self._target_marks(slot, base, scale)
        shapes.append(Stroke(((0, base), (width, base)), "axis"))
        return Picture(width, self.height, shapes)

    def _column(self, index: int, slot: float, base: float, scale: float) -> list[Shape]:
        label, value = self.rows[index]
        tall = value * scale
        target = self.targets[index] if self.targets else None
        aim = None if target is None else base - target * scale
        kind = "now" if label == self.highlight else "bar"
        broad = min(slot * 0.62, 56)
        middle, top = (index + 0.5) * slot, base - tall
        over = top
        if aim is not None and 0 <= top - aim < LINE_HEIGHT + GAP:
            over = aim  # the figure would run into the target's mark: it goes above it
        return [
            Box(middle - broad / 2, top, broad, tall, kind),
            Words(middle, over - 7, self.number(value), "text", "middle"),
        ]

    def _target_marks(self, slot: float, base: float, scale: float) -> list[Shape]:
        marks: list[Shape] = []
        for index, (target, text) in enumerate(zip(self.targets, self._aims(), strict=True)):
            if target is not None:
                y = base - target * scale
                marks += _target_tick((index * slot + 4, y), ((index + 1) * slot - 4, y))
                marks.append(Words((index + 0.5) * slot, base + 42, text, "muted", "middle"))
        return marks

    def _aims(self) -> list[str]:
        return ["" if t is None else self.target_label % self.number(t) for t in self.targets]

    def _as_bars(self) -> BarChart:
        shared = {"title": self.title, "by": self.by, "unit": self.unit, "number": self.number}
        more = {"targets": self.targets, "target_label": self.target_label, "highlight": self.highlight}
        return BarChart(rows=self.rows, **shared, **more)  # type: ignore[arg-type]


def _target_tick(start: tuple[float, float], end: tuple[float, float]) -> list[Shape]:
    """A mark that is seen on paper and on a bar alike."""
    return [Stroke((start, end), "halo", 5), Stroke((start, end), "target", 2)]


def _refuse_negative(values: Iterable[Number]) -> None:
    if any(value < 0 for value in values):
        message = "These charts start at zero: a negative value belongs in a table."
        raise ValueError(message)
