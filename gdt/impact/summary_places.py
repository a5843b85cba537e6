"""The pages of the annual summary about places: regions, countries and institutions."""

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import ngettext

from gdt.charts import BarChart
from gdt.filters import country_name, number, percent
from gdt.impact.figures_page import TABLE_MEASURES
from gdt.impact.measures import BY_KEY
from gdt.impact.sheet import MEASURE, Cell, Column, Sheet
from gdt.impact.summary_content import Line, SummaryContent

KEYS = tuple(measure.key for measure in TABLE_MEASURES)
STUDENTS = KEYS.index("students_trained")
NUMBER_WIDTH = 74.0
LONGEST_CHART = 10
FEW = 7  # places, of which every measure has its chart on one page


def regions(sheet: Sheet, content: SummaryContent) -> None:
    lines = _most_students(content.lines("region", *KEYS))
    sheet.open_page(_("Regions"), _headline(lines, content))
    sheet.paragraph(
        _("People are counted once in each region: someone trained in two is in both, and once in the total.")
    )
    if lines:
        for chart in _charts(lines, ("students_trained", "teachers_certified", "exams_passed"), _("Region")):
            sheet.chart(chart)
        _table(sheet, lines, _("Region"))
    _before(sheet, content)
    sheet.close_page()


def _headline(lines: Sequence[Line], content: SummaryContent) -> str:
    total = content.of("students_trained").total
    if not lines or not total:
        return str(_("No students trained in %(period)s", period=content.period))
    share = lines[0].figures[STUDENTS].total / total
    return str(_("%(share)s of the students were in %(region)s", share=percent(share), region=lines[0].label))


def _before(sheet: Sheet, content: SummaryContent) -> None:
    """The same regions a year earlier, where there was one."""
    earlier = content.lines("region", *KEYS, year=content.year - 1)
    before = [line for line in _most_students(earlier) if any_total(line)]
    if before:
        sheet.need(60 + 20 * len(before))
        sheet.heading(_("The year before, %(year)s", year=content.year - 1))
        _table(sheet, before, _("Region"))


def countries(sheet: Sheet, content: SummaryContent) -> None:
    found, others = (_most_students(lines) for lines in content.places("country", *KEYS))
    many = content.of("countries").total
    sheet.open_page(
        _("Countries"),
        ngettext("The programme was in %(num)s country", "The programme was in %(num)s countries", many),
    )
    if any(line.figures[STUDENTS].total for line in found):
        sheet.chart(_chart(found, "students_trained", _("Country")), scale=0.56)
    _table(sheet, found, _("Country"))
    if others:
        _others(sheet, others)
        _table(sheet, others, _("Country"), is_beside=True)
    sheet.close_page()


def institutions(sheet: Sheet, content: SummaryContent) -> None:
    found, others = (_most_students(lines) for lines in content.places("institution", *KEYS))
    many = content.of("institutions").total
    sheet.open_page(
        _("Institutions"),
        ngettext("%(num)s institution took part", "%(num)s institutions took part", many),
    )
    sheet.paragraph(
        _("An institution took part if an agreement was in force, a cohort ran or a headcount was verified.")
    )
    keys = ("students_trained", *KEYS) if len(found) <= FEW else ("students_trained",)
    for chart in _charts(found, keys, _("Institution")) if len(found) > 1 else ():
        sheet.chart(chart, scale=0.56)
    if found:
        _institution_table(sheet, content, found)
    if others:
        _others(sheet, others)
        _institution_table(sheet, content, others, is_beside=True)
    sheet.close_page()


def _others(sheet: Sheet, lines: Sequence[Line]) -> None:
    """Say of which places there are numbers, though they did not take part."""
    sheet.need(110)
    sheet.heading(_("Not counted among them"))
    sentence = _("They took no part in this sense. Claimed numbers nobody has verified are in no total.")
    sheet.paragraph(sentence, size=12)


def _institution_table(
    sheet: Sheet, content: SummaryContent, lines: Sequence[Line], *, is_beside: bool = False
) -> None:
    """Institutions with their numbers; a country’s own summary need not name the country in each row."""
    places = [content.institution(line.value) for line in lines]
    width, country_width = 54.0, 0.0 if content.home.country else 74.0
    columns = [
        Column(_("Institution"), MEASURE - country_width - width * len(KEYS), is_number=False),
        *([Column(_("Country"), country_width, is_number=False)] if country_width else []),
        *(Column(head, width) for head in _short_heads()),
    ]
    rows: list[list[Cell | str]] = [
        [
            Cell(line.label, place.native_name or ""),
            *([country_name(place.country)] if country_width else []),
            *(_claims(line) if is_beside else _numbers(line)),
        ]
        for line, place in zip(lines, places, strict=True)
    ]
    sheet.table(columns, rows)


def modules(sheet: Sheet, content: SummaryContent) -> None:
    """What was taught in one place; people who met two modules are in both."""
    lines = _most_students(content.lines("module", *KEYS))
    many = len([line for line in lines if any_total(line)])
    sheet.open_page(_("Modules"), ngettext("%(num)s module was taught", "%(num)s modules were taught", many))
    sheet.paragraph(_("A module’s numbers hold everyone who met it, so modules overlap."))
    for chart in _charts(lines, ("students_trained", *KEYS), _("Module")):
        sheet.chart(chart)
    if lines:
        _table(sheet, lines, _("Module"))
    sheet.close_page()


def _short_heads() -> list[str]:
    return [_("Teachers"), _("Students"), _("Passed"), _("Certificates")]


def _most_students(lines: Sequence[Line]) -> list[Line]:
    return sorted(lines, key=lambda line: (-line.figures[STUDENTS].total, line.label))


def any_total(line: Line) -> bool:
    return any(figure.total for figure in line.figures)


def _charts(lines: Sequence[Line], keys: Sequence[str], by: str) -> list[BarChart]:
    """A chart for each measure that any line has, each once."""
    return [chart for key in dict.fromkeys(keys) if (chart := _chart(lines, key, by)).rows]


def _chart(lines: Sequence[Line], key: str, by: str) -> BarChart:
    """A bar for each line that has any, the most first; a long list is cut, and its title says so."""
    at = KEYS.index(key)
    ordered = sorted(lines, key=lambda line: -line.figures[at].total)
    drawn = [line for line in ordered if line.figures[at].total][:LONGEST_CHART]
    name = str(BY_KEY[key].name)
    is_cut = len(drawn) == LONGEST_CHART < len(lines)
    return BarChart(
        title=_("%(measure)s: the first %(n)s", measure=name, n=len(drawn)) if is_cut else name,
        by=by,
        unit=name,
        number=number,
        rows=[(line.label, line.figures[at].total) for line in drawn],
    )


def _table(sheet: Sheet, lines: Sequence[Line], head: str, *, is_beside: bool = False) -> None:
    columns = [
        Column(head, MEASURE - NUMBER_WIDTH * len(KEYS), is_number=False),
        *(Column(name, NUMBER_WIDTH) for name in _short_heads()),
    ]
    told = _claims if is_beside else _numbers
    sheet.table(columns, [[line.label, *told(line)] for line in lines])


def _claims(line: Line) -> list[Cell | str]:
    """The totals of a place that took no part, each with what is claimed of it below."""
    return [
        Cell(number(figure.total), _("%(n)s claimed", n=number(figure.claimed)) if figure.claimed else "")
        for figure in line.figures
    ]


def _numbers(line: Line) -> list[Cell | str]:
    return [number(figure.total) for figure in line.figures]
