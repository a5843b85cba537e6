"""The map of the showcase: a mark for each place of public projects, villages with another shape."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import ngettext

from gdt.community.models import ProjectKind, ProjectPlace
from gdt.filters import country_name
from gdt.impact.equal_earth import on_outline
from gdt.impact.map_layout import Box, Point, is_on_map, outline
from gdt.impact.web_map import WINDOW, land_box, rounded

NEAR = 3.0  # units of the picture within which places share a mark


@dataclass(frozen=True)
class Mark:
    """A spot of the picture and the public projects there; `code` is the project if it is one alone."""

    at: Point
    sentence: str
    is_village: bool
    country: str
    code: str | None
    size: float


@dataclass(frozen=True)
class ProjectMap:
    """The picture; the land stands at `land` (x, y, width, height), larger than what is seen of it."""

    width: int
    height: int
    land: Box
    marks: Sequence[Mark]


def project_map(places: Sequence[ProjectPlace]) -> ProjectMap | None:
    """The places that can be shown; None where there is none. One without its own spot is at the capital."""
    spots: dict[tuple[bool, int, int], list[tuple[Point, ProjectPlace]]] = defaultdict(list)
    for place in places:
        point = _point_of(place)
        if point is not None:
            is_village = place.project.kind is ProjectKind.DIGITAL_VILLAGE
            spots[is_village, round(point[0] / NEAR), round(point[1] / NEAR)].append((point, place))
    if not spots:
        return None
    marks = [_mark(found, is_village=key[0]) for key, found in spots.items()]
    marks.sort(key=lambda mark: -mark.size)
    return ProjectMap(round(WINDOW.width), round(WINDOW.height), land_box(), marks)


def _point_of(place: ProjectPlace) -> Point | None:
    if place.latitude is not None and place.longitude is not None:
        where: Point = on_outline(float(place.latitude), float(place.longitude))
    elif is_on_map(place.country.code):
        where = tuple(outline()["capitals"][place.country.code])
    else:
        return None
    return rounded(WINDOW.place(where)) if WINDOW.holds(where) else None


def _mark(found: Sequence[tuple[Point, ProjectPlace]], *, is_village: bool) -> Mark:
    (at, place), *others = found
    projects = {one.project_id: one.project for _point, one in found}
    where = f"{place.name}, {country_name(place.country.code)}"
    if len(projects) == 1:
        sentence, code = f"{place.project.title}: {where}", place.project.code
    else:
        titles = "; ".join(project.title for project in list(projects.values())[:3])
        sentence = ngettext(
            "%(num)s project around %(place)s: %(titles)s",
            "%(num)s projects around %(place)s: %(titles)s",
            len(projects),
            place=where,
            titles=titles,
        )
        code = None
    size = round(3.6 + min(len(others), 8) * 0.5, 1)
    return Mark(at, sentence, is_village, place.country.code, code, size)
