"""The map of the figures page: a bubble for each country, which narrows the page to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from flask_babel import gettext as _

from gdt.filters import country_name, number
from gdt.impact.map_layout import (
    LABEL,
    Box,
    Bubble,
    Point,
    Window,
    bubbles,
    is_on_map,
    name_bubbles,
    outline,
    tie,
)
from gdt.impact.measures import BY_KEY
from gdt.impact.scopes import Scope
from gdt.impact.tallies import Figures
from gdt.shapes import TEXT, text_width

# Of the outline (980 by 460 units) what the network lives in, on a picture 660 units wide.
WINDOW = Window(150, 30, 960, 420, 0, 0, 660)
LARGEST = 22.0


@dataclass(frozen=True)
class Country:
    """A country's bubble, in units of the picture; its name stands at `name_at` if anywhere."""

    code: str
    sentence: str
    name: str
    at: Point
    radius: float
    name_at: Point | None
    line: tuple[Point, Point] | None


@dataclass(frozen=True)
class WebMap:
    """The picture; the land stands at `land` (x, y, width, height), larger than what is seen of it."""

    title: str
    width: float
    height: float
    land: Box
    countries: Sequence[Country]


def web_map(figures: Figures, scope: Scope) -> WebMap | None:
    """Students trained by country; None where that is one country, or nothing."""
    measure = BY_KEY["students_trained"]
    found = {
        str(country): figure.total
        for country, figure in figures.by(measure, "country", scope).items()
        if figure.total and is_on_map(str(country))
    }
    if len(found) < 2:
        return None
    values = [(country, country, students) for country, students in found.items()]
    placed = bubbles(WINDOW, values, max(found.values()), LARGEST)
    within = (0.0, 0.0, WINDOW.width, WINDOW.height)
    named = {bubble.label: box for bubble, box in name_bubbles(placed, _width_of_name, within)}
    return WebMap(
        title=_("%(measure)s by country", measure=measure.name),
        width=round(WINDOW.width),
        height=round(WINDOW.height),
        land=land_box(),
        countries=[_country(bubble, found[bubble.label], named.get(bubble.label)) for bubble in placed],
    )


def _width_of_name(country: str) -> float:
    return text_width(country_name(country)) * LABEL / TEXT


def _country(bubble: Bubble, students: int, box: Box | None) -> Country:
    name = country_name(bubble.label)
    line = tie(bubble, box) if box else None
    return Country(
        code=bubble.label,
        sentence=_("%(country)s: %(n)s", country=name, n=number(students)),
        name=name,
        at=rounded((bubble.x, bubble.y)),
        radius=round(bubble.radius, 1),
        name_at=_nearly((box[0] + 1, box[1] + 2.2)) if box else None,
        line=(rounded(line[0]), rounded(line[1])) if line else None,
    )


def rounded(place: Point) -> Point:
    """A page counts upwards, a picture downwards."""
    return round(place[0], 1), round(WINDOW.height - place[1], 1)


def _nearly(place: Point) -> Point:
    """A name may stand half a unit aside: whole numbers are a tenth of the map lighter."""
    return round(place[0]), round(WINDOW.height - place[1])


def land_box() -> Box:
    """Where the whole land stands on the picture: x, y, width, height."""
    scale = WINDOW.scale
    return (
        round(-WINDOW.left * scale, 1),
        round(-WINDOW.top * scale, 1),
        round(980 * scale, 1),
        round(460 * scale, 1),
    )


def land_picture() -> str:
    """The whole land as a picture of its own, kept as `static/land.svg`: a browser fetches it once."""
    rings = "".join(_ring(ring) for ring in outline()["rings"])
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 980 460">'
        f'<path d="{rings}" fill="#8c8a80" fill-opacity=".3"/></svg>\n'
    )


def _ring(ring: Sequence[Sequence[float]]) -> str:
    """One closed ring in whole units, each point as the way from the one before."""
    points = [(round(x), round(y)) for x, y in ring]
    ways = [f"{x - left} {y - top}" for (left, top), (x, y) in pairwise(points) if (left, top) != (x, y)]
    return f"M{points[0][0]} {points[0][1]}l{' '.join(ways)}z".replace(" -", "-") if len(ways) > 1 else ""
