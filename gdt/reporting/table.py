"""A round as a table to take away: one row for each institution, with its figures as they were sent."""

from collections.abc import Iterator

from flask_babel import gettext as _

from gdt.access import Viewer
from gdt.database import now
from gdt.filters import country_name
from gdt.impact.measures import COUNTED_IN_TABLES
from gdt.reporting.models import InstitutionReport, ReportingRound
from gdt.reporting.round_queries import WantedReports, list_reports
from gdt.reporting.words import STATES, TIMINGS
from gdt.spreadsheets.writing import Value


def round_table(
    viewer: Viewer, round_: ReportingRound, wanted: WantedReports
) -> tuple[list[str], Iterator[list[Value]]]:
    """Header and rows."""
    header = [
        *(
            _("Year"),
            _("First day"),
            _("Last day"),
            _("Code"),
            _("Institution"),
            _("Country"),
            _("State"),
            _("Sent"),
        ),
        *(_("First sent on"), _("Due on"), _("Approved on"), _("Last reminded on")),
        *(str(measure.name) for measure in COUNTED_IN_TABLES),
    ]
    return header, map(_row, list_reports(viewer, round_, wanted, now().date()))


def _row(report: InstitutionReport) -> list[Value]:
    sent = {one["measure"]: one["total"] for one in report.figures}
    approved_on = report.approved_at.date() if report.approved_at else None
    return [
        report.year,
        report.starts_on,
        report.ends_on,
        report.institution.code,
        report.institution.name,
        country_name(report.institution.country.code),
        str(STATES[report.state][0]),
        str(TIMINGS[report.timing(now().date())][0]),
        report.first_submitted_on,
        report.round.due_on,
        approved_on,
        report.last_reminded_on,
        *(sent.get(measure.key) for measure in COUNTED_IN_TABLES),
    ]
