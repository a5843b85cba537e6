"""The first pages of the annual summary: the cover, the year in six numbers, and the map."""

from collections.abc import Sequence
from math import cos, pi, sin

from flask_babel import gettext as _
from flask_babel import ngettext

from certificates import wrap_text
from gdt.filters import day, number, percent
from gdt.impact.figures_page import change
from gdt.impact.map_layout import Window, bubbles, is_on_map, is_within
from gdt.impact.measures import Measure
from gdt.impact.sheet import (
    ACCENT,
    BOTTOM,
    FAINT,
    FIGURE,
    HEIGHT,
    INK,
    KICKER,
    LEFT,
    MEASURE,
    PROSE,
    RIGHT,
    SANS,
    SOFT,
    STRONG,
    TITLE,
    WIDTH,
    Sheet,
    printable,
)
from gdt.impact.summary_content import Line, SummaryContent
from gdt.impact.summary_map import draw_bubbles, draw_labels, draw_land
from gdt.impact.tallies import Figure

# Of the dots on the cover, in each ring: how many, how far from the first, and how large (points).
RINGS = (
    (1, 0.0, 11.0),
    (7, 38.0, 7.4),
    (19, 78.0, 5.4),
    (41, 122.0, 3.9),
    (83, 170.0, 2.7),
    (167, 222.0, 1.8),
)


def cover(sheet: Sheet, content: SummaryContent) -> None:
    sheet.bookmark(_("Cover"))
    _draw_multiplying(sheet)
    sheet.text(LEFT, HEIGHT - 92, _("GDT Network").upper(), KICKER, 12, ACCENT)
    sheet.text(LEFT - 4, 268, str(content.year), FIGURE, 132)
    y = 216.0
    for line in wrap_text(content.place or _("Annual summary"), TITLE, 34, MEASURE):
        sheet.text(LEFT, y, printable(line, TITLE), TITLE, 34)
        y -= 38
    for line in wrap_text(printable(_own_script(content), SANS), SANS, 17, MEASURE):
        sheet.text(LEFT, y + 6, line, SANS, 17, SOFT)
        y -= 24
    for line in wrap_text(cover_sentence(content), PROSE, 16, MEASURE * 0.8):
        sheet.text(LEFT, y, line, PROSE, 16, SOFT)
        y -= 22
    sheet.rule(LEFT, RIGHT, 84, INK)
    made = _("Figures as of %(day)s", day=day(content.as_of))
    if content.is_final:
        made = _("Closed and published on %(day)s", day=day(content.as_of))
    below = _("Annual summary") if content.place else _("A worldwide train-the-trainer programme")
    sheet.text(LEFT, 62, below, SANS, 10.5, SOFT)
    sheet.text(RIGHT, 62, made, SANS, 10.5, SOFT, "right")
    sheet.close_page(is_numbered=False)


def _own_script(content: SummaryContent) -> str:
    """An institution's name as it writes it itself."""
    code = content.home.institution
    return (content.institution(code).native_name or "") if code else ""


def cover_sentence(content: SummaryContent) -> str:
    """The year in a sentence, which the network's has countries in."""
    teachers = number(content.of("teachers_certified").total)
    students = number(content.of("students_trained").total)
    if not content.of("teachers_certified").total and not content.of("students_trained").total:
        return str(_("No teachers were certified and no students were trained."))
    if content.place:
        sentence = _(
            "%(teachers)s teachers certified and %(students)s students trained.",
            teachers=teachers,
            students=students,
        )
        return str(sentence)
    return str(
        ngettext(
            "%(teachers)s teachers certified and %(students)s students trained in %(num)s country.",
            "%(teachers)s teachers certified and %(students)s students trained in %(num)s countries.",
            content.of("countries").total,
            teachers=teachers,
            students=students,
        )
    )


def _draw_multiplying(sheet: Sheet) -> None:
    """One who teaches, those she taught, those they teach: rings of dots around the first."""
    canvas = sheet.canvas
    canvas.saveState()
    x, y = WIDTH - 178.0, HEIGHT - 232.0
    for index, (many, distance, radius) in enumerate(RINGS):
        canvas.setFillColor(ACCENT if index == 0 else INK)
        canvas.setFillAlpha(1.0 if index == 0 else 1.0 - 0.13 * index)
        for turn in range(many):
            angle = 2 * pi * (turn / many + index * 0.031)
            canvas.circle(x + distance * cos(angle), y + distance * sin(angle), radius, stroke=0, fill=1)
    canvas.restoreState()


def six_numbers(sheet: Sheet, content: SummaryContent) -> None:
    title = (
        _("%(year)s in six numbers, so far", year=content.year)
        if content.is_running
        else _("%(year)s in six numbers", year=content.year)
    )
    sheet.open_page(_("The year in six numbers"), title)
    sheet.paragraph(_opening_sentence(content))
    top, width = sheet.y - 16, (MEASURE - 36) / 2
    pitch = (top - BOTTOM - 34) / 3
    for index, measure in enumerate(content.key_figures):
        figure = content.figures.of(measure, content.scope)
        moved = change(content.figures, measure, content.scope, figure.total, content.as_of)
        x = LEFT + (index % 2) * (width + 36)
        words = [str(measure.name), *filter(None, [moved]), *_made_of(measure, figure)]
        sheet.figure(x, top - (index // 2) * pitch, number(figure.total), words, width)
    sheet.y = BOTTOM + 14
    sheet.paragraph(
        _("What each number counts, and how sure it is, stands on the last pages."), size=11, ink=SOFT
    )
    sheet.close_page()


def _opening_sentence(content: SummaryContent) -> str:
    students = content.of("students_trained").total
    all_students = content.reached("students_trained", content.year)
    if not students:
        nobody = _(
            "No students were trained in %(period)s. Up to then there were %(all_students)s.",
            period=content.period,
            all_students=number(all_students),
        )
        return str(nobody)
    if content.place:
        sentence = _(
            "%(students)s people were trained in %(period)s, %(all_students)s since it began here.",
            students=number(students),
            period=content.period,
            all_students=number(all_students),
        )
        return str(sentence)
    return str(
        _(
            "%(students)s people were trained in %(period)s. Since the programme began"
            " %(all_students)s have been trained, by institutions in %(countries)s countries.",
            students=number(students),
            period=content.period,
            all_students=number(all_students),
            countries=number(content.reached("countries", content.year)),
        )
    )


def _made_of(measure: Measure, figure: Figure) -> list[str]:
    if measure.headcount is None:
        return []
    words = [_("%(n)s recorded by name", n=number(figure.recorded))]
    if figure.verified:
        words.append(_("%(n)s in verified headcounts", n=number(figure.verified)))
    if figure.claimed:
        words.append(_("%(n)s more claimed, not in the total", n=number(figure.claimed)))
    return [" · ".join(words)]


def world_map(sheet: Sheet, content: SummaryContent) -> None:
    """The whole network, and its densest part again, larger, so that every bubble has its name."""
    lines = [line for line in content.lines("country", "students_trained") if line.figures[0].total]
    if not lines:
        return  # a map without a circle says nothing
    sheet.open_page(*map_titles(content))
    sheet.paragraph(_map_sentence(content, lines))
    world = Window(150, 30, 960, 420, LEFT - 20, sheet.y - 246, MEASURE + 40)
    near = Window(630, 60, 890, 300, LEFT, BOTTOM + 4, 320)
    shown = [line for line in lines if is_on_map(str(line.value))]
    most = max((line.figures[0].total for line in shown), default=1)
    draw_land(sheet, world)
    everywhere = bubbles(world, [_bubble(line) for line in shown], most, 19)
    draw_bubbles(sheet, everywhere)
    crowded = {line.label for line in shown if is_within(near, str(line.value))}
    named = [bubble for bubble in everywhere if bubble.label not in crowded]
    draw_labels(sheet, named, (LEFT - 10, world.y, RIGHT + 10, world.y + world.height))
    _draw_near(sheet, near, [line for line in shown if line.label in crowded], most)
    _list_countries(sheet, lines, near.x + near.width + 26, near.y + near.height - 8)
    sheet.close_page()


def map_titles(content: SummaryContent) -> tuple[str, str]:
    """What the section of the map is called, and what it says."""
    many = len([line for line in content.lines("country", "students_trained") if line.figures[0].total])
    title = ngettext("Students in %(num)s country", "Students in %(num)s countries", many)
    return str(_("Where the students are")), str(title)


def _bubble(line: Line) -> tuple[str, str, int]:
    return str(line.value), line.label, line.figures[0].total


def _map_sentence(content: SummaryContent, lines: Sequence[Line]) -> str:
    first, total = lines[0], content.of("students_trained").total
    return str(
        _(
            "The area of a circle is the number of students trained in %(period)s. %(country)s trained"
            " the most: %(n)s, %(share)s of all.",
            period=content.period,
            country=first.label,
            n=number(first.figures[0].total),
            share=percent(first.figures[0].total / max(total, 1)),
        )
    )


def _draw_near(sheet: Sheet, near: Window, lines: Sequence[Line], most: int) -> None:
    draw_land(sheet, near)
    sheet.canvas.setStrokeColor(FAINT)
    sheet.canvas.setLineWidth(0.5)
    sheet.canvas.rect(near.x, near.y, near.width, near.height, stroke=1, fill=0)
    found = bubbles(near, [_bubble(line) for line in lines], most, 30)
    draw_bubbles(sheet, found)
    inset = 4
    within = (near.x + inset, near.y + inset, near.x + near.width - inset, near.y + near.height - inset)
    draw_labels(sheet, found, within)


def _list_countries(sheet: Sheet, lines: Sequence[Line], x: float, y: float) -> None:
    step = min(15.5, (y - BOTTOM) / max(len(lines), 1))
    for line in lines:
        if y < BOTTOM:
            return
        sheet.text(x, y, line.label, SANS, 10.5)
        sheet.text(RIGHT, y, number(line.figures[0].total), STRONG, 10.5, INK, "right")
        y -= step
