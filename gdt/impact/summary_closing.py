"""The last pages of the annual summary: what each number counts, and how sure it is."""

from flask_babel import gettext as _
from flask_babel import ngettext

from gdt.charts import BarChart
from gdt.filters import country_name, number, percent
from gdt.impact.measures import BY_KEY, MEASURES
from gdt.impact.sheet import MEASURE, Cell, Column, Sheet
from gdt.impact.summary_content import SummaryContent
from gdt.impact.summary_reports import open_reports

REPORTED_KEYS = ("teachers_certified", "students_trained", "exams_taken", "exams_passed")


def data_quality(sheet: Sheet, content: SummaryContent) -> None:
    students = content.of("students_trained")
    share = students.recorded / students.total if students.total else 0.0
    sheet.open_page(
        _("How sure the numbers are"),
        _("%(share)s of the students are recorded by name", share=percent(share))
        if students.total
        else _("What the numbers rest on"),
    )
    sheet.paragraph(
        _(
            "Recorded numbers come from rosters, results and certificates. Headcounts are numbers a partner"
            " reported without names: once the office has verified one it is part of the total, until then it"
            " is claimed and stands beside it, never in it."
        )
    )
    rows = [_quality_row(content, key) for key in REPORTED_KEYS]
    sheet.chart(
        BarChart(
            title=_("What the totals of %(period)s are made of", period=content.period),
            by=_("Measure"),
            unit=_("Number"),
            number=number,
            parts=(_("recorded"), _("verified"), _("claimed")),
            rows=rows,
        ),
        scale=0.58,
    )
    _quality_table(sheet, content)
    _silent(sheet, content)
    open_reports(sheet, content)
    sheet.end_section()


def _quality_row(content: SummaryContent, key: str) -> tuple[str, int, int, int]:
    figure = content.of(key)
    return str(BY_KEY[key].name), figure.recorded, figure.verified, figure.claimed


def _quality_table(sheet: Sheet, content: SummaryContent) -> None:
    columns = [Column(_("Measure"), MEASURE - 320, is_number=False)]
    columns += [Column(head, 80) for head in (_("Recorded"), _("Verified"), _("Total"), _("Claimed"))]
    rows = []
    for key in REPORTED_KEYS:
        figure = content.of(key)
        numbers = (figure.recorded, figure.verified, figure.total, figure.claimed)
        rows.append([str(BY_KEY[key].name), *(number(value) for value in numbers)])
    sheet.table(columns, rows)


def _silent(sheet: Sheet, content: SummaryContent) -> None:
    """The institutions that took part and of which nothing was heard."""
    silent = content.not_reported()
    sheet.heading(_("What was reported") if content.home.institution else _("Who has not reported"))
    sheet.paragraph(_heard_of(content, len(silent)), size=12)
    if content.home.institution or not silent:
        return
    is_one_country = content.home.country is not None
    columns = [
        Column(_("Institution"), MEASURE - (0 if is_one_country else 140), is_number=False),
        *([] if is_one_country else [Column(_("Country"), 140, is_number=False)]),
    ]
    named = [Cell(place.name, place.native_name or "") for place in silent]
    rows: list[list[Cell | str]] = [
        [name, *([] if is_one_country else [country_name(place.country)])]
        for name, place in zip(named, silent, strict=True)
    ]
    sheet.table(columns, rows)


def _heard_of(content: SummaryContent, silent: int) -> str:
    if content.home.institution and silent:
        return str(_("The institution took part, and nothing was recorded or reported for the year."))
    if content.home.institution:
        return str(_("The institution has recorded or reported something for the year."))
    if not silent:
        return str(_("Every institution that took part has recorded or reported something."))
    return str(
        ngettext(
            "%(num)s institution took part, and nothing was recorded or reported for the year:",
            "%(num)s institutions took part, and nothing was recorded or reported for the year:",
            silent,
        )
    )


def definitions(sheet: Sheet, content: SummaryContent) -> None:
    sheet.open_page(_("Definitions"), _("What each number counts"))
    for measure in MEASURES:
        sheet.term(str(measure.name), str(measure.unit))
        dated = _("The year is that of %(what)s.", what=measure.dated_by)
        sheet.paragraph(f"{measure.definition} {measure.rows} {dated}", size=10.2)
    sheet.need(64)
    sheet.heading(_("Adding up"))
    sheet.paragraph(
        _(
            "People are counted once in each scope: once in a country, once in a year, once in all. The"
            " numbers of several countries, years or modules may therefore add up to more than the total."
        ),
        size=10.2,
    )
    sheet.close_page()
