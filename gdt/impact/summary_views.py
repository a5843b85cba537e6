"""The annual summary of the network, a country or an institution: as a page, a document and tables."""

from collections.abc import Callable

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from gdt.access import Permission, Viewer, requires
from gdt.community.queries import list_public_codes
from gdt.errors import DomainError
from gdt.impact import closing_queries, queries
from gdt.impact.addresses import file_answer, home_here, summary_home
from gdt.impact.annual_summary import annual_summary_pdf
from gdt.impact.blueprint import impact
from gdt.impact.scopes import Scope
from gdt.impact.summarising import places_with_summary, summary_content
from gdt.impact.summary_opening import cover_sentence
from gdt.impact.summary_parts import reading_of
from gdt.impact.summary_tables import summary_book, summary_table
from gdt.impact.web_sheet import summary_sections
from gdt.spreadsheets.writing import write_csv

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@impact.get("/impact/<int:year>/annual-summary")
@requires(Permission.IMPACT_READ)
def summary_page(year: int) -> ResponseReturnValue:
    home = home_here()
    if home.region:  # an officer of some regions has the summaries of their countries and institutions
        return redirect(url_for(".summaries", year=year, region=home.region))
    try:
        content = summary_content(year, home, current_user)
    except DomainError as error:
        return _back(error, year)
    sections = summary_sections(content)
    return render_template(
        "impact/annual_summary.html",
        content=content,
        home=home,
        sections=sections,
        reading=reading_of(sections, request.args.get("part", "")),
        sentence=cover_sentence(content),
        closed=closing_queries.find_closed(year),
        public=list_public_codes({story.project for story in content.stories}),
    )


@impact.get("/impact/<int:year>/summaries")
@requires(Permission.IMPACT_READ)
def summaries(year: int) -> ResponseReturnValue:
    """Of which countries and institutions there is a summary of the year."""
    home = home_here()
    try:
        content = summary_content(year, home, current_user)
    except DomainError as error:
        return _back(error, year)
    known = queries.load_network(current_user).knows
    places = [(scope, name) for scope, name in places_with_summary(content) if known(scope)]
    return render_template("impact/summaries.html", content=content, home=home, places=places)


@impact.get("/impact/<int:year>/annual-summary.pdf")
@requires(Permission.IMPACT_READ)
def summary_pdf(year: int) -> ResponseReturnValue:
    """The document of a closed year is the one that was kept, compared with its fingerprint."""
    return _summary_file(year, "pdf", "application/pdf", annual_summary_pdf)


@impact.get("/impact/<int:year>/annual-summary.csv")
@requires(Permission.IMPACT_READ)
def summary_csv(year: int) -> ResponseReturnValue:
    return _summary_file(year, "csv", "text/csv", lambda *of: write_csv(*summary_table(summary_content(*of))))


@impact.get("/impact/<int:year>/annual-summary.xlsx")
@requires(Permission.IMPACT_READ)
def summary_xlsx(year: int) -> ResponseReturnValue:
    return _summary_file(year, "xlsx", XLSX, lambda *of: summary_book(summary_content(*of)))


def _summary_file(
    year: int, ending: str, mimetype: str, make: Callable[[int, Scope, Viewer], bytes]
) -> ResponseReturnValue:
    """The file of a year; a year that has nothing to show leads back to the figures, which say so."""
    home = summary_home()
    try:
        content = make(year, home, current_user)
    except DomainError as error:
        return _back(error, year)
    return file_answer(content, f"{_name(year, home)}.{ending}", mimetype)


def _back(error: DomainError, year: int) -> ResponseReturnValue:
    flash(error.message, "attention")
    return redirect(url_for(".figures", year=year))


def _name(year: int, home: Scope) -> str:
    return "-".join(["gdt-annual-summary", str(year), *map(str, home.chosen().values())]).lower()
