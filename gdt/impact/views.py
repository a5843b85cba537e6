"""The figures, opened down to the rows behind them."""

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from gdt.access import Permission, may, requires
from gdt.impact import (
    comparison_views,
    figures_page,
    home_views,
    narrowing,
    queries,
    rows,
    takeaway,
    targets,
)
from gdt.impact.agreement_state import agreement_state
from gdt.impact.blueprint import impact
from gdt.impact.measures import MEASURES, get_measure
from gdt.impact.scopes import Scope
from gdt.impact.summary_tables import definition_table
from gdt.impact.summary_views import csv_file
from gdt.partners.queries import get_institution
from gdt.spreadsheets.writing import write_csv

__all__ = ["comparison_views", "home_views", "impact"]


@impact.get("/impact")
@requires(Permission.IMPACT_READ)
def figures() -> ResponseReturnValue:
    network = queries.load_network(current_user)
    scope = queries.get_scope(network, narrowing.scope_from(request.args))
    found = queries.read_figures(current_user, network, scope)
    by = request.args.get("by", "")
    return render_template(
        "impact/figures.html",
        page=figures_page.figures_page(found, scope, by, request.args.get("first", 0, int), queries.today()),
        groups=narrowing.groups(network, scope, found.years(scope), queries.today()),
        chosen_filters=narrowing.chosen(network, scope),
        table_measures=figures_page.TABLE_MEASURES,
    )


@impact.get("/impact/definitions")
@requires(Permission.IMPACT_READ)
def measure_definitions() -> ResponseReturnValue:
    return render_template("impact/measure_definitions.html", measures=MEASURES)


@impact.get("/impact/definitions.csv")
@requires(Permission.IMPACT_READ)
def measure_definitions_csv() -> ResponseReturnValue:
    return csv_file(write_csv(*definition_table()), "gdt-definitions.csv")


@impact.get("/impact/<measure>")
@requires(Permission.IMPACT_READ)
def measure_rows(measure: str) -> ResponseReturnValue:
    counted = get_measure(measure)
    network = queries.load_network(current_user)
    scope = queries.get_scope(network, narrowing.scope_from(request.args))
    source = "headcounts" if counted.headcount and request.args.get("source") == "headcounts" else "names"
    return render_template(
        "impact/measure_rows.html",
        measure=counted,
        figure=queries.read_figures(current_user, network, scope, (counted,)).of(counted, scope),
        page=rows.LISTS[source](current_user, network, counted, scope, request.args.get("after")),
        is_headcounts=source == "headcounts",
        scope=scope,
        sentence=figures_page.scope_sentence(network, scope),
        groups=narrowing.groups(network, scope, queries.list_years(current_user), queries.today()),
        chosen_filters=narrowing.chosen(network, scope),
    )


@impact.get("/impact/<measure>.csv")
@requires(Permission.IMPACT_READ)
def measure_csv(measure: str) -> ResponseReturnValue:
    counted = get_measure(measure)
    network = queries.load_network(current_user)
    scope = queries.get_scope(network, narrowing.scope_from(request.args))
    header, body = takeaway.row_table(
        counted,
        rows.iterate_rows(current_user, network, counted, scope),
        rows.iterate_headcounts(current_user, counted, scope),
        with_names=may(current_user, Permission.PEOPLE_READ),
    )
    return csv_file(write_csv(header, body), f"{counted.slug}.csv")


@impact.get("/institutions/<code>/figures")
@requires(Permission.IMPACT_READ)
def institution_figures(code: str) -> ResponseReturnValue:
    institution = get_institution(current_user, code)
    network = queries.load_network(current_user)
    scope = Scope(year=narrowing.scope_from(request.args).year, institution=institution.code)
    found = queries.read_figures(current_user, network, scope, targets.COLUMNS)
    today = queries.today()
    return render_template(
        "impact/institution_figures.html",
        institution=institution,
        agreement=agreement_state(institution, today),
        paces=targets.paces(found, scope, institution.agreements, today),
        chart=targets.students_chart(found, scope, institution.agreements, today),
        rows=targets.year_rows(found, scope, institution.agreements, today),
        columns=targets.COLUMNS,
        comparison=comparison_views.beside_all(institution.code, scope.year or today.year),
        scope=scope.but(year=scope.year or today.year),
        today=today,
    )
