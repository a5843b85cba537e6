"""The pages of the annual summary about how the work grows: year on year, the multiplier, the exams."""

from collections.abc import Sequence

from flask_babel import gettext as _

from gdt.charts import BarChart, ColumnChart
from gdt.filters import number, percent
from gdt.impact.figures_page import BREAKDOWNS
from gdt.impact.sheet import LEFT, MEASURE, Column, Sheet
from gdt.impact.summary_content import Line, SummaryContent


def year_on_year(sheet: Sheet, content: SummaryContent) -> None:
    sheet.open_page(_("Year on year"), _("What each year added"))
    sheet.paragraph(_growth_sentence(content))
    keys = ("students_trained", "teachers_certified")
    for key, title in zip(keys, (_("Students trained"), _("Teachers certified")), strict=True):
        by_year = content.years(key)
        if any(line.figures[0].total for line in by_year):
            sheet.chart(_columns(by_year, title, str(content.year), 300))
    heads = (*keys, "completions", "exams_passed", "certificates_issued")
    lines = content.years(*heads)
    width = 78.0
    columns = [
        Column(_("Year"), MEASURE - width * len(heads), is_number=False),
        Column(_("Students"), width),
        Column(_("Teachers"), width),
        Column(_("Completions"), width),
        Column(_("Passed"), width),
        Column(_("Certificates"), width),
    ]
    rows = [[line.label, *(number(figure.total) for figure in line.figures)] for line in reversed(lines)]
    sheet.table(columns, rows)
    if content.restated:
        sheet.paragraph(
            _("Years that were closed stand as published; what differs today is under Restatements."), size=11
        )
    sheet.close_page()


def _growth_sentence(content: SummaryContent) -> str:
    now, before = (
        content.of("students_trained", year=year).total for year in (content.year, content.year - 1)
    )
    if content.is_running and before:
        return str(
            _(
                "The %(year)s column holds what was counted up to now; %(before)s had %(n)s students in all.",
                year=content.year,
                before=content.year - 1,
                n=number(before),
            )
        )
    return beside_the_year_before(content.year, now, before)


def beside_the_year_before(year: int, now: int, before: int) -> str:
    """The students of a year and of the one before, and by which share they grew or fell."""
    sentence = _(
        "Students trained: %(now)s in %(year)s, %(then)s in %(before)s.",
        now=number(now),
        year=year,
        then=number(before),
        before=year - 1,
    )
    difference = now - before
    words = {"n": number(abs(difference)), "share": percent(abs(difference) / before) if before else ""}
    if not now or not before:
        tail = ""
    elif difference > 0:
        tail = _("That is %(n)s more (+%(share)s).", **words)
    elif difference < 0:
        tail = _("That is %(n)s fewer (\N{MINUS SIGN}%(share)s).", **words)
    else:
        tail = _("That is as many.")
    return f"{sentence} {tail}".strip()


def _columns(lines: Sequence[Line], title: str, highlight: str, height: float) -> ColumnChart:
    return ColumnChart(
        title=title,
        by=_("Year"),
        unit=title,
        number=number,
        rows=[(line.label, line.figures[0].total) for line in lines],
        highlight=highlight,
        height=height,
    )


def multiplier(sheet: Sheet, content: SummaryContent) -> None:
    """Students for each teacher certified, up to the end of each year: one teaches for years."""
    grown = _grown(content)
    students, teachers = grown[-1][1:] if grown else (0, 0)
    sheet.open_page(_("Teachers and their students"), _("One teacher, many students"))
    ratio = _ratio(students, teachers)
    sheet.figure(
        LEFT,
        sheet.y,
        number(ratio) if ratio is not None else "–",
        [
            _("students trained for each teacher certified, over all its years")
            if content.place
            else _("students trained for each teacher certified, since the programme began"),
            _made_of(students, teachers),
        ],
        MEASURE * 0.62,
    )
    sheet.y -= 118
    sheet.paragraph(
        _(
            "A teacher who was certified once teaches cohort after cohort. The programme’s effect is"
            " therefore measured over all years: every student trained so far beside every teacher certified"
            " so far, each person counted once."
        )
    )
    rows = [(str(year), _ratio(students, teachers) or 0) for year, students, teachers in grown]
    if any(ratio for _year, ratio in rows):
        sheet.chart(
            ColumnChart(
                title=_("Students for each teacher, up to the end of each year"),
                by=_("Year"),
                unit=_("Students for each teacher"),
                number=number,
                rows=rows,
                highlight=str(content.year),
                height=320,
            )
        )
    _certified_by_module(sheet, content)
    sheet.close_page()


def _grown(content: SummaryContent) -> list[tuple[int, ...]]:
    """(year, students, teachers) reached up to its end, each person once over all those years."""
    years = [int(line.value) for line in content.years("students_trained", "teachers_certified")]
    keys = ("students_trained", "teachers_certified")
    return [(year, *(content.reached(key, year) for key in keys)) for year in years]


def _made_of(students: int, teachers: int) -> str:
    made_of = {"students": number(students), "teachers": number(teachers)}
    return str(_("%(students)s students for %(teachers)s teachers", **made_of))


def _ratio(students: int, teachers: int) -> float | None:
    return round(students / teachers, 1) if teachers else None


def _certified_by_module(sheet: Sheet, content: SummaryContent) -> None:
    lines = [line for line in content.lines("module", "teachers_certified") if line.figures[0].total]
    if not lines:
        return
    rows = [(line.label, line.figures[0].total) for line in lines]
    title = _("Teachers certified in %(period)s, by module", period=content.period)
    sheet.chart(
        BarChart(title=title, by=_("Module"), unit=_("Teachers certified"), number=number, rows=rows),
        scale=0.58,
    )
    sheet.paragraph(_("A certificate covers several modules, so the modules overlap."), size=11)


def exams(sheet: Sheet, content: SummaryContent) -> None:
    taken, passed = content.of("exams_taken").total, content.of("exams_passed").total
    sheet.open_page(_("Exams"), _exam_headline(taken, passed))
    sheet.paragraph(
        _(
            "Every attempt counts as taken, absences do not. An exam counts as passed once for each person,"
            " so a share below 100 %% also holds the attempts of those who passed later.",
        ).replace("%%", "%")
    )
    width = (MEASURE - 36) / 2
    top = sheet.y - 8
    sheet.figure(LEFT, top, number(taken), [_("exams taken in %(period)s", period=content.period)], width)
    sheet.figure(LEFT + width + 36, top, number(passed), [_("exams passed")], width)
    sheet.y = top - 112
    split = "module" if content.home.institution else "institution" if content.home.country else "region"
    lines = [line for line in content.lines(split, "exams_taken", "exams_passed") if line.figures[0].total]
    if lines:
        title = {
            "region": _("Exams passed, of those taken, by region"),
            "institution": _("Exams passed, of those taken, by institution"),
            "module": _("Exams passed, of those taken, by module"),
        }[split]
        sheet.chart(
            BarChart(
                title=title,
                by=str(BREAKDOWNS[split]),
                unit=_("Exams passed"),
                number=number,
                rows=[(line.label, line.figures[1].total) for line in lines],
                targets=[line.figures[0].total for line in lines],
                target_label=_("of %s"),
            )
        )
    _exam_table(sheet, content)
    by_year = content.years("exams_passed")
    if any(line.figures[0].total for line in by_year) and sheet.room > 160:
        sheet.chart(_columns(by_year, _("Exams passed in each year"), str(content.year), 190))
    sheet.close_page()


def _exam_headline(taken: int, passed: int) -> str:
    if not taken:
        return str(_("No exams were recorded"))
    return str(_("%(passed)s exams passed", passed=number(passed)))


def _exam_table(sheet: Sheet, content: SummaryContent) -> None:
    lines = content.years("exams_taken", "exams_passed")
    rows = [
        [
            line.label,
            number(line.figures[0].total),
            number(line.figures[1].total),
            percent(line.figures[1].total / line.figures[0].total) if line.figures[0].total else "–",
        ]
        for line in reversed(lines)
    ]
    sheet.heading(_("Exams by year"))
    columns = [
        Column(_("Year"), MEASURE - 300, is_number=False),
        Column(_("Taken"), 100),
        Column(_("Passed"), 100),
        Column(_("Passed of taken"), 100),
    ]
    sheet.table(columns, rows)
