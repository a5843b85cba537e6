"""What closing a year says of its reports: registered with the feature that closes years."""

from collections import defaultdict
from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from gdt.database import db
from gdt.impact.periods import Period, gaps_in
from gdt.impact.report_standing import NOT_ASKED, OpenReport, standing_of
from gdt.partners.models import Institution
from gdt.reporting.finding_queries import count_waiting_by_report
from gdt.reporting.models import InstitutionReport


@standing_of
def reports_of_year(year: int) -> Iterator[OpenReport]:
    """Every report of the year, with how many findings wait for a look; then the days nobody asked about.

    An institution that reports terms has reported the year once each day of it stands in a report.
    """
    reports = db.session.scalars(
        select(InstitutionReport)
        .join(Institution)
        .where(InstitutionReport.year == year)
        .options(contains_eager(InstitutionReport.institution))
    ).all()
    waiting = count_waiting_by_report([report.id for report in reports])
    covered: dict[str, list[Period]] = defaultdict(list)
    for one in reports:
        covered[one.institution.code].append(one.period)
        yield OpenReport(one.institution.code, one.state.value, waiting.get(one.id, 0), _term(one.period))
    for code, periods in covered.items():
        for gap in gaps_in(year, periods):
            yield OpenReport(code, NOT_ASKED, 0, gap.code)


def _term(period: Period) -> str:
    return "" if period.is_year else period.code
