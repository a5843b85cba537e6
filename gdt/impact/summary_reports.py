"""The annual summary's words on reports that were not approved when the year was closed."""

from flask_babel import gettext as _
from flask_babel import ngettext

from gdt.filters import number
from gdt.impact.report_standing import Standing
from gdt.impact.sheet import MEASURE, Cell, Column, Sheet
from gdt.impact.summary_content import SummaryContent


def open_reports(sheet: Sheet, content: SummaryContent) -> None:
    """Which institutions' reports were not sent or not approved, and what was not looked at."""
    standing = content.reports
    if standing is None:
        return
    sheet.heading(_("Reports of the year"))
    sheet.paragraph(reports_sentence(content), size=12)
    if not standing.open:
        return
    columns = [
        Column(_("Institution"), MEASURE - 250, is_number=False),
        Column(_("Its report"), 160, is_number=False),
        Column(_("Not looked at"), 90),
    ]
    rows: list[list[Cell | str]] = []
    for report in standing.open:
        place = content.institution(report.institution)
        name = Cell(place.name, place.native_name or "")
        rows.append([name, report.words, number(report.findings)])
    sheet.table(columns, rows)


def reports_sentence(content: SummaryContent) -> str:
    """How the reports stand, in a sentence or two."""
    standing = content.reports
    if standing is None or not standing.asked:
        return str(_("No reports were asked for. The numbers are what the records say."))
    if not standing.open:
        return str(
            ngettext(
                "%(num)s report was asked for, and the office has approved it.",
                "%(num)s reports were asked for, and the office has approved all of them.",
                standing.asked,
            )
        )
    words = []
    if standing.unapproved():
        words.append(_unapproved(standing))
    if standing.not_asked():
        words.append(
            ngettext(
                "For %(num)s part of the year no report was asked for.",
                "For %(num)s parts of the year no report was asked for.",
                len(standing.not_asked()),
            )
        )
    if standing.findings:
        words.append(
            ngettext(
                "%(num)s finding of the checks was not looked at.",
                "%(num)s findings of the checks were not looked at.",
                standing.findings,
            )
        )
    return " ".join(map(str, words))


def _unapproved(standing: Standing) -> str:
    return str(
        ngettext(
            "%(open)s of %(num)s report is not approved: its institution's numbers are what the records say.",
            "%(open)s of %(num)s reports are not approved: the numbers of these institutions are what the"
            " records say.",
            standing.asked,
            open=number(len(standing.unapproved())),
        )
    )
