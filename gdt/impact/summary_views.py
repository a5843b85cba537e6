"""The annual summary to take away, as a document and as tables."""

from collections.abc import Callable

from flask import Response, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from gdt.access import Permission, requires, sees_all
from gdt.errors import DomainError, RecordNotFound
from gdt.impact.annual_summary import draw_summary
from gdt.impact.blueprint import impact
from gdt.impact.summary_content import SummaryContent, summary_content
from gdt.impact.summary_tables import summary_book, summary_table
from gdt.spreadsheets.writing import write_csv

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@impact.get("/impact/<int:year>/annual-summary.pdf")
@requires(Permission.IMPACT_READ)
def summary_pdf(year: int) -> ResponseReturnValue:
    return _summary_file(year, draw_summary, "pdf", "application/pdf")


@impact.get("/impact/<int:year>/annual-summary.csv")
@requires(Permission.IMPACT_READ)
def summary_csv(year: int) -> ResponseReturnValue:
    return _summary_file(year, lambda content: write_csv(*summary_table(content)), "csv", "text/csv")


@impact.get("/impact/<int:year>/annual-summary.xlsx")
@requires(Permission.IMPACT_READ)
def summary_xlsx(year: int) -> ResponseReturnValue:
    return _summary_file(year, summary_book, "xlsx", XLSX)


def _summary_file(
    year: int, make: Callable[[SummaryContent], bytes], ending: str, mimetype: str
) -> ResponseReturnValue:
    """The file of a year; a year that has nothing to show leads back to the figures, which say so.

    The summary names every institution, so a partner's people have none.
    """
    if not sees_all(current_user):
        raise RecordNotFound
    try:
        content = make(summary_content(year))
    except DomainError as error:
        flash(error.message, "attention")
        return redirect(url_for(".figures", year=year))
    return _file(content, f"gdt-annual-summary-{year}.{ending}", mimetype)


def csv_file(content: bytes, filename: str) -> Response:
    return _file(content, filename, "text/csv")


def _file(content: bytes, filename: str, mimetype: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{filename}"'}
    return Response(content, mimetype=mimetype, headers=headers)
