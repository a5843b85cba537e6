"""A country's figures beside the median of all countries, for the office and for its partners."""

from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from gdt.access import OFFICE, Permission, requires
from gdt.errors import RecordNotFound
from gdt.impact import narrowing, queries
from gdt.impact.blueprint import impact
from gdt.impact.comparing import LEAST, Comparison, compare, count_active
from gdt.impact.figures_page import TABLE_MEASURES, by_gender
from gdt.impact.scopes import Scope


def beside_all(institution_code: str, year: int) -> Comparison:
    """An institution beside the median of all institutions that were active in the year."""
    figures = queries.read_figures(OFFICE, queries.load_network(OFFICE), Scope(year=year))
    return compare(figures, "institution", institution_code, year)


@impact.get("/countries/<country_code>/figures")
@requires(Permission.IMPACT_READ)
def country_figures(country_code: str) -> ResponseReturnValue:
    """Whoever may not see the country's institutions sees its numbers only where they tell of none."""
    seen = queries.load_network(current_user)
    code = country_code.upper()
    if code not in {place.country for place in seen.institutions.values()}:
        raise RecordNotFound
    year = narrowing.scope_from(request.args).year or queries.today().year
    network = queries.load_network(OFFICE)
    figures = queries.read_figures(OFFICE, network, Scope(year=year))
    active = count_active(figures, code, year)
    is_partner = current_user.role.is_of_one_institution
    context: dict[str, Any] = {
        "country": code,
        "active": active,
        "least": LEAST,
        "may_open": not is_partner,
        "is_shown": not is_partner or active >= LEAST,
        "comparison": compare(figures, "country", code, year),
        "institutions": seen.places(Scope(country=code)),
        "by_gender": None if is_partner else by_gender(figures, Scope(year=year, country=code)),
        "table_measures": TABLE_MEASURES,
        "years": sorted(figures.years(Scope()), reverse=True),
    }
    return render_template("impact/country_figures.html", **context)
