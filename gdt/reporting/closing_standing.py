"""What closing a year says of its reports: registered with the feature that closes years."""

from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from gdt.database import db
from gdt.impact.report_standing import OpenReport, standing_of
from gdt.partners.models import Institution
from gdt.reporting.finding_queries import count_waiting_by_report
from gdt.reporting.models import InstitutionReport


@standing_of
def reports_of_year(year: int) -> dict[str, OpenReport]:
    """Every report of the year by its institution's code, with how many findings wait for a look."""
    reports = db.session.scalars(
        select(InstitutionReport)
        .join(Institution)
        .where(InstitutionReport.year == year)
        .options(contains_eager(InstitutionReport.institution))
    ).all()
    waiting = count_waiting_by_report([report.id for report in reports])
    codes = {report.institution.code: report for report in reports}
    return {code: OpenReport(code, r.state.value, waiting.get(r.id, 0)) for code, r in codes.items()}
