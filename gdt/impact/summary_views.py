"""The annual summary to take away, as a document and as a table."""

from flask import Response, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from gdt.access import Permission, requires
from gdt.errors import DomainError, RecordNotFound
from gdt.impact.annual_summary import draw_summary
from gdt.impact.blueprint import impact
from gdt.impact.summary_content import SummaryContent, summary_content, summary_table
from gdt.spreadsheets.writing import write_csv


@impact.get("/impact/<int:year>/annual-summary.pdf")
@requires(Permission.IMPACT_READ)
def summary_pdf(year: int) -> ResponseReturnValue:
    try:
        content = draw_summary(_content(year))
    except DomainError as error:
        flash(error.message, "attention")
        return redirect(url_for(".figures", year=year))
    return _file(content, f"gdt-annual-summary-{year}.pdf", "application/pdf")


@impact.get("/impact/<int:year>/annual-summary.csv")
@requires(Permission.IMPACT_READ)
def summary_csv(year: int) -> ResponseReturnValue:
    try:
        header, body = summary_table(_content(year))
    except DomainError as error:
        flash(error.message, "attention")
        return redirect(url_for(".figures", year=year))
    return csv_file(write_csv(header, body), f"gdt-annual-summary-{year}.csv")


def _content(year: int) -> SummaryContent:
    """The summary names every institution, so a partner's people have none."""
    if current_user.role.is_of_one_institution:
        raise RecordNotFound
    return summary_content(year)


def csv_file(content: bytes, filename: str) -> Response:
    return _file(content, filename, "text/csv")


def _file(content: bytes, filename: str, mimetype: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{filename}"'}
    return Response(content, mimetype=mimetype, headers=headers)
