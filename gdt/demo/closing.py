"""The year of the announcement is closed and published, before a late revocation makes a restatement."""

from gdt import jobs
from gdt.certification.issuing.issuing import Orderer
from gdt.database import reading, unit_of_work
from gdt.demo.network import LAST_YEAR
from gdt.impact.closed_models import ClosedYear
from gdt.impact.closing import close_year, preview_closing
from gdt.impact.closing_queries import find_closed


def close_announced_year(officer: Orderer) -> None:
    """Publish the year with the summaries of all its countries and institutions; what is done is left."""
    with reading():
        closed = find_closed(LAST_YEAR)
        seen = None if closed else preview_closing(LAST_YEAR).seen
    with unit_of_work():
        closed = close_year(actor=officer, year=LAST_YEAR, seen=seen) if seen else find_closed(LAST_YEAR)
        closed_id = closed.id if closed else 0
    jobs.run_here(ClosedYear.__tablename__, closed_id)
