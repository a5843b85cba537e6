"""Years: which are closed, what was published, what has changed since, and closing the next."""

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from gdt.access import OFFICE, Permission, requires, sees_all
from gdt.errors import DomainError, RecordNotFound
from gdt.forms import form_page
from gdt.impact import closing, closing_queries, queries, year_pages
from gdt.impact.addresses import csv_file, home_here, own_regions
from gdt.impact.blueprint import impact
from gdt.impact.explaining_restatements import write_reasons
from gdt.impact.forms import CloseYearForm, ReasonForm
from gdt.impact.scopes import EVERYWHERE
from gdt.spreadsheets.writing import write_csv

YEARS = range(2000, 3000)


@impact.get("/impact/years")
@requires(Permission.IMPACT_READ)
def years() -> ResponseReturnValue:
    """Every year with figures, and whether it is closed."""
    home = home_here()
    rows, regions = year_pages.year_rows(current_user, home), own_regions()
    return render_template("impact/years.html", rows=rows, home=home, regions=regions, today=queries.today())


@impact.get("/impact/years/<int:year>")
@requires(Permission.IMPACT_READ)
def year(year: int) -> ResponseReturnValue:
    check_year(year)
    closed, home = closing_queries.find_closed(year), home_here()
    found = year_pages.differences_within(closed, home) if closed else []
    page = year_pages.portion(found, request.args.get("first", 0, int))
    return render_template(
        "impact/year.html",
        year=year,
        closed=closed,
        page=page,
        home=home,
        today=queries.today(),
        is_history=year < closing_queries.first_closed(),
    )


@impact.route("/impact/years/<int:year>/close", methods=["GET", "POST"])
@requires(Permission.YEARS_CLOSE)
def close_year(year: int) -> ResponseReturnValue:
    check_year(year)
    form = CloseYearForm(request.form, word=str(year))
    try:
        if request.method == "POST" and form.validate():
            closing.close_year(actor=current_user, year=year, seen=form.seen.data or "")
            flash(_("%(year)s is closed: its figures are published and sealed.", year=year))
            return redirect(url_for(".year", year=year))
    except DomainError as error:
        form.reject(error)
    preview, reason = year_pages.preview_or_reason(year)
    context = {"year": year, "preview": preview, "reason": reason}
    return form_page("impact/close_year.html", form, **context)


@impact.get("/impact/years/<int:year>/figures.json")
@requires(Permission.IMPACT_READ)
def closed_figures(year: int) -> ResponseReturnValue:
    """The sealed file itself; it names every institution, so it is for those who see all of them."""
    check_year(year)
    closed = closing_queries.find_closed(year)
    if not sees_all(current_user):
        raise RecordNotFound
    if closed is None:
        flash(_("%(year)s is not closed.", year=year), "attention")
        return redirect(url_for(".year", year=year))
    content = closing_queries.read_whole(closed.publication.facts_key, closed.publication.facts_sha256)
    name = {"Content-Disposition": f'attachment; filename="gdt-figures-{year}.json"'}
    return Response(content, mimetype="application/json", headers=name)


@impact.get("/impact/years/<int:year>/restatements.csv")
@requires(Permission.IMPACT_READ)
def restatements_csv(year: int) -> ResponseReturnValue:
    """Every difference, by module too."""
    check_year(year)
    closed, home = closing_queries.find_closed(year), home_here()
    found = year_pages.differences_within(closed, home, by_module=True) if closed else []
    return csv_file(write_csv(*year_pages.restatement_table(found)), f"gdt-restatements-{year}.csv")


@impact.route("/impact/years/<int:year>/reason", methods=["GET", "POST"])
@requires(Permission.YEARS_CLOSE)
def restatement_reason(year: int) -> ResponseReturnValue:
    """Why one figure differs, and others with it; the address names the measure and the place."""
    check_year(year)
    closed = closing_queries.find_closed(year)
    found = year_pages.differences_within(closed, EVERYWHERE) if closed else []
    one = year_pages.find_difference(found, request.args)
    if closed is None or one is None:
        flash(_("This figure is the one that was published."), "info")
        return redirect(url_for(".year", year=year))
    others = year_pages.others_open(found, one)
    form = ReasonForm(request.form, reason=one.written[0] if one.written else "")
    form.offer({key: f"{row.one.measure.name}, {row.place}" for key, row in others.items()})
    if request.method == "POST" and form.validate():
        ones = [one, *(row.one for key, row in others.items() if form.is_for(key))]
        write_reasons(actor=current_user, closed=closed, ones=ones, reason=form.reason.data)
        flash(ngettext("The reason is noted.", "The reason is noted for %(num)s figures.", len(ones)))
        return redirect(url_for(".year", year=year))
    place = year_pages.place_of(one, queries.load_network(OFFICE))
    return form_page("impact/restatement_reason.html", form, year=year, one=one, place=place)


def check_year(year: int) -> None:
    """Raises RecordNotFound for a number that is no year of the programme."""
    if year not in YEARS:
        raise RecordNotFound
